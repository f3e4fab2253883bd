import { Problem, refuseIfAny } from '../problems/problem';
import { ExternalRulesHint, FILE_HEADER, FileLayout } from './config-format';
import { PrintedFile, splitPrintedFiles } from './printed-files';
import { LineNote } from './xtables/load-notes';
import { XtablesProblems } from './xtables/xtables-problems';

/** A program whose files lie in a folder of its own below `etc`, and a few elsewhere on the server. */
export interface ProgramFileLayout {
  /** The path of its configuration: what is before `etc/` and its folder from there; or what is before it, where the folder was given alone. */
  readonly configuration: RegExp;
  /** The folder as the server has it, by what `configuration` found of it. */
  homeOf(folder: string | undefined): string;
  /** Whether a file decides which rules it loads, by its path there. */
  isRead(path: string): boolean;
  /** Its folder, and its configuration, where something else than a file is in their place. */
  readonly instead: RegExp;
}

/** Where a server's files begin, by the path of a configuration: `root` is before `etc/`; undefined where the folder was given alone. */
interface ServerRoot {
  readonly root: string | undefined;
  readonly etc: string;
  readonly home: string;
}

function findServerRoot({ configuration, homeOf }: ProgramFileLayout, path: string): ServerRoot | undefined {
  const match = configuration.exec(path);
  if (!match) return undefined;
  const [, before = '', folder, bareFolder = ''] = match;
  const home = homeOf(folder);
  return folder === undefined
    ? { root: undefined, etc: bareFolder, home }
    : { root: before, etc: before + folder, home };
}

/** A path as the server has it: `/etc/csf/csf.allow`. Undefined for what isn't of that server. */
function toServerPath({ root, etc, home }: ServerRoot, path: string): string | undefined {
  if (path.startsWith(etc)) return home + path.slice(etc.length);
  return root !== undefined && path.startsWith(root) ? `/${path.slice(root.length).replace(/^\//, '')}` : undefined;
}

/** The program's files among those of a server. */
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

/** What a text holds of one server. */
interface ServerFiles {
  /** By the paths that they have there. */
  readonly all: ReadonlyMap<string, PrintedFile>;
  /** Files of others. */
  readonly others: readonly string[];
  /** The program's folder there; undefined where its configuration is missing. */
  readonly home: string | undefined;
}

/** Throws Refusal for a second configuration, as `several` says it. */
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
  return { all: byPath, others: otherPaths, home: first?.root.home };
}

/** Throws Refusal for files without which nobody knows what is open; `conf` says which ports are. */
export const refuseMissingFiles = (
  missing: readonly string[],
  conf: string,
  { problem, whole: sourceHint }: XtablesProblems,
): void =>
  refuseIfAny(
    missing.map((name) =>
      name.endsWith(conf)
        ? problem('no-conf', 1, `${conf} is not in the text: which ports are open, it says.`, sourceHint)
        : problem('no-list', 1, `${name} is not in the text: whom it lets in or keeps out, nobody knows.`, sourceHint),
    ),
  );

/** The configuration of a program whose lists are in other files. */
export const createExternalRulesHint = (
  pattern: RegExp,
  conf: string,
  lists: string,
  folder: string,
  { packedBy }: FileLayout,
): ExternalRulesHint => ({
  looks: pattern,
  what: `It is ${conf} alone: whom ${lists} let in or keep out is in no line of it.`,
  instead: `the folder that it is in, whole: cpanel-edge exposure ${folder}; of a server: ${packedBy}`,
});

/** The path with which a text of files begins; empty where it begins otherwise. */
export const getFirstPath = (text: string): string =>
  FILE_HEADER.exec(/\S[^\n]*/.exec(text)?.[0].trimEnd() ?? '')?.[1] ?? '';

/** Whether a text holds files, not what runs. */
export const hasPrintedFiles = (text: string): boolean => /^\s*(==> |$)/.test(text);

/** Nobody reads more of a report. */
const MAX_NAMED_ITEMS = 12;

/** Where each begins whose lines a reader may look for. */
export const describeFileStarts = (files: readonly (readonly [name: string, line: number])[]): string =>
  `lines are counted through all files: ${files
    .slice(0, MAX_NAMED_ITEMS)
    .map(([name, line]) => `${name} begins with line ${line}`)
    .join(', ')}`;

/** Lines, and what becomes of them all. */
export const describeLines = (lines: readonly LineNote[], suffix: string): readonly string[] =>
  lines.slice(0, MAX_NAMED_ITEMS).map(({ line, what }) => `line ${line}: ${what}${suffix}`);

export const describeUnreadFiles = (paths: readonly string[]): readonly string[] =>
  paths.length === 0 ? [] : [`files of others are not read: ${paths.slice(0, MAX_NAMED_ITEMS).join(', ')}`];
