// Helpers of `import` and `init`, which write files: find files that exist already, create the folder. Also the result
// type of an import, and the words for the change of exposure.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExposureChanges, summarizeOutcome } from '../lib/import/exposure-changes';
import { Problem, Refusal } from '../lib/problems/problem';
import { InternetReachability } from '../lib/verifier/internet-reachability';
import { isFolder } from './file-stats';
import { explainError } from './explain-file-error';

const OUTCOMES = {
  unchanged: 'the exposure is unchanged',
  differs: 'the exposure differs',
  undecided: 'whether the exposure changes can not be decided',
};

export const describeOutcome = (changes: ExposureChanges): string => OUTCOMES[summarizeOutcome(changes)];

/** The files that an import writes, and what it reports. */
export interface ImportResult {
  /** The stack and the files beside it, by name. */
  readonly files: ReadonlyMap<string, string>;
  readonly report: string;
  /** Host that the stack's connection names for SSH. */
  readonly host: string;
  readonly remarks: readonly string[];
  readonly lines: readonly string[];
  readonly imported: {
    readonly changes: ExposureChanges;
    readonly refused: readonly Problem[];
    readonly internetReachability: InternetReachability;
  };
  /** Whether nothing was left out and nothing was carried over as more than it is. */
  readonly isWhole: boolean;
  /** Places in the captured config that may hold a secret. */
  readonly suspicious: readonly string[];
}

/** Returns one problem cli/file-there for all files that exist in the folder; an empty list if there are none. */
export function findExistingFiles(folder: string, names: Iterable<string>, instead: string): readonly Problem[] {
  const existingFiles = [...names].filter((name) => existsSync(join(folder, name)));
  const [first, ...otherFiles] = existingFiles;
  if (first === undefined) return [];
  return otherFiles.length === 0
    ? [createExistingFilesProblem(join(folder, first), 'There is such a file already.', instead)]
    : [createExistingFilesProblem(folder, `There are such files already: ${existingFiles.join(', ')}.`, instead)];
}

/**
 * Creates a folder and its parents.
 *
 * @throws Refusal cli/file-unwritable.
 */
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

/**
 * Creates a folder and its parents. Node's own option `recursive` never returns on a file system that permits no new
 * files, such as /proc.
 */
function makeFolders(folder: string): void {
  if (isFolder(folder)) return;
  makeFolders(dirname(folder));
  mkdirSync(folder);
}

const createExistingFilesProblem = (where: string, what: string, instead: string): Problem => ({
  code: 'cli/file-there',
  where,
  what,
  instead,
});
