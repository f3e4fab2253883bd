// Splits the text of pf, or of several pfctl outputs with headings, into sections and statements.

import { PfLine } from '../model';
import { refuseCutOff, refuse } from './pf-problems';
import { PfTokenizer } from './tokenizer';

/** The words of one statement, with the line that it begins on. */
export interface PfStatement {
  readonly words: readonly string[];
  readonly line: PfLine;
}

/** The lines under one heading, or all lines if there is no heading. */
export interface PfSection {
  readonly kind: 'text' | 'nat' | 'rules' | 'interfaces' | { readonly table: string };
  /** Number of its first line. */
  readonly from: number;
  readonly lines: readonly string[];
}

/** A title over a listing: `# pfctl -sr`, or the command behind a shell's prompt. */
const HEADING = /^(?:#|[$%>]|\[?[^\s{}"]*@[^{}"]*?[#$%>:])[ \t]*(?:(?:sudo|doas)[ \t]+)?(?:\/sbin\/)?pfctl[ \t]+(.*)$/;
/** `[2.7.2-RELEASE][root@fw.example]/root: `, and what was typed there. */
const PFSENSE_PROMPT = /^\[[^\]{}"]+\]\[[^\]{}"]+@[^\]{}"]+\][^{}":]*:( |$)/;

/** Returns whether a line is one of the terminal: a command of pfctl behind its prompt, or pfSense's prompt. */
export const isTerminalLine = (line: string): boolean => PFSENSE_PROMPT.test(line) || findCommand(line) !== undefined;

/** Returns the words behind `pfctl` of a title or a typed command. */
const findCommand = (line: string): string | undefined =>
  line.length <= MAX_COMMAND_LENGTH && line.includes('pfctl') ? HEADING.exec(line.trimEnd())?.[1] : undefined;
const MAX_COMMAND_LENGTH = 500;

const NAT_HEADING = /(^|\s)-\w*s\s?(n|nat)(\s|$)/;
const RULES_HEADING = /(^|\s)-\w*s\s?(r|rules)(\s|$)/;
const INTERFACES_HEADING = /(^|\s)-\w*s\s?(I|Interfaces)(\s|$)/;
const TABLE_HEADING = /(^|\s)-t\s?([\w.:-]+)\s+.*-\w*T\s?s(how)?(\s|$)/;
/** Headings of `pfctl -sa`, which prints much besides the rules. */
const COMBINED_HEADING =
  /^(TRANSLATION RULES|FILTER RULES|STATES|INFO|LABEL COUNTERS|TIMEOUTS|LIMITS|TABLES|OS FINGERPRINTS):$/;

/** Splits the text by its headings. The last line has to end with a line break; otherwise the text is cut off. */
export function splitSections(text: string, firstLine = 1): readonly PfSection[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') refuseCutOff(firstLine + lines.length);
  const sections: { kind: PfSection['kind']; from: number; lines: string[] }[] = [
    { kind: 'text', from: firstLine, lines: [] },
  ];
  lines.forEach((line, at) => {
    const heading = findCommand(line);
    const kind = heading === undefined ? undefined : parseHeading(heading);
    if (kind) sections.push({ kind, from: firstLine + at + 1, lines: [] });
    else sections.at(-1)!.lines.push(PFSENSE_PROMPT.test(line) ? '' : line);
    if (line.endsWith(':') && COMBINED_HEADING.test(line))
      refuse(
        'many-answers',
        firstLine + at,
        `${line} is one of many parts of \`pfctl -sa\`.`,
        '`pfctl -sn` and `pfctl -sr`.',
      );
  });
  return sections.filter(
    ({ kind, lines: sectionLines }) => kind !== 'text' || sectionLines.some((line) => line.trim() !== ''),
  );
}

/** Returns the first line that ends with a carriage return and has no comment. */
export function findCarriageReturn({ lines, from }: PfSection): PfLine | undefined {
  const at = lines.findIndex((line) => line.endsWith('\r') && !line.includes('#'));
  return at < 0 ? undefined : { number: from + at, text: lines[at]!.trim() };
}

function parseHeading(words: string): PfSection['kind'] | undefined {
  const table = TABLE_HEADING.exec(words)?.[2];
  return table !== undefined
    ? { table }
    : NAT_HEADING.test(words)
      ? 'nat'
      : RULES_HEADING.test(words)
        ? 'rules'
        : INTERFACES_HEADING.test(words)
          ? 'interfaces'
          : undefined;
}

/** Counters below a rule, as `-v` prints them. */
const COUNTERS = /^\s*\[ (Evaluations|Inserted|Last Active Time|queue)/;
/** The number before a rule, as `-vv` prints it. */
const RULE_NUMBER = /^@\d+(\(\d+\))? (?=\S)/;
const ANCHOR_WORD = /^((nat|rdr|binat)-)?anchor$/;
/**
 * A macro whose quoted value goes on in the next line, which counts as the same line. Source: FreeBSD,
 * sbin/pfctl/parse.y, yylex.
 */
const OPEN_MACRO = /^\s*[A-Za-z_]\w*\s*=\s*(?:"[^"'\\]*|'[^"'\\]*)$/;

/** Yields the statements of a section. Lists in braces and lines that end with a backslash go on over lines. */
export function* splitStatements({ lines, from }: PfSection, tokens: PfTokenizer): Generator<PfStatement> {
  let openStatement: { words: string[]; number: number; text: string; depth: number } | undefined;
  for (let at = 0; at < lines.length; at++) {
    const number = openStatement?.number ?? from + at;
    let text = lines[at]!;
    if (COUNTERS.test(text)) continue;
    while (text.endsWith('\\') || text.endsWith('\\\r')) {
      if (at + 1 >= lines.length) refuseCutOff(number);
      text = `${text.replace(/\\\r?$/, '')} ${lines[++at]!}`;
    }
    if (!openStatement && OPEN_MACRO.test(text)) {
      const quote = text.includes('"') ? '"' : "'";
      let end = at + 1;
      while (end < lines.length && !lines[end]!.includes(quote)) end++;
      const continuation = lines.slice(at + 1, end + 1).join('');
      // A quote behind a backslash doesn't end the value. The line is left as it is, and refused later.
      if (end < lines.length && !continuation.includes('\\')) {
        text += continuation;
        at = end;
      }
    }
    text = text.replace(RULE_NUMBER, '');
    const line = { number, text: text.trim() };
    const words = tokens.tokenize(text, line);
    if (words.length === 0) continue;
    if (openStatement) {
      for (const word of words) openStatement.words.push(word);
      if (openStatement.text.length < 500) openStatement.text += ` ${line.text}`;
      openStatement.depth += computeBraceDepth(words);
      if (openStatement.depth <= 0) {
        yield { words: openStatement.words, line: { number, text: openStatement.text } };
        openStatement = undefined;
      }
      continue;
    }
    const depth = ANCHOR_WORD.test(words[0]!) || words[0] === '}' ? 0 : computeBraceDepth(words);
    if (depth > 0) openStatement = { words: [...words], number, text: line.text, depth };
    else yield { words, line };
  }
  if (openStatement) refuseCutOff(openStatement.number);
}

function computeBraceDepth(words: readonly string[]): number {
  let depth = 0;
  for (const word of words) {
    if (word === '{') depth++;
    else if (word === '}') depth--;
  }
  return depth;
}
