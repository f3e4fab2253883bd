// Addresses and prefixes of IPv4 and IPv6: parses and prints them, and converts between prefixes and ranges.

import * as ipaddr from 'ipaddr.js';
import { Range, contains, mergeRanges, intersectRanges, toSingleRange } from './range';

declare const addressBrand: unique symbol;

/**
 * A point on one number line: all of IPv4, then all of IPv6.
 * Only the parsers here make one, so an Address is always real and always compares with `<`.
 */
export type Address = bigint & { readonly [addressBrand]: true };
export type Family = 'ip' | 'ip6';
export const FAMILIES: readonly Family[] = ['ip', 'ip6'];
/** Names of the families for users. */
export const FAMILY_NAME = { ip: 'IPv4', ip6: 'IPv6' } as const;

const V6_START = 1n << 32n;

export const FAMILY_RANGE: Readonly<Record<Family, Range>> = {
  ip: { first: 0n, last: V6_START - 1n },
  ip6: { first: V6_START, last: V6_START + (1n << 128n) - 1n },
};

export const ALL_ADDRESSES: readonly Range[] = Object.values(FAMILY_RANGE);

const ADDRESS_BITS: Readonly<Record<Family, number>> = { ip: 32, ip6: 128 };

export const getFamily = (value: bigint): Family => (contains(FAMILY_RANGE.ip, value) ? 'ip' : 'ip6');

/** A network: its first address and its length in bits. Host bits are zero. */
export interface Prefix {
  readonly first: Address;
  readonly length: number;
}

const OCTET = '(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])';
const DOTTED_QUAD = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** Parses a plain IPv4 dotted quad or a plain IPv6 address. Returns undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  // ipaddr.js also takes `127.1`, `0x7f000001`, octal and zone ids. Devices disagree on their meaning, so only the
  // spelling that every platform takes alike is let in.
  if (text.length > 45) return undefined;
  if (DOTTED_QUAD.test(text)) return parseQuad(text);
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return parsed.isIPv4MappedAddress() ? undefined : toAddress(parsed.toByteArray());
}

/** Parses four numbers up to 255 with dots between them. Texts have tens of thousands. */
function parseQuad(text: string): Address {
  let [value, octet] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) [value, octet] = [value * 256 + octet, 0];
    else octet = octet * 10 + code - ZERO;
  }
  return BigInt(value * 256 + octet) as Address;
}

const [DOT, ZERO] = [46, 48];

/**
 * Parses `::ffff:192.0.2.1` and `::ffff:c000:201`. On the wire they are IPv6 addresses like others. Only parsers of
 * native text use it: parseAddress refuses them, since a user who writes one mostly means IPv4.
 */
