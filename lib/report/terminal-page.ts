// Renders sections of the report document as text for a terminal: wrapped to the width, escaped, and with colours if
// wanted.

import { createColors } from 'picocolors';
import { escapeCiCommands } from '../problems/escape-ci-commands';
import { escapeForDisplay } from '../problems/problem';
import {
  DEFAULT_ELSEWHERE,
  ReportItem,
  ReportSection,
  Tone,
  RichText,
  listCodes,
  printNumber,
} from './report-document';
import { countColumns, countFitting } from './text-columns';
import { formatColumns, wrapText } from './wrap-text';

/**
 * All colours, always: whether the terminal wants colours is not decided here. picocolors would take `CI` for a
 * terminal.
 */
const { bold, dim, green, red, yellow } = createColors(true);
const TONE_STYLES: Readonly<Record<Tone, (text: string) => string>> = {
  good: (text) => bold(green(text)),
  bad: (text) => bold(red(text)),
  unsure: (text) => bold(yellow(text)),
  title: bold,
  quiet: dim,
  plain: String,
};

/** A narrower page is unreadable; addresses alone take 39 columns. */
const MIN_WIDTH = 60;

/** Lines for a terminal, wrapped between words. */
export class TerminalPage {
  private readonly lines: string[] = [];
  private readonly width: number;

  constructor(
    width: number,
    private readonly colour: boolean,
  ) {
    this.width = Math.max(width, MIN_WIDTH);
  }

  /** Adds a heading with an empty line above it, and its items. Adds nothing for an empty section. */
  addSection({
    title,
    items,
    maxItems: limit = items.length,
    omittedCount = 0,
    elsewhere = DEFAULT_ELSEWHERE,
    beside,
  }: ReportSection): void {
    if (items.length + omittedCount === 0 || beside) return;
    this.addTitle(toPlainText(title));
    const first = items.slice(0, limit);
    const rows = first.flatMap(({ cells }) => (cells ? [cells.map(escapeWords)] : []));
    for (const line of formatColumns(rows, this.width - 2)) this.lines.push(`  ${line}`);
    for (const item of first) if (!item.cells) this.addItem(2, item);
    const hiddenItems = items.slice(limit);
    const codes = listCodes(hiddenItems);
    const hiddenCount = printNumber(hiddenItems.length + omittedCount);
    if (hiddenItems.length + omittedCount > 0)
      this.addText(
        2,
        `${first.length > 0 ? `and ${hiddenCount} more` : hiddenCount}; ${elsewhere}${codes.length > 0 ? ':' : ''}`,
        'title',
      );
    for (const code of codes) this.addText(4, code);
  }

  addTitle(text: string): void {
    this.lines.push('');
    this.addText(0, text, 'title');
  }

  private addItem(
    indent: number,
    { words, tone, text = '', fields = [], children = [], lines = [] }: ReportItem,
  ): void {
    this.addText(indent, toPlainText(words), tone);
    if (text !== '') this.lines.push(...wrapText(escapeWords(text), indent + 2, indent + 2, this.width));
    for (const [label, value] of fields) this.addField(indent + 2, label, toPlainText(value));
    for (const child of children) this.addItem(indent + 2, child);
    for (const line of lines) this.addLine(indent + 2, line);
  }

  /**
   * Adds text from any origin, `indent` columns from the left; the lines after the first stand two columns further in.
   */
  addText(indent: number, text: string, tone: Tone = 'plain'): void {
    this.lines.push(
      ...wrapText(escapeWords(text), indent, indent + 2, this.width).map((line) => this.applyTone(line, tone)),
    );
  }

  /** Adds `label text`, with the texts of several labels in one column. Adds nothing for an empty text. */
  private addField(indent: number, label: string, text: string): void {
    if (text === '') return;
    const start = indent + LABEL_COLUMNS;
    const [first, ...laterLines] = wrapText(escapeWords(text), start, start, this.width);
    const name = `${' '.repeat(indent)}${label.padEnd(LABEL_COLUMNS)}`;
    this.lines.push(this.applyTone(name, 'quiet') + (first ?? '').slice(start), ...laterLines);
  }

  /** Adds a line unchanged, cut at the width of the terminal. */
  private addLine(indent: number, text: string): void {
    const line = `${' '.repeat(indent)}${escapeWords(text)}`;
    const tone = text.startsWith('+') ? 'good' : text.startsWith('-') ? 'bad' : 'plain';
    this.lines.push(
      this.applyTone(
        countColumns(line) > this.width
          ? `${[...line].slice(0, countFitting([...line], this.width - 3)).join('')}...`
          : line,
        tone,
      ),
    );
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private applyTone(text: string, tone: Tone): string {
    return this.colour ? TONE_STYLES[tone](text) : text;
  }
}

const LABEL_COLUMNS = 11;

/**
 * Escapes word by word, because the text may be composed: the limit on length is for one endless name, not for a list
 * of twenty.
 */
export const escapeWords = (text: string): string => escapeCiCommands(text.split(' ').map(escapeForDisplay).join(' '));

const toPlainText = (words: RichText): string =>
  typeof words === 'string'
    ? words
    : words
        .map((part) =>
          typeof part === 'string'
            ? part
            : 'exact' in part
              ? escapeForDisplay(part.exact)
              : 'strong' in part
                ? part.strong
                : '',
        )
        .join('');
