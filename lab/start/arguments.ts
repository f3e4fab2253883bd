// Parses the options of `npm start` (--keep, --remove, --verbose …) to a task. Also exports the usage text of
// usage.txt.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The usage text. start.sh prints it, too: it parses the options before Node can run TypeScript. */
export const USAGE = readFileSync(join(__dirname, 'usage.txt'), 'utf8');

const OPTIONS = ['keep', 'remove', 'verbose', 'yes', 'no-install', 'help'] as const;
type Option = (typeof OPTIONS)[number];

export interface Arguments {
  readonly task: 'show' | 'keep' | 'remove' | 'help';
  readonly verbose: boolean;
  /** `decide`: asks on a terminal, and installs without a question elsewhere. */
  readonly install: 'yes' | 'no' | 'decide';
}

/** Options that exclude each other. */
const APART: readonly (readonly [Option, Option])[] = [
  ['keep', 'remove'],
  ['yes', 'no-install'],
];

export function parseArguments(argv: readonly string[]): Arguments | { readonly wrong: string } {
  const unknown = argv.find((word) => !OPTIONS.some((option) => word === `--${option}`));
  if (unknown !== undefined) return { wrong: `${JSON.stringify(unknown)} is not an option` };
  const has = (option: Option): boolean => argv.includes(`--${option}`);
  const contradiction = APART.find((pair) => pair.every(has));
  if (contradiction)
    return { wrong: `${contradiction.map((option) => `--${option}`).join(' and ')} contradict each other` };
  return {
    task: has('help') ? 'help' : has('keep') ? 'keep' : has('remove') ? 'remove' : 'show',
    verbose: has('verbose'),
    install: has('yes') ? 'yes' : has('no-install') ? 'no' : 'decide',
  };
}
