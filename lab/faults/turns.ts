import * as fc from 'fast-check';

interface Order {
  /** Shuffles: the same seed, the same order. */
  readonly seed?: number | undefined;
  /** With it everything comes again, round by round, until it says yes. */
  readonly isOver?: (() => boolean) | undefined;
  /** Where fewer than these are left, only one that is liked is handed out. */
  readonly fewest?: number;
}

/** The next of what to run, each time that it is asked: first what is left, then what `order` asks for. One that is liked comes before its turn: by the first of `likes`, else by the next. */
export type Turns<T> = (...likes: readonly ((each: T) => boolean)[]) => T | undefined;

export function turns<T>(all: readonly T[], left: readonly T[], { seed, isOver, fewest = 0 }: Order = {}): Turns<T> {
  let round = 0;
  const ordered = (list: readonly T[]): T[] =>
    seed === undefined
      ? [...list]
      : fc.sample(fc.shuffledSubarray([...list], { minLength: list.length }), { numRuns: 1, seed: seed + round++ })[0]!;
  let rest = ordered(left);
  return (...likes) => {
    if (rest.length === 0 && isOver) rest = ordered(all);
    if (rest.length === 0 || isOver?.()) return undefined;
    const liked = likes.map((isLiked) => rest.findIndex(isLiked)).find((place) => place >= 0);
    if (liked === undefined && likes.length > 0 && rest.length < fewest) return undefined;
    return rest.splice(liked ?? 0, 1)[0];
  };
}
