import { refuse, unexpected } from './problems';
import { Tokens } from './tokens';

/** A place in the text that moves on. */
export class Cursor {
  at = 0;
  constructor(
    private readonly tokens: Tokens,
    private readonly source: string,
  ) {}

  get text(): string {
    return this.tokens.texts[this.at] ?? '';
  }
  get line(): number {
    return this.tokens.lines[Math.min(this.at, this.tokens.lines.length - 1)] ?? 1;
  }
  get isOver(): boolean {
    return this.at >= this.tokens.texts.length;
  }
  /** At a line break, `;`, or the end of the text. */
  get atEnd(): boolean {
    return this.isOver || this.tokens.kinds[this.at] === 'end';
  }
  /** At the end of a text that has no line break there. */
  get isUnended(): boolean {
    return this.at >= this.tokens.texts.length - 1;
  }
  get isName(): boolean {
    const kind = this.tokens.kinds[this.at];
    return kind === 'word' || kind === 'string';
  }
  get isString(): boolean {
    return this.tokens.kinds[this.at] === 'string';
  }
  /** Whether a remark ends the line of the piece before. */
  get isRemarked(): boolean {
    return this.tokens.remarked.has(this.tokens.lines[this.at - 1] ?? 0);
  }
  textAt(distance: number): string {
    return this.tokens.texts[this.at + distance] ?? '';
  }
  /** Whether the next piece is that word or symbol, unquoted. */
  is(text: string): boolean {
    return this.tokens.texts[this.at] === text && this.tokens.kinds[this.at] !== 'string';
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
  number(wanted: string): number {
    const text = this.name(wanted);
    if (!/^-?\d{1,9}$/.test(text)) unexpected(this.line, text, wanted);
    return Number(text);
  }
  next(): string {
    const text = this.text;
    this.at += 1;
    return text;
  }
  skipEnds(): void {
    while (!this.isOver && this.tokens.kinds[this.at] === 'end') this.at += 1;
  }
  /** Only line breaks: inside braces they mean nothing, and `;` does. */
  skipBreaks(): void {
    while (!this.isOver && this.tokens.kinds[this.at] === 'end' && this.text === '\n') this.at += 1;
  }
  /** A statement ends here: a line break, `;` or a closing brace. */
  finish(): void {
    if (!this.atEnd && !this.is('}')) unexpected(this.line, this.text, 'the end of the line');
  }
  /** What the source says from one piece up to here, in one line. */
  since(start: number): string {
    const from = this.tokens.starts[start] ?? 0;
    const to = this.at > start ? (this.tokens.ends[this.at - 1] ?? from) : from;
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
