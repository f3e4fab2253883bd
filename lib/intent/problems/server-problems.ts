// Creates the problems of a server's intent: trusted networks, profile, facts, and the SSH access for deliveries (host,
// user, host keys, secrets, jump hosts).

import { Problem } from '../../problems/problem';
import { quoteText } from './field-problems';

export const describeMissingTrustedNetworks = (where: string): Problem => ({
  code: 'intent/inside-missing',
  where,
  what: '"trustedNetworks" is not set: it decides whose connections stay as they were (backup, monitoring, the operator\'s network).',
  instead:
    "trustedNetworks: 'none' closes for all sources what isn't opened; or the prefixes that are left alone. Defaults.on says it for many.",
});

export const describeNoneInList = (where: string): Problem => ({
  code: 'intent/bad-address',
  where,
  what: '"none" is not an address or a prefix.',
  instead: "trustedNetworks: 'none', without a list.",
});

export const describeMissingProfile = (where: string): Problem => ({
  code: 'intent/profile-missing',
  where,
  what: 'The server has no profile: everything would be closed, the way back in as well.',
  instead: 'A CpanelFirewallProfile with management and what is to be open.',
});

export const describeSecondProfile = (where: string, earlierLocation: string): Problem => ({
  code: 'intent/second-profile',
  where,
  what: `The server has a profile already: ${earlierLocation}.`,
  instead: 'One profile that says all; "extra" takes what only this server needs.',
});

export const describeBadListeningKey = (where: string, key: string): Problem => ({
  code: 'intent/bad-fact',
  where,
  what: `${quoteText(key)} is no protocol with a port.`,
  instead: 'As cpanel-edge capture writes it: "tcp 443", "udp 53".',
});

export const describeMissingHostKeys = (where: string): Problem => ({
  code: 'intent/host-keys-missing',
  where,
  what: 'No host key is given, so any host that answers there could take the release.',
  instead: 'hostKeys: the lines that ssh-keyscan prints, without the host, after comparing them on the console.',
});

export const describeBadHostKey = (where: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This is not a public host key.',
  instead:
    'The type and the key as in known_hosts, without the host: "ssh-ed25519 AAAA…"; or "@cert-authority ssh-ed25519 AAAA…".',
});

export const describeFingerprint = (where: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This is a fingerprint: a digest of a key can be compared with one, and does not stand in for it.',
  instead: HOST_KEY_LINE_ADVICE,
});

export const describeHostKeyWithHost = (where: string, host: string, key: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: `This is a line of known_hosts: ${quoteText(host)} stands before the key.`,
  instead: `"${key}".`,
});

export const describeHostKeyWithoutType = (where: string, type: string, key: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This is a key without its type before it.',
  instead: `"${type} ${key}".`,
});

export const describeHostKeyPath = (where: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This is the path of a file, and the key itself stands in the release.',
  instead: HOST_KEY_LINE_ADVICE,
});

const HOST_KEY_LINE_ADVICE = 'The whole line, as "cat /etc/ssh/ssh_host_ed25519_key.pub" prints it on the device.';

export const describeTruncatedHostKey = (where: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: 'This key is not whole: it was cut short, or something was added to it.',
  instead: HOST_KEY_LINE_ADVICE,
});

export const describeHostKeyTypeMismatch = (where: string, type: string, declaredType: string): Problem => ({
  code: 'intent/bad-host-key',
  where,
  what: `This key is of the type ${quoteText(type)}, and ${quoteText(declaredType)} stands before it.`,
  instead: HOST_KEY_LINE_ADVICE,
});

export const describeBadHost = (where: string, text: string): Problem => ({
  code: 'intent/bad-host',
  where,
  what: text.includes('%')
    ? `${quoteText(text)} names an interface of one machine, and each runner has others.`
    : `${quoteText(text)} is not a host name or address that ssh takes.`,
  instead: text.includes('%')
    ? 'A host name, or an address that every runner has a route to.'
    : 'A host name or address alone: no user, port, option or space.',
});

export const describeBadNumericHost = (where: string, text: string): Problem => ({
  code: 'intent/bad-host',
  where,
  what: `${quoteText(text)} ends in a number, so programs take it for an address, and it is none.`,
  instead: 'Four numbers from 0 to 255 without zeros before them, as 192.0.2.2; or a host name.',
});

export const describeHostWithParts = (
  where: string,
  text: string,
  host: string,
  user?: string,
  port?: string,
): Problem => ({
  code: 'intent/bad-host',
  where,
  what: `${quoteText(text)} is more than a host: each part has a field of its own.`,
  instead: `${[`host: ${quoteText(host)}`, ...(user ? [`user: ${quoteText(user)}`] : []), ...(port ? [`port: ${port}`] : [])].join(', ')}.`,
});

export const describeBadUser = (where: string, text: string): Problem => ({
  code: 'intent/bad-user',
  where,
  what: `${quoteText(text)} is not the name of a user.`,
  instead: 'Its login name: a-z, 0-9, "_", "." and "-".',
});

const REFERENCE_ADVICE =
  'A reference: the path of a file on the runner, the agent, or the name of an environment variable.';

export const describeSecretValue = (where: string, instead = REFERENCE_ADVICE): Problem => ({
  code: 'intent/secret-as-value',
  where,
  what: 'This is a secret itself. It would be in the plan, the state and this source.',
  instead,
});

export const describeBadVariable = (where: string, text: string): Problem => ({
  code: 'intent/bad-variable',
  where,
  what: `${quoteText(text)} is not the name of an environment variable.`,
  instead: 'Its name, such as SSH_AUTH_SOCK.',
});

export const describeBadPath = (where: string, text: string): Problem => ({
  code: 'intent/bad-path',
  where,
  what: `${quoteText(text)} is not a path that ssh takes.`,
  instead:
    'The path of the private key file on the runner, such as ~/.ssh/id_ed25519: it does not begin with "-" and has no quotes.',
});

export const describeRelativePath = (where: string, text: string): Problem => ({
  code: 'intent/bad-path',
  where,
  what: `${quoteText(text)} is relative: a delivery would look for it from the stack's folder in cdktf.out, and verify from wherever it is started.`,
  instead: 'An absolute path; or one that begins with ~/, the home of the account that runs it.',
});

export const describeSelfJump = (where: string, host: string, port: number): Problem => ({
  code: 'intent/jump-to-itself',
  where,
  what: `The way to ${host} port ${port} leads through itself: a jump host of it is the same.`,
  instead: "The host that stands before it; or jump: 'none', where defaults have the jump and this is that host.",
});

export const describeTooManyJumps = (where: string): Problem => ({
  code: 'intent/too-large',
  where,
  what: 'There are more than 4 jump hosts in a row.',
  instead: 'At most 4.',
});
