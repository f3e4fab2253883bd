import { Problem } from '../../problems/problem';
import { quoted } from './shape';

export const insideMissing = (where: string): Problem => ({
  code: 'intent/inside-missing',
  where,
  what: '"inside" is not set: it decides whose connections stay as they were (backup, monitoring, the operator\'s network).',
  instead:
    "inside: 'none' closes for everybody what isn't opened; or the prefixes that are left alone. Defaults.on says it for many.",
});

export const noneInList = (where: string): Problem => ({
  code: 'intent/bad-address',
  where,
  what: '"none" is not an address or a prefix.',
  instead: "inside: 'none', without a list.",
});

export const profileMissing = (where: string): Problem => ({
  code: 'intent/profile-missing',
  where,
  what: 'The server has no profile: everything would be closed, the way back in as well.',
  instead: 'A CpanelFirewallProfile with management and what is to be open.',
});

export const secondProfile = (where: string, earlier: string): Problem => ({
  code: 'intent/second-profile',
  where,
  what: `The server has a profile already: ${earlier}.`,
  instead: 'One profile that says all; "extra" takes what only this server needs.',
});

export const notListening = (where: string, key: string): Problem => ({
  code: 'intent/bad-fact',
  where,
  what: `${quoted(key)} is no protocol with a port.`,
  instead: 'As cpanel-edge capture writes it: "tcp 443", "udp 53".',
});

export const hostKeysMissing = (where: string): Problem => ({
  code: 'intent/host-keys-missing',
  where,
  what: 'No host key is given, so anybody who answers there could take the release.',
  instead: 'hostKeys: the lines that ssh-keyscan prints, without the host, after comparing them on the console.',
});

export const badHostKey = (where: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This is not a public host key.',
  instead:
    'The type and the key as in known_hosts, without the host: "ssh-ed25519 AAAA…"; or "@cert-authority ssh-ed25519 AAAA…".',
});

export const hostKeyFingerprint = (where: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This is a fingerprint: a digest of a key can be compared with one, and does not stand in for it.',
  instead: WHOLE_LINE,
});

export const hostKeyWithHost = (where: string, host: string, key: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: `This is a line of known_hosts: ${quoted(host)} stands before the key.`,
  instead: `"${key}".`,
});

export const hostKeyWithoutType = (where: string, type: string, key: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This is a key without its type before it.',
  instead: `"${type} ${key}".`,
});

export const hostKeyPath = (where: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This is the path of a file, and the key itself stands in the release.',
  instead: WHOLE_LINE,
});

const WHOLE_LINE = 'The whole line, as "cat /etc/ssh/ssh_host_ed25519_key.pub" prints it on the device.';

export const hostKeyNotWhole = (where: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This key is not whole: it was cut short, or something was added to it.',
  instead: WHOLE_LINE,
});

export const hostKeyOfOtherType = (where: string, type: string, named: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: `This key is of the type ${quoted(type)}, and ${quoted(named)} stands before it.`,
  instead: WHOLE_LINE,
});

export const badHost = (where: string, wrote: string): Problem => ({
  code: 'intent/bad-host',
  where,
  what: wrote.includes('%')
    ? `${quoted(wrote)} names an interface of one machine, and each runner has others.`
    : `${quoted(wrote)} is not a host name or address that ssh takes.`,
  instead: wrote.includes('%')
    ? 'A host name, or an address that every runner has a route to.'
    : 'A host name or address alone: no user, port, option or space.',
});

export const noAddress = (where: string, wrote: string): Problem => ({
  code: 'intent/bad-host',
  where,
  what: `${quoted(wrote)} ends in a number, so programs take it for an address, and it is none.`,
  instead: 'Four numbers from 0 to 255 without zeros before them, as 192.0.2.2; or a host name.',
});

export const hostWithMore = (where: string, wrote: string, host: string, user?: string, port?: string): Problem => ({
  code: 'intent/bad-host',
  where,
  what: `${quoted(wrote)} is more than a host: each part has a field of its own.`,
  instead: `${[`host: ${quoted(host)}`, ...(user ? [`user: ${quoted(user)}`] : []), ...(port ? [`port: ${port}`] : [])].join(', ')}.`,
});

export const badUser = (where: string, wrote: string): Problem => ({
  code: 'intent/bad-user',
  where,
  what: `${quoted(wrote)} is not the name of a user.`,
  instead: 'Its login name: a-z, 0-9, "_", "." and "-".',
});

const A_REFERENCE = 'A reference: the path of a file on the runner, the agent, or the name of an environment variable.';

export const secretValue = (where: string, instead = A_REFERENCE): Problem => ({
  code: 'intent/secret-as-value',
  where,
  what: 'This is a secret itself. It would be in the plan, the state and this source.',
  instead,
});

export const badVariable = (where: string, wrote: string): Problem => ({
  code: 'intent/bad-variable',
  where,
  what: `${quoted(wrote)} is not the name of an environment variable.`,
  instead: 'Its name, such as SSH_AUTH_SOCK.',
});

export const badPath = (where: string, wrote: string): Problem => ({
  code: 'intent/bad-path',
  where,
  what: `${quoted(wrote)} is not a path that ssh takes.`,
  instead:
    'The path of the private key file on the runner, such as ~/.ssh/id_ed25519: it does not begin with "-" and has no quotes.',
});

export const relativePath = (where: string, wrote: string): Problem => ({
  code: 'intent/bad-path',
  where,
  what: `${quoted(wrote)} is relative: a delivery would look for it from the stack's folder in cdktf.out, and verify from wherever it is started.`,
  instead: 'An absolute path; or one that begins with ~/, the home of the account that runs it.',
});

export const jumpToItself = (where: string, host: string, port: number): Problem => ({
  code: 'intent/jump-to-itself',
  where,
  what: `The way to ${host} port ${port} leads through itself: a jump host of it is the same.`,
  instead: "The host that stands before it; or jump: 'none', where defaults have the jump and this is that host.",
});

export const jumpTooDeep = (where: string): Problem => ({
  code: 'intent/too-large',
  where,
  what: 'There are more than 4 jump hosts in a row.',
  instead: 'At most 4.',
});
