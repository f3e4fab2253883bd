import { createColors } from 'picocolors';
import { withoutCommands } from '../problems/ci-commands';
import { printable } from '../problems/problem';
import { ELSEWHERE, Item, Section, Tone, Words, codesOf, grouped } from './document';
import { columnsOf, fitting } from './columns-of';
import { inColumns, wrapped } from './wrapped';

/** All of them, always: whether there is a terminal that wants colours is not asked here. picocolors would take `CI` for one. */
const { bold, dim, green, red, yellow } = createColors(true);
const PAINTED: Readonly<Record<Tone, (text: string) => string>> = {
  good: (text) => bold(green(text)),
  bad: (text) => bold(red(text)),
  unsure: (text) => bold(yellow(text)),
  title: bold,
  quiet: dim,
  plain: String,
};

/** Narrower than this nothing can be read; addresses alone take 39. */
const NARROWEST = 60;

/** Lines for a terminal, wrapped between words. */
export class Page {
  private readonly lines: string[] = [];
  private readonly width: number;

  constructor(
    width: number,
    private readonly colour: boolean,
  ) {
    this.width = Math.max(width, NARROWEST);
  }

  /** A heading with an empty line above it, and what stands below. Nothing where there is nothing. */
  section({ title, items, most = items.length, left = 0, elsewhere = ELSEWHERE, beside }: Section): void {
    if (items.length + left === 0 || beside) return;
    this.title(plain(title));
    const first = items.slice(0, most);
    const rows = first.flatMap(({ cells }) => (cells ? [cells.map(shown)] : []));
    for (const line of inColumns(rows, this.width - 2)) this.lines.push(`  ${line}`);
    for (const item of first) if (!item.cells) this.item(2, item);
    const rest = items.slice(most);
    const codes = codesOf(rest);
    const untold = grouped(rest.length + left);
    if (rest.length + left > 0)
      this.say(
        2,
        `${first.length > 0 ? `and ${untold} more` : untold}; ${elsewhere}${codes.length > 0 ? ':' : ''}`,
        'title',
      );
    for (const code of codes) this.say(4, code);
  }

  title(text: string): void {
    this.lines.push('');
    this.say(0, text, 'title');
  }

  private item(indent: number, { words, tone, text = '', fields = [], below = [], lines = [] }: Item): void {
    this.say(indent, plain(words), tone);
    if (text !== '') this.lines.push(...wrapped(shown(text), indent + 2, indent + 2, this.width));
    for (const [label, told] of fields) this.field(indent + 2, label, plain(told));
    for (const one of below) this.item(indent + 2, one);
    for (const line of lines) this.verbatim(indent + 2, line);
  }

  /** Text from anywhere, `indent` columns from the left; what follows its first line stands two further in. */
  say(indent: number, text: string, tone: Tone = 'plain'): void {
    this.lines.push(...wrapped(shown(text), indent, indent + 2, this.width).map((line) => this.painted(line, tone)));
  }

  /** `label  text`, the text of several labels in one column. Nothing for nothing. */
  private field(indent: number, label: string, text: string): void {
    if (text === '') return;
    const start = indent + LABEL;
    const [first, ...more] = wrapped(shown(text), start, start, this.width);
    const name = `${' '.repeat(indent)}${label.padEnd(LABEL)}`;
    this.lines.push(this.painted(name, 'quiet') + (first ?? '').slice(start), ...more);
  }

  /** A line as it is, cut where the terminal ends. */
  private verbatim(indent: number, text: string): void {
    const line = `${' '.repeat(indent)}${shown(text)}`;
    const tone = text.startsWith('+') ? 'good' : text.startsWith('-') ? 'bad' : 'plain';
    this.lines.push(
      this.painted(
        columnsOf(line) > this.width ? `${[...line].slice(0, fitting([...line], this.width - 3)).join('')}...` : line,
        tone,
      ),
    );
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private painted(text: string, tone: Tone): string {
    return this.colour ? PAINTED[tone](text) : text;
  }
}

const LABEL = 11;

/** Word by word, since what is printed here may be composed: the cut is for one endless name, not for a list of twenty. */
export const shown = (text: string): string => withoutCommands(text.split(' ').map(printable).join(' '));

const plain = (words: Words): string =>
  typeof words === 'string'
    ? words
    : words
        .map((part) =>
          typeof part === 'string'
            ? part
            : 'exact' in part
              ? printable(part.exact)
              : 'strong' in part
                ? part.strong
                : '',
        )
        .join('');
