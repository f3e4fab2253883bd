import { joined, point, Range, without } from '../../net/range';

/** A set of addresses: ranges, with addresses that they leave out one by one, and others that stand alone. */
interface SingledOut {
  readonly ranges: readonly Range[];
  readonly holes: readonly bigint[];
  readonly points: readonly bigint[];
}

export function singledOut(set: readonly Range[]): SingledOut {
  const ranges: { first: bigint; last: bigint }[] = [];
  const holes: bigint[] = [];
  for (const { first, last } of joined(set)) {
    const before = ranges.at(-1);
    if (before && before.last + 2n === first) {
      holes.push(before.last + 1n);
      before.last = last;
    } else ranges.push({ first, last });
  }
  const alone = ({ first, last }: Range): boolean => first === last;
  return { ranges: ranges.filter((one) => !alone(one)), holes, points: ranges.filter(alone).map(({ first }) => first) };
}

/** The same set, but that some addresses aren't singled out any more. */
export function withoutSingling(set: readonly Range[], gone: { has(address: bigint): boolean }): readonly Range[] {
  const { ranges, holes, points } = singledOut(set);
  const stay = (some: readonly bigint[]): readonly Range[] => some.filter((one) => !gone.has(one)).map(point);
  return without([...ranges, ...stay(points)], stay(holes));
}
