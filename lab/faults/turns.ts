import * as fc from 'fast-check';

interface Order {
  /** Shuffles: the same seed, the same order. */
  readonly seed?: number | undefined;
  /** With it everything comes again, round by round, until it says yes. */
  readonly isOver?: (() => boolean) | undefined;
}

/** What to run, one after another: first what is left, then what `order` asks for. */
export function* turns<T>(all: readonly T[], left: readonly T[], { seed, isOver }: Order = {}): Generator<T> {
  const ordered = (list: readonly T[], round: number): readonly T[] =>
    seed === undefined
      ? list
      : fc.sample(fc.shuffledSubarray([...list], { minLength: list.length }), { numRuns: 1, seed: seed + round })[0]!;
  let round = 0;
  for (let list = left; round === 0 || (isOver && all.length > 0); list = all) {
    for (const each of ordered(list, round++)) {
      if (isOver?.()) return;
      yield each;
    }
  }
}
