// Ranges of addresses or ports of which some are certain and others only possible, with the reason. Creates, unites
// and narrows them.

import { ALL_ADDRESSES, FAMILY_RANGE, Family } from '../../net/address';
import { NumberRange } from '../../net/device';
import { Range, mergeRanges, intersectRanges, subtractRanges } from '../../net/range';

/** Addresses or ports: `must` are certain, `uncertain` are possible besides, depending on an unknown fact. */
export interface RangeBounds<R = Range> {
  readonly must: readonly R[];
  readonly uncertain: readonly R[];
  /** Why `uncertain` has ranges; empty if it has none. */
  readonly reason: string;
  /** The ranges if nothing is on a list whose members aren't known. Undefined: `uncertain` isn't such a list. */
  readonly newClient?: readonly R[];
}

export type PortBounds = RangeBounds<NumberRange>;

export const createCertain = <R>(must: readonly R[]): RangeBounds<R> => ({ must, uncertain: [], reason: '' });

export const ANY_ADDRESS: RangeBounds = createCertain(ALL_ADDRESSES);
export const NO_ADDRESS: RangeBounds = createCertain([]);

export const createMergedCertain = (ranges: readonly Range[]): RangeBounds => createCertain(mergeRanges(ranges));
export const createUncertain = (ranges: readonly Range[], reason: string): RangeBounds => ({
  must: [],
  uncertain: mergeRanges(ranges),
  reason,
});
/** A list of addresses of which only `known` members are known. */
export const createUntoldList = (reason: string, known: readonly Range[] = []): RangeBounds => ({
  must: known,
  uncertain: subtractRanges(ALL_ADDRESSES, known),
  reason,
  newClient: known,
});
export const createUnknown = (reason: string): RangeBounds => createUncertain(ALL_ADDRESSES, reason);

export const listRanges = <R>({ must, uncertain }: RangeBounds<R>): readonly R[] =>
  uncertain.length === 0 ? must : [...must, ...uncertain];

/** Returns the single address; undefined if there are several, or uncertain ones. */
export function findSingleAddress({ must, uncertain }: RangeBounds): bigint | undefined {
  const [firstRange, ...otherRanges] = must;
  return firstRange && otherRanges.length + uncertain.length === 0 && firstRange.first === firstRange.last
    ? firstRange.first
    : undefined;
}

/** Returns the union. `maxReasons` limits how many reasons are joined. */
export function uniteBounds(parts: readonly RangeBounds[], maxReasons = 5): RangeBounds {
  if (parts.includes(ANY_ADDRESS)) return ANY_ADDRESS;
  if (parts.length === 1) return parts[0]!;
  const must = mergeRanges(parts.flatMap((part) => part.must));
  const newClients = parts.map((part) => (part.uncertain.length === 0 ? part.must : part.newClient));
  const isKnown = newClients.every((ranges) => ranges !== undefined);
  return {
    ...(isKnown && parts.some(({ newClient }) => newClient) && { newClient: mergeRanges(newClients.flat()) }),
    must,
    uncertain: subtractRanges(
      parts.flatMap((part) => part.uncertain),
      must,
    ),
    reason: joinReasons(parts, maxReasons),
  };
}

export const negateBounds = ({ must, uncertain, reason, newClient }: RangeBounds): RangeBounds => ({
  must: subtractRanges(ALL_ADDRESSES, [...must, ...uncertain]),
  uncertain: subtractRanges(uncertain, must),
  reason,
  ...(newClient && { newClient: subtractRanges(ALL_ADDRESSES, newClient) }),
});

/** Returns the part of the bounds that lies in the ranges, and the rest. */
export const splitByRanges = (
  bounds: RangeBounds,
  ranges: readonly Range[],
): { readonly among: RangeBounds; readonly outOfRange: RangeBounds } => {
  const { reason, newClient } = bounds;
  const outOfRange = {
    must: subtractRanges(bounds.must, ranges),
    uncertain: subtractRanges(bounds.uncertain, ranges),
    reason,
    ...(newClient && { newClient: subtractRanges(newClient, ranges) }),
  };
  const among = {
    must: subtractRanges(bounds.must, outOfRange.must),
    uncertain: subtractRanges(bounds.uncertain, outOfRange.uncertain),
    reason,
    ...(newClient && { newClient: subtractRanges(newClient, outOfRange.newClient ?? []) }),
  };
  return { among, outOfRange };
};

export const narrowRangesToFamily = (ranges: readonly Range[], family: Family): readonly Range[] =>
  ranges.flatMap((range) => intersectRanges(range, FAMILY_RANGE[family]) ?? []);

/** Returns the part of the bounds in one family. */
export const narrowToFamily = ({ must, uncertain, reason, newClient }: RangeBounds, family: Family): RangeBounds => ({
  must: narrowRangesToFamily(must, family),
  uncertain: narrowRangesToFamily(uncertain, family),
  reason,
  ...(newClient && { newClient: narrowRangesToFamily(newClient, family) }),
});

export const joinReasons = (parts: readonly { readonly reason: string }[], maxReasons = Infinity): string =>
  [...new Set(parts.map(({ reason }) => reason).filter((reason) => reason !== ''))].slice(0, maxReasons).join('; ');
