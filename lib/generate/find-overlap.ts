// Creates a finder: a function that returns, for an address range, an entry of a given list whose range overlaps it,
// fast among thousands.

import { Range, findFirstEnding, intersectRanges } from '../net/range';

/**
 * Returns a function that finds an entry that overlaps a range. The entries are sorted once: a device may have
 * thousands of them, and a policy too.
 */
export function createOverlapFinder<E extends { readonly range: Range }>(
  entries: readonly E[],
): (range: Range) => E | undefined {
  const sorted = [...entries].sort((a, b) =>
    a.range.first < b.range.first ? -1 : a.range.first > b.range.first ? 1 : 0,
  );
  // The farthest end so far: an entry that begins earlier may end after its successors.
  const ends: bigint[] = [];
  for (const { range } of sorted) ends.push(ends.length === 0 || range.last > ends.at(-1)! ? range.last : ends.at(-1)!);
  return (range) => {
    for (
      let index = findFirstEnding(ends, range.first, (end) => end);
      index < sorted.length && sorted[index]!.range.first <= range.last;
      index++
    )
      if (intersectRanges(sorted[index]!.range, range)) return sorted[index];
    return undefined;
  };
}
