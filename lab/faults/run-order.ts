// Hands out the fault tests one by one: shuffled by a seed, in rounds, and to each lab first those that it prefers (of
// its platform), because a change of the platform needs a new lab.
import * as fc from 'fast-check';

interface Order {
  /** Seed of the shuffle: the same seed, the same order. */
  readonly seed?: number | undefined;
  /** If set, all are repeated, round by round, until it returns true. */
  readonly isOver?: (() => boolean) | undefined;
  /** If fewer than these are left, only a liked one is handed out. */
  readonly fewest?: number;
}

/**
 * Returns the next item to run: first the remaining ones, then the next round's. A liked one comes earlier, by the
 * first of `likes` that matches.
 */
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
