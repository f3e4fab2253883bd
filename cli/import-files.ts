import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExposureChanges, summarizeOutcome } from '../lib/import/exposure-changes';
import { Problem, Refusal } from '../lib/problems/problem';
import { InternetReachability } from '../lib/verifier/internet-reachability';
import { isFolder } from './file-stats';
import { explainError } from './error-reason';

const OUTCOMES = {
  unchanged: 'the exposure is unchanged',
  differs: 'the exposure differs',
  undecided: 'whether the exposure changes can not be decided',
};

export const describeOutcome = (changes: ExposureChanges): string => OUTCOMES[summarizeOutcome(changes)];

/** What an import writes, and what it says of it. */
export interface ImportResult {
  /** The stack, and what stands beside it. */
  readonly files: ReadonlyMap<string, string>;
  readonly report: string;
  /** Where the stack has SSH go. */
  readonly host: string;
  readonly remarks: readonly string[];
  readonly lines: readonly string[];
  readonly found: {
    readonly changes: ExposureChanges;
    readonly refused: readonly Problem[];
    readonly outside: InternetReachability;
  };
  /** Whether nothing was left out, or carried over as more than it is. */
  readonly isWhole: boolean;
  /** Places that may hold a secret. */
  readonly suspicious: readonly string[];
}

/** cli/file-there, once for all of them. */
export function findExistingFiles(folder: string, names: Iterable<string>, instead: string): readonly Problem[] {
  const existing = [...names].filter((name) => existsSync(join(folder, name)));
  const [first, ...more] = existing;
  if (first === undefined) return [];
  return more.length === 0
    ? [areThere(join(folder, first), 'There is such a file already.', instead)]
    : [areThere(folder, `There are such files already: ${existing.join(', ')}.`, instead)];
}

/** Throws Refusal cli/file-unwritable. */
export function createFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (error) {
    throw new Refusal([
      {
        code: 'cli/file-unwritable',
        where: folder,
        what: `It can't be made: ${explainError(error)}.`,
        instead: 'a folder that this user may write to.',
      },
    ]);
  }
}

/** Node's own, `recursive`, never ends where a file system lets nobody make anything, as that of /proc. */
function makeFolders(folder: string): void {
  if (isFolder(folder)) return;
  makeFolders(dirname(folder));
  mkdirSync(folder);
}

const areThere = (where: string, what: string, instead: string): Problem => ({
  code: 'cli/file-there',
  where,
  what,
  instead,
});
