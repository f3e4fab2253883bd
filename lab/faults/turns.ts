import * as fc from 'fast-check';

interface Order {
  /** Shuffles: the same seed, the same order. */
  readonly seed?: number | undefined;
  /** With it everything comes again, round by round, until it says yes. */
  readonly isOver?: (() => boolean) | undefined;
}

/** The next of what to run, each time that it is asked: first what is left, then what `order` asks for. One that is liked comes before its turn. */
export type Turns<T> = (likes?: (each: T) => boolean) => T | undefined;

export function turns<T>(all: readonly T[], left: readonly T[], { seed, isOver }: Order = {}): Turns<T> {
  let round = 0;
  const ordered = (list: readonly T[]): T[] =>
    seed === undefined
      ? [...list]
      : fc.sample(fc.shuffledSubarray([...list], { minLength: list.length }), { numRuns: 1, seed: seed + round++ })[0]!;
  let rest = ordered(left);
  return (likes = () => true) => {
    if (rest.length === 0 && isOver) rest = ordered(all);
    if (rest.length === 0 || isOver?.()) return undefined;
    return rest.splice(Math.max(0, rest.findIndex(likes)), 1)[0];
  };
}
