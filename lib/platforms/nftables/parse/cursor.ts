// The cursor of the nftables parser: moves through the tokens of a ruleset, takes or requires words, names, numbers and
// blocks, and refuses unexpected text.

import { parseInteger } from '../../../parse/netfilter/parse-integers';
import { quoteForDisplay } from '../../../problems/line-problems';
import { refuse, refuseUnexpected } from './parse-problems';
import { NftTokens } from './tokens';
import { RESERVED_WORDS } from './reserved-words';
import { NftTest } from './syntax-tree';

/**
 * Shares equal tests. Thousands of rules may compare one field with one value: they get one object, which is checked
 * and lowered once. Each rule knows its own line.
 */
class TestInternTable {
  private readonly byFieldAndValue = new Map<string, Map<string, NftTest>>();

  getOrAdd(test: NftTest): NftTest {
    const { fields, comparison, right, mask } = test;
    if (fields.length !== 1 || mask !== undefined || 'set' in right || right.braces || right.elements.length !== 1)
      return test;
    const [value, ...otherValues] = right.elements[0]!.key;
    if (otherValues.length > 0) return test;
    const name = comparison === '' ? fields[0]! : `${fields[0]!} ${comparison}`;
    let byValue = this.byFieldAndValue.get(name);
    if (!byValue) this.byFieldAndValue.set(name, (byValue = new Map<string, NftTest>()));
    const existing = byValue.get(value!);
    if (!existing) byValue.set(value!, test);
    return existing ?? test;
  }
}

const MAX_NAME_LENGTH = 255;
const MAX_COMMENT_BYTES = 128;

function countBytes(text: string): number {
  let bytes = 0;
  for (const character of text)
    bytes += character < '\u0080' ? 1 : character < '\u0800' ? 2 : character < '\u{10000}' ? 3 : 4;
  return bytes;
}

/** A position in the tokens that moves forward. */
export class NftCursor {
  position = 0;
  readonly tests = new TestInternTable();

  constructor(
    private readonly tokens: NftTokens,
    private readonly source: string,
    /** True if a kernel runs the text: then nothing in it is a reason to refuse the whole. See parse-ruleset.ts. */
    readonly isListing = false,
  ) {}

  get text(): string {
    return this.tokens.texts[this.position] ?? '';
  }
  get line(): number {
    return this.tokens.getLine(Math.min(this.position, this.tokens.length - 1));
  }
  get isOver(): boolean {
    return this.position >= this.tokens.length;
  }
  /** True at a line break, `;`, or the end of the text. */
  get isAtEnd(): boolean {
    return this.isOver || this.tokens.getKind(this.position) === 'end';
  }
  /** True at the end of a text that has no line break there. */
  get isUnterminated(): boolean {
    return this.position >= this.tokens.length - 1;
  }
  get isName(): boolean {
    const kind = this.tokens.getKind(this.position);
    return kind === 'word' || kind === 'string';
  }
  get isString(): boolean {
    return this.tokens.getKind(this.position) === 'string';
  }
  /** True if a comment ends the line of the token before. */
  get hasComment(): boolean {
    return this.position > 0 && this.tokens.commentedLines.has(this.tokens.getLine(this.position - 1));
  }
  /** True if the next token comes from a definition. */
  get isFromDefine(): boolean {
    return !this.isOver && this.source[this.tokens.getStart(this.position)] === '$';
  }
  textAt(distance: number): string {
    return this.tokens.texts[this.position + distance] ?? '';
  }
  /** Returns whether the next token is that word or symbol, unquoted. */
  is(text: string): boolean {
    return this.tokens.texts[this.position] === text && this.tokens.getKind(this.position) !== 'string';
  }
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.position += 1;
    return true;
  }
  expect(text: string): void {
    if (!this.take(text)) refuseUnexpected(this.line, this.isAtEnd ? '' : this.text, `"${text}"`);
  }
  takeName(expected: string): string {
    if (!this.isName) refuseUnexpected(this.line, this.isAtEnd ? '' : this.text, expected);
    return this.next();
  }
  /** Takes a name that the text gives to an object. */
  takeNewName(expected: string): string {
    const { line, text } = this;
    if (!/^[a-z_][\w./-]*$/i.test(text) || this.isString || RESERVED_WORDS.has(text) || text.length > MAX_NAME_LENGTH)
      if (this.isName)
        refuse(
          'bad-name',
          line,
          `${quoteForDisplay(text)} can't be ${expected}: nft takes no such name.`,
          'letters, digits and "_".',
        );
    return this.takeName(expected);
  }
  skipComment(): void {
    const { line, text } = this;
    if (!this.isString && (RESERVED_WORDS.has(text) || /^[-\d]/.test(text))) refuseUnexpected(line, text, 'a comment');
    if (countBytes(this.takeName('a comment')) > MAX_COMMENT_BYTES)
      refuse('long-comment', line, `a comment has more than ${MAX_COMMENT_BYTES} bytes.`, 'a shorter one.');
  }
  takeNumber(expected: string): number {
    const text = this.takeName(expected);
    return parseInteger(text) ?? refuseUnexpected(this.line, text, expected);
  }
  /** Skips a time such as `1h` or `1d2h3m4s5ms`. */
  skipTime(): void {
    const { line, text } = this;
    if (!/^(\d+(d|h|m|s|ms))+$/.test(text)) refuseUnexpected(line, this.isAtEnd ? '' : text, 'a time');
    this.position += 1;
  }
  /** Skips a number of any length. */
  skipDigits(): void {
    const { line, text } = this;
    if (!/^\d+$/.test(text)) refuseUnexpected(line, this.isAtEnd ? '' : text, 'a number');
    this.position += 1;
  }
  next(): string {
    const text = this.text;
    this.position += 1;
    return text;
  }
  skipEnds(): void {
    while (!this.isOver && this.tokens.getKind(this.position) === 'end') this.position += 1;
  }
  /** Skips line breaks only: inside braces they mean nothing, and `;` does. */
  skipBreaks(): void {
    while (!this.isOver && this.tokens.getKind(this.position) === 'end' && this.text === '\n') this.position += 1;
  }
  /** Requires the end of a statement: a line break, `;` or a closing brace. */
  expectEnd(): void {
    if (!this.isAtEnd && !this.is('}')) refuseUnexpected(this.line, this.text, 'the end of the line');
  }
  /** Parses each statement between braces. The cursor stands on the opening one. */
  parseBlock(parseStatement: () => void): void {
    const { line } = this;
    this.expect('{');
    for (this.skipEnds(); !this.is('}'); this.skipEnds()) {
      if (this.isOver) refuse('cut-off', line, 'a block that begins here is not closed.', 'the text whole.');
      parseStatement();
      this.expectEnd();
    }
    this.next();
  }
  /** Returns the source text from a token up to here, in one line. */
  getTextSince(start: number): string {
    const startOffset = this.tokens.getStart(start);
    const endOffset = this.position > start ? this.tokens.getEnd(this.position - 1) : startOffset;
    const text = this.source.slice(startOffset, endOffset);
    return text.includes('\n') ? text.replace(/\s+/g, ' ') : text;
  }
  /** Skips everything up to the end of the statement, including its blocks. */
  skipStatement(): void {
    let depth = 0;
    const line = this.line;
    while (!this.isOver) {
      if (depth === 0 && (this.isAtEnd || this.is('}'))) return;
      if (this.is('{')) depth += 1;
      if (this.is('}')) depth -= 1;
      this.position += 1;
    }
    if (depth > 0) refuse('cut-off', line, 'a block that begins here is not closed.', 'the text whole.');
  }
}
