// Creates the problems of addresses, prefixes and source sets in an intent, and suggests corrections, such as
// `10.0.0.10/24` for `10.0.0.10/255.255.255.0`.

import { parseAddress, parseInterfaceAddress, parsePrefix } from '../../net/address';
import { explainBadAddress } from '../../problems/explain-bad-address';
import { Problem } from '../../problems/problem';
import { quoteText } from './field-problems';

export const describeBadAddress = (where: string, text: string, expected: string): Problem => ({
  code: 'intent/bad-address',
  where,
  what: `${quoteText(text)} is not ${expected}${explainBadAddress(text)}.`,
  instead: suggestAddress(text, expected) ?? describeExpectedAddress(expected),
});

const describeExpectedAddress = (expected: string): string =>
  expected.includes('prefix')
    ? 'An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).'
    : expected.includes('length')
      ? 'An address with the length of its network: 203.0.113.2/28.'
      : 'An address: 203.0.113.10 or 2001:db8::10.';

/** Suggests the address that a text in another notation means: `10.0.0.10/24` for `10.0.0.10/255.255.255.0`. */
function suggestAddress(text: string, expected: string): string | undefined {
  const list = text.split(/[,;]/).map((part) => part.trim());
  if (list.length > 1 && list.every((part) => isExpectedAddress(part, expected)))
    return `Texts of their own: ${list.map((part) => `"${part}"`).join(', ')}.`;
  const bare = text
    .trim()
    .replace(/^::ffff:/i, '')
    .replace(/^\[(.+)\]$/, '$1')
    .replace(/^(\d+\.)(\d+\.)?(\d+\.)?\*(\.\*)*$/, (_, ...[first, second = '', third = '']: string[]) => {
      const givenBytes = [first, second, third].join('').split('.').slice(0, -1);
      return `${[...givenBytes, '0', '0', '0'].slice(0, 4).join('.')}/${givenBytes.length * 8}`;
    })
    .replace(/^(\d+(?:\.\d+){3})[/ ](\d+(?:\.\d+){3})$/, (matchedText, hostAddress: string, mask: string) => {
      const bits = mask
        .split('.')
        .map((part) => Number(part).toString(2).padStart(8, '0'))
        .join('');
      return /^1*0*$/.test(bits) && bits.length === 32
        ? `${hostAddress}/${bits.replace(/0/g, '').length}`
        : matchedText;
    });
  const plain = bare.replace(/(^|[.])0+(?=\d)/g, '$1');
  return plain !== text && isExpectedAddress(plain, expected) ? `"${plain}", if that was meant.` : undefined;
}

const isExpectedAddress = (text: string, expected: string): boolean =>
  expected.includes('prefix')
    ? parsePrefix(text) !== undefined
    : expected.includes('length') || text.includes('/')
      ? parseInterfaceAddress(text) !== undefined
      : parseAddress(text) !== undefined;

export const describeHostBits = (where: string, text: string, base: string): Problem => ({
  code: 'intent/host-bits-set',
  where,
  what: `${quoteText(text)} has host bits set, so it names a host and a network at once.`,
  instead: `${base} for the network, or the address without a length.`,
});

export const describeLengthTypo = (where: string, text: string, address: string, first: number): Problem => ({
  code: 'intent/host-bits-set',
  where,
  what: `${quoteText(text)} has host bits set, and its length takes in much of the internet: a digit of it seems to be missing.`,
  instead: `Another length: ${address} is a network from /${first} on; without a length it is the address.`,
});

export const describeEverythingPrefix = (where: string, text: string, instead: string): Problem => ({
  code: 'intent/everything-as-prefix',
  where,
  what: `${text} is every address, which must not be said by a prefix.`,
  instead,
});

export const describeUnusableAddress = (where: string, text: string, kind: string): Problem => ({
  code: 'intent/unusable-address',
  where,
  what: `${text} is ${kind}, and no connection comes from or goes to such an address.`,
  instead: 'The address of a host, or the prefix of a network.',
});

export const describeNetworkAddress = (where: string, text: string, kind: string, network: string): Problem => ({
  code: 'intent/network-address',
  where,
  what: `${text} is the ${kind} address of ${network}.`,
  instead: 'An address of a host in that network.',
});

export const describeWrongFamily = (where: string, text: string, thing: string): Problem => ({
  code: 'intent/ipv6-mapping',
  where,
  what: `${text} is IPv6, and ${thing} is for IPv4 only for now.`,
  instead: "The server's own IPv6 address among its addresses: it gets the same profile, without translation.",
});

/** `advice`: given where "anywhere" alone must not be advised. */
export const describeAnywhereInList = (where: string, advice?: string): Problem => ({
  code: 'intent/anywhere-in-list',
  where,
  what: '"anywhere" is every address: beside it nothing else in the list would have an effect.',
  instead: advice ?? '"anywhere" alone, without a list; or the list without it.',
});

export const describeAnywhereRefused = (where: string, what: string, instead: string): Problem => ({
  code: 'intent/anywhere-refused',
  where,
  what,
  instead,
});

export const describeUnknownSet = (where: string, name: string, setNames: readonly string[]): Problem => ({
  code: 'intent/unknown-source-set',
  where,
  what: `${quoteText(name)} is neither an address nor a prefix, and there is no source set of that name.`,
  instead:
    setNames.length === 0
      ? `sourceSets: { ${/^[a-z][a-z0-9-]*$/.test(name) ? `'${name}'` : "'office'"}: [...] } of the profile or gateway that uses it, or a prefix.`
      : `One of ${setNames.slice(0, 20).join(', ')}, or a prefix.`,
});

export const describeNestedSet = (where: string, name: string): Problem => ({
  code: 'intent/set-in-set',
  where,
  what: `${quoteText(name)} is not an address or a prefix, and a source set holds nothing else.`,
  instead: 'Its prefixes themselves; or name both sets where they are used.',
});
