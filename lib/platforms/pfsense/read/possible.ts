import { FAMILY_RANGE, Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range, joined, without } from '../../../net/range';

/** Addresses: those that it is for certain, and those that it may be besides by something that the configuration doesn't tell. */
export interface Possible {
  readonly sure: readonly Range[];
  readonly perhaps: readonly Range[];
  /** Why `perhaps`; empty where it is. */
  readonly because: string;
}

const EVERY: readonly Range[] = [FAMILY_RANGE.ip, FAMILY_RANGE.ip6];

export const ANY: Possible = { sure: EVERY, perhaps: [], because: '' };
export const NOBODY: Possible = { sure: [], perhaps: [], because: '' };

export const surely = (ranges: readonly Range[]): Possible => ({ sure: joined(ranges), perhaps: [], because: '' });
export const possibly = (ranges: readonly Range[], because: string): Possible => ({ sure: [], perhaps: joined(ranges), because });
export const anyPerhaps = (because: string): Possible => possibly(EVERY, because);

export function eitherOf(parts: readonly Possible[]): Possible {
  if (parts.includes(ANY)) return ANY;
  if (parts.length === 1) return parts[0]!;
  const sure = joined(parts.flatMap((part) => part.sure));
  return {
    sure,
    perhaps: without(
      parts.flatMap((part) => part.perhaps),
      sure,
    ),
    because: reasons(parts),
  };
}

export const negated = ({ sure, perhaps, because }: Possible): Possible => ({
  sure: without(EVERY, [...sure, ...perhaps]),
  perhaps: without(perhaps, sure),
  because,
});

/** What of it lies in the ranges, and what doesn't. */
export const partedBy = (possible: Possible, ranges: readonly Range[]): { readonly among: Possible; readonly others: Possible } => {
  const others = { ...possible, sure: without(possible.sure, ranges), perhaps: without(possible.perhaps, ranges) };
  const among = { ...possible, sure: without(possible.sure, others.sure), perhaps: without(possible.perhaps, others.perhaps) };
  return { among, others };
};

/** What of it is in one family. */
export const inFamily = (possible: Possible, family: Family): Possible => {
  const { first, last } = FAMILY_RANGE[family];
  const here = (ranges: readonly Range[]): readonly Range[] =>
    ranges.flatMap((range) =>
      range.last < first || range.first > last
        ? []
        : [{ first: range.first < first ? first : range.first, last: range.last > last ? last : range.last }],
    );
  return { sure: here(possible.sure), perhaps: here(possible.perhaps), because: possible.because };
};

/** Ports in the same way; undefined is every port. */
export interface PossiblePorts {
  readonly sure: readonly NumberRange[];
  readonly perhaps: readonly NumberRange[];
  readonly because: string;
}

export const reasons = (parts: readonly { readonly because: string }[]): string =>
  [...new Set(parts.map(({ because }) => because).filter((because) => because !== ''))].slice(0, 5).join('; ');
