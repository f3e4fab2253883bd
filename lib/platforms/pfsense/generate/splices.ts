import { XmlElement } from '../../../xml/xml';

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Changes of one text, applied together. An element that stands on lines of its own goes and comes with them. */
export class Splices {
  private readonly all: Splice[] = [];

  constructor(private readonly text: string) {}

  takeOut({ start, end }: XmlElement): void {
    this.all.push({ from: this.lineStart(start), to: this.lineEnd(end), text: '' });
  }

  replace({ start, end }: Pick<XmlElement, 'start' | 'end'>, text: string): void {
    this.all.push({ from: start, to: end, text });
  }

  insertBefore({ start }: XmlElement, text: string): void {
    const at = this.lineStart(start);
    this.all.push({ from: at, to: at, text });
  }

  insertAfter({ end }: XmlElement, text: string): void {
    const at = this.lineEnd(end);
    this.all.push({ from: at, to: at, text: at === end ? `\n${text}` : text });
  }

  done(): string {
    const pieces: string[] = [];
    let at = 0;
    // Insertions at one place keep the order in which they were made, and come before what is taken out there.
    const sorted = this.all
      .map((splice, index) => ({ ...splice, index }))
      .sort((a, b) => a.from - b.from || Number(a.to > a.from) - Number(b.to > b.from) || a.index - b.index);
    for (const { from, to, text } of sorted) {
      pieces.push(this.text.slice(at, from), text);
      at = to;
    }
    return pieces.join('') + this.text.slice(at);
  }

  private lineStart(at: number): number {
    let from = at;
    while (from > 0 && (this.text[from - 1] === ' ' || this.text[from - 1] === '\t')) from--;
    return from === 0 || this.text[from - 1] === '\n' ? from : at;
  }

  private lineEnd(at: number): number {
    let to = at;
    while (this.text[to] === ' ' || this.text[to] === '\t' || this.text[to] === '\r') to++;
    return this.text[to] === '\n' ? to + 1 : at;
  }
}
