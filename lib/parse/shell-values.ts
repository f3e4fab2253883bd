import { shown } from '../problems/in-text';
import { Place } from './printed-files';

/** What a shell's variable has; `value` is undefined where nobody here knows, because of what stands there. */
export interface Said extends Place {
  readonly value: string | undefined;
}

type Name = string;

/** A word of a command. */
interface Word {
  /** Undefined: something in it that isn't followed. */
  readonly text: string | undefined;
  readonly assigns: Name | undefined;
  readonly line: number;
}

/** What ends a word, and all that a shell would do more than give names to values. */
const BEYOND = /[`;&|<>(){}]/;

/** A script that gives values to names and includes other scripts: whatever else stands in one is not followed. Source: bash(1). */
export class Script {
  readonly variables = new Map<Name, Said>();
  /** The first line that does more. */
  beyond: Place | undefined;
  private at = 0;
  private line: number;

  /** `included`: what becomes of another script; false where nobody knows. */
  constructor(
    private readonly source: string,
    start: number,
    private readonly included: (path: string, script: Script) => boolean,
    private readonly lines = source.split('\n'),
    private readonly first = start,
  ) {
    this.line = start;
    while (this.at < source.length && !this.beyond) this.command();
  }

  set(name: Name, value: string | undefined, line = this.line): void {
    this.variables.set(name, { line, text: this.lines[line - this.first] ?? '', value });
  }

  private stop(line: number): void {
    this.beyond ??= { line, text: this.lines[line - this.first] ?? '' };
  }

  private get char(): string {
    return this.source[this.at] ?? '';
  }

  private step(): string {
    const { char } = this;
    if (char === '\n') this.line += 1;
    this.at += 1;
    return char;
  }

  /** Up to the end of its line. */
  private command(): void {
    const words: Word[] = [];
    for (;;) {
      while (this.char === ' ' || this.char === '\t' || this.source.startsWith('\\\n', this.at))
        if (this.step() === '\\') this.step();
      if (this.char === '#') this.remark();
      if (/^\n?$/.test(this.char)) break;
      words.push(this.word(words.length === 0));
      if (this.beyond) return;
    }
    this.done(words);
    this.step();
  }

  private remark(): void {
    while (!/^\n?$/.test(this.char)) this.step();
  }

  private done(words: readonly Word[]): void {
    const [first, path] = words;
    if (words.every(({ assigns }) => assigns !== undefined)) return;
    const isIncluding =
      words.length === 2 && (first!.text === '.' || first!.text === 'source') && path!.text !== undefined;
    if (!isIncluding || !this.included(path!.text!, this)) this.stop(first!.line);
  }

  private word(isFirst: boolean): Word {
    const { line } = this;
    const name = /^[A-Za-z_]\w*(?==)/.exec(this.source.slice(this.at, this.at + 64))?.[0];
    const assigns = name !== undefined && !(this.source[this.at - 1] ?? '\n').trim() ? name : undefined;
    if (assigns !== undefined) this.at += assigns.length + 1;
    let text: string | undefined = '';
    const add = (more: string | undefined): void =>
      void (text = text === undefined || more === undefined ? undefined : text + more);
    while (!this.beyond && this.char !== '' && !/[ \t\n]/.test(this.char)) {
      const char = this.step();
      if (BEYOND.test(char) || (char === '~' && text === '')) this.stop(line);
      else if (char === "'") add(this.quoted("'", line));
      else if (char === '"') add(this.quoted('"', line));
      else if (char === '$') add(this.expanded(line));
      else if (char !== '\\') add(char);
      else if (this.char === '') this.stop(line);
      else if (this.step() !== '\n') add(this.source[this.at - 1]);
    }
    // Before a command they would be for that command alone.
    if (assigns !== undefined && !this.beyond) this.set(assigns, text, line);
    return { text: isFirst && assigns !== undefined ? undefined : text, assigns, line };
  }

  private quoted(quote: string, line: number): string | undefined {
    let text: string | undefined = '';
    for (;;) {
      if (this.char === '') {
        this.stop(line);
        return undefined;
      }
      const char = this.step();
      if (char === quote) return text;
      let more: string | undefined = char;
      if (quote === '"' && char === '`') this.stop(line);
      if (quote === '"' && char === '$') more = this.expanded(line);
      if (quote === '"' && char === '\\' && /[$`"\\\n]/.test(this.char)) more = this.step().replace('\n', '');
      text = text === undefined || more === undefined ? undefined : text + more;
    }
  }

  /** What stands for a name behind `$`. */
  private expanded(line: number): string | undefined {
    const [whole, braced, bare] =
      /^(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(this.source.slice(this.at, this.at + 80)) ?? [];
    if (whole === undefined) {
      if (/[({'"]/.test(this.char)) this.stop(line);
      return undefined;
    }
    this.at += whole.length;
    return this.variables.get(braced ?? bare ?? '')?.value;
  }
}

/** Why a value isn't known. */
export const unknownValue = ({ text }: Said): string => `what a shell makes of ${shown(text.trim())} is not known`;
