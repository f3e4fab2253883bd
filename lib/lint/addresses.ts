// Address helpers of lint rules: whether sources count as the whole internet, whether an address is private, and
// lists of addresses and ports as text.

import { printNumbers } from '../reachability/print-packets';
import { FAMILY_RANGE, Family, printRange, parseRange } from '../net/address';
import { NumberRange } from '../net/device';
import { PacketSet } from '../net/packet-map';
import { isPublic } from '../net/private-networks';
import {
  Range,
  contains,
  findFirstEnding,
  mergeRanges,
  intersectRanges,
  toSingleRange,
  countAddresses,
} from '../net/range';

/**
 * Returns whether the ranges are a sixteenth of all addresses or more. No list has so many, so they are open to the
 * internet. An eighth of IPv6 is handed out.
 */
export const isInternetWide = (ranges: readonly Range[], family: Family): boolean =>
  countAddresses(mergeRanges(ranges.flatMap((range) => intersectRanges(range, FAMILY_RANGE[family]) ?? []))) * 16n >=
  countAddresses([FAMILY_RANGE[family]]);

/** Addresses that no host has, or none beyond its wire. Source: RFC 1122, RFC 4291. */
const UNROUTED_RANGES: readonly Range[] = [
  '127.0.0.0/8',
  '0.0.0.0/8',
  '224.0.0.0/3',
  'fe80::/10',
  '::/8',
  'ff00::/8',
].map(parseRange);

/** Returns whether no host in the internet can send to the address. */
export const isPrivate = (address: bigint): boolean =>
  !isPublic(address) || UNROUTED_RANGES.some((range) => contains(range, address));

/** Returns the sources of a set that tells no destinations apart. */
export const getSources = (packets: PacketSet, family: Family): readonly Range[] =>
  mergeRanges(packets.groupAlong('source').flatMap((group) => (group.family === family ? group.ranges : [])));

export const getDestinations = (packets: PacketSet, family: Family): readonly Range[] =>
  mergeRanges(packets.groupAlong('destination').flatMap((group) => (group.family === family ? group.ranges : [])));

/** Returns whether some of `range` lies in `ranges`, which are as `mergeRanges` returns them. */
export function overlapsAny(ranges: readonly Range[], range: Range): boolean {
  const nearestRange = ranges[findFirstEnding(ranges, range.first, ({ last }) => last)];
  return nearestRange !== undefined && nearestRange.first <= range.last;
}

/** Returns a list as text: `a, b, c and 9,997 more`. */
export function printList(texts: readonly string[], max = 3): string {
  return printFirst([...new Set(texts)], (text) => text, max);
}

/** Returns distinct values as text. Only those that are named are put into words. */
function printFirst<T>(values: readonly T[], print: (value: T) => string, max = 3): string {
  if (values.length <= max + 1) return values.map(print).join(', ');
  return `${values.slice(0, max).map(print).join(', ')} and ${values.length - max} more`;
}

/** Returns ports as text: `25, 8000-8100 and 3 more`. */
export const printPortList = (ranges: readonly NumberRange[], max: number): string =>
  printFirst(ranges, (range) => printNumbers([range]), max);

/** Returns ranges as text: few addresses one by one, as they were written; many as prefixes or ranges. */
export function printRangeList(ranges: readonly Range[]): string {
  const parts = mergeRanges(ranges).flatMap((range) =>
    range.first !== range.last && range.last - range.first < 4n ? listAddresses(range) : range,
  );
  return printFirst(parts, printRange);
}

const listAddresses = ({ first, last }: Range): readonly Range[] =>
  Array.from({ length: Number(last - first) + 1 }, (_, i) => toSingleRange(first + BigInt(i)));
