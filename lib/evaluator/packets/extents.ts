import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { TRACKED } from '../context';
import { Possible, possible } from '../outcomes';
import { Region, meet, setOver, union } from './regions';

/** The packets that surely match, and those that may: equal unless something about the match isn't known. */
export interface Extent {
  readonly sure: Region | undefined;
  readonly possible: Region | undefined;
  readonly because: string;
}

export const exactly = (region: Region | undefined): Extent => ({ sure: region, possible: region, because: '' });

export function meetExtents(extents: readonly Extent[]): Extent {
  const may = sparing(meet(extents.map((one) => one.possible)));
  const exact = extents.every((one) => one.sure === one.possible);
  return {
    sure: exact ? may : sparing(meet(extents.map(({ sure }) => sure))),
    possible: may,
    because: exact ? '' : (extents.find((one) => one.sure !== one.possible && one.because !== '')?.because ?? ''),
  };
}

/** Only ICMPv6 has packets that start no connection: a rule for other protocols needs no such cut. */
function sparing(region: Region | undefined): Region | undefined {
  const protocols = region?.box.get('protocol')?.numbers;
  if (!region || !protocols || !region.sets.includes(TRACKED)) return region;
  const icmp = protocols.some(({ first, last }) => first <= PROTOCOL.icmpv6 && PROTOCOL.icmpv6 <= last);
  return icmp ? region : { ...region, sets: region.sets.filter((set) => set !== TRACKED) };
}

/** What surely matches has the outcome; what only may match has it or goes on. */
export function spread(extent: Extent, make: (region: Region | undefined) => PacketMap<Possible>): PacketMap<Possible> {
  const sure = make(extent.sure);
  if (extent.sure === extent.possible) return sure;
  const certain = setOver(extent.sure);
  const doubtful = make(extent.possible).apartFrom(certain);
  return sure.or(doubtful.map((one) => possible(one.now, one.returns, true, one.because || extent.because)));
}

/** One map over many regions, by their union where it pays. */
export function joinedOver(
  regions: readonly (Region | undefined)[],
  make: (region: Region | undefined) => PacketMap<Possible>,
): PacketMap<Possible> {
  const set = union<true>(true, regions);
  return set.isEmpty ? PacketMap.nothing<Possible>() : make({ box: new Map(), sets: [set] });
}
