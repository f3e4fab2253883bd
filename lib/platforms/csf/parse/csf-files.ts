import { spendSteps } from '../../../net/step-budget';
import { SourceLocation, PrintedFile } from '../../../parse/printed-files';
import { collectServerFiles, getFirstPath, refuseMissingFiles } from '../../../parse/server-files';
import { isCsfPath, program } from './csf-paths';
import { messages } from './parse-problems';

/** What csf takes for blanks: no others, as one that web pages have for a blank between two words. */
const BLANKS = '[ \\t\\n\\v\\f\\r]+';
const OUTER_BLANKS = new RegExp(`^${BLANKS}|${BLANKS}$`, 'g');
const INNER_BLANKS = new RegExp(BLANKS);
export const trimBlanks = (text: string): string => text.replace(OUTER_BLANKS, '');
export const splitWords = (text: string): readonly string[] => trimBlanks(text).split(INNER_BLANKS);

export const STATE_FOLDER = '/var/lib/csf/';
export const HOOK_FOLDERS = ['/usr/local/csf/bin', '/etc/csf'] as const;

/** Which ports are open, and whom csf lets in or out beside them: what stands alone is loaded beside whatever else a server has. */
const OPENING_PATHS = ['/etc/csf/csf.conf', '/etc/csf/csf.allow'];
const HOOK_PATH = '/etc/csf/csfpost.sh';

/** A server's files, by the paths that they have there. */
export class CsfFiles {
  readonly files: ReadonlyMap<string, PrintedFile>;
  /** Files in the text that are none of csf's. */
  readonly otherFiles: readonly string[];

  /** `mayOpenAlone`: or what opens alone. Throws Refusal `csf/no-conf`, `csf/no-list`, `csf/several`. */
  constructor(text: string, mayOpenAlone = false) {
    const { all, others } = collectServerFiles(text, program, (line, path) =>
      messages.problem('several', line, `a second csf.conf is in the text: ${path}.`, messages.whole),
    );
    [this.files, this.otherFiles] = [all, others];
    const isOpening = (path: string): boolean => OPENING_PATHS.includes(path) || path === HOOK_PATH;
    const opensAlone =
      mayOpenAlone &&
      others.length === 0 &&
      OPENING_PATHS.every((path) => all.has(path)) &&
      [...all.keys()].every(isOpening);
    const missing = [...OPENING_PATHS, ...(opensAlone ? [] : ['/etc/csf/csf.deny'])].filter((path) => !all.has(path));
    refuseMissingFiles(missing, 'csf.conf', messages);
  }

  /** Whether what a folder doesn't have in the text it doesn't have at all. */
  hasFolder(folder: string): boolean {
    return [...this.files.keys()].some((path) => path.startsWith(folder));
  }

  findLines(path: string): readonly SourceLocation[] | undefined {
    const file = this.files.get(path);
    return file && splitLines(file);
  }
}

/** Whether a text begins with a file that csf has; beside csf.conf any is one, whatever it is called: lists include others. */
export const beginsWithFile = (text: string): boolean => {
  const path = getFirstPath(text);
  return isCsfPath(path) || (path !== '' && text.includes(`\n==> ${path.replace(/[^/]*$/, '')}csf.conf <==\n`));
};

/** A line ends within a letter, too, where one of its bytes is 0x85: csf reads bytes. Source: ConfigServer/Slurp.pm of csf 15.10. */
const splitLines = ({ text, line }: PrintedFile): readonly SourceLocation[] =>
  text.split('\n').flatMap((rawLine, at) => {
    spendSteps(1);
    return rawLine.split(LINE_ENDS).map((part) => ({ line: line + at, text: part }));
  });

/** Of letters of two and of three bytes: by their six lowest bits, and by the six before them. */
const LINE_ENDS = new RegExp(
  `[\\r\\v\\f${Array.from({ length: 0xd800 - 0x80 }, (_, at) => at + 0x80)
    .filter((code) => (code & 0x3f) === 5 || (code >= 0x800 && ((code >> 6) & 0x3f) === 5))
    .map((code) => String.fromCharCode(code))
    .join('')}]`,
);
