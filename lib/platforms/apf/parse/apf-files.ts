// Splits a text with several files of APF into the files and their lines. Refuses a text without the files that
// decide what is open, such as conf.apf.

import { SourceLocation, PrintedFile } from '../../../parse/printed-files';
import { collectServerFiles, getFirstPath, refuseMissingFiles } from '../../../parse/select-server-files';
import { isApfPath, program } from './apf-paths';
import { messages } from './parse-problems';
import { PACKAGED_VERSION, VERSIONS, ApfVersion } from './apf-version';

/** A server's files, by their paths below APF's folder; other files by their whole paths. */
export class ApfFiles {
  /**
   * Checks that the needed files are there.
   *
   * @throws Refusal `apf/no-conf`, `apf/no-list`.
   */
  constructor(
    private readonly files: ReadonlyMap<string, PrintedFile>,
    readonly version: ApfVersion,
    /** Files in the text that aren't APF's. */
    readonly otherFiles: readonly string[],
    /** The first line that ends with a carriage return, which no shell takes for a blank. */
    readonly carriageReturn: SourceLocation | undefined,
    /** Whether the text holds only keys of conf.apf and allow lists, which stand among whatever else a server has. */
    readonly opensAlone: boolean,
  ) {
    const needed = ['conf.apf', 'allow_hosts.rules', ...(opensAlone ? [] : ['deny_hosts.rules'])];
    refuseMissingFiles(
      needed.filter((name) => !files.has(name)),
      'conf.apf',
      messages,
    );
  }

  get names(): readonly (readonly [string, number])[] {
    return [...this.files].map(([name, { line }]) => [name, line]);
  }

  find(name: string): PrintedFile | undefined {
    return this.files.get(name);
  }

  findLines(name: string): readonly SourceLocation[] | undefined {
    const file = this.files.get(name);
    if (!file) return undefined;
    const lines = file.text.split('\n').map((text, at) => ({ line: file.line + at, text }));
    // An empty line between two files belongs to neither.
    if (lines.at(-1)?.text === '') lines.pop();
    return lines;
  }
}

/** Returns whether a text begins with a file of APF. */
export const beginsWithFile = (text: string): boolean => isApfPath(getFirstPath(text));

/**
 * Returns a server's files. `mayOpenAlone`: the text may hold only the files that open.
 *
 * @throws Refusal `apf/no-conf`, `apf/no-list`, `apf/several`.
 */
export function parseFiles(text: string, mayOpenAlone = false): ApfFiles {
  const serverFiles = collectServerFiles(text, program, (line, path) =>
    messages.problem('several', line, `a second conf.apf is in the text: ${path}.`, messages.whole),
  );
  const { otherPaths, home = '' } = serverFiles;
  const files = new Map(
    [...serverFiles.filesByPath].map(
      ([path, file]) => [path.startsWith(home) ? path.slice(home.length) : path, file] as const,
    ),
  );
  const version = VERSIONS.find(({ folder }) => folder === home) ?? PACKAGED_VERSION;
  const { opening } = version;
  const opensAlone =
    mayOpenAlone &&
    home === version.folder &&
    files.size === opening.length &&
    opening.every((name) => files.has(name)) &&
    otherPaths.length === 0;
  return new ApfFiles(files, version, otherPaths, findCarriageReturn(files, text.split('\n')), opensAlone);
}

function findCarriageReturn(
  files: ReadonlyMap<string, PrintedFile>,
  raw: readonly string[],
): SourceLocation | undefined {
  for (const [name, { line, text }] of files) {
    // If the line with the path has a carriage return, too, they come from the transfer of the text.
    if (raw[line - 2]?.endsWith('\r')) continue;
    const at = raw.slice(line - 1, line - 1 + text.split('\n').length).findIndex((rawLine) => rawLine.endsWith('\r'));
    if (at >= 0) return { line: line + at, text: name };
  }
  return undefined;
}
