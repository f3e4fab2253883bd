import { PacketMap, PacketSet } from '../net/packet-map';
import { FAMILY_RANGE } from '../net/address';
import { Range, joined, point } from '../net/range';
import { addressConstraint, boxOf, setOver } from './packets/regions';
import { Surroundings } from './surroundings';

export const destinations = (ranges: readonly Range[]): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : setOver(boxOf(addressConstraint('destination', ranges)));

export const sources = (ranges: readonly Range[]): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : setOver(boxOf(addressConstraint('source', ranges)));

/** Packets with a source that a process on the device may give them. */
export const sentByItself = ({ ownAddresses }: Surroundings): PacketSet =>
  sources([...ownAddresses, point(FAMILY_RANGE.ip.first), point(FAMILY_RANGE.ip6.first)]);

/**
 * Returns, for destinations and what becomes of packets on the way to them, what becomes of packets to each. Destinations with the same outcome are
 * joined first: there may be hundreds. Those of two entries are apart.
 */
export function withinEach<V>(ways: readonly (readonly [readonly Range[], PacketMap<V>])[]): readonly PacketMap<V>[] {
  const groups: { readonly map: PacketMap<V>; readonly ranges: Range[] }[] = [];
  for (const [ranges, map] of ways) {
    if (map.isEmpty || ranges.length === 0) continue;
    const group = groups.find((one) => one.map.equals(map));
    if (group) group.ranges.push(...ranges);
    else groups.push({ map, ranges: [...ranges] });
  }
  return groups.map(({ map, ranges }) => map.within(destinations(joined(ranges)))).filter((part) => !part.isEmpty);
}
