import { Problem } from '../problems/problem';
import { quoted } from './problems-shape';

export const pairsWithoutNat = (where: string): Problem => ({
  code: 'intent/cpnat-off-with-pairs',
  where,
  what: 'NAT mode is off, so there is no file for "pairs" to stand in.',
  instead: "natMode: 'off' alone; or the pairs with natMode: 'on', which is the default.",
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
