/** Which of several things happens wherever a packet's walk may go on in more ways than one. The next walk takes another. */
export class Guesses {
  private readonly taken: { option: number; readonly of: number }[] = [];
  private at = 0;

  /** One of so many, the same for the same walk. */
  oneOf<T>(options: readonly T[]): T {
    const known = this.taken[this.at] ?? { option: 0, of: options.length };
    this.taken[this.at++] = known;
    return options[known.option]!;
  }

  /** Whether there is another walk: the last choice that has something left is taken otherwise. */
  next(): boolean {
    this.at = 0;
    for (let last = this.taken.pop(); last; last = this.taken.pop()) {
      if (last.option + 1 === last.of) continue;
      this.taken.push({ ...last, option: last.option + 1 });
      return true;
    }
    return false;
  }
}

/** What comes of one walk. */
export interface Fate {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  readonly because: string;
  /** The host and port that it is for in the end, as words that are the same for the same. */
  readonly reaches: string;
  /** Why it may have gone otherwise. */
  readonly guessed: string;
}

/** Let out by every walk is let out, if it is to the same host and port. What isn't known after some stays so, whatever the others say. */
export function everyWalk<F extends Fate>(walk: (guesses: Guesses) => F): F {
  const guesses = new Guesses();
  let all = walk(guesses);
  while (all.verdict !== 'unknown' && guesses.next()) all = either(all, walk(guesses));
  return all;
}

function either<F extends Fate>(a: F, b: F): F {
  if (a.verdict === 'denied' && b.verdict === 'denied') return a;
  const [one, other] = a.verdict === 'denied' ? [b, a] : [a, b];
  const same = other.verdict !== 'denied' && one.reaches === other.reaches;
  const kept = one.verdict === 'unknown' || other.verdict !== 'unknown' ? one : other;
  return same || kept.verdict === 'unknown' ? kept : { ...kept, verdict: 'unknown', because: b.guessed };
}
