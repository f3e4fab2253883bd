// The cursor of the pf parser: moves through the words of one statement, and takes or requires words.

import { PfLine } from '../model';
import { refuseUnexpected } from './pf-problems';

/** A cursor over the words of one statement. A word that stood in quotes begins with a double quote. */
export class PfCursor {
  private position = 0;

  constructor(
    private readonly words: readonly string[],
    readonly line: PfLine,
  ) {}

  get next(): string | undefined {
    return this.words[this.position];
  }

  get after(): string | undefined {
    return this.words[this.position + 1];
  }

  get isDone(): boolean {
    return this.position >= this.words.length;
  }

  skip(): void {
    this.position++;
  }

  /** Returns whether the next word is this one, and moves behind it if so. */
  take(word: string): boolean {
    if (this.words[this.position] !== word) return false;
    this.position++;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) refuseUnexpected(this.line.number, this.next, `"${word}"`);
  }

  /** Takes a word or a quoted text, and refuses a sign. */
  takeWord(expected: string): string {
    const word = this.words[this.position];
    if (word === undefined || SIGNS.has(word)) return refuseUnexpected(this.line.number, word, expected);
    this.position++;
    return word.startsWith('"') ? word.slice(1) : word;
  }

  /** Parses the elements of a list in braces, or a single one. Nested lists are flattened: macros produce them. */
  takeList<T>(element: (cursor: PfCursor) => T): readonly T[] {
    if (this.next !== '{') return [element(this)];
    const elements: T[] = [];
    let depth = 0;
    do {
      if (this.take('{')) depth++;
      else if (this.take('}')) depth--;
      else if (!this.take(',')) {
        if (this.isDone) refuseUnexpected(this.line.number, undefined, '"}"');
        elements.push(element(this));
      }
    } while (depth > 0);
    if (elements.length === 0) refuseUnexpected(this.line.number, '}', 'an element of the list');
    return elements;
  }

  /** Takes the words in parentheses and returns them unparsed. */
  takeParenthesized(): readonly string[] {
    this.expect('(');
    const from = this.position;
    for (let depth = 1; depth > 0; this.position++) {
      if (this.isDone) refuseUnexpected(this.line.number, undefined, '")"');
      if (this.next === '(') depth++;
      if (this.next === ')') depth--;
    }
    return this.words.slice(from, this.position - 1);
  }

  /** Returns the remaining words without taking them. */
  listRemaining(): readonly string[] {
    return this.words.slice(this.position);
  }
}

const SIGNS = new Set(['(', ')', '{', '}', '<', '>', '<=', '>=', '<>', '><', '!', '!=', '=', ',', '->']);
