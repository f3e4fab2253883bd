import { EVERYWHERE, FAMILY_RANGE, Family } from '../../net/address';
import { NumberRange } from '../../net/device';
import { Range, joined, overlap, without } from '../../net/range';

/** Addresses, or ports: those that it is for certain, and those that it may be besides by something that nobody told. */
export interface Known<R = Range> {
  readonly sure: readonly R[];
  readonly perhaps: readonly R[];
  /** Why `perhaps`; empty where it is. */
  readonly because: string;
}

export type KnownPorts = Known<NumberRange>;

export const certain = <R>(sure: readonly R[]): Known<R> => ({ sure, perhaps: [], because: '' });

export const ANY: Known = certain(EVERYWHERE);
export const NOBODY: Known = certain([]);

export const surely = (ranges: readonly Range[]): Known => certain(joined(ranges));
export const possibly = (ranges: readonly Range[], because: string): Known => ({
  sure: [],
  perhaps: joined(ranges),
  because,
});
export const anyPerhaps = (because: string): Known => possibly(EVERYWHERE, because);

export const allOf = <R>({ sure, perhaps }: Known<R>): readonly R[] =>
  perhaps.length === 0 ? sure : [...sure, ...perhaps];

/** The one address that it is; undefined where it may be another. */
export function onlyOne({ sure, perhaps }: Known): bigint | undefined {
  const [only, ...more] = sure;
  return only && more.length + perhaps.length === 0 && only.first === only.last ? only.first : undefined;
}

/** `most`: how many reasons are told. */
export function eitherOf(parts: readonly Known[], most = 5): Known {
  if (parts.includes(ANY)) return ANY;
  if (parts.length === 1) return parts[0]!;
  const sure = joined(parts.flatMap((part) => part.sure));
  return {
    sure,
    perhaps: without(
      parts.flatMap((part) => part.perhaps),
      sure,
    ),
    because: reasons(parts, most),
  };
}

export const negated = ({ sure, perhaps, because }: Known): Known => ({
  sure: without(EVERYWHERE, [...sure, ...perhaps]),
  perhaps: without(perhaps, sure),
  because,
});

/** What of it lies in the ranges, and what doesn't. */
export const partedBy = (known: Known, ranges: readonly Range[]): { readonly among: Known; readonly others: Known } => {
  const others = { ...known, sure: without(known.sure, ranges), perhaps: without(known.perhaps, ranges) };
  const among = { ...known, sure: without(known.sure, others.sure), perhaps: without(known.perhaps, others.perhaps) };
  return { among, others };
};

export const rangesIn = (ranges: readonly Range[], family: Family): readonly Range[] =>
  ranges.flatMap((range) => overlap(range, FAMILY_RANGE[family]) ?? []);

/** What of it is in one family. */
export const inFamily = ({ sure, perhaps, because }: Known, family: Family): Known => ({
  sure: rangesIn(sure, family),
  perhaps: rangesIn(perhaps, family),
  because,
});

export const reasons = (parts: readonly { readonly because: string }[], most = Infinity): string =>
  [...new Set(parts.map(({ because }) => because).filter((because) => because !== ''))].slice(0, most).join('; ');
