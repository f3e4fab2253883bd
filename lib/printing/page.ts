import { printable } from '../problems/problem';

/** What a line of a terminal is for. Colours follow from it, and only where they are asked for. */
export type Tone = 'good' | 'bad' | 'unsure' | 'title' | 'quiet' | 'plain';

/** Select Graphic Rendition, ECMA-48 8.3.117: the eight colours that every terminal has. */
const SGR: Readonly<Record<Tone, string>> = { good: '1;32', bad: '1;31', unsure: '1;33', title: '1', quiet: '2', plain: '' };

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

  /** A heading with an empty line above it. */
  title(text: string): void {
    this.lines.push('');
    this.say(0, text, 'title');
  }

  /** Text from anywhere, `indent` columns from the left; what follows its first line stands two further in. */
  say(indent: number, text: string, tone: Tone = 'plain'): void {
    this.lines.push(...wrapped(shown(text), indent, indent + 2, this.width).map((line) => this.painted(line, tone)));
  }

  /** A paragraph: all its lines start alike. */
  paragraph(indent: number, text: string): void {
    this.lines.push(...wrapped(shown(text), indent, indent, this.width));
  }

  /** `label  text`, the text of several labels in one column. Nothing for nothing. */
  field(indent: number, label: string, text: string): void {
    if (text === '') return;
    const start = indent + LABEL;
    const [first, ...more] = wrapped(shown(text), start, start, this.width);
    const name = `${' '.repeat(indent)}${label.padEnd(LABEL)}`;
    this.lines.push(this.painted(name, 'quiet') + (first ?? '').slice(start), ...more);
  }

  /** A line as it is, cut where the terminal ends. */
  verbatim(indent: number, text: string, tone: Tone = 'plain'): void {
    const shown = `${' '.repeat(indent)}${printable(text)}`;
    this.lines.push(this.painted([...shown].length > this.width ? `${[...shown].slice(0, this.width - 3).join('')}...` : shown, tone));
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private painted(text: string, tone: Tone): string {
    return this.colour && tone !== 'plain' ? `\u001b[${SGR[tone]}m${text}\u001b[0m` : text;
  }
}

const LABEL = 11;

/** Word by word, since what is printed here may be composed: the cut is for one endless name, not for a list of twenty. */
const shown = (text: string): string => text.split(' ').map(printable).join(' ');

/** A word that is longer than a line is broken, in characters and not in halves of them. */
function wrapped(text: string, indent: number, hanging: number, width: number): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (const word of text.split(' ').filter((word) => word !== '')) {
    let rest = [...word];
    if (!empty && [...line].length + 1 + rest.length > width) {
      lines.push(line);
      line = ' '.repeat(hanging);
      empty = true;
    }
    if (!empty) line += ' ';
    while ([...line].length + rest.length > width) {
      const room = width - [...line].length;
      lines.push(line + rest.slice(0, room).join(''));
      rest = rest.slice(room);
      line = ' '.repeat(hanging);
    }
    line += rest.join('');
    empty = false;
  }
  return empty ? lines : [...lines, line];
}
