// Creates the problems of `cpnat` in a server's intent: cPanel's NAT mode, pairs of local and public addresses, the
// MYIP page and passive FTP.

import { Problem } from '../../problems/problem';
import { quoteText } from './field-problems';

export const describeFieldWithoutNat = (where: string, key: string): Problem => ({
  code: 'intent/cpnat-off-with-more',
  where,
  what: `NAT mode is off, so cPanel takes no other address for a local one: there is nothing for ${quoteText(key)} to say.`,
  instead: `natMode: 'off' without it; or ${quoteText(key)} with natMode: 'on', which is the default.`,
});

export const describeBadPage = (where: string, text: string): Problem => ({
  code: 'intent/cpnat-bad-page',
  where,
  what: `${quoteText(text)} is not the address of a page as cpsources.conf takes it here.`,
  instead:
    "http:// or https://, a host, perhaps a port and a path, and nothing else: 'https://ifconfig.me/ip'. No user, no password, no query.",
});

export const describeForeignPassiveAddress = (
  where: string,
  address: string,
  publicAddresses: readonly string[],
): Problem => ({
  code: 'intent/cpnat-passive-elsewhere',
  where,
  what: `${address} is not translated to this server: its passive connections would go to another host.`,
  instead: `One of its public addresses: ${publicAddresses.join(', ')}.`,
});

export const describeClosedPassivePort = (where: string, port: number): Problem => ({
  code: 'intent/cpnat-passive-closed',
  where,
  what: `The profile does not open tcp ${port}: passive transfers would fail.`,
  instead: 'The same range in the profile: { ports: "50000-50100", protocol: "tcp" } beside "ftp".',
});

export const describeDuplicatePairAddress = (where: string, side: 'local' | 'public', address: string): Problem => ({
  code: 'intent/cpnat-twice',
  where,
  what: `The ${side} address ${address} is in an earlier pair, and cPanel takes one of both alone.`,
  instead: 'One public address for each local one.',
});

export const describeUntranslatedFamily = (where: string, address: string): Problem => ({
  code: 'intent/cpnat-ipv6',
  where,
  what: `${address} is of IPv6, which is never translated: the file is for IPv4.`,
  instead: 'Pairs of IPv4 addresses alone.',
});

export const describeNonLocalAddress = (
  where: string,
  address: string,
  localAddresses: readonly string[],
): Problem => ({
  code: 'intent/cpnat-not-local',
  where,
  what: `${address} is no address of this server.`,
  instead: `One of its own: ${localAddresses.join(', ')}.`,
});

export const describeSeveralPublicAddresses = (
  where: string,
  local: string,
  publicAddresses: readonly string[],
): Problem => ({
  code: 'intent/cpnat-several',
  where,
  what: `${local} leaves as ${publicAddresses.join(' or as ')}: mappings of several gateways stand for it, and cPanel knows one.`,
  instead: 'pairs: what it is to be known as; and inboundOnly for the mapping by which it does not leave.',
});

export const describeMissingMapping = (where: string): Problem => ({
  code: 'intent/cpnat-nobody-translates',
  where,
  what: 'No mapping of a gateway of this app stands for an address of the server in both directions and for all peers.',
  instead: `A OneToOneNat to this server (${quoteText('inboundOnly')} and ${quoteText('destination')} unset); pairs, where its gateway is elsewhere; or natMode: 'off'.`,
});
