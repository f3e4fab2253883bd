/** Which of several things happens wherever a packet's walk may go on in more ways than one. The next walk takes another. */
export class AlternativeChooser {
  private readonly choices: { option: number; readonly of: number }[] = [];
  private position = 0;

  /** One of so many, the same for the same walk. */
  pick<T>(options: readonly T[]): T {
    const choice = this.choices[this.position] ?? { option: 0, of: options.length };
    this.choices[this.position++] = choice;
    return options[choice.option]!;
  }

  /** Whether there is another walk: the last choice that has something left is taken otherwise. */
  moveToNext(): boolean {
    this.position = 0;
    for (let last = this.choices.pop(); last; last = this.choices.pop()) {
      if (last.option + 1 === last.of) continue;
      this.choices.push({ ...last, option: last.option + 1 });
      return true;
    }
    return false;
  }
}

/** What comes of one walk. */
export interface TraceResult {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  readonly because: string;
  /** The host and port that it is for in the end, as words that are the same for the same. */
  readonly reaches: string;
  /** Why it may have gone otherwise. */
  readonly guessed: string;
}

/** Let out by every walk is let out, if it is to the same host and port. What isn't known after some stays so, whatever the others say. */
export function traceAlternatives<F extends TraceResult>(walk: (chooser: AlternativeChooser) => F): F {
  const chooser = new AlternativeChooser();
  let merged = walk(chooser);
  while (merged.verdict !== 'unknown' && chooser.moveToNext()) merged = mergeResults(merged, walk(chooser));
  return merged;
}

function mergeResults<F extends TraceResult>(a: F, b: F): F {
  if (a.verdict === 'denied' && b.verdict === 'denied') return a;
  const [passing, otherResult] = a.verdict === 'denied' ? [b, a] : [a, b];
  const same = otherResult.verdict !== 'denied' && passing.reaches === otherResult.reaches;
  const merged = passing.verdict === 'unknown' || otherResult.verdict !== 'unknown' ? passing : otherResult;
  return same || merged.verdict === 'unknown' ? merged : { ...merged, verdict: 'unknown', because: b.guessed };
}
