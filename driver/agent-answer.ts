// Parses what the agent on a device prints over SSH: its result line, the payload by section, and the output of other
// programs beside it.
import { escapeForDisplay } from '../lib/problems/problem';

/** The last line of the agent: it decides. Values are words; a missing value is undefined. */
interface AgentResult {
  readonly is: 'ok' | 'refused' | 'failed';
  /** First word after the verdict: `confirmed`, `foreign-lease`, … */
  readonly word: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The answer over one connection. Without a result the line broke, the agent isn't there, or something else answered.
 */
export interface AgentAnswer {
  readonly result?: AgentResult;
  /** Payload by section; lines before any section are under ''. */
  readonly sections: ReadonlyMap<string, readonly string[]>;
  /** Errors of ssh, sudo or a shell, escaped for display; the last few lines. */
  readonly errorLines: readonly string[];
  /**
   * Output of another program in the agent's output (a login shell, a forced command), escaped for display; a few
   * lines.
   */
  readonly printed?: readonly string[];
  /** Exit status of ssh; undefined if the driver ended it. It decides nothing if there is a result. */
  readonly status?: number;
}

/** Limits above any ruleset: 200,000 rules take 20 MiB. Many short lines take more memory than their bytes. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
export const MAX_ANSWER_LINES = 1_000_000;
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const MAX_STRAY_LINES = 4;

const RESULT_LINE = /^cpanel-edge: (ok|refused|failed)((?: [A-Za-z0-9_.:/=-]+)+)$/;
const AGENT_LINE = /^(\||cpanel-edge: )/;
/** The first line of the agent is a result, a section, or a line of `status`. */
const STRAY_PREFIX = /^([^\n]*?)(cpanel-edge: (?:ok|refused|failed|section) [^\n]*|\|owner=[^\n]*)$/;
const SECTION_LINE = /^cpanel-edge: section ([a-z-]{1,40})$/;

/**
 * Parses the agent's output. Only a result in the very last line counts: the agent writes nothing after it, and lines
 * of a ruleset begin with `|`.
 */
export function parseAnswer(output: string, errors: string, status: number | undefined): AgentAnswer {
  const sections = new Map<string, string[]>();
  let sectionLines: string[] = [];
  const printed: string[] = [];
  sections.set('', sectionLines);
  const lines = splitStrayPrefix(output.split('\n'));
  const lastLine = lines.pop() ?? '';
  const isStray = (line: string): boolean => line.trim() !== '' && !AGENT_LINE.test(line);
  for (const line of lines) {
    const name = SECTION_LINE.exec(line)?.[1];
    if (name !== undefined) sections.set(name, (sectionLines = []));
    else if (line.startsWith('|')) sectionLines.push(line.slice(1));
    else if (printed.length < MAX_STRAY_LINES && isStray(line)) printed.push(line);
  }
  if (isStray(lastLine)) printed.push(lastLine);
  const result = lastLine !== '' ? undefined : parseResult(lines.at(-1) ?? '');
  return {
    ...(result ? { result } : {}),
    sections,
    errorLines: errors
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-6)
      .map((line) => escapeForDisplay(line.trim().slice(0, 300))),
    ...(printed.length === 0 ? {} : { printed: printed.map((line) => escapeForDisplay(line.trim().slice(0, 300))) }),
    ...(status === undefined ? {} : { status }),
  };
}

/** Splits output without a line end (a terminal's title) from the agent's first line, which would be lost otherwise. */
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
  // `protocol=1` alone is a value and not a word.
  const word = words[0]!.includes('=') ? '' : words[0]!;
  const values = words
    .filter((part) => part.includes('='))
    .map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]);
  return { is: match[1] as AgentResult['is'], word, values: Object.fromEntries(values) };
}

/** Returns device output for display: whole lines, no control characters, a limited number. */
export const formatLines = (lines: readonly string[] = [], maxLines = 40): readonly string[] => [
  ...lines.slice(0, maxLines).map((line) => escapeForDisplay(line.replaceAll('\t', '    ').slice(0, 300))),
  ...(lines.length > maxLines ? [`… and ${lines.length - maxLines} more lines`] : []),
];

export const getSectionText = (answer: AgentAnswer, name: string): string =>
  (answer.sections.get(name) ?? []).map((line) => `${line}\n`).join('');
