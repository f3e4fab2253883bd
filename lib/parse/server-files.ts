import { Problem, refuseIfAny } from '../problems/problem';
import { Elsewhere, FILE_HEADER, Spread } from './foreign';
import { PrintedFile, filesIn } from './printed-files';
import { AtLine } from './xtables/made';
import { SayingOfTables } from './xtables/saying';

/** A program whose files lie in a folder of its own below `etc`, and a few elsewhere on the server. */
export interface FileProgram {
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
interface Root {
  readonly root: string | undefined;
  readonly etc: string;
  readonly home: string;
}

function rootBy({ configuration, homeOf }: FileProgram, path: string): Root | undefined {
  const found = configuration.exec(path);
  if (!found) return undefined;
  const [, before = '', folder, alone = ''] = found;
  const home = homeOf(folder);
  return folder === undefined ? { root: undefined, etc: alone, home } : { root: before, etc: before + folder, home };
}

/** A path as the server has it: `/etc/csf/csf.allow`. Undefined for what isn't of that server. */
function onServer({ root, etc, home }: Root, path: string): string | undefined {
  if (path.startsWith(etc)) return home + path.slice(etc.length);
  return root !== undefined && path.startsWith(root) ? `/${path.slice(root.length).replace(/^\//, '')}` : undefined;
}

/** The program's files among those of a server. */
export const filesAmong =
  (program: FileProgram): Spread['among'] =>
  (entries) => {
    const roots = entries.flatMap(({ path, isFile }) => (isFile ? (rootBy(program, path) ?? []) : []));
    const isOf = (path: string): boolean =>
      roots.some((root) => {
        const there = onServer(root, path);
        return there !== undefined && program.isRead(there);
      });
    const read = entries.filter(({ path, isFile }) => isOf(path) || (!isFile && program.instead.test(path)));
    return new Set(read.map(({ path }) => path));
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
export function filesOfServer(
  text: string,
  program: FileProgram,
  several: (line: number, path: string) => Problem,
): ServerFiles {
  const found = [...filesIn(text)];
  const [first, ...more] = found.flatMap(({ path, line }) => {
    const root = rootBy(program, path);
    return root ? [{ root, path, line }] : [];
  });
  refuseIfAny(more.map(({ path, line }) => several(line, path)));
  const all = new Map<string, PrintedFile>();
  const others: string[] = [];
  for (const file of found) {
    const path = first && onServer(first.root, file.path);
    if (path === undefined) others.push(file.path);
    else all.set(path, file);
  }
  return { all, others, home: first?.root.home };
}

/** Throws Refusal for files without which nobody knows what is open; `conf` says which ports are. */
export const refuseMissing = (missing: readonly string[], conf: string, { problem, whole }: SayingOfTables): void =>
  refuseIfAny(
    missing.map((name) =>
      name.endsWith(conf)
        ? problem('no-conf', 1, `${conf} is not in the text: which ports are open, it says.`, whole)
        : problem('no-list', 1, `${name} is not in the text: whom it lets in or keeps out, nobody knows.`, whole),
    ),
  );

/** The configuration of a program whose lists are in other files. */
export const oneOfSeveral = (
  looks: RegExp,
  conf: string,
  lists: string,
  folder: string,
  { packedBy }: Spread,
): Elsewhere => ({
  looks,
  what: `It is ${conf} alone: whom ${lists} let in or keep out is in no line of it.`,
  instead: `the folder that it is in, whole: cpanel-edge exposure ${folder}; of a server: ${packedBy}`,
});

/** The path with which a text of files begins; empty where it begins otherwise. */
export const firstPath = (text: string): string =>
  FILE_HEADER.exec(/\S[^\n]*/.exec(text)?.[0].trimEnd() ?? '')?.[1] ?? '';

/** Whether a text holds files, not what runs. */
export const isOfFiles = (text: string): boolean => /^\s*(==> |$)/.test(text);

/** Nobody reads more of a report. */
const MOST_NAMED = 12;

/** Where each begins whose lines a reader may look for. */
export const beginnings = (files: readonly (readonly [name: string, line: number])[]): string =>
  `lines are counted through all files: ${files
    .slice(0, MOST_NAMED)
    .map(([name, line]) => `${name} begins with line ${line}`)
    .join(', ')}`;

/** Lines, and what becomes of them all. */
export const toldOf = (lines: readonly AtLine[], end: string): readonly string[] =>
  lines.slice(0, MOST_NAMED).map(({ line, what }) => `line ${line}: ${what}${end}`);

export const notRead = (others: readonly string[]): readonly string[] =>
  others.length === 0 ? [] : [`files of others are not read: ${others.slice(0, MOST_NAMED).join(', ')}`];
