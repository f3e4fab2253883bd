// Parses addresses and prefixes in intents, and refuses those that no peer can have, host bits, and networks' own
// addresses.

import {
  Address,
  FAMILIES,
  FAMILY_RANGE,
  Family,
  Prefix,
  getFamily,
  toHostPrefix,
  getNetwork,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
  toRange,
  printAddress,
  printPrefix,
  parseRange,
} from '../net/address';
import { Range, covers, mergeRanges, intersectRanges, toSingleRange } from '../net/range';
import { Problem } from '../problems/problem';
import { IntentLocation, parseText } from './fields';
import * as say from './problems/address-problems';

/** Addresses that are never a peer of a connection, each range with the name of its kind. */
export const UNUSABLE_RANGES: readonly (readonly [kind: string, range: Range])[] = [
  ['the broadcast address', parseRange('255.255.255.255')],
  ['"this network"', parseRange('0.0.0.0/8')],
  ['loopback', parseRange('127.0.0.0/8')],
  ['multicast', parseRange('224.0.0.0/4')],
  ['reserved', parseRange('240.0.0.0/4')],
  ['loopback', parseRange('::1')],
  ['unspecified', parseRange('::')],
  ['multicast', parseRange('ff00::/8')],
];

export const LINK_LOCAL_RANGES: readonly Range[] = [parseRange('169.254.0.0/16'), parseRange('fe80::/10')];

/** Returns the kind of unusable address that the whole range is, or undefined. */
const findUnusableKind = (range: Range): string | undefined =>
  UNUSABLE_RANGES.find(([, unusableRange]) => covers(unusableRange, range))?.[0];

/** Parses an address or a prefix that hosts can have. Refuses host bits and a prefix of length 0. */
export function parseUsablePrefix(
  value: unknown,
  location: IntentLocation,
  everythingAdvice: string,
): Prefix | undefined {
  const text = parseText(value, location, 'An address or a prefix, as text');
  return text === undefined ? undefined : parseUsablePrefixText(text, location, everythingAdvice);
}

export function parseUsablePrefixText(
  text: string,
  location: IntentLocation,
  everythingAdvice: string,
): Prefix | undefined {
  const prefix = parsePrefix(text);
  if (!prefix) {
    const interfaceAddress = parseInterfaceAddress(text);
    if (interfaceAddress)
      return location.report(
        isLengthTypo(interfaceAddress)
          ? createLengthTypoProblem(location.where, text, interfaceAddress.address)
          : createHostBitsProblem(location.where, text, interfaceAddress),
      );
    return location.report(say.describeBadAddress(location.where, text, 'an address or a prefix'));
  }
  if (prefix.length === 0) return location.report(say.describeEverythingPrefix(location.where, text, everythingAdvice));
  const kind = findUnusableKind(toRange(prefix));
  return kind === undefined ? prefix : location.report(say.describeUnusableAddress(location.where, text, kind));
}

/** Parses the address of one host. */
export function parseUsableAddress(value: unknown, location: IntentLocation): Address | undefined {
  const text = parseText(value, location, 'An address, as text');
  if (text === undefined) return undefined;
  const address = parseAddress(text);
  if (address === undefined) return location.report(say.describeBadAddress(location.where, text, 'an address'));
  const kind = findUnusableKind(toSingleRange(address));
  return kind === undefined ? address : location.report(say.describeUnusableAddress(location.where, text, kind));
}

/** Parses an address of an interface with its network's length. `allowBare` makes the length optional. */
export function parseInterfaceAddressField(
  value: unknown,
  location: IntentLocation,
  allowBare = false,
): { readonly address: Address; readonly length: number } | undefined {
  const text = parseText(value, location, 'An address with its length, as text: 203.0.113.2/28');
  if (text === undefined) return undefined;
  const bareAddress = allowBare ? parseAddress(text) : undefined;
  const parsed =
    bareAddress === undefined
      ? parseInterfaceAddress(text)
      : { address: bareAddress, length: getFamily(bareAddress) === 'ip' ? 32 : 128 };
  if (!parsed)
    return location.report(
      say.describeBadAddress(location.where, text, allowBare ? 'an address' : 'an address with its length'),
    );
  const kind = findUnusableKind(toSingleRange(parsed.address));
  if (kind !== undefined) return location.report(say.describeUnusableAddress(location.where, text, kind));
  const edgeKind = findEdgeKind(parsed.address, getNetwork(parsed.address, parsed.length));
  if (edgeKind)
    return location.report(
      say.describeNetworkAddress(
        location.where,
        text,
        edgeKind,
        printPrefix(getNetwork(parsed.address, parsed.length)),
      ),
    );
  return parsed;
}

/**
 * Tells whether an address is the network's own or its broadcast address. Networks of one or two addresses have
 * neither.
 */
export function findEdgeKind(address: bigint, network: Prefix): 'network' | 'broadcast' | undefined {
  if (getFamily(network.first) !== 'ip' || network.length >= 31) return undefined;
  const { first, last } = toRange(network);
  return address === first ? 'network' : address === last ? 'broadcast' : undefined;
}

/** Returns the prefixes merged into one set. Reports a problem if together they cover all of one family. */
export function mergePrefixes(
  prefixes: readonly Prefix[],
  location: IntentLocation,
  everythingAdvice: string,
): readonly Range[] {
  // Each family is merged alone: the last IPv4 address and the first IPv6 address are neighbours on the number line.
  const mergeFamily = (family: Family): readonly Range[] =>
    mergeRanges(prefixes.filter(({ first }) => getFamily(first) === family).map(toRange));
  const ranges = [...mergeFamily('ip'), ...mergeFamily('ip6')];
  for (const family of FAMILIES) {
    if (ranges.some((range) => covers(range, FAMILY_RANGE[family]))) {
      location.report(
        say.describeEverythingPrefix(
          location.where,
          family === 'ip' ? 'All of IPv4, in parts,' : 'All of IPv6, in parts,',
          everythingAdvice,
        ),
      );
    }
  }
  return ranges;
}

export const overlapsAny = (ranges: readonly Range[], range: Range): boolean =>
  ranges.some((candidate) => intersectRanges(candidate, range) !== undefined);

type ParsedInterfaceAddress = NonNullable<ReturnType<typeof parseInterfaceAddress>>;

/**
 * No network is this large: a digit of the length is missing. Source: IANA gives registries a /8 of IPv4 and a /12 of
 * IPv6 at a time.
 */
const isLengthTypo = ({ address, length }: ParsedInterfaceAddress): boolean =>
  length < (getFamily(address) === 'ip' ? 8 : 12);

const createHostBitsProblem = (where: string, text: string, { address, length }: ParsedInterfaceAddress): Problem =>
  say.describeHostBits(where, text, printPrefix(getNetwork(address, length)));

function createLengthTypoProblem(where: string, text: string, address: Address): Problem {
  const { length: maxLength } = toHostPrefix(address);
  const [first = maxLength] = Array.from({ length: maxLength + 1 }, (_, length) => length).filter(
    (length) => getNetwork(address, length).first === address,
  );
  return say.describeLengthTypo(where, text, printAddress(address), first);
}
