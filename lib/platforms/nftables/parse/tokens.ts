// Splits nftables text into tokens (words, quoted strings, symbols, ends of statements), each with line and offsets in
// the source.

import { spendSteps } from '../../../net/step-budget';
import { refuse } from './parse-problems';
import { RESERVED_WORDS } from './reserved-words';

export type TokenKind = 'word' | 'string' | 'symbol' | 'end';

/** The tokens of a text, in parallel lists: a ruleset has millions of them. `end` is a line break or `;`. */
export class NftTokens {
  readonly texts: string[] = [];
  private numbers = new Int32Array(4 * 1024);
  /**
   * Lines that end with a comment. Old nft prints the matches of iptables extensions as one, with the rest of the rule
   * in it: `tcp dport 22 # recent: CHECK name: x counter drop`.
   */
  readonly commentedLines: Set<number>;

  constructor(remarked = new Set<number>()) {
    this.commentedLines = remarked;
  }

  get last(): string | undefined {
    return this.texts.at(-1);
  }

  get length(): number {
    return this.texts.length;
  }

  push(kind: TokenKind, text: string, line: number, start: number, end: number): void {
    const offset = 4 * this.texts.length;
    if (offset === this.numbers.length) {
      const larger = new Int32Array(2 * offset);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.texts.push(text);
    this.numbers[offset] = TOKEN_KINDS.indexOf(kind);
    this.numbers[offset + 1] = line;
    this.numbers[offset + 2] = start;
    this.numbers[offset + 3] = end;
  }

  /** Returns undefined behind the last token. */
  getKind(index: number): TokenKind | undefined {
    return index < this.texts.length ? TOKEN_KINDS[this.numbers[4 * index]!] : undefined;
  }

  getLine(index: number): number {
    return this.numbers[4 * index + 1]!;
  }

  /** Returns the token's first offset in the source. */
  getStart(index: number): number {
    return this.numbers[4 * index + 2]!;
  }

  getEnd(index: number): number {
    return this.numbers[4 * index + 3]!;
  }
}

const TOKEN_KINDS: readonly TokenKind[] = ['word', 'string', 'symbol', 'end'];

/** Steps for one token: to cut it out, parse, check and lower it. */
const STEPS_PER_TOKEN = 2;

const NEWLINE = 10;
const SYMBOLS = new Set('{}(),;=!<>&|^$@[]~+%'.split(''));
const SYMBOL_PAIRS = new Set(['==', '!=', '<=', '>=', '<<', '>>']);

const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 13;
/** Letters, digits and `_ . : * - / \`: the characters of names, addresses, ranges and prefixes. */
const isWordCharacter = (code: number): boolean =>
  (code >= 48 && code <= 58) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  (code >= 45 && code <= 47) ||
  code === 95 ||
  code === 42 ||
  code === 92;

/** Returns the tokens of a text. `isListing`: whether it has the form that `nft list ruleset` prints. */
export function tokenize(source: string, isListing = false): NftTokens {
  const tokens = new NftTokens();
  const interned = new Map<string, string>();
  let line = 1;
  const push = (kind: TokenKind, text: string, start: number, end: number): void => {
    spendSteps(STEPS_PER_TOKEN);
    tokens.push(kind, text, line, start, end);
  };
  const intern = (text: string): string => {
    const existing = interned.get(text);
    if (existing !== undefined) return existing;
    interned.set(text, text);
    return text;
  };
  let offset = 0;
  while (offset < source.length) {
    const code = source.charCodeAt(offset);
    if (code === NEWLINE) {
      push('end', '\n', offset, offset + 1);
      line += 1;
      offset += 1;
    } else if (isSpace(code)) offset += 1;
    else if (
      isListing &&
      CHAIN_KEYWORDS.has(tokens.last ?? '') &&
      tokens.getKind(tokens.length - 1) === 'word' &&
      countNameLength(source, offset) > 0
    ) {
      const end = offset + countNameLength(source, offset);
      push('word', intern(source.slice(offset, end)), offset, end);
      offset = end;
    } else if (code === 35) {
      if (!source.startsWith('# handle ', offset)) tokens.commentedLines.add(line);
      while (offset < source.length && source.charCodeAt(offset) !== NEWLINE) offset += 1;
    } else if (code === 92 && isLineContinuation(source, offset)) {
      offset = source.indexOf('\n', offset) + 1;
      line += 1;
    } else if (code === 34) {
      const close = tokens.last === 'prefix' ? findPrefixEnd(source, offset) : source.indexOf('"', offset + 1);
      if (close < 0 || source.slice(offset, close).includes('\n'))
        refuse('open-quote', line, 'a quoted text is not closed on its line.', 'the text whole.');
      push('string', intern(source.slice(offset + 1, close)), offset, close + 1);
      offset = close + 1;
    } else if (isWordCharacter(code)) {
      const start = offset;
      while (
        offset < source.length &&
        isWordCharacter(source.charCodeAt(offset)) &&
        !(source.charCodeAt(offset) === 92 && isLineContinuation(source, offset))
      )
        offset += 1;
      splitWord(source.slice(start, offset), (text, partOffset) =>
        push(text === ':' ? 'symbol' : 'word', intern(text), start + partOffset, start + partOffset + text.length),
      );
    } else {
      const character = source[offset]!;
      if (!SYMBOLS.has(character))
        refuse('foreign-character', line, `U+${code.toString(16)} has no meaning here.`, 'plain nftables text.');
      const pair = source.slice(offset, offset + 2);
      const text = SYMBOL_PAIRS.has(pair) ? pair : character;
      push(text === ';' ? 'end' : 'symbol', text, offset, offset + text.length);
      offset += text.length;
    }
  }
  push('end', '\n', source.length, source.length);
  return tokens;
}

const CHAIN_KEYWORDS = new Set(['chain', 'jump', 'goto']);
const CHAIN_NAME = /[^\s"{]\S*?(?=,?\s|[;}]\s|$)/y;

/**
 * Returns the length of a chain's name. iptables allows any characters but blanks in it, and nft prints them as they
 * are: `jump a;b`.
 */
function countNameLength(source: string, offset: number): number {
  CHAIN_NAME.lastIndex = offset;
  return CHAIN_NAME.exec(source)?.[0].length ?? 0;
}

/**
 * Returns the end of a log prefix. nft lists quotes in it as they are (`log prefix ""x" "`) if iptables set them.
 * Behind the last quote of the prefix, the line has no further quotes or pairs of them. If a blank or a word of nft
 * follows the first closing quote, the prefix ends there.
 */
function findPrefixEnd(source: string, openQuote: number): number {
  const secondQuote = source.indexOf('"', openQuote + 1);
  const end = source.indexOf('\n', openQuote);
  const line = source.slice(openQuote, end < 0 ? source.length : end);
  const following = source.slice(secondQuote + 1, secondQuote + 40);
  const [word = ''] = /^[^\s"]*/.exec(following)!;
  const closesPrefix = (index: number): boolean =>
    /^["][\s;}]?$/.test(line.slice(index, index + 2)) && line.slice(index + 1).split('"').length % 2 === 1;
  if (secondQuote < 0 || /^(?:[\s;}#]|$)/.test(following) || RESERVED_WORDS.has(word)) return secondQuote;
  for (let index = line.indexOf('"', secondQuote - openQuote + 1); index >= 0; index = line.indexOf('"', index + 1))
    if (closesPrefix(index)) return openQuote + index;
  return secondQuote;
}

/** Returns whether only blanks stand between a backslash and the line break. */
function isLineContinuation(source: string, offset: number): boolean {
  let next = offset + 1;
  while (isSpace(source.charCodeAt(next))) next += 1;
  return source.charCodeAt(next) === NEWLINE;
}

/**
 * Splits a word at its colons. `22:accept` and `10.0.0.1:80` are three tokens; `fe80::1`, `00:11:22:33:44:55` and
 * `12:30` are one.
 */
function splitWord(word: string, push: (text: string, partStart: number) => void): void {
  const colon = word.indexOf(':');
  if (colon < 0 || (word.length > 1 && isAddressWithColons(word))) return push(word, 0);
  let partStart = 0;
  for (let colonIndex = colon; colonIndex >= 0; colonIndex = word.indexOf(':', partStart)) {
    if (colonIndex > partStart) push(word.slice(partStart, colonIndex), partStart);
    push(':', colonIndex);
    partStart = colonIndex + 1;
  }
  if (partStart < word.length) push(word.slice(partStart), partStart);
}

/**
 * Returns whether a word has enough colons and only the characters of an IPv6 address, prefix or range, a hardware
 * address, or a time of day.
 */
function isAddressWithColons(word: string): boolean {
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
