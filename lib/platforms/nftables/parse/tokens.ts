import { spend } from '../../../net/work';
import { refuse } from './problems';
import { RESERVED } from './reserved';

export type TokenKind = 'word' | 'string' | 'symbol' | 'end';

/** The text in pieces, in parallel lists: a ruleset has millions of them. `end` is a line break or `;`. */
export class Tokens {
  readonly texts: string[] = [];
  private numbers = new Int32Array(4 * 1024);
  /**
   * Lines that end with a remark. Old nft prints what iptables extensions match as one, with the rest of the rule in
   * it: `tcp dport 22 # recent: CHECK name: x counter drop`.
   */
  readonly remarked: Set<number>;

  constructor(remarked = new Set<number>()) {
    this.remarked = remarked;
  }

  get last(): string | undefined {
    return this.texts.at(-1);
  }

  get length(): number {
    return this.texts.length;
  }

  push(kind: TokenKind, text: string, line: number, start: number, end: number): void {
    const at = 4 * this.texts.length;
    if (at === this.numbers.length) {
      const more = new Int32Array(2 * at);
      more.set(this.numbers);
      this.numbers = more;
    }
    this.texts.push(text);
    this.numbers[at] = KINDS.indexOf(kind);
    this.numbers[at + 1] = line;
    this.numbers[at + 2] = start;
    this.numbers[at + 3] = end;
  }

  /** Undefined behind the last. */
  kind(at: number): TokenKind | undefined {
    return at < this.texts.length ? KINDS[this.numbers[4 * at]!] : undefined;
  }

  line(at: number): number {
    return this.numbers[4 * at + 1]!;
  }

  /** Where it begins in the source. */
  start(at: number): number {
    return this.numbers[4 * at + 2]!;
  }

  end(at: number): number {
    return this.numbers[4 * at + 3]!;
  }
}

const KINDS: readonly TokenKind[] = ['word', 'string', 'symbol', 'end'];

/** Steps of work that a piece takes: to be cut out, parsed, checked and understood. */
const PER_PIECE = 2;

const NEWLINE = 10;
const SYMBOLS = new Set('{}(),;=!<>&|^$@[]~+%'.split(''));
const PAIRS = new Set(['==', '!=', '<=', '>=', '<<', '>>']);

const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 13;
/** Letters, digits and `_ . : * - / \`: what names, addresses, ranges and prefixes are made of. */
const isWord = (code: number): boolean =>
  (code >= 48 && code <= 58) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  (code >= 45 && code <= 47) ||
  code === 95 ||
  code === 42 ||
  code === 92;

/** `isListing`: see listing.ts. */
export function tokenize(source: string, isListing = false): Tokens {
  const tokens = new Tokens();
  const interned = new Map<string, string>();
  let line = 1;
  const push = (kind: TokenKind, text: string, start: number, end: number): void => {
    spend(PER_PIECE);
    tokens.push(kind, text, line, start, end);
  };
  const intern = (text: string): string => {
    const known = interned.get(text);
    if (known !== undefined) return known;
    interned.set(text, text);
    return text;
  };
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === NEWLINE) {
      push('end', '\n', at, at + 1);
      line += 1;
      at += 1;
    } else if (isSpace(code)) at += 1;
    else if (
      isListing &&
      NAMES_CHAIN.has(tokens.last ?? '') &&
      tokens.kind(tokens.length - 1) === 'word' &&
      nameLength(source, at) > 0
    ) {
      const end = at + nameLength(source, at);
      push('word', intern(source.slice(at, end)), at, end);
      at = end;
    } else if (code === 35) {
      if (!source.startsWith('# handle ', at)) tokens.remarked.add(line);
      while (at < source.length && source.charCodeAt(at) !== NEWLINE) at += 1;
    } else if (code === 92 && continues(source, at)) {
      at = source.indexOf('\n', at) + 1;
      line += 1;
    } else if (code === 34) {
      const close = tokens.last === 'prefix' ? closingPrefix(source, at) : source.indexOf('"', at + 1);
      if (close < 0 || source.slice(at, close).includes('\n'))
        refuse('open-quote', line, 'a quoted text is not closed on its line.', 'the text whole.');
      push('string', intern(source.slice(at + 1, close)), at, close + 1);
      at = close + 1;
    } else if (isWord(code)) {
      const start = at;
      while (
        at < source.length &&
        isWord(source.charCodeAt(at)) &&
        !(source.charCodeAt(at) === 92 && continues(source, at))
      )
        at += 1;
      splitWord(source.slice(start, at), (text, from) =>
        push(text === ':' ? 'symbol' : 'word', intern(text), start + from, start + from + text.length),
      );
    } else {
      const one = source[at]!;
      if (!SYMBOLS.has(one))
        refuse('foreign-character', line, `U+${code.toString(16)} has no meaning here.`, 'plain nftables text.');
      const two = source.slice(at, at + 2);
      const text = PAIRS.has(two) ? two : one;
      push(text === ';' ? 'end' : 'symbol', text, at, at + text.length);
      at += text.length;
    }
  }
  push('end', '\n', source.length, source.length);
  return tokens;
}

