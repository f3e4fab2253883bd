// Creates packet sets of given destination or source addresses, and limits packet maps to destinations.

import { PacketMap, PacketSet } from '../net/packet-map';
import { FAMILY_RANGE } from '../net/address';
import { Range, mergeRanges, toSingleRange } from '../net/range';
import { createAddressConstraint, createRegion, createPacketSet } from './packets/regions';
import { RoutingTable } from './routing-table';

export const createDestinationSet = (ranges: readonly Range[]): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : createPacketSet(createRegion(createAddressConstraint('destination', ranges)));

export const createSourceSet = (ranges: readonly Range[]): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : createPacketSet(createRegion(createAddressConstraint('source', ranges)));

/** Returns the packets with a source that a process on the device may give them. */
export const createLocalSourceSet = ({ ownAddresses }: RoutingTable): PacketSet =>
  createSourceSet([...ownAddresses, toSingleRange(FAMILY_RANGE.ip.first), toSingleRange(FAMILY_RANGE.ip6.first)]);

/**
 * Returns, for each pair of destinations and a map, the map limited to packets to these destinations. Destinations with
 * the same map are joined first: there may be hundreds. The destinations of two entries have no address in common.
 */
export function narrowByDestination<V>(
  mapsByRanges: readonly (readonly [readonly Range[], PacketMap<V>])[],
): readonly PacketMap<V>[] {
  const groups: { readonly map: PacketMap<V>; readonly ranges: Range[] }[] = [];
  for (const [ranges, map] of mapsByRanges) {
    if (map.isEmpty || ranges.length === 0) continue;
    const group = groups.find((candidate) => candidate.map.equals(map));
    if (group) group.ranges.push(...ranges);
    else groups.push({ map, ranges: [...ranges] });
  }
  return groups
    .map(({ map, ranges }) => map.intersect(createDestinationSet(mergeRanges(ranges))))
    .filter((part) => !part.isEmpty);
}
