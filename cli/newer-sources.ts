import { Dirent, readdirSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { Problem } from '../lib/problems/problem';
import { changedAt, isFile } from './on-disk';

/** A project has a few; whatever is larger is looked at no further. */
const MOST_FILES = 10_000;
const WRITTEN = /(?<!\.d)\.[cm]?ts$/;
const RUN = /\.[cm]?js$/;
/** What a stack isn't made of. */
const BESIDES = /^(?:\..*|node_modules|__tests__)$|\.(?:test|spec)\.[^.]+$/;

/**
 * Where somebody has changed the project that `folder` is, after its stacks were synthesized into `output`: a synth that failed leaves everything that
 * stood there. Nothing where `folder` is no project of cdktf.
 */
export function sourcesChanged(folder: string, output: string, stackFiles: readonly string[]): readonly Problem[] {
  if (!isFile(join(folder, 'cdktf.json'))) return [];
  const synthesized = Math.min(...stackFiles.map(changedAt));
  // What a compiler makes of a source is as old as the last build.
  const isSource = isFile(join(folder, 'tsconfig.json')) ? WRITTEN : RUN;
  const newer = filesBelow(folder, normalize(output)).filter((path) => isSource.test(path) && changedAt(join(folder, path)) > synthesized);
  return newer.length === 0 ? [] : [newerThan(output, newer.sort())];
}

function filesBelow(folder: string, output: string): readonly string[] {
  const found: string[] = [];
  const open = [''];
  for (let at = open.pop(); at !== undefined && found.length < MOST_FILES; at = open.pop()) {
    for (const entry of entriesOf(join(folder, at))) {
      const path = join(at, entry.name);
      if (BESIDES.test(entry.name) || path === output) continue;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) found.push(path);
    }
  }
  return found;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Somebody else's: the stacks weren't made of it, either.
    return [];
  }
}

const newerThan = (output: string, [first = '', ...others]: readonly string[]): Problem => ({
  code: 'cli/sources-newer',
  where: others.length === 0 ? first : `${first} and ${others.length} more`,
  what: `It was changed after ${output} was synthesized. npx cdktf synth did not run since, or it failed and left what stood there: the plan is of before that change.`,
  instead: `npx cdktf synth until it succeeds, plan again, then review; or name the folder, where its plan is what will be applied: cpanel-edge review ${output}`,
});
