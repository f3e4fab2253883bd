// Repeats a packet's trace for each way in which it may go on, by a chooser that takes another option each time, and
// merges the results: allowed only if every trace allows the packet to the same destination.

/** Chooses one option wherever a packet's trace may go on in several ways. The next trace takes another option. */
export class AlternativeChooser {
  private readonly choices: { option: number; readonly optionCount: number }[] = [];
  private position = 0;

  /** Returns one of the options, the same in the same trace. */
  pick<T>(options: readonly T[]): T {
    const choice = this.choices[this.position] ?? { option: 0, optionCount: options.length };
    this.choices[this.position++] = choice;
    return options[choice.option]!;
  }

  /**
   * Moves on to the next trace. Returns whether there is one: the last choice with an option left takes that option.
   */
  moveToNext(): boolean {
    this.position = 0;
    for (let last = this.choices.pop(); last; last = this.choices.pop()) {
      if (last.option + 1 === last.optionCount) continue;
      this.choices.push({ ...last, option: last.option + 1 });
      return true;
    }
    return false;
  }
}

/** The result of one trace. */
export interface TraceResult {
  readonly disposition: 'allowed' | 'denied' | 'unknown';
  readonly reason: string;
  /** The host and port that the packet is for in the end, as a text that is equal for equal ones. */
  readonly translatedDestination: string;
  /** Why the packet may have gone another way. */
  readonly choiceReason: string;
}

/**
 * Returns the merged result of all traces. A packet is allowed if every trace allows it to the same host and port. A
 * result that is unknown after some traces stays unknown, whatever the others say.
 */
export function traceAlternatives<F extends TraceResult>(walk: (chooser: AlternativeChooser) => F): F {
  const chooser = new AlternativeChooser();
  let merged = walk(chooser);
  while (merged.disposition !== 'unknown' && chooser.moveToNext()) merged = mergeResults(merged, walk(chooser));
  return merged;
}

function mergeResults<F extends TraceResult>(a: F, b: F): F {
  if (a.disposition === 'denied' && b.disposition === 'denied') return a;
  const [passing, otherResult] = a.disposition === 'denied' ? [b, a] : [a, b];
  const same =
    otherResult.disposition !== 'denied' && passing.translatedDestination === otherResult.translatedDestination;
  const merged = passing.disposition === 'unknown' || otherResult.disposition !== 'unknown' ? passing : otherResult;
  return same || merged.disposition === 'unknown'
    ? merged
    : { ...merged, disposition: 'unknown', reason: b.choiceReason };
}
