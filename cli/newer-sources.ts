import { Dirent, readFileSync, readdirSync } from 'node:fs';
import { basename, join, normalize } from 'node:path';
import { Problem } from '../lib/problems/problem';
import { changedAt, isFile, sizeOf } from './on-disk';

/** A project has a few; whatever is larger is looked at no further. */
const MOST_FILES = 10_000;
const MOST_TEXT = 1_000_000;
const WRITTEN = /(?<!\.d)\.[cm]?ts$/;
const RUN = /\.[cm]?js$/;
/** What a stack isn't made of. */
const BESIDES =
  /^(?:\..*|node_modules|__tests__|cdktf\.json|package(?:-lock)?\.json|tsconfig\.json)$|\.(?:test|spec)\.[^.]+$/;

/**
 * Where somebody has changed the project that `folder` is, after its stacks were synthesized into `output`: a synth that failed leaves everything that
 * stood there. Nothing where `folder` is no project of cdktf.
 */
export function sourcesChanged(folder: string, output: string, stackFiles: readonly string[]): readonly Problem[] {
  if (!isFile(join(folder, 'cdktf.json'))) return [];
  const synthesized = Math.min(...stackFiles.map(changedAt));
  // What a compiler makes of a source is as old as the last build.
  const isSource = isFile(join(folder, 'tsconfig.json')) ? WRITTEN : RUN;
  const all = filesBelow(folder, normalize(output));
  const newer = all.filter((path) => changedAt(join(folder, path)) > synthesized);
  const [sources, others] = [
    newer.filter((path) => isSource.test(path)),
    newer.filter((path) => !WRITTEN.test(path) && !RUN.test(path)),
  ];
  // What a source reads, such as a list of networks, it names. A report that somebody wrote here is named by none.
  const texts =
    others.length === 0 ? [] : all.filter((path) => isSource.test(path)).map((path) => textOf(join(folder, path)));
  const changed = [...sources, ...others.filter((path) => texts.some((text) => names(text, basename(path))))];
  return changed.length === 0 ? [] : [newerThan(output, changed.sort())];
}

/** As the end of a path in quotes: a file called "out" is in every text that says "outside". */
const names = (text: string, file: string): boolean =>
  ["'", '"', '`', '/'].some((before) => ["'", '"', '`'].some((behind) => text.includes(before + file + behind)));

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

function textOf(path: string): string {
  try {
    return sizeOf(path) < MOST_TEXT ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
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
  what: `It was changed after ${output} was synthesized. npx cdktf synth did not run since, or it failed and left what stood there: that is of before the change.`,
  instead: `npx cdktf synth until it succeeds, and for a review a new plan; or the folder by its name, ${output}, where what stands there is meant.`,
});