const NAMES_CHAIN = new Set(['chain', 'jump', 'goto']);
const CHAIN_NAME = /[^\s"{]\S*?(?=,?\s|[;}]\s|$)/y;

/** iptables gives chains names of any characters but blanks, and nft prints them as they are: `jump a;b`. */
function nameLength(source: string, at: number): number {
  CHAIN_NAME.lastIndex = at;
  return CHAIN_NAME.exec(source)?.[0].length ?? 0;
}

/**
 * Where the prefix of a log ends: nft lists quotes in it as they are (`log prefix ""x" "`), where iptables set it. Behind the last of them the line has
 * none, or pairs; where a blank or a word of nft follows on the first, that is where it ends.
 */
function closingPrefix(source: string, open: number): number {
  const first = source.indexOf('"', open + 1);
  const end = source.indexOf('\n', open);
  const line = source.slice(open, end < 0 ? source.length : end);
  const behind = source.slice(first + 1, first + 40);
  const [word = ''] = /^[^\s"]*/.exec(behind)!;
  const isWhole = (at: number): boolean =>
    /^["][\s;}]?$/.test(line.slice(at, at + 2)) && line.slice(at + 1).split('"').length % 2 === 1;
  if (first < 0 || /^(?:[\s;}#]|$)/.test(behind) || RESERVED.has(word)) return first;
  for (let at = line.indexOf('"', first - open + 1); at >= 0; at = line.indexOf('"', at + 1))
    if (isWhole(at)) return open + at;
  return first;
}

/** A backslash with nothing but blanks before the line break. */
function continues(source: string, at: number): boolean {
  let next = at + 1;
  while (isSpace(source.charCodeAt(next))) next += 1;
  return source.charCodeAt(next) === NEWLINE;
}

/** `22:accept` and `10.0.0.1:80` are three pieces, `fe80::1`, `00:11:22:33:44:55` and `12:30` are one. */
function splitWord(word: string, push: (text: string, from: number) => void): void {
  const colon = word.indexOf(':');
  if (colon < 0 || (word.length > 1 && isColoned(word))) return push(word, 0);
  let from = 0;
  for (let at = colon; at >= 0; at = word.indexOf(':', from)) {
    if (at > from) push(word.slice(from, at), from);
    push(':', at);
    from = at + 1;
  }
  if (from < word.length) push(word.slice(from), from);
}

/** Only what an IPv6 address, prefix or range, a hardware address, or a time of day is made of, with enough colons. */
function isColoned(word: string): boolean {
  let colons = 0;
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code === 58) colons += 1;
    else if (!(
      (code >= 48 && code <= 57) ||
      (code >= 97 && code <= 102) ||
      (code >= 65 && code <= 70) ||
      (code >= 45 && code <= 47)
    ))
      return false;
  }
  return colons > 1;
}
