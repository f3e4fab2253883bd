import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Changes, outcomeOf } from '../lib/import/changes';
import { Problem, Refusal } from '../lib/problems/problem';
import { whyNot } from './why-not';

const OUTCOMES = {
  unchanged: 'the exposure is unchanged',
  differs: 'the exposure differs',
  undecided: 'whether the exposure changes can not be decided',
};

export const outcomeSaid = (changes: Changes): string => OUTCOMES[outcomeOf(changes)];

/** Throws Refusal cli/file-there, for each of them. */
export function refuseThere(folder: string, names: readonly string[], instead = ANOTHER): void {
  const there = names.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (there.length > 0) throw new Refusal(there.map((where) => isThere(where, instead)));
}

/** Throws Refusal cli/file-unwritable. */
export function made(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Refusal([
      {
        code: 'cli/file-unwritable',
        where: folder,
        what: `It can't be made: ${whyNot(error)}.`,
        instead: 'a folder that this user may write to.',
      },
    ]);
  }
}

const ANOTHER = 'another --device or --out, or --force to write over it.';

const isThere = (where: string, instead: string): Problem => ({
  code: 'cli/file-there',
  where,
  what: 'There is such a file already.',
  instead,
});
