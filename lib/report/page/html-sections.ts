// Renders sections of the report document as HTML: headings, lists, tables and folded parts.

import {
  DEFAULT_ELSEWHERE,
  ReportItem,
  ReportSection,
  ReportTable,
  RichText,
  listCodes,
  printNumber,
} from '../report-document';
import { toPartName } from './row-filter';
import { Html, EMPTY_HTML, markup } from './html';

/** Headings of a page's parts, and of what is within them. */
type HeadingLevel = 2 | 3;

/** Renders sections one after the other. An empty section renders nothing. */
export const renderSections = (sections: readonly ReportSection[], level: HeadingLevel): Html =>
  markup`${sections.map((section) => renderSection(section, level))}`;

function renderSection(section: ReportSection, level: HeadingLevel): Html {
  const { items, maxItems: limit = items.length, omittedCount = 0, folded, table } = section;
  if (table) return renderTableSection(section, table, level);
  if (items.length === 0 && omittedCount === 0) return EMPTY_HTML;
  const hiddenItems = items.slice(limit);
  const body = markup`${renderList(items.slice(0, limit))}${renderLeftOut(section, hiddenItems.length + omittedCount, items.length > hiddenItems.length, listCodes(hiddenItems))}`;
  if (folded === undefined) return markup`<section>\n${renderHeading(section.title, level)}\n${body}</section>\n`;
  return markup`<section>\n${renderFold(renderHeading(folded, level), body)}</section>\n`;
}

function renderTableSection(section: ReportSection, table: ReportTable, level: HeadingLevel): Html {
  const { rows, omittedCount, openRows = rows.length } = table;
  if (rows.length + omittedCount === 0) return EMPTY_HTML;
  const foldedRows = rows.slice(openRows);
  const leftOutNote = renderLeftOut(section, omittedCount, rows.length > 0, []);
  if (rows.length === 0) return markup`<section>\n${renderHeading(section.title, level)}\n${leftOutNote}</section>\n`;
  const title = `${section.folded ?? ''}: ${printNumber(foldedRows.length + omittedCount)}`;
  if (openRows === 0)
    return markup`<section data-part="${toPartName(section.title)}">\n${renderFold(renderHeading(title, level), markup`${renderTable(table, foldedRows)}${leftOutNote}`)}</section>\n`;
  const first = markup`${renderHeading(section.title, level)}\n${renderTable(table, rows.slice(0, openRows))}`;
  const foldedPart =
    foldedRows.length === 0
      ? leftOutNote
      : renderFold(markup`${title} more`, markup`${renderTable(table, foldedRows)}${leftOutNote}`);
  return markup`<section data-part="${toPartName(section.title)}">\n${first}${foldedPart}</section>\n`;
}

/**
 * Renders a table. Each cell carries the name of its column: on a narrow screen a row becomes a list of them, and its
 * roles keep it a row.
 */
function renderTable({ columns }: ReportTable, rows: readonly (readonly RichText[])[]): Html {
  const head = columns.map((title) =>
    title === '' ? markup`<td></td>` : markup`<th scope="col" role="columnheader">${title}</th>`,
  );
  const renderCell = (words: RichText, index: number): Html =>
    markup`<td role="cell" data-column="${columns[index] ?? ''}"${isLong(words) ? markup` class="long"` : EMPTY_HTML}>${renderWords(words)}</td>`;
  const body = rows.map((row) => markup`<tr role="row">${row.map(renderCell)}</tr>\n`);
  return markup`<table role="table">\n<thead role="rowgroup"><tr role="row">${head}</tr></thead>\n<tbody role="rowgroup">\n${body}</tbody>\n</table>\n`;
}

/** Returns whether a word is longer than any address: then the cell may break it anywhere. */
const isLong = (words: RichText): boolean =>
  (typeof words === 'string' ? [words] : words).some((part) =>
    (typeof part === 'string' ? part : 'sign' in part ? '' : 'exact' in part ? part.exact : part.strong)
      .split(/[ ,]/)
      .some(({ length }) => length > MAX_ADDRESS_LENGTH),
  );

