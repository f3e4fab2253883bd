// The type MatchBounds: packets that surely match a condition, and packets that may match. Intersects bounds, and
// applies the bounds of a rule to its results.

import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { TRACKED_PACKETS } from '../packet-context';
import { ChainResult, createChainResult } from '../chain-outcomes';
import { Region, intersectRegions, createPacketSet, uniteRegions } from './regions';

/**
 * The packets that surely match, and those that may match. They are equal unless something about the match isn't known.
 */
export interface MatchBounds {
  readonly must: Region | undefined;
  readonly may: Region | undefined;
  readonly reason: string;
}

export const createExactBounds = (region: Region | undefined): MatchBounds => ({
  must: region,
  may: region,
  reason: '',
});

export function intersectBounds(boundsList: readonly MatchBounds[]): MatchBounds {
  const may = simplifyTracked(intersectRegions(boundsList.map((bounds) => bounds.may)));
  const isExact = boundsList.every((bounds) => bounds.must === bounds.may);
  return {
    must: isExact ? may : simplifyTracked(intersectRegions(boundsList.map(({ must }) => must))),
    may,
    reason: isExact
      ? ''
      : (boundsList.find((bounds) => bounds.must !== bounds.may && bounds.reason !== '')?.reason ?? ''),
  };
}

/**
 * Removes a cut that changes nothing: only ICMPv6 has packets that start no connection, so a rule for other protocols
 * needs no such cut.
 */
function simplifyTracked(region: Region | undefined): Region | undefined {
  const protocols = region?.box.get('protocol')?.numbers;
  if (!region || !protocols || !region.sets.includes(TRACKED_PACKETS)) return region;
  const icmp = protocols.some(({ first, last }) => first <= PROTOCOL.icmpv6 && PROTOCOL.icmpv6 <= last);
  return icmp ? region : { ...region, sets: region.sets.filter((set) => set !== TRACKED_PACKETS) };
}

/**
 * Returns the results of a rule. Packets that surely match have the result; packets that only may match have it or go
 * on.
 */
export function applyBounds(
  bounds: MatchBounds,
  createMap: (region: Region | undefined) => PacketMap<ChainResult>,
): PacketMap<ChainResult> {
  const mustMap = createMap(bounds.must);
  if (bounds.must === bounds.may) return mustMap;
  const mustPackets = createPacketSet(bounds.must);
  const mayMap = createMap(bounds.may).subtract(mustPackets);
  return mustMap.unite(
    mayMap.map((result) => createChainResult(result.outcome, result.mayReturn, true, result.reason || bounds.reason)),
  );
}

/** Returns one map over many regions, by their union. */
export function buildUnionMap(
  regions: readonly (Region | undefined)[],
  createMap: (region: Region | undefined) => PacketMap<ChainResult>,
): PacketMap<ChainResult> {
  const set = uniteRegions<true>(true, regions);
  return set.isEmpty ? PacketMap.createEmpty<ChainResult>() : createMap({ box: new Map(), sets: [set] });
}
