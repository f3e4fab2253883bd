import { escapeForDisplay } from '../lib/problems/problem';

/** The last line of the device program: it decides. Values are words; what is not there is undefined. */
interface AgentResult {
  readonly is: 'ok' | 'refused' | 'failed';
  /** First word after the verdict: `confirmed`, `foreign-lease`, … */
  readonly word: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What came back over one connection. No result: the line died, the program isn't there, or something else answered. */
export interface AgentAnswer {
  readonly result?: AgentResult;
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
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
export const MAX_ANSWER_LINES = 1_000_000;
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const MAX_STRAY_LINES = 4;

const RESULT_LINE = /^cpanel-edge: (ok|refused|failed)((?: [A-Za-z0-9_.:/=-]+)+)$/;
const AGENT_LINE = /^(\||cpanel-edge: )/;
/** Our first line is a result, a section, or a line of `status`. */
const STRAY_PREFIX = /^([^\n]*?)(cpanel-edge: (?:ok|refused|failed|section) [^\n]*|\|owner=[^\n]*)$/;
const SECTION_LINE = /^cpanel-edge: section ([a-z-]{1,40})$/;

/**
 * Reads what the program wrote. Only a result in the very last line counts: what follows one was not written by our program,
 * and a ruleset's own text begins with `|`.
 */
export function parseAnswer(output: string, errors: string, status: number | undefined): AgentAnswer {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  const printed: string[] = [];
  sections.set('', current);
  const lines = splitStrayPrefix(output.split('\n'));
  const lastLine = lines.pop() ?? '';
  const isStray = (line: string): boolean => line.trim() !== '' && !AGENT_LINE.test(line);
  for (const line of lines) {
    const name = SECTION_LINE.exec(line)?.[1];
    if (name !== undefined) sections.set(name, (current = []));
    else if (line.startsWith('|')) current.push(line.slice(1));
    else if (printed.length < MAX_STRAY_LINES && isStray(line)) printed.push(line);
  }
  if (isStray(lastLine)) printed.push(lastLine);
  const result = lastLine !== '' ? undefined : parseResult(lines.at(-1) ?? '');
  return {
    ...(result ? { result } : {}),
    sections,
    said: errors
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-6)
      .map((line) => escapeForDisplay(line.trim().slice(0, 300))),
    ...(printed.length === 0 ? {} : { printed: printed.map((line) => escapeForDisplay(line.trim().slice(0, 300))) }),
    ...(status === undefined ? {} : { status }),
  };
}

/** What a shell prints without ending its line (a terminal's title) stands before our first one, and would take it away. */
function splitStrayPrefix(lines: string[]): string[] {
  const first = lines.findIndex((line) => AGENT_LINE.test(line) || STRAY_PREFIX.test(line));
  const [, printed, agentLine] =
    first < 0 || AGENT_LINE.test(lines[first]!) ? [] : (STRAY_PREFIX.exec(lines[first]!) ?? []);
  return agentLine === undefined ? lines : [...lines.slice(0, first), printed!, agentLine, ...lines.slice(first + 1)];
}

export function parseResult(line: string): AgentResult | undefined {
  const match = line.length > 2000 ? null : RESULT_LINE.exec(line);
  if (!match) return undefined;
  const words = match[2]!.trim().split(' ');
  // `protocol=1` alone is a value and no word.
  const word = words[0]!.includes('=') ? '' : words[0]!;
  const values = words
    .filter((part) => part.includes('='))
    .map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]);
  return { is: match[1] as AgentResult['is'], word, values: Object.fromEntries(values) };
}

/** Device output as it may be shown: whole lines, no control characters, not endless. */
export const formatLines = (lines: readonly string[] = [], maxLines = 40): readonly string[] => [
  ...lines.slice(0, maxLines).map((line) => escapeForDisplay(line.replaceAll('\t', '    ').slice(0, 300))),
  ...(lines.length > maxLines ? [`… and ${lines.length - maxLines} more lines`] : []),
];

export const getSectionText = (answer: AgentAnswer, name: string): string =>
  (answer.sections.get(name) ?? []).map((line) => `${line}\n`).join('');
