// Removes what terminals, editors and mail programs put around a pasted text: control codes, quote marks, a Markdown
// fence, line numbers. Lines keep their numbers.

import { FILE_HEADER } from '../../parse/config-format';

interface UnmarkedText {
  readonly text: string;
  /** The removed marks and lines: each a sentence. */
  readonly omittedLines: readonly string[];
}

/** Colours, window titles and modes, as `script` and terminals record them. Source: ECMA-48, and xterm's ctlseqs. */
const TERMINAL_CODE =
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  /\u001b(\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]{0,200}(\u0007|\u001b\\)|[=>]|[()][0-9A-B])/g;
const QUOTE_MARK = /^ {0,3}> ?/;
const FENCE = /^[ \t]*(```|~~~)[\w-]*[ \t]*$/;
const NUMBERED_LINE = /^[ \t]*(\d{1,7})(?:\t| ?[:.)|│] ?| |$)/;
/** `ip -o` numbers interfaces. */
const INTERFACE_LINE = /^\d+: \S+(: <|\s+inet6? [\da-f]*[.:])/;

/** Returns the text without marks. A text of several printed files, and XML, are left as they are. */
export function removePasteMarks(source: string): UnmarkedText {
  const text = source.includes('\u001b') ? source.replace(TERMINAL_CODE, '').replace(/^\r+/gm, '') : source;
  const firstLine = /\S[^\n]*/.exec(text)?.[0].trimEnd() ?? '';
  if (firstLine.startsWith('<') || FILE_HEADER.test(firstLine)) return { text, omittedLines: [] };
  const omittedLines: string[] = [];
  let lines: readonly string[] = text.split('\n');
  for (const [removeMark, note] of [
    [removeQuoteMarks, 'the quote mark before each line'],
    [selectFencedBlock, undefined],
    [removeLineNumbers, 'the number before each line'],
  ] as const) {
    const remainingLines = removeMark(lines);
    if (!remainingLines) continue;
    omittedLines.push(...(note === undefined ? describeEmptiedLines(lines, remainingLines) : [note]));
    lines = remainingLines;
  }
  return { text: lines.join('\n'), omittedLines };
}

const isBlank = (line: string): boolean => line.trim() === '';

function removeQuoteMarks(lines: readonly string[]): readonly string[] | undefined {
  return lines.every((line) => isBlank(line) || QUOTE_MARK.test(line))
    ? lines.map((line) => line.replace(QUOTE_MARK, ''))
    : undefined;
}

/** Empties all lines but those of the only block between fences. Two blocks may be of two hosts: they stay. */
function selectFencedBlock(lines: readonly string[]): readonly string[] | undefined {
  const [start, end = lines.length, ...otherFences] = lines.flatMap((line, index) => (FENCE.test(line) ? [index] : []));
  return start === undefined || otherFences.length > 0
    ? undefined
    : lines.map((line, index) => (index > start && index < end ? line : ''));
}

/** Removes numbers that count the lines, with or without the empty ones, as `cat -n` and `nl` print them. */
function removeLineNumbers(lines: readonly string[]): readonly string[] | undefined {
  const textLines = lines.filter((line) => !isBlank(line));
  const numbers = textLines.map((line) => Number(NUMBERED_LINE.exec(line)?.[1]));
  const [first = NaN] = numbers;
  const isCounted = numbers.length > 1 && numbers.every((number, index) => number === first + index);
  return isCounted && !textLines.some((line) => INTERFACE_LINE.test(line))
    ? lines.map((line) => line.replace(NUMBERED_LINE, ''))
    : undefined;
}

/** Returns a sentence for each run of lines that were emptied, with its first line. */
function describeEmptiedLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const runs: { readonly first: number; last: number }[] = [];
  before.forEach((line, index) => {
    if (isBlank(line) || after[index] === line) return;
    const run = runs.at(-1);
    if (run && before.slice(run.last + 1, index).every(isBlank)) run.last = index;
    else runs.push({ first: index, last: index });
  });
  return runs.map(({ first, last }) =>
    first === last
      ? `line ${first + 1}: ${before[first]!}`
      : `lines ${first + 1} to ${last + 1}, which begin: ${before[first]!}`,
  );
}
