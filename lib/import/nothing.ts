import { limited } from '../reachability/words';
import { Problem, Refusal, printable } from '../problems/problem';
import { Left } from '../parse/importing';

const MOST_SAID = 20;

/** A text was read, and no stack could become of it: its message has a line for each thing that stays, up to twenty. */
export class NothingMade extends Refusal {
  constructor(
    problems: readonly Problem[],
    /** All that stays, each with its reason. */
    readonly left: readonly string[] = [],
  ) {
    super(problems);
    this.message = [this.message, ...limited(left, MOST_SAID).map((one) => `  left: ${printable(one)}`)].join('\n');
    this.stack = this.message;
  }
}

/** What is refused of a text that was read is why nothing became of it. Throws NothingMade. */
export function orNothing<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal && !(error instanceof NothingMade)) throw new NothingMade(error.problems);
    throw error;
  }
}

export const leftWords = (left: readonly Left[]): readonly string[] =>
  left.map(({ entry, why }) => `${entry.called}: ${why}`);
