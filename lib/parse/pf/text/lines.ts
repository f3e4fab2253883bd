import { PfLine } from '../model';
import { cutOff, refuse } from './problems';
import { Tokens } from './tokens';

/** One statement in words, with the line that it begins on. */
export interface Statement {
  readonly words: readonly string[];
  readonly line: PfLine;
}

/** The lines under one heading, or all where there is none. */
export interface Section {
  readonly of: 'text' | 'nat' | 'rules' | 'interfaces' | { readonly table: string };
  /** Number of its first line. */
  readonly from: number;
  readonly lines: readonly string[];
}

const HEADING = /^# pfctl\s+(.*)$/;
const NAT = /(^|\s)-\w*s\s?(n|nat)(\s|$)/;
const RULES = /(^|\s)-\w*s\s?(r|rules)(\s|$)/;
const INTERFACES = /(^|\s)-\w*s\s?(I|Interfaces)(\s|$)/;
const TABLE = /(^|\s)-t\s?([\w.:-]+)\s+.*-\w*T\s?s(how)?(\s|$)/;
/** `pfctl -sa` prints much else. */
const ALL = /^(TRANSLATION RULES|FILTER RULES|STATES|INFO|LABEL COUNTERS|TIMEOUTS|LIMITS|TABLES|OS FINGERPRINTS):$/;

/** The text by its headings. The last line ends with a line break, or the text is cut off. */
export function sectionsOf(text: string, first = 1): readonly Section[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') cutOff(first + lines.length);
  const sections: { of: Section['of']; from: number; lines: string[] }[] = [{ of: 'text', from: first, lines: [] }];
  lines.forEach((line, at) => {
    const heading = line.startsWith('# pfctl') ? HEADING.exec(line.trimEnd())?.[1] : undefined;
    const of = heading === undefined ? undefined : headed(heading);
    if (of) sections.push({ of, from: first + at + 1, lines: [] });
    else sections.at(-1)!.lines.push(line);
    if (line.endsWith(':') && ALL.test(line))
      refuse(
        'many-answers',
        first + at,
        `${line} is one of many parts of \`pfctl -sa\`.`,
        '`pfctl -sn` and `pfctl -sr`.',
      );
  });
  return sections.filter(({ of, lines: own }) => of !== 'text' || own.some((line) => line.trim() !== ''));
}

/** The first line that ends with a carriage return which isn't of a comment. */
export function carriageReturn({ lines, from }: Section): PfLine | undefined {
  const at = lines.findIndex((line) => line.endsWith('\r') && !line.includes('#'));
  return at < 0 ? undefined : { number: from + at, text: lines[at]!.trim() };
}

function headed(words: string): Section['of'] | undefined {
  const table = TABLE.exec(words)?.[2];
  return table !== undefined
    ? { table }
    : NAT.test(words)
      ? 'nat'
      : RULES.test(words)
        ? 'rules'
        : INTERFACES.test(words)
          ? 'interfaces'
          : undefined;
}

/** Counters below a rule, as `-v` prints them. */
const COUNTERS = /^\s*\[ (Evaluations|Inserted|Last Active Time|queue)/;
/** The number of a rule before it, as `-vv` prints it. */
const NUMBERED = /^@\d+(\(\d+\))? (?=\S)/;
const ANCHOR = /^((nat|rdr|binat)-)?anchor$/;
/** A macro whose value, in quotes, goes on in the next line, as if that were the same. Source: FreeBSD, sbin/pfctl/parse.y, yylex. */
const OPEN_MACRO = /^\s*[A-Za-z_]\w*\s*=\s*(?:"[^"'\\]*|'[^"'\\]*)$/;

/** The statements of a section. Lists in braces may go on over lines, and so may what ends with a backslash. */
export function* statementsOf({ lines, from }: Section, tokens: Tokens): Generator<Statement> {
  let open: { words: string[]; number: number; text: string; depth: number } | undefined;
  for (let at = 0; at < lines.length; at++) {
    const number = open?.number ?? from + at;
    let text = lines[at]!;
    if (COUNTERS.test(text)) continue;
    while (text.endsWith('\\') || text.endsWith('\\\r')) {
      if (at + 1 >= lines.length) cutOff(number);
      text = `${text.replace(/\\\r?$/, '')} ${lines[++at]!}`;
    }
    if (!open && OPEN_MACRO.test(text)) {
      const quote = text.includes('"') ? '"' : "'";
      let end = at + 1;
      while (end < lines.length && !lines[end]!.includes(quote)) end++;
      const more = lines.slice(at + 1, end + 1).join('');
      // A quote behind a backslash doesn't end it: left as it is, it is refused.
      if (end < lines.length && !more.includes('\\')) {
        text += more;
        at = end;
      }
    }
    text = text.replace(NUMBERED, '');
    const line = { number, text: text.trim() };
    const words = tokens.of(text, line);
    if (words.length === 0) continue;
    if (open) {
      for (const word of words) open.words.push(word);
      if (open.text.length < 500) open.text += ` ${line.text}`;
      open.depth += depthOf(words);
      if (open.depth <= 0) {
        yield { words: open.words, line: { number, text: open.text } };
        open = undefined;
      }
      continue;
    }
    const depth = ANCHOR.test(words[0]!) || words[0] === '}' ? 0 : depthOf(words);
    if (depth > 0) open = { words: [...words], number, text: line.text, depth };
    else yield { words, line };
  }
  if (open) cutOff(open.number);
}

function depthOf(words: readonly string[]): number {
  let depth = 0;
  for (const word of words) {
    if (word === '{') depth++;
    else if (word === '}') depth--;
  }
  return depth;
}
