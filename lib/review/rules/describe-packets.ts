// Describes packet sets in words for review rules: service, destinations and sources of each row.

import { ReachabilityRow, toRows } from '../../reachability/reachability-rows';
import { describeService } from '../../reachability/reachability-list';
import { printAddresses } from '../../reachability/print-packets';
import { FAMILY_RANGE, splitPairs } from '../../net/address';
import { PacketMap } from '../../net/packet-map';
import { Range, covers } from '../../net/range';

/** The number of address ranges that are printed. The others are counted. */
const MAX_LISTED_RANGES = 20;

const coversFamily = ({ family }: ReachabilityRow<unknown>, ranges: readonly Range[]): boolean =>
  ranges.some((range) => covers(range, FAMILY_RANGE[family]));

function describeRanges(row: ReachabilityRow<unknown>, ranges: readonly Range[], anyAddressText: string): string {
  // `anywhere but` a hole is shorter than the ranges around the hole.
  const text = printAddresses(ranges, row.family, anyAddressText, splitPairs);
  if (ranges.length <= MAX_LISTED_RANGES || text.length <= 400) return text;
  return `${printAddresses(ranges.slice(0, MAX_LISTED_RANGES), row.family, anyAddressText, splitPairs)} and ${ranges.length - MAX_LISTED_RANGES} more`;
}

const describeAnyAddress = ({ family }: ReachabilityRow<unknown>): string =>
  family === 'ip' ? 'any IPv4 address' : 'any IPv6 address';

export const describeDestinations = (row: ReachabilityRow<unknown>): string =>
  describeRanges(row, row.destinations, describeAnyAddress(row));
export const describeSources = (row: ReachabilityRow<unknown>): string => describeRanges(row, row.sources, 'anywhere');
export const isFromAnywhere = (row: ReachabilityRow<unknown>): boolean => coversFamily(row, row.sources);

/** Returns `tcp 443 on 203.0.113.10 from anywhere` for each row. A row that both families share stands once. */
export function describePackets(packets: PacketMap<unknown>): readonly string[] {
  const rows = toRows(packets);
  const sentences = rows.map((row) => {
    const isUnlimited = coversFamily(row, row.destinations) && coversFamily(row, row.sources);
    return isUnlimited && rows.some((otherRow) => otherRow.family !== row.family && isFamilyTwin(row, otherRow))
      ? `${describeService(row)} on any address from anywhere`
      : `${describeService(row)} on ${describeDestinations(row)} from ${describeSources(row)}`;
  });
  return [...new Set(sentences)];
}

const isFamilyTwin = (row: ReachabilityRow<unknown>, otherRow: ReachabilityRow<unknown>): boolean =>
  coversFamily(otherRow, otherRow.destinations) &&
  coversFamily(otherRow, otherRow.sources) &&
  describeService(row) === describeService(otherRow);
