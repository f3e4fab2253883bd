// Splits a set of addresses into wide ranges, single addresses, and single addresses that the ranges leave out. The
// equivalence classes of hosts are about the single ones.
import { mergeRanges, toSingleRange, Range, subtractRanges } from '../../net/range';

/**
 * A set of addresses: ranges, with the single addresses that they leave out (`holes`), and addresses that stand alone
 * (`points`).
 */
interface SplitAddresses {
  readonly ranges: readonly Range[];
  readonly holes: readonly bigint[];
  readonly points: readonly bigint[];
}

export function splitAddresses(set: readonly Range[]): SplitAddresses {
  const ranges: { first: bigint; last: bigint }[] = [];
  const holes: bigint[] = [];
  for (const { first, last } of mergeRanges(set)) {
    const previous = ranges.at(-1);
    if (previous && previous.last + 2n === first) {
      holes.push(previous.last + 1n);
      previous.last = last;
    } else ranges.push({ first, last });
  }
  const isSingle = ({ first, last }: Range): boolean => first === last;
  return {
    ranges: ranges.filter((range) => !isSingle(range)),
    holes,
    points: ranges.filter(isSingle).map(({ first }) => first),
  };
}

/** Returns the same set, in which the `removed` addresses aren't singled out any more. */
export function removeSingled(set: readonly Range[], removed: { has(address: bigint): boolean }): readonly Range[] {
  const { ranges, holes, points } = splitAddresses(set);
  const keepAddresses = (addresses: readonly bigint[]): readonly Range[] =>
    addresses.filter((address) => !removed.has(address)).map(toSingleRange);
  return subtractRanges([...ranges, ...keepAddresses(points)], keepAddresses(holes));
}
