// The refusal of an import whose text could be parsed but can't become a stack, and the function that turns any other
// refusal of an import into it. It lists the entries that stay on the device.

import { limitList } from '../reachability/print-packets';
import { Problem, Refusal, escapeForDisplay } from '../problems/problem';
import { SkippedEntry } from '../parse/config-importer';

const MAX_LISTED_ENTRIES = 20;

/** Its message lists up to twenty of the entries that stay unmanaged on the device. */
export class ImportRefusal extends Refusal {
  constructor(
    problems: readonly Problem[],
    /** All entries that stay, each with its reason. */
    readonly skippedEntries: readonly string[] = [],
  ) {
    super(problems);
    this.message = [
      this.message,
      ...limitList(skippedEntries, MAX_LISTED_ENTRIES).map((entry) => `  left: ${escapeForDisplay(entry)}`),
    ].join('\n');
    this.stack = this.message;
  }
}

/**
 * Runs an import of a parsed text.
 *
 * @throws ImportRefusal in place of any other Refusal
 */
export function runImport<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal && !(error instanceof ImportRefusal)) throw new ImportRefusal(error.problems);
    throw error;
  }
}

export const describeLeftEntries = (skippedEntries: readonly SkippedEntry[]): readonly string[] =>
  skippedEntries.map(({ entry, reason }) => `${entry.label}: ${reason}`);
