// Selects the files of one firewall program (csf, APF, firewalld) among those of a server, and refuses texts that
// lack files or hold two configurations.

import { Problem, refuseIfAny } from '../problems/problem';
import { ExternalRulesHint, FILE_HEADER, FileLayout } from './config-format';
import { PrintedFile, splitPrintedFiles } from './printed-files';
import { LineNote } from './xtables/load-notes';
import { XtablesProblems } from './xtables/xtables-problems';

/** A program with a folder of its own below `etc`, and a few files elsewhere on the server. */
export interface ProgramFileLayout {
  /**
   * Matches the path of its configuration. Captures the part before `etc/` and its folder from there, or the part
   * before the file if the folder was given alone.
   */
  readonly configuration: RegExp;
  /** Returns the path of the folder on the server, from the part that `configuration` captured. */
  getHomeFolder(folder: string | undefined): string;
  /** Returns whether a file decides which rules the program loads, by its path on the server. */
  isRead(path: string): boolean;
  /** Matches its folder and its configuration, for entries that stand in their place and are no files. */
  readonly instead: RegExp;
}

/**
 * The place where a server's files begin, by the path of a configuration. `root` is the part before `etc/`; undefined
 * if the folder was given alone.
 */
interface ServerRoot {
  readonly root: string | undefined;
  readonly etc: string;
  readonly home: string;
}

function findServerRoot({ configuration, getHomeFolder }: ProgramFileLayout, path: string): ServerRoot | undefined {
  const match = configuration.exec(path);
  if (!match) return undefined;
  const [, before = '', folder, bareFolder = ''] = match;
  const home = getHomeFolder(folder);
  return folder === undefined
    ? { root: undefined, etc: bareFolder, home }
    : { root: before, etc: before + folder, home };
}

/** Returns a path as the server has it: `/etc/csf/csf.allow`. Undefined for a file that isn't of that server. */
function toServerPath({ root, etc, home }: ServerRoot, path: string): string | undefined {
  if (path.startsWith(etc)) return home + path.slice(etc.length);
  return root !== undefined && path.startsWith(root) ? `/${path.slice(root.length).replace(/^\//, '')}` : undefined;
}

/** Returns a selector of the program's files among those of a server. */
export const createFileSelector =
  (program: ProgramFileLayout): FileLayout['among'] =>
  (entries) => {
    const roots = entries.flatMap(({ path, isFile }) => (isFile ? (findServerRoot(program, path) ?? []) : []));
    const isProgramFile = (path: string): boolean =>
      roots.some((root) => {
        const serverPath = toServerPath(root, path);
        return serverPath !== undefined && program.isRead(serverPath);
      });
    const selected = entries.filter(
      ({ path, isFile }) => isProgramFile(path) || (!isFile && program.instead.test(path)),
    );
    return new Set(selected.map(({ path }) => path));
  };

/** The files of one server in a text. */
interface ServerFiles {
  /** Files by their paths on the server. */
  readonly filesByPath: ReadonlyMap<string, PrintedFile>;
  /** Paths of files that don't belong to the server. */
  readonly otherPaths: readonly string[];
  /** The program's folder on the server; undefined if its configuration is missing. */
  readonly home: string | undefined;
}

/**
 * Returns the files of one server in a text.
 * @throws Refusal for a second configuration, with the problem of `createDuplicateProblem`.
 */
export function collectServerFiles(
  text: string,
  program: ProgramFileLayout,
  createDuplicateProblem: (line: number, path: string) => Problem,
): ServerFiles {
  const printedFiles = [...splitPrintedFiles(text)];
  const [first, ...duplicates] = printedFiles.flatMap(({ path, line }) => {
    const root = findServerRoot(program, path);
    return root ? [{ root, path, line }] : [];
  });
  refuseIfAny(duplicates.map(({ path, line }) => createDuplicateProblem(line, path)));
  const byPath = new Map<string, PrintedFile>();
  const otherPaths: string[] = [];
  for (const file of printedFiles) {
    const path = first && toServerPath(first.root, file.path);
    if (path === undefined) otherPaths.push(file.path);
    else byPath.set(path, file);
  }
  return { filesByPath: byPath, otherPaths, home: first?.root.home };
}

/**
 * Refuses a text without these files. `conf` is the file that states the open ports; the others are lists.
 * @throws Refusal, because without them the open ports or the clients let in or kept out are unknown.
 */
export const refuseMissingFiles = (
  missing: readonly string[],
  conf: string,
  { problem, whole: sourceHint }: XtablesProblems,
): void =>
  refuseIfAny(
    missing.map((name) =>
      name.endsWith(conf)
        ? problem('no-conf', 1, `${conf} is not in the text: which ports are open, it says.`, sourceHint)
        : problem('no-list', 1, `${name} is not in the text: whom it lets in or keeps out is not known.`, sourceHint),
    ),
  );

/** Returns the hint for a text that is a program's configuration alone, with its lists in other files. */
export const createExternalRulesHint = (
  pattern: RegExp,
  conf: string,
  lists: string,
  folder: string,
  { packCommand }: FileLayout,
): ExternalRulesHint => ({
  pattern,
  what: `It is ${conf} alone: whom ${lists} let in or keep out is in no line of it.`,
  instead: `the folder that it is in, whole: cpanel-edge exposure ${folder}; of a server: ${packCommand}`,
});

/** Returns the path that a text of printed files begins with; empty if it begins otherwise. */
export const getFirstPath = (text: string): string =>
  FILE_HEADER.exec(/\S[^\n]*/.exec(text)?.[0].trimEnd() ?? '')?.[1] ?? '';

/** Returns whether a text holds printed files, not a running config. */
export const hasPrintedFiles = (text: string): boolean => /^\s*(==> |$)/.test(text);

/** A report names no more items: a longer list isn't read. */
const MAX_NAMED_ITEMS = 12;

/** Returns a description of each line, with the same suffix. */
export const describeLines = (lines: readonly LineNote[], suffix: string): readonly string[] =>
  lines.slice(0, MAX_NAMED_ITEMS).map(({ line, what }) => `line ${line}: ${what}${suffix}`);

export const describeUnreadFiles = (paths: readonly string[]): readonly string[] =>
  paths.length === 0 ? [] : [`files of others are not read: ${paths.slice(0, MAX_NAMED_ITEMS).join(', ')}`];
