// Inserts, replaces and removes XML elements in the text of pfSense's config.xml. All other text stays byte for byte.

import { XmlElement } from '../../../xml/parse-xml';

interface TextSplice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Changes of one text, applied together. An element on lines of its own is removed and inserted with these lines. */
export class Splices {
  private readonly splices: TextSplice[] = [];

  constructor(private readonly text: string) {}

  remove({ start, end }: XmlElement): void {
    this.splices.push({ from: this.findLineStart(start), to: this.findLineEnd(end), text: '' });
  }

  replace({ start, end }: Pick<XmlElement, 'start' | 'end'>, text: string): void {
    this.splices.push({ from: start, to: end, text });
  }

  insertBefore({ start }: XmlElement, text: string): void {
    const at = this.findLineStart(start);
    this.splices.push({ from: at, to: at, text });
  }

  insertAfter({ end }: XmlElement, text: string): void {
    const at = this.findLineEnd(end);
    this.splices.push({ from: at, to: at, text: at === end ? `\n${text}` : text });
  }

  applyAll(): string {
    const pieces: string[] = [];
    let at = 0;
    // Insertions at one position keep the order of the calls, and come before a removal there.
    const sorted = this.splices
      .map((splice, index) => ({ ...splice, index }))
      .sort((a, b) => a.from - b.from || Number(a.to > a.from) - Number(b.to > b.from) || a.index - b.index);
    for (const { from, to, text } of sorted) {
      pieces.push(this.text.slice(at, from), text);
      at = to;
    }
    return pieces.join('') + this.text.slice(at);
  }

  private findLineStart(at: number): number {
    let from = at;
    while (from > 0 && (this.text[from - 1] === ' ' || this.text[from - 1] === '\t')) from--;
    return from === 0 || this.text[from - 1] === '\n' ? from : at;
  }

  private findLineEnd(at: number): number {
    let to = at;
    while (this.text[to] === ' ' || this.text[to] === '\t' || this.text[to] === '\r') to++;
    return this.text[to] === '\n' ? to + 1 : at;
  }
}
