import { PfLine } from '../model';
import { unexpected } from './problems';

/** The words of one statement, and how far they are read. What stood in quotes begins with a double quote. */
export class Cursor {
  private at = 0;

  constructor(
    private readonly words: readonly string[],
    readonly line: PfLine,
  ) {}

  get next(): string | undefined {
    return this.words[this.at];
  }

  get after(): string | undefined {
    return this.words[this.at + 1];
  }

  get done(): boolean {
    return this.at >= this.words.length;
  }

  skip(): void {
    this.at++;
  }

  /** Whether the next word is this one; then it is read. */
  take(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) unexpected(this.line.number, this.next, `"${word}"`);
  }

  /** A word or what stands in quotes; not a sign. */
  word(wanted: string): string {
    const word = this.words[this.at];
    if (word === undefined || SIGN.has(word)) return unexpected(this.line.number, word, wanted);
    this.at++;
    return word.startsWith('"') ? word.slice(1) : word;
  }

  /** Elements of a list in braces, or one alone. Lists in lists are flat: macros make them. */
  list<T>(element: (cursor: Cursor) => T): readonly T[] {
    if (this.next !== '{') return [element(this)];
    const elements: T[] = [];
    let depth = 0;
    do {
      if (this.take('{')) depth++;
      else if (this.take('}')) depth--;
      else if (!this.take(',')) {
        if (this.done) unexpected(this.line.number, undefined, '"}"');
        elements.push(element(this));
      }
    } while (depth > 0);
    if (elements.length === 0) unexpected(this.line.number, '}', 'an element of the list');
    return elements;
  }

  /** What stands in parentheses after this, unread. */
  parenthesised(): readonly string[] {
    this.expect('(');
    const from = this.at;
    for (let depth = 1; depth > 0; this.at++) {
      if (this.done) unexpected(this.line.number, undefined, '")"');
      if (this.next === '(') depth++;
      if (this.next === ')') depth--;
    }
    return this.words.slice(from, this.at - 1);
  }

  /** The same words again, before any of them is read. */
  rest(): readonly string[] {
    return this.words.slice(this.at);
  }
}

const SIGN = new Set(['(', ')', '{', '}', '<', '>', '<=', '>=', '<>', '><', '!', '!=', '=', ',', '->']);
