// Splits a text with several files of csf into the files and their lines. Refuses a text without the files that decide
// what is open, such as csf.conf and csf.allow. Also splits lines into words as csf does, and has the paths of its
// folders.

import { spendSteps } from '../../../net/step-budget';
import { SourceLocation, PrintedFile } from '../../../parse/printed-files';
import { collectServerFiles, getFirstPath, refuseMissingFiles } from '../../../parse/select-server-files';
import { isCsfPath, program } from './csf-paths';
import { messages } from './parse-problems';

/** Blanks for csf; a no-break space, which web pages put between words, isn't one. */
const BLANKS = '[ \\t\\n\\v\\f\\r]+';
const OUTER_BLANKS = new RegExp(`^${BLANKS}|${BLANKS}$`, 'g');
const INNER_BLANKS = new RegExp(BLANKS);
export const trimBlanks = (text: string): string => text.replace(OUTER_BLANKS, '');
export const splitWords = (text: string): readonly string[] => trimBlanks(text).split(INNER_BLANKS);

export const STATE_FOLDER = '/var/lib/csf/';
export const HOOK_FOLDERS = ['/usr/local/csf/bin', '/etc/csf'] as const;

/** Files that open ports and list allowed peers. Files that open alone are loaded beside whatever else a server has. */
const OPENING_PATHS = ['/etc/csf/csf.conf', '/etc/csf/csf.allow'];
const HOOK_PATH = '/etc/csf/csfpost.sh';

/** A server's files, by their paths on the server. */
export class CsfFiles {
  readonly files: ReadonlyMap<string, PrintedFile>;
  /** Files in the text that aren't csf's. */
  readonly otherFiles: readonly string[];

  /**
   * `mayOpenAlone`: the text may hold only the files that open.
   *
   * @throws Refusal `csf/no-conf`, `csf/no-list`, `csf/several`.
   */
  constructor(text: string, mayOpenAlone = false) {
    const { filesByPath, otherPaths } = collectServerFiles(text, program, (line, path) =>
      messages.problem('several', line, `a second csf.conf is in the text: ${path}.`, messages.whole),
    );
    [this.files, this.otherFiles] = [filesByPath, otherPaths];
    const isOpening = (path: string): boolean => OPENING_PATHS.includes(path) || path === HOOK_PATH;
    const opensAlone =
      mayOpenAlone &&
      otherPaths.length === 0 &&
      OPENING_PATHS.every((path) => filesByPath.has(path)) &&
      [...filesByPath.keys()].every(isOpening);
    const missing = [...OPENING_PATHS, ...(opensAlone ? [] : ['/etc/csf/csf.deny'])].filter(
      (path) => !filesByPath.has(path),
    );
    refuseMissingFiles(missing, 'csf.conf', messages);
  }

  /** Returns whether the text has any file of a folder. If so, files of it that aren't in the text don't exist. */
  hasFolder(folder: string): boolean {
    return [...this.files.keys()].some((path) => path.startsWith(folder));
  }

  findLines(path: string): readonly SourceLocation[] | undefined {
    const file = this.files.get(path);
    return file && splitLines(file);
  }
}

/**
 * Returns whether a text begins with a file of csf. Beside csf.conf a file of any name is one, because lists include
 * others.
 */
export const beginsWithFile = (text: string): boolean => {
  const path = getFirstPath(text);
  return isCsfPath(path) || (path !== '' && text.includes(`\n==> ${path.replace(/[^/]*$/, '')}csf.conf <==\n`));
};

/**
 * Splits a file into lines. A byte 0x85 within a character ends a line, too: csf reads bytes. Source:
 * ConfigServer/Slurp.pm of csf 15.10.
 */
const splitLines = ({ text, line }: PrintedFile): readonly SourceLocation[] =>
  text.split('\n').flatMap((rawLine, at) => {
    spendSteps(1);
    return rawLine.split(LINE_ENDS).map((part) => ({ line: line + at, text: part }));
  });

/** Characters of two and of three bytes, by their six lowest bits and by the six before them. */
const LINE_ENDS = new RegExp(
  `[\\r\\v\\f${Array.from({ length: 0xd800 - 0x80 }, (_, at) => at + 0x80)
    .filter((code) => (code & 0x3f) === 5 || (code >= 0x800 && ((code >> 6) & 0x3f) === 5))
    .map((code) => String.fromCharCode(code))
    .join('')}]`,
);
