// Builds the HTML of report pages from templates in which every string value is escaped.

import { escape } from 'html-escaper';
import { escapeWords } from '../terminal-page';

type HtmlValue = string | Html | readonly Html[];

/** HTML that only `markup` makes. A string is no `Html`, so that text can't get onto a page unescaped. */
export class Html {
  private constructor(private readonly source: string) {}

  /**
   * Renders a template of ours. Values that are strings become text of the page: between elements, or in an attribute's
   * quotes.
   */
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

/** Characters that the HTML Standard calls an error everywhere, and that no screen shows. */
const NONCHARACTERS = /\p{Noncharacter_Code_Point}/gu;

/**
 * Escapes text so that parsers take it for text and nothing else (HTML Standard, 13.1.2.3 and 13.1.4). Invisible
 * characters, and those that turn text around, are shown as in all other outputs.
 */
const escapeHtml = (text: string): string =>
  escape(escapeWords(text).replace(NONCHARACTERS, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`));
