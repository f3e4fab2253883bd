import { escape } from 'html-escaper';
import { escapeWords } from '../terminal-page';

type HtmlValue = string | Html | readonly Html[];

/** HTML that only `markup` makes. Text is no Html, so that nobody can put it on a page as it is. */
export class Html {
  private constructor(private readonly source: string) {}

  /** A template of ours. Values that are text become text of the page: between elements, or in an attribute's quotes. */
  static render(this: void, template: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
    return new Html(
      template.map((part, index) => part + (index < values.length ? renderValue(values[index]!) : '')).join(''),
    );
  }

  toString(): string {
    return this.source;
  }
}

export const markup = Html.render;

export const EMPTY_HTML = markup``;

const renderValue = (value: HtmlValue): string =>
  typeof value === 'string' ? escapeHtml(value) : value instanceof Html ? value.toString() : value.map(String).join('');

/** What the HTML Standard calls a mistake wherever it stands, and no screen shows. */
const NONCHARACTERS = /\p{Noncharacter_Code_Point}/gu;

/** What parsers take for text and nothing else (HTML Standard, 13.1.2.3 and 13.1.4). What isn't seen, or turns text around, is shown as everywhere. */
const escapeHtml = (text: string): string =>
  escape(escapeWords(text).replace(NONCHARACTERS, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`));