const MAX_ADDRESS_LENGTH = '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128'.length;

export const renderHeading = (words: RichText, level: HeadingLevel): Html =>
  level === 2 ? markup`<h2>${renderWords(words)}</h2>` : markup`<h3>${renderWords(words)}</h3>`;

const renderFold = (summary: Html, body: Html): Html =>
  markup`<details>\n<summary>${summary}</summary>\n${body}</details>\n`;

function renderLeftOut(
  { title, elsewhere = DEFAULT_ELSEWHERE }: ReportSection,
  count: number,
  isMore: boolean,
  codes: readonly string[],
): Html {
  if (count === 0) return EMPTY_HTML;
  const codeList = codes.length === 0 ? '' : `: ${codes.join(', ')}`;
  return markup`<p><strong>${printNumber(count)} ${isMore ? 'more ' : ''}of “${renderWords(title)}”</strong> left out here; ${elsewhere}${codeList}.</p>\n`;
}

export const renderList = (items: readonly ReportItem[]): Html =>
  items.length === 0
    ? EMPTY_HTML
    : markup`<ul>\n${items.map((item) => markup`<li${renderTone(item)}>${renderItem(item)}</li>\n`)}</ul>\n`;

const renderTone = ({ tone = 'plain' }: ReportItem): Html =>
  ['bad', 'unsure', 'good'].includes(tone) ? markup` class="${tone}"` : EMPTY_HTML;

function renderItem({ words, text = '', fields = [], children = [], lines }: ReportItem): Html {
  const shownFields = fields.filter(([, field]) => field.length > 0);
  const parts = [
    markup`<p>${renderWords(words)}</p>`,
    ...(text === '' ? [] : [markup`<p>${text}</p>`]),
    ...(shownFields.length === 0
      ? []
      : [
          markup`<dl>${shownFields.map(([label, field]) => markup`<dt>${label}</dt><dd>${renderWords(field)}</dd>`)}</dl>`,
        ]),
    ...(lines === undefined ? [] : [markup`<pre>${lines.map(renderDiffLine)}</pre>`]),
  ];
  return markup`${parts}${children.length === 0 ? EMPTY_HTML : markup`\n${renderList(children)}`}`;
}

const renderDiffLine = (line: string): Html =>
  line.startsWith('+')
    ? markup`<ins>${line}</ins>\n`
    : line.startsWith('-')
      ? markup`<del>${line}</del>\n`
      : markup`${line}\n`;

/** Renders words in a paragraph, a list item, a heading or a cell. */
export function renderWords(words: RichText): Html {
  if (typeof words === 'string') return renderBreakable(words);
  const parts = words.map((part) => {
    if (typeof part === 'string') return renderBreakable(part);
    // A screen reader hears the place itself, in words.
    if ('sign' in part)
      return part.sign === '\n' ? markup`<br />` : markup`<span class="far" aria-hidden="true"></span>`;
    if (!('exact' in part)) return markup`<strong>${part.strong}</strong>`;
    if (!part.strong) return renderCode(part.exact);
    // A port that is torn from its protocol is hard to find in a table.
    return part.exact.length > 24
      ? markup`<strong>${renderCode(part.exact)}</strong>`
      : markup`<strong class="whole">${renderCode(part.exact)}</strong>`;
  });
  return markup`${parts}`;
}

const renderCode = (text: string): Html => (text === '' ? EMPTY_HTML : markup`<code>${renderBreakable(text)}</code>`);

/**
 * Renders text that may break behind a comma between ports, and never within a number: so a list of ports doesn't widen
 * a table.
 */
const renderBreakable = (text: string): Html => {
  const [first = '', ...laterParts] = text.split(/(?<=\d,)(?=\d)/);
  return markup`${first}${laterParts.map((part) => markup`<wbr />${part}`)}`;
};
