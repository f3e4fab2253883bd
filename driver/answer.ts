import { printable } from '../lib/problems/problem';

/** The last line of the device program: it decides. Values are words; what is not there is undefined. */
interface Result {
  readonly is: 'ok' | 'refused' | 'failed';
  /** First word after the verdict: `confirmed`, `foreign-lease`, … */
  readonly word: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What came back over one connection. No result: the line died, the program isn't there, or something else answered. */
export interface Answer {
  readonly result?: Result;
  /** Payload by section; lines before any section are under ''. */
  readonly sections: ReadonlyMap<string, readonly string[]>;
  /** What ssh, sudo or a shell said, as it may be shown; the last few lines. */
  readonly said: readonly string[];
  /** What somebody else wrote where the program writes (a login shell, a forced command), as it may be shown; a few lines. */
  readonly printed?: readonly string[];
  /** Exit status of ssh, or undefined when it was ended by us. Decides nothing where there is a result. */
  readonly status?: number;
}

/** More than any ruleset has: 200,000 rules take 20 MiB. Many short lines take more memory than their bytes. */
export const MOST_BYTES = 32 * 1024 * 1024;
export const MOST_LINES = 1_000_000;
export const LONGEST_LINE = 4 * 1024 * 1024;

const MOST_PRINTED = 4;

const RESULT = /^cpanel-edge: (ok|refused|failed)((?: [A-Za-z0-9_.:/=-]+)+)$/;
const OURS = /^(\||cpanel-edge: )/;
/** Our first line is a result, a section, or a line of `status`. */
const BEHIND = /^([^\n]*?)(cpanel-edge: (?:ok|refused|failed|section) [^\n]*|\|owner=[^\n]*)$/;
const SECTION = /^cpanel-edge: section ([a-z-]{1,40})$/;

/**
 * Reads what the program wrote. Only a result in the very last line counts: what follows one was not written by our program,
 * and a ruleset's own text begins with `|`.
 */
export function readAnswer(output: string, errors: string, status: number | undefined): Answer {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  const printed: string[] = [];
  sections.set('', current);
  const lines = brokenBeforeOurs(output.split('\n'));
  const rest = lines.pop() ?? '';
  const others = (line: string): boolean => line.trim() !== '' && !OURS.test(line);
  for (const line of lines) {
    const name = SECTION.exec(line)?.[1];
    if (name !== undefined) sections.set(name, (current = []));
    else if (line.startsWith('|')) current.push(line.slice(1));
    else if (printed.length < MOST_PRINTED && others(line)) printed.push(line);
  }
  if (others(rest)) printed.push(rest);
  const result = rest !== '' ? undefined : resultOf(lines.at(-1) ?? '');
  return {
    ...(result ? { result } : {}),
    sections,
    said: errors
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-6)
      .map((line) => printable(line.trim().slice(0, 300))),
    ...(printed.length === 0 ? {} : { printed: printed.map((line) => printable(line.trim().slice(0, 300))) }),
    ...(status === undefined ? {} : { status }),
  };
}

/** What a shell prints without ending its line (a terminal's title) stands before our first one, and would take it away. */
function brokenBeforeOurs(lines: string[]): string[] {
  const first = lines.findIndex((line) => OURS.test(line) || BEHIND.test(line));
  const [, printed, ours] = first < 0 || OURS.test(lines[first]!) ? [] : (BEHIND.exec(lines[first]!) ?? []);
  return ours === undefined ? lines : [...lines.slice(0, first), printed!, ours, ...lines.slice(first + 1)];
}

export function resultOf(line: string): Result | undefined {
  const found = line.length > 2000 ? null : RESULT.exec(line);
  if (!found) return undefined;
  const words = found[2]!.trim().split(' ');
  // `protocol=1` alone is a value and no word.
  const word = words[0]!.includes('=') ? '' : words[0]!;
  const values = words
    .filter((part) => part.includes('='))
    .map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]);
  return { is: found[1] as Result['is'], word, values: Object.fromEntries(values) };
}

/** Device output as it may be shown: whole lines, no control characters, not endless. */
export const shown = (lines: readonly string[] = [], most = 40): readonly string[] => [
  ...lines.slice(0, most).map((line) => printable(line.replaceAll('\t', '    ').slice(0, 300))),
  ...(lines.length > most ? [`… and ${lines.length - most} more lines`] : []),
];

export const sectionText = (answer: Answer, name: string): string =>
  (answer.sections.get(name) ?? []).map((line) => `${line}\n`).join('');
