// Finds sources of a project that changed after its stacks were synthesized, for `review` and `exposure`: the
// synthesized stacks are out of date then.
import { Dirent, readFileSync, readdirSync } from 'node:fs';
import { basename, join, normalize } from 'node:path';
import { Problem } from '../lib/problems/problem';
import { getChangeTime, isFile, getSize } from './file-stats';
import { findFrameworkCommand } from '../driver/operator-project';

/** A project has a few files. The search of a larger folder stops here. */
const MAX_FILES = 10_000;
const MAX_SOURCE_BYTES = 1_000_000;
const TYPESCRIPT_FILE = /(?<!\.d)\.[cm]?ts$/;
const JAVASCRIPT_FILE = /\.[cm]?js$/;
/** Matches names of files and folders that no stack is made of. */
const IGNORED_FILE =
  /^(?:\..*|node_modules|__tests__|cdktf\.json|package(?:-lock)?\.json|tsconfig\.json)$|\.(?:test|spec)\.[^.]+$/;

/**
 * Returns a problem if sources of the project in `folder` changed after its stacks were synthesized into `output`: a
 * synth that failed leaves the earlier output. Returns none if `folder` is no project.
 */
export function findChangedSources(folder: string, output: string, stackFiles: readonly string[]): readonly Problem[] {
  if (!isFile(join(folder, 'cdktf.json'))) return [];
  const synthesisTime = Math.min(...stackFiles.map(getChangeTime));
  // In a TypeScript project the JavaScript is compiled: its time is that of the last build.
  const isSource = isFile(join(folder, 'tsconfig.json')) ? TYPESCRIPT_FILE : JAVASCRIPT_FILE;
  const projectFiles = listFiles(folder, normalize(output));
  const newerFiles = projectFiles.filter((path) => getChangeTime(join(folder, path)) > synthesisTime);
  const [sources, otherFiles] = [
    newerFiles.filter((path) => isSource.test(path)),
    newerFiles.filter((path) => !TYPESCRIPT_FILE.test(path) && !JAVASCRIPT_FILE.test(path)),
  ];
  // A source names the files that it reads, such as a list of networks. No source names a report that was written here.
  const texts =
    otherFiles.length === 0
      ? []
      : projectFiles.filter((path) => isSource.test(path)).map((path) => readSource(join(folder, path)));
  const changed = [
    ...sources,
    ...otherFiles.filter((path) => texts.some((text) => mentionsFile(text, basename(path)))),
  ];
  return changed.length === 0 ? [] : [createNewerThanProblem(folder, output, changed.sort())];
}

/** Returns whether a text has the file as the end of a path in quotes: the name "out" alone would match "outside". */
const mentionsFile = (text: string, file: string): boolean =>
  ["'", '"', '`', '/'].some((openingQuote) =>
    ["'", '"', '`'].some((closingQuote) => text.includes(openingQuote + file + closingQuote)),
  );

function listFiles(folder: string, output: string): readonly string[] {
  const paths: string[] = [];
  const pendingFolders = [''];
  for (
    let subfolder = pendingFolders.pop();
    subfolder !== undefined && paths.length < MAX_FILES;
    subfolder = pendingFolders.pop()
  ) {
    for (const entry of readFolder(join(folder, subfolder))) {
      const path = join(subfolder, entry.name);
      if (IGNORED_FILE.test(entry.name) || path === output) continue;
      if (entry.isDirectory()) pendingFolders.push(path);
      else if (entry.isFile()) paths.push(path);
    }
  }
  return paths;
}

function readSource(path: string): string {
  try {
    return getSize(path) < MAX_SOURCE_BYTES ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // The folder is not readable, so the stacks weren't made of it, either.
    return [];
  }
}

function createNewerThanProblem(
  folder: string,
  output: string,
  [first = '', ...otherNames]: readonly string[],
): Problem {
  const synth = `${findFrameworkCommand(folder)} synth`;
  return {
    code: 'cli/sources-newer',
    where: otherNames.length === 0 ? first : `${first} and ${otherNames.length} more`,
    what: `${otherNames.length === 0 ? 'It was' : 'They were'} changed after ${output} was synthesized. ${synth} did not run since, or it failed and left the earlier output, which does not have the change.`,
    instead: `${synth} until it succeeds, and for a review a new plan; or the folder by its name, ${output}, if its earlier output is meant.`,
  };
}
