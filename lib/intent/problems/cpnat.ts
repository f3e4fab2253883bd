import { Problem } from '../../problems/problem';
import { quoted } from './shape';

export const nothingWithoutNat = (where: string, key: string): Problem => ({
  code: 'intent/cpnat-off-with-more',
  where,
  what: `NAT mode is off, so cPanel takes no other address for a local one: there is nothing for ${quoted(key)} to say.`,
  instead: `natMode: 'off' without it; or ${quoted(key)} with natMode: 'on', which is the default.`,
});

export const noPage = (where: string, wrote: string): Problem => ({
  code: 'intent/cpnat-bad-page',
  where,
  what: `${quoted(wrote)} is not the address of a page as cpsources.conf takes it here.`,
  instead:
    "http:// or https://, a host, perhaps a port and a path, and nothing else: 'https://ifconfig.me/ip'. No user, no password, no query.",
});

export const passiveElsewhere = (where: string, address: string, known: readonly string[]): Problem => ({
  code: 'intent/cpnat-passive-elsewhere',
  where,
  what: `${address} leads not to this server: its passive connections would go to somebody else.`,
  instead: `One of its public addresses: ${known.join(', ')}.`,
});

export const passiveClosed = (where: string, port: number): Problem => ({
  code: 'intent/cpnat-passive-closed',
  where,
  what: `The profile does not open tcp ${port}: passive transfers would fail.`,
  instead: 'The same range in the profile: { ports: "50000-50100", protocol: "tcp" } beside "ftp".',
});

export const twice = (where: string, end: 'local' | 'public', address: string): Problem => ({
  code: 'intent/cpnat-twice',
  where,
  what: `The ${end} address ${address} is in an earlier pair, and cPanel takes one of both alone.`,
  instead: 'One public address for each local one.',
});

export const notTranslated = (where: string, address: string): Problem => ({
  code: 'intent/cpnat-ipv6',
  where,
  what: `${address} is of IPv6, which nobody translates: the file is for IPv4.`,
  instead: 'Pairs of IPv4 addresses alone.',
});

export const notLocal = (where: string, address: string, locals: readonly string[]): Problem => ({
  code: 'intent/cpnat-not-local',
  where,
  what: `${address} is no address of this server.`,
  instead: `One of its own: ${locals.join(', ')}.`,
});

export const several = (where: string, local: string, outside: readonly string[]): Problem => ({
  code: 'intent/cpnat-several',
  where,
  what: `${local} leaves as ${outside.join(' or as ')}: mappings of several gateways stand for it, and cPanel knows one.`,
  instead: 'pairs: what it is to be known as; and inboundOnly for the mapping by which it does not leave.',
});

export const nobodyTranslates = (where: string): Problem => ({
  code: 'intent/cpnat-nobody-translates',
  where,
  what: 'No mapping of a gateway of this app stands for an address of the server in both directions and towards everybody.',
  instead: `A OneToOneNat to this server (${quoted('inboundOnly')} and ${quoted('destination')} unset); pairs, where its gateway is elsewhere; or natMode: 'off'.`,
});
