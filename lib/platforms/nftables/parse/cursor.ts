import { integer } from '../../../parse/netfilter/integers';
import { shown } from '../../../problems/in-text';
import { refuse, unexpected } from './problems';
import { SharedTests } from './shared-tests';
import { Tokens } from './tokens';
import { RESERVED } from './reserved';

const LONGEST_NAME = 255;
const LONGEST_COMMENT = 128;

function bytesOf(text: string): number {
  let bytes = 0;
  for (const one of text) bytes += one < '\u0080' ? 1 : one < '\u0800' ? 2 : one < '\u{10000}' ? 3 : 4;
  return bytes;
}

/** A place in the text that moves on. */
export class Cursor {
  at = 0;
  readonly tests = new SharedTests();

  constructor(
    private readonly tokens: Tokens,
    private readonly source: string,
    /** A kernel runs the text: nothing in it is a reason to refuse the whole. See listing.ts. */
    readonly isListing = false,
  ) {}

  get text(): string {
    return this.tokens.texts[this.at] ?? '';
  }
  get line(): number {
    return this.tokens.line(Math.min(this.at, this.tokens.length - 1));
  }
  get isOver(): boolean {
    return this.at >= this.tokens.length;
  }
  /** At a line break, `;`, or the end of the text. */
  get atEnd(): boolean {
    return this.isOver || this.tokens.kind(this.at) === 'end';
  }
  /** At the end of a text that has no line break there. */
  get isUnended(): boolean {
    return this.at >= this.tokens.length - 1;
  }
  get isName(): boolean {
    const kind = this.tokens.kind(this.at);
    return kind === 'word' || kind === 'string';
  }
  get isString(): boolean {
    return this.tokens.kind(this.at) === 'string';
  }
  /** Whether a remark ends the line of the piece before. */
  get isRemarked(): boolean {
    return this.at > 0 && this.tokens.remarked.has(this.tokens.line(this.at - 1));
  }
  /** Whether the next piece stands where a definition was used. */
  get isDefined(): boolean {
    return !this.isOver && this.source[this.tokens.start(this.at)] === '$';
  }
  textAt(distance: number): string {
    return this.tokens.texts[this.at + distance] ?? '';
  }
  /** Whether the next piece is that word or symbol, unquoted. */
  is(text: string): boolean {
    return this.tokens.texts[this.at] === text && this.tokens.kind(this.at) !== 'string';
  }
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }
  expect(text: string): void {
    if (!this.take(text)) unexpected(this.line, this.atEnd ? '' : this.text, `"${text}"`);
  }
  name(wanted: string): string {
    if (!this.isName) unexpected(this.line, this.atEnd ? '' : this.text, wanted);
    return this.next();
  }
  /** A name that something gets here. */
  newName(wanted: string): string {
    const { line, text } = this;
    if (!/^[a-z_][\w./-]*$/i.test(text) || this.isString || RESERVED.has(text) || text.length > LONGEST_NAME)
      if (this.isName)
        refuse(
          'bad-name',
          line,
          `${shown(text)} can't be ${wanted}: nft takes no such name.`,
          'letters, digits and "_".',
        );
    return this.name(wanted);
  }
  comment(): void {
    const { line, text } = this;
    if (!this.isString && (RESERVED.has(text) || /^[-\d]/.test(text))) unexpected(line, text, 'a comment');
    if (bytesOf(this.name('a comment')) > LONGEST_COMMENT)
      refuse('long-comment', line, `a comment has more than ${LONGEST_COMMENT} bytes.`, 'a shorter one.');
  }
  number(wanted: string): number {
    const text = this.name(wanted);
    return integer(text) ?? unexpected(this.line, text, wanted);
  }
  /** Past `1h`, `1d2h3m4s5ms`. */
  time(): void {
    const { line, text } = this;
    if (!/^(\d+(d|h|m|s|ms))+$/.test(text)) unexpected(line, this.atEnd ? '' : text, 'a time');
    this.at += 1;
  }
  /** Past a number of any length. */
  digits(): void {
    const { line, text } = this;
    if (!/^\d+$/.test(text)) unexpected(line, this.atEnd ? '' : text, 'a number');
    this.at += 1;
  }
  next(): string {
    const text = this.text;
    this.at += 1;
    return text;
  }
  skipEnds(): void {
    while (!this.isOver && this.tokens.kind(this.at) === 'end') this.at += 1;
  }
  /** Only line breaks: inside braces they mean nothing, and `;` does. */
  skipBreaks(): void {
    while (!this.isOver && this.tokens.kind(this.at) === 'end' && this.text === '\n') this.at += 1;
  }
  /** A statement ends here: a line break, `;` or a closing brace. */
  finish(): void {
    if (!this.atEnd && !this.is('}')) unexpected(this.line, this.text, 'the end of the line');
  }
  /** Each statement between braces; the cursor stands on the opening one. */
  eachIn(one: () => void): void {
    const { line } = this;
    this.expect('{');
    for (this.skipEnds(); !this.is('}'); this.skipEnds()) {
      if (this.isOver) refuse('cut-off', line, 'a block that begins here is not closed.', 'the text whole.');
      one();
      this.finish();
    }
    this.next();
  }
  /** What the source says from one piece up to here, in one line. */
  since(start: number): string {
    const from = this.tokens.start(start);
    const to = this.at > start ? this.tokens.end(this.at - 1) : from;
    const text = this.source.slice(from, to);
    return text.includes('\n') ? text.replace(/\s+/g, ' ') : text;
  }
  /** Past everything up to the end of the statement, with the blocks in it. */
  skipStatement(): void {
    let depth = 0;
    const line = this.line;
    while (!this.isOver) {
      if (depth === 0 && (this.atEnd || this.is('}'))) return;
      if (this.is('{')) depth += 1;
      if (this.is('}')) depth -= 1;
      this.at += 1;
    }
    if (depth > 0) refuse('cut-off', line, 'a block that begins here is not closed.', 'the text whole.');
  }
}
