import { Place, PrintedFile } from '../../../parse/printed-files';
import { filesOfServer, firstPath, refuseMissing } from '../../../parse/server-files';
import { isNameOfOwn, program } from './paths';
import { say } from './problems';
import { PACKAGED, VERSIONS, Version } from './version';

/** A server's files, by what stands behind APF's folder in their paths; of others the whole path. */
export class Files {
  /** Throws Refusal `apf/no-conf`, `apf/no-list`. */
  constructor(
    private readonly all: ReadonlyMap<string, PrintedFile>,
    readonly version: Version,
    /** Files in the text that are none of APF's. */
    readonly others: readonly string[],
    /** The first line of one whose end no shell takes for a blank. */
    readonly returns: Place | undefined,
    /** Only keys of conf.apf are there, and whom lists let in: they stand among whatever else a server has. */
    readonly opensAlone: boolean,
  ) {
    const needed = ['conf.apf', 'allow_hosts.rules', ...(opensAlone ? [] : ['deny_hosts.rules'])];
    refuseMissing(
      needed.filter((name) => !all.has(name)),
      'conf.apf',
      say,
    );
  }

  get names(): readonly (readonly [string, number])[] {
    return [...this.all].map(([name, { line }]) => [name, line]);
  }

  of(name: string): PrintedFile | undefined {
    return this.all.get(name);
  }

  linesOf(name: string): readonly Place[] | undefined {
    const file = this.all.get(name);
    if (!file) return undefined;
    const lines = file.text.split('\n').map((text, at) => ({ line: file.line + at, text }));
    // Between two files stands an empty line that is of neither.
    if (lines.at(-1)?.text === '') lines.pop();
    return lines;
  }
}

/** Whether a text begins with a file that APF has. */
export const beginsWithFile = (text: string): boolean => isNameOfOwn(firstPath(text));

/** A server's files; `mayOpenAlone`: or those alone that open something. Throws Refusal `apf/no-conf`, `apf/no-list`, `apf/several`. */
export function filesOf(text: string, mayOpenAlone = false): Files {
  const found = filesOfServer(text, program, (line, path) =>
    say.problem('several', line, `a second conf.apf is in the text: ${path}.`, say.whole),
  );
  const { others, home = '' } = found;
  const all = new Map(
    [...found.all].map(([path, file]) => [path.startsWith(home) ? path.slice(home.length) : path, file] as const),
  );
  const version = VERSIONS.find(({ folder }) => folder === home) ?? PACKAGED;
  const { opening } = version;
  const opensAlone =
    mayOpenAlone &&
    home === version.folder &&
    all.size === opening.length &&
    opening.every((name) => all.has(name)) &&
    others.length === 0;
  return new Files(all, version, others, returnsIn(all, text.split('\n')), opensAlone);
}

function returnsIn(all: ReadonlyMap<string, PrintedFile>, raw: readonly string[]): Place | undefined {
  for (const [name, { line, text }] of all) {
    // Where the line with the path has one, too, they are of how the text was sent.
    if (raw[line - 2]?.endsWith('\r')) continue;
    const at = raw.slice(line - 1, line - 1 + text.split('\n').length).findIndex((one) => one.endsWith('\r'));
    if (at >= 0) return { line: line + at, text: name };
  }
  return undefined;
}
