import { spend } from '../../../net/work';
import { Place, PrintedFile } from '../../../parse/printed-files';
import { filesOfServer, firstPath, refuseMissing } from '../../../parse/server-files';
import { isNameOfOwn, program } from './paths';
import { say } from './problems';

/** What csf takes for blanks: no others, as one that web pages have for a blank between two words. */
const BLANKS = '[ \\t\\n\\v\\f\\r]+';
const AROUND = new RegExp(`^${BLANKS}|${BLANKS}$`, 'g');
const WITHIN = new RegExp(BLANKS);
export const trimmed = (text: string): string => text.replace(AROUND, '');
export const split = (text: string): readonly string[] => trimmed(text).split(WITHIN);

export const STATE = '/var/lib/csf/';
export const HOOK_FOLDERS = ['/usr/local/csf/bin', '/etc/csf'] as const;

/** Which ports are open, and whom csf lets in or out beside them: what stands alone is loaded beside whatever else a server has. */
const OPENING = ['/etc/csf/csf.conf', '/etc/csf/csf.allow'];
const HOOK = '/etc/csf/csfpost.sh';

/** A server's files, by the paths that they have there. */
export class Files {
  readonly all: ReadonlyMap<string, PrintedFile>;
  /** Files in the text that are none of csf's. */
  readonly others: readonly string[];

  /** `mayOpenAlone`: or what opens alone. Throws Refusal `csf/no-conf`, `csf/no-list`, `csf/several`. */
  constructor(text: string, mayOpenAlone = false) {
    const { all, others } = filesOfServer(text, program, (line, path) =>
      say.problem('several', line, `a second csf.conf is in the text: ${path}.`, say.whole),
    );
    [this.all, this.others] = [all, others];
    const isOpening = (path: string): boolean => OPENING.includes(path) || path === HOOK;
    const opensAlone =
      mayOpenAlone && others.length === 0 && OPENING.every((path) => all.has(path)) && [...all.keys()].every(isOpening);
    const missing = [...OPENING, ...(opensAlone ? [] : ['/etc/csf/csf.deny'])].filter((path) => !all.has(path));
    refuseMissing(missing, 'csf.conf', say);
  }

  /** Whether what a folder doesn't have in the text it doesn't have at all. */
  isTold(folder: string): boolean {
    return [...this.all.keys()].some((path) => path.startsWith(folder));
  }

  linesOf(path: string): readonly Place[] | undefined {
    const file = this.all.get(path);
    return file && linesOf(file);
  }
}

/** Whether a text begins with a file that csf has; beside csf.conf any is one, whatever it is called: lists include others. */
export const beginsWithFile = (text: string): boolean => {
  const path = firstPath(text);
  return isNameOfOwn(path) || (path !== '' && text.includes(`\n==> ${path.replace(/[^/]*$/, '')}csf.conf <==\n`));
};

/** A line ends within a letter, too, where one of its bytes is 0x85: csf reads bytes. Source: ConfigServer/Slurp.pm of csf 15.10. */
const linesOf = ({ text, line }: PrintedFile): readonly Place[] =>
  text.split('\n').flatMap((whole, at) => {
    spend(1);
    return whole.split(ENDS).map((part) => ({ line: line + at, text: part }));
  });

/** Of letters of two and of three bytes: by their six lowest bits, and by the six before them. */
const ENDS = new RegExp(
  `[\\r\\v\\f${Array.from({ length: 0xd800 - 0x80 }, (_, at) => at + 0x80)
    .filter((code) => (code & 0x3f) === 5 || (code >= 0x800 && ((code >> 6) & 0x3f) === 5))
    .map((code) => String.fromCharCode(code))
    .join('')}]`,
);
