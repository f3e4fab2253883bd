// A range of addresses on one number line, inclusive at both ends, and the operations on ranges and lists of them:
// contains, intersects, counts, merges, subtracts.

/** A range of addresses on one number line, inclusive at both ends. `first <= last`, so a Range is never empty. */
export interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** Compares for sorting, in an order that no locale changes. */
export const compareValues = <T extends bigint | number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

export const toSingleRange = <N extends bigint | number>(value: N): { readonly first: N; readonly last: N } => ({
  first: value,
  last: value,
});

export const contains = (range: Range, value: bigint): boolean => range.first <= value && value <= range.last;

export const covers = (outer: Range, inner: Range): boolean => outer.first <= inner.first && inner.last <= outer.last;

export const isSameRange = (a: Range, b: Range): boolean => a.first === b.first && a.last === b.last;

export function intersectRanges(a: Range, b: Range): Range | undefined {
  const first = a.first > b.first ? a.first : b.first;
  const last = a.last < b.last ? a.last : b.last;
  return first <= last ? { first, last } : undefined;
}

/** Returns the number of addresses. An address in several ranges counts several times. */
export const countAddresses = (ranges: readonly Range[]): bigint =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);

/**
 * Returns the index of the first item of an ascending, disjoint list that ends at `from` or behind it; the list's
 * length if there is none.
 */
export function findFirstEnding<T>(list: readonly T[], from: bigint, getLast: (item: T) => bigint): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (getLast(list[middle]!) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the union of ranges in its one form: ascending, disjoint, neighbours joined. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  if (isMerged(ranges)) return ranges;
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: { first: bigint; last: bigint }[] = [];
  for (const range of sorted) {
    const previous = merged.at(-1);
    if (previous && range.first <= previous.last + 1n) {
      if (range.last > previous.last) previous.last = range.last;
    } else merged.push({ first: range.first, last: range.last });
  }
  return merged;
}

function isMerged(ranges: readonly Range[]): boolean {
  for (let i = 1; i < ranges.length; i++) if (ranges[i]!.first <= ranges[i - 1]!.last + 1n) return false;
  return true;
}

/** Returns `ranges` without `holes`, in the form of mergeRanges. */
export function subtractRanges(ranges: readonly Range[], holes: readonly Range[]): readonly Range[] {
  const mergedHoles = mergeRanges(holes);
  // Both lists ascend, so holes before one range are also before the next: lists of ten thousands are walked once.
  let firstHole = 0;
  return mergeRanges(ranges).flatMap((range) => {
    const remaining: Range[] = [];
    let from = range.first;
    while (firstHole < mergedHoles.length && mergedHoles[firstHole]!.last < from) firstHole += 1;
    for (let next = firstHole; next < mergedHoles.length && mergedHoles[next]!.first <= range.last; next += 1) {
      const hole = mergedHoles[next]!;
      if (hole.first > from) remaining.push({ first: from, last: hole.first - 1n });
      from = hole.last + 1n;
    }
    if (from <= range.last) remaining.push({ first: from, last: range.last });
    return remaining;
  });
}
