import { ALL_ADDRESSES, FAMILY_RANGE, Family } from '../../net/address';
import { NumberRange } from '../../net/device';
import { Range, mergeRanges, intersectRanges, subtractRanges } from '../../net/range';

/** Addresses or ports: `sure` are certain, `perhaps` are possible besides, depending on an unknown fact. */
export interface RangeBounds<R = Range> {
  readonly sure: readonly R[];
  readonly perhaps: readonly R[];
  /** Why `perhaps` has ranges; empty if it has none. */
  readonly because: string;
}

export type PortBounds = RangeBounds<NumberRange>;

export const createCertain = <R>(sure: readonly R[]): RangeBounds<R> => ({ sure, perhaps: [], because: '' });

export const ANY_ADDRESS: RangeBounds = createCertain(ALL_ADDRESSES);
export const NO_ADDRESS: RangeBounds = createCertain([]);

export const createMergedCertain = (ranges: readonly Range[]): RangeBounds => createCertain(mergeRanges(ranges));
export const createUncertain = (ranges: readonly Range[], reason: string): RangeBounds => ({
  sure: [],
  perhaps: mergeRanges(ranges),
  because: reason,
});
export const createUnknown = (reason: string): RangeBounds => createUncertain(ALL_ADDRESSES, reason);

export const listRanges = <R>({ sure, perhaps }: RangeBounds<R>): readonly R[] =>
  perhaps.length === 0 ? sure : [...sure, ...perhaps];

/** Returns the single address; undefined if there are several, or uncertain ones. */
export function findSingleAddress({ sure, perhaps }: RangeBounds): bigint | undefined {
  const [firstRange, ...otherRanges] = sure;
  return firstRange && otherRanges.length + perhaps.length === 0 && firstRange.first === firstRange.last
    ? firstRange.first
    : undefined;
}

/** Returns the union. `maxReasons` limits how many reasons are joined. */
export function uniteBounds(parts: readonly RangeBounds[], maxReasons = 5): RangeBounds {
  if (parts.includes(ANY_ADDRESS)) return ANY_ADDRESS;
  if (parts.length === 1) return parts[0]!;
  const sure = mergeRanges(parts.flatMap((part) => part.sure));
  return {
    sure,
    perhaps: subtractRanges(
      parts.flatMap((part) => part.perhaps),
      sure,
    ),
    because: joinReasons(parts, maxReasons),
  };
}

export const negateBounds = ({ sure, perhaps, because: reason }: RangeBounds): RangeBounds => ({
  sure: subtractRanges(ALL_ADDRESSES, [...sure, ...perhaps]),
  perhaps: subtractRanges(perhaps, sure),
  because: reason,
});

/** Returns the part of the bounds that lies in the ranges, and the rest. */
export const splitByRanges = (
  bounds: RangeBounds,
  ranges: readonly Range[],
): { readonly among: RangeBounds; readonly others: RangeBounds } => {
  const others = {
    ...bounds,
    sure: subtractRanges(bounds.sure, ranges),
    perhaps: subtractRanges(bounds.perhaps, ranges),
  };
  const among = {
    ...bounds,
    sure: subtractRanges(bounds.sure, others.sure),
    perhaps: subtractRanges(bounds.perhaps, others.perhaps),
  };
  return { among, others };
};

export const narrowRangesToFamily = (ranges: readonly Range[], family: Family): readonly Range[] =>
  ranges.flatMap((range) => intersectRanges(range, FAMILY_RANGE[family]) ?? []);

/** Returns the part of the bounds in one family. */
export const narrowToFamily = ({ sure, perhaps, because: reason }: RangeBounds, family: Family): RangeBounds => ({
  sure: narrowRangesToFamily(sure, family),
  perhaps: narrowRangesToFamily(perhaps, family),
  because: reason,
});

export const joinReasons = (parts: readonly { readonly because: string }[], maxReasons = Infinity): string =>
  [...new Set(parts.map(({ because: reason }) => reason).filter((reason) => reason !== ''))]
    .slice(0, maxReasons)
    .join('; ');
