import { PacketMap, PacketSet } from '../net/packet-map';
import { FAMILY_RANGE } from '../net/address';
import { Range, joined, point } from '../net/range';
import { addressConstraint, boxOf, setOver } from './packets/regions';
import { Surroundings } from './surroundings';

/** Destinations, and what becomes of packets on the way to them. Those of several legs are apart. */
export type Leg<V = unknown> = readonly [readonly Range[], PacketMap<V>];

export const destinations = (ranges: readonly Range[]): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : setOver(boxOf(addressConstraint('destination', ranges)));

export const sources = (ranges: readonly Range[]): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : setOver(boxOf(addressConstraint('source', ranges)));

/** Packets with a source that a process on the device may give them. */
export const sentByItself = ({ ownAddresses }: Surroundings): PacketSet =>
  sources([...ownAddresses, point(FAMILY_RANGE.ip.first), point(FAMILY_RANGE.ip6.first)]);

/** Returns what becomes of packets by their destination. Legs on which the same becomes of them are joined first: there may be hundreds. */
export function withinEach<V>(legs: readonly Leg<V>[]): readonly PacketMap<V>[] {
  const groups: { readonly map: PacketMap<V>; readonly ranges: Range[] }[] = [];
  for (const [ranges, map] of legs) {
    if (map.isEmpty || ranges.length === 0) continue;
    const group = groups.find((one) => one.map.equals(map));
    if (group) group.ranges.push(...ranges);
    else groups.push({ map, ranges: [...ranges] });
  }
  return groups.map(({ map, ranges }) => map.within(destinations(joined(ranges)))).filter((part) => !part.isEmpty);
}
