import { whyNoAddress } from '../problems/no-address';
import { Problem } from '../problems/problem';
import { quoted } from './problems-shape';

export const badAddress = (where: string, wrote: string, wanted: string): Problem => ({
  code: 'intent/bad-address',
  where,
  what: `${quoted(wrote)} is not ${wanted}${whyNoAddress(wrote)}.`,
  instead: wanted.includes('prefix')
    ? 'An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).'
    : wanted.includes('length')
      ? 'An address with the length of its network: 203.0.113.2/28.'
      : 'An address: 203.0.113.10 or 2001:db8::10.',
});

export const hostBits = (where: string, wrote: string, base: string): Problem => ({
  code: 'intent/host-bits-set',
  where,
  what: `${quoted(wrote)} has host bits set, so it names a host and a network at once.`,
  instead: `${base} for the network, or the address without a length.`,
});

export const everything = (where: string, wrote: string, instead: string): Problem => ({
  code: 'intent/everything-as-prefix',
  where,
  what: `${wrote} is everybody, which must not be said by a prefix.`,
  instead,
});

export const unusable = (where: string, wrote: string, kind: string): Problem => ({
  code: 'intent/unusable-address',
  where,
  what: `${wrote} is ${kind}, and no connection comes from or goes to such an address.`,
  instead: 'The address of a host, or the prefix of a network.',
});

export const networkAddress = (where: string, wrote: string, kind: string, network: string): Problem => ({
  code: 'intent/network-address',
  where,
  what: `${wrote} is the ${kind} address of ${network}.`,
  instead: 'An address of a host in that network.',
});

export const wrongFamily = (where: string, wrote: string, thing: string): Problem => ({
  code: 'intent/ipv6-mapping',
  where,
  what: `${wrote} is IPv6, and ${thing} is for IPv4 only for now.`,
  instead: "The server's own IPv6 address among its addresses: it gets the same profile, without translation.",
});

/** `advised`: where "anywhere" alone is not what anybody should write. */
export const anywhereInList = (where: string, advised?: string): Problem => ({
  code: 'intent/anywhere-in-list',
  where,
  what: '"anywhere" stands in a list, beside which everything else would be without effect.',
  instead: advised ?? '"anywhere" alone, without a list; or the list without it.',
});

export const anywhereRefused = (where: string, what: string, instead: string): Problem => ({
  code: 'intent/anywhere-refused',
  where,
  what,
  instead,
});

export const unknownSet = (where: string, name: string, known: readonly string[]): Problem => ({
  code: 'intent/unknown-source-set',
  where,
  what: `${quoted(name)} is neither an address nor a prefix, and there is no source set of that name.`,
  instead:
    known.length === 0
      ? `sourceSets: { ${/^[a-z][a-z0-9-]*$/.test(name) ? `'${name}'` : "'office'"}: [...] } of the profile or gateway that uses it, or a prefix.`
      : `One of ${known.slice(0, 20).join(', ')}, or a prefix.`,
});

export const setInSet = (where: string, name: string): Problem => ({
  code: 'intent/set-in-set',
  where,
  what: `${quoted(name)} is not an address or a prefix, and a source set holds nothing else.`,
  instead: 'Its prefixes themselves; or name both sets where they are used.',
});
