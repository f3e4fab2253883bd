import { escape } from 'html-escaper';
import { shown } from '../text';

type Value = string | Html | readonly Html[];

/** HTML that only `markup` makes. Text is no Html, so that nobody can put it on a page as it is. */
export class Html {
  private constructor(private readonly written: string) {}

  /** A template of ours. Values that are text become text of the page: between elements, or in an attribute's quotes. */
  static of(this: void, ours: TemplateStringsArray, ...values: readonly Value[]): Html {
    return new Html(ours.map((part, at) => part + (at < values.length ? written(values[at]!) : '')).join(''));
  }

  toString(): string {
    return this.written;
  }
}

export const markup = Html.of;

export const NOTHING = markup``;

const written = (value: Value): string =>
  typeof value === 'string' ? escaped(value) : value instanceof Html ? value.toString() : value.map(String).join('');

/** What the HTML Standard calls a mistake wherever it stands, and no screen shows. */
const NONCHARACTERS = /\p{Noncharacter_Code_Point}/gu;

/** What parsers take for text and nothing else (HTML Standard, 13.1.2.3 and 13.1.4). What isn't seen, or turns text around, is shown as everywhere. */
const escaped = (text: string): string =>
  escape(shown(text).replace(NONCHARACTERS, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`));
