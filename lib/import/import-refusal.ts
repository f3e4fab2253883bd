import { limitList } from '../reachability/print-packets';
import { Problem, Refusal, escapeForDisplay } from '../problems/problem';
import { SkippedEntry } from '../parse/config-importer';

const MAX_LISTED_ENTRIES = 20;

/** A text was read, and no stack could become of it: its message has a line for each thing that stays, up to twenty. */
export class ImportRefusal extends Refusal {
  constructor(
    problems: readonly Problem[],
    /** All that stays, each with its reason. */
    readonly left: readonly string[] = [],
  ) {
    super(problems);
    this.message = [
      this.message,
      ...limitList(left, MAX_LISTED_ENTRIES).map((entry) => `  left: ${escapeForDisplay(entry)}`),
    ].join('\n');
    this.stack = this.message;
  }
}

/** What is refused of a text that was read is why nothing became of it. Throws NothingMade. */
export function runImport<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal && !(error instanceof ImportRefusal)) throw new ImportRefusal(error.problems);
    throw error;
  }
}

export const describeLeftEntries = (left: readonly SkippedEntry[]): readonly string[] =>
  left.map(({ entry, why }) => `${entry.called}: ${why}`);