export function parseMappedAddress(text: string): Address | undefined {
  if (text.length > 45 || !text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return parsed.isIPv4MappedAddress() ? toAddress(parsed.toByteArray()) : undefined;
}

/** Parses `192.0.2.0/24` or a single address. Host bits must be zero: `192.0.2.7/24` is undefined. */
export function parsePrefix(text: string): Prefix | undefined {
  const parts = splitLength(text);
  if (!parts) return undefined;
  const network = getNetwork(parts.address, parts.length);
  return network.first === parts.address ? network : undefined;
}

/**
 * Parses an address of an interface with its network's length: `192.0.2.7/24`. Host bits are kept; the length must be
 * present.
 */
export function parseInterfaceAddress(
  text: string,
): { readonly address: Address; readonly length: number } | undefined {
  return text.includes('/') ? splitLength(text) : undefined;
}

/** Returns the network of that length that contains the address. */
export function getNetwork(address: Address, length: number): Prefix {
  const family = getFamily(address);
  if (length === ADDRESS_BITS[family]) return { first: address, length };
  const start = FAMILY_RANGE[family].first;
  const size = 1n << BigInt(ADDRESS_BITS[family] - length);
  return { first: (address - ((address - start) % size)) as Address, length };
}

export function toRange({ first, length }: Prefix): Range {
  const free = ADDRESS_BITS[getFamily(first)] - length;
  return free === 0 ? toSingleRange(first) : { first, last: first + (1n << BigInt(free)) - 1n };
}

/** Returns the range of a prefix that stands in our own code. */
export const parseRange = (text: string): Range => toRange(parsePrefix(text)!);

export const toHostPrefix = (address: Address): Prefix => ({
  first: address,
  length: ADDRESS_BITS[getFamily(address)],
});

export const isHost = (prefix: Prefix): boolean => prefix.length === ADDRESS_BITS[getFamily(prefix.first)];

/** Returns the fewest prefixes that cover exactly the range, ascending. The range lies in one family. */
export function toPrefixes(range: Range): readonly Prefix[] {
  const family = getFamily(range.first);
  const start = FAMILY_RANGE[family].first;
  const prefixes: Prefix[] = [];
  for (let first = range.first; first <= range.last;) {
    let length = ADDRESS_BITS[family];
    let size = 1n;
    while (length > 0 && (first - start) % (size * 2n) === 0n && first + size * 2n - 1n <= range.last) {
      size *= 2n;
      length -= 1;
    }
    prefixes.push({ first: first as Address, length });
    first += size;
  }
  return prefixes;
}

/** Returns the one spelling that we print: dotted quad, or RFC 5952 for IPv6. */
export function printAddress(value: bigint): string {
  if (getFamily(value) === 'ip') {
    const number = Number(value);
    return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
  }
  let remaining = value - V6_START;
  const bytes = Array.from({ length: 16 }, () => {
    const byte = Number(remaining & 255n);
    remaining >>= 8n;
    return byte;
  }).reverse();
  return new ipaddr.IPv6(bytes).toRFC5952String();
}

/** Returns `192.0.2.0/24`, or a single address without its length. */
export const printPrefix = (prefix: Prefix): string =>
  isHost(prefix) ? printAddress(prefix.first) : `${printAddress(prefix.first)}/${prefix.length}`;

/** Returns one prefix if the range is one, else `first-last`. */
export function printRange(range: Range): string {
  if (range.first === range.last) return printAddress(range.first);
  const [prefix, ...more] = toPrefixes(range);
  return prefix && more.length === 0 ? printPrefix(prefix) : `${printAddress(range.first)}-${printAddress(range.last)}`;
}

/**
 * Splits ranges of two addresses. Users read two addresses, not a network of 31 bits; more addresses stay one range.
 */
export const splitPairs = (ranges: readonly Range[]): readonly Range[] =>
  ranges.flatMap((range) =>
    range.last - range.first === 1n ? [toSingleRange(range.first), toSingleRange(range.last)] : [range],
  );

/** Returns the fewest prefixes that make up these ranges together. */
export const printPrefixes = (ranges: readonly Range[]): readonly string[] =>
  mergeRanges(ranges)
    .flatMap((range) => Object.values(FAMILY_RANGE).flatMap((family) => intersectRanges(range, family) ?? []))
    .flatMap(toPrefixes)
    .map(printPrefix);

/** Returns the address at that distance in the same family, or undefined past its ends. */
export function addOffset(address: bigint, distance: bigint): Address | undefined {
  const result = address + distance;
  return contains(FAMILY_RANGE[getFamily(address)], result) ? (result as Address) : undefined;
}

function splitLength(text: string): { readonly address: Address; readonly length: number } | undefined {
  const [head = '', length, ...extra] = text.split('/');
  const address = parseAddress(head);
  if (address === undefined || extra.length > 0) return undefined;
  const bits = ADDRESS_BITS[getFamily(address)];
  if (length === undefined) return { address, length: bits };
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) return undefined;
  return { address, length: Number(length) };
}

const toAddress = (bytes: readonly number[]): Address =>
  (bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) + V6_START) as Address;
