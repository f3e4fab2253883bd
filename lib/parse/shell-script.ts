// Parses configuration files that are shell scripts (conf.apf): assignments and included scripts. Returns each
// variable's value, or why it is unknown.

import { quoteForDisplay } from '../problems/line-problems';
import { SourceLocation } from './printed-files';

/** The value of a shell variable and its place; `value` is undefined if it can't be computed from the text there. */
export interface ShellVariable extends SourceLocation {
  readonly value: string | undefined;
}

type VariableName = string;

/** A word of a command. */
interface ShellWord {
  /** Undefined: something in the word isn't evaluated. */
  readonly text: string | undefined;
  readonly assigns: VariableName | undefined;
  readonly line: number;
}

/** Characters that end a word, and all by which a shell does more than assign values to names. */
const UNSUPPORTED_CHARACTERS = /[`;&|<>(){}]/;

/**
 * A script that assigns values to names and includes other scripts; any other command in it isn't followed. Source:
 * bash(1).
 */
export class ShellScript {
  readonly variables = new Map<VariableName, ShellVariable>();
  /** The first line that does more than assign and include. */
  unsupported: SourceLocation | undefined;
  private offset = 0;
  private line: number;

  /** `includeScript` evaluates another script; it returns false if that script isn't known. */
  constructor(
    private readonly source: string,
    start: number,
    private readonly includeScript: (path: string, script: ShellScript) => boolean,
    private readonly lines = source.split('\n'),
    private readonly firstLine = start,
  ) {
    this.line = start;
    while (this.offset < source.length && !this.unsupported) this.parseCommand();
  }

  setVariable(name: VariableName, value: string | undefined, line = this.line): void {
    this.variables.set(name, { line, text: this.lines[line - this.firstLine] ?? '', value });
  }

  private stop(line: number): void {
    this.unsupported ??= { line, text: this.lines[line - this.firstLine] ?? '' };
  }

  private get char(): string {
    return this.source[this.offset] ?? '';
  }

  private readChar(): string {
    const { char } = this;
    if (char === '\n') this.line += 1;
    this.offset += 1;
    return char;
  }

  /** Parses one command, up to the end of its line. */
  private parseCommand(): void {
    const words: ShellWord[] = [];
    for (;;) {
      while (this.char === ' ' || this.char === '\t' || this.source.startsWith('\\\n', this.offset))
        if (this.readChar() === '\\') this.readChar();
      if (this.char === '#') this.skipComment();
      if (/^\n?$/.test(this.char)) break;
      words.push(this.parseWord(words.length === 0));
      if (this.unsupported) return;
    }
    this.finishCommand(words);
    this.readChar();
  }

  private skipComment(): void {
    while (!/^\n?$/.test(this.char)) this.readChar();
  }

  private finishCommand(words: readonly ShellWord[]): void {
    const [first, path] = words;
    if (words.every(({ assigns }) => assigns !== undefined)) return;
    const isIncluding =
      words.length === 2 && (first!.text === '.' || first!.text === 'source') && path!.text !== undefined;
    if (!isIncluding || !this.includeScript(path!.text!, this)) this.stop(first!.line);
  }

  private parseWord(isFirst: boolean): ShellWord {
    const { line } = this;
    const name = /^[A-Za-z_]\w*(?==)/.exec(this.source.slice(this.offset, this.offset + 64))?.[0];
    const assigns = name !== undefined && !(this.source[this.offset - 1] ?? '\n').trim() ? name : undefined;
    if (assigns !== undefined) this.offset += assigns.length + 1;
    let text: string | undefined = '';
    const add = (more: string | undefined): void =>
      void (text = text === undefined || more === undefined ? undefined : text + more);
    while (!this.unsupported && this.char !== '' && !/[ \t\n]/.test(this.char)) {
      const char = this.readChar();
      if (UNSUPPORTED_CHARACTERS.test(char) || (char === '~' && text === '')) this.stop(line);
      else if (char === "'") add(this.parseQuoted("'", line));
      else if (char === '"') add(this.parseQuoted('"', line));
      else if (char === '$') add(this.expandVariable(line));
      else if (char !== '\\') add(char);
      else if (this.char === '') this.stop(line);
      else if (this.readChar() !== '\n') add(this.source[this.offset - 1]);
    }
    // Assignments before a command would hold for that command alone.
    if (assigns !== undefined && !this.unsupported) this.setVariable(assigns, text, line);
    return { text: isFirst && assigns !== undefined ? undefined : text, assigns, line };
  }

  private parseQuoted(quote: string, line: number): string | undefined {
    let text: string | undefined = '';
    for (;;) {
      if (this.char === '') {
        this.stop(line);
        return undefined;
      }
      const char = this.readChar();
      if (char === quote) return text;
      let more: string | undefined = char;
      if (quote === '"' && char === '`') this.stop(line);
      if (quote === '"' && char === '$') more = this.expandVariable(line);
      if (quote === '"' && char === '\\' && /[$`"\\\n]/.test(this.char)) more = this.readChar().replace('\n', '');
      text = text === undefined || more === undefined ? undefined : text + more;
    }
  }

  /** Returns the value of the name behind `$`. */
  private expandVariable(line: number): string | undefined {
    const [reference, braced, unbraced] =
      /^(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(this.source.slice(this.offset, this.offset + 80)) ?? [];
    if (reference === undefined) {
      if (/[({'"]/.test(this.char)) this.stop(line);
      return undefined;
    }
    this.offset += reference.length;
    return this.variables.get(braced ?? unbraced ?? '')?.value;
  }
}

/** Returns why a value isn't known. */
export const describeUnknownValue = ({ text }: ShellVariable): string =>
  `what a shell makes of ${quoteForDisplay(text.trim())} is not known`;
