import { ELSEWHERE, Item, Section, Table, Words, codesOf, grouped } from '../document';
import { partOf } from './filter';
import { Html, NOTHING, markup } from './html';

/** Headings of a page's parts, and of what is within them. */
type Level = 2 | 3;

/** Sections one after the other. Nothing of one that says nothing. */
export const htmlSections = (sections: readonly Section[], level: Level): Html =>
  markup`${sections.map((one) => htmlSection(one, level))}`;

function htmlSection(section: Section, level: Level): Html {
  const { items, most = items.length, left = 0, folded, table } = section;
  if (table) return tableSection(section, table, level);
  if (items.length === 0 && left === 0) return NOTHING;
  const rest = items.slice(most);
  const body = markup`${list(items.slice(0, most))}${leftOut(section, rest.length + left, items.length > rest.length, codesOf(rest))}`;
  if (folded === undefined) return markup`<section>\n${heading(section.title, level)}\n${body}</section>\n`;
  return markup`<section>\n${unfolding(heading(folded, level), body)}</section>\n`;
}

function tableSection(section: Section, table: Table, level: Level): Html {
  const { rows, left, open = rows.length } = table;
  if (rows.length + left === 0) return NOTHING;
  const rest = rows.slice(open);
  const more = leftOut(section, left, rows.length > 0, []);
  if (rows.length === 0) return markup`<section>\n${heading(section.title, level)}\n${more}</section>\n`;
  const title = `${section.folded ?? ''}: ${grouped(rest.length + left)}`;
  if (open === 0)
    return markup`<section data-part="${partOf(section.title)}">\n${unfolding(heading(title, level), markup`${tableOf(table, rest)}${more}`)}</section>\n`;
  const first = markup`${heading(section.title, level)}\n${tableOf(table, rows.slice(0, open))}`;
  const others = rest.length === 0 ? more : unfolding(markup`${title} more`, markup`${tableOf(table, rest)}${more}`);
  return markup`<section data-part="${partOf(section.title)}">\n${first}${others}</section>\n`;
}

/** Each cell has with it what its column is called: on a narrow screen a row is a list of them, and by its roles still a row. */
function tableOf({ columns }: Table, rows: readonly (readonly Words[])[]): Html {
  const head = columns.map((title) =>
    title === '' ? markup`<td></td>` : markup`<th scope="col" role="columnheader">${title}</th>`,
  );
  const cell = (words: Words, at: number): Html =>
    markup`<td role="cell" data-column="${columns[at] ?? ''}"${isLong(words) ? markup` class="long"` : NOTHING}>${inHtml(words)}</td>`;
  const body = rows.map((row) => markup`<tr role="row">${row.map(cell)}</tr>\n`);
  return markup`<table role="table">\n<thead role="rowgroup"><tr role="row">${head}</tr></thead>\n<tbody role="rowgroup">\n${body}</tbody>\n</table>\n`;
}

/** Whether a word of it is longer than any address: it may be broken anywhere. */
const isLong = (words: Words): boolean =>
  (typeof words === 'string' ? [words] : words).some((part) =>
    (typeof part === 'string' ? part : 'sign' in part ? '' : 'exact' in part ? part.exact : part.strong)
      .split(/[ ,]/)
      .some(({ length }) => length > LONGEST_ADDRESS),
  );

const LONGEST_ADDRESS = '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128'.length;

export const heading = (words: Words, level: Level): Html =>
  level === 2 ? markup`<h2>${inHtml(words)}</h2>` : markup`<h3>${inHtml(words)}</h3>`;

const unfolding = (summary: Html, body: Html): Html =>
  markup`<details>\n<summary>${summary}</summary>\n${body}</details>\n`;

function leftOut(
  { title, elsewhere = ELSEWHERE }: Section,
  count: number,
  isMore: boolean,
  codes: readonly string[],
): Html {
  if (count === 0) return NOTHING;
  const named = codes.length === 0 ? '' : `: ${codes.join(', ')}`;
  return markup`<p><strong>${grouped(count)} ${isMore ? 'more ' : ''}of “${inHtml(title)}”</strong> left out here; ${elsewhere}${named}.</p>\n`;
}

export const list = (items: readonly Item[]): Html =>
  items.length === 0
    ? NOTHING
    : markup`<ul>\n${items.map((one) => markup`<li${toned(one)}>${itemOf(one)}</li>\n`)}</ul>\n`;

const toned = ({ tone = 'plain' }: Item): Html =>
  ['bad', 'unsure', 'good'].includes(tone) ? markup` class="${tone}"` : NOTHING;

function itemOf({ words, text = '', fields = [], below = [], lines }: Item): Html {
  const told = fields.filter(([, field]) => field.length > 0);
  const parts = [
    markup`<p>${inHtml(words)}</p>`,
    ...(text === '' ? [] : [markup`<p>${text}</p>`]),
    ...(told.length === 0
      ? []
      : [markup`<dl>${told.map(([label, field]) => markup`<dt>${label}</dt><dd>${inHtml(field)}</dd>`)}</dl>`]),
    ...(lines === undefined ? [] : [markup`<pre>${lines.map(lineOf)}</pre>`]),
  ];
  return markup`${parts}${below.length === 0 ? NOTHING : markup`\n${list(below)}`}`;
}

const lineOf = (line: string): Html =>
  line.startsWith('+')
    ? markup`<ins>${line}</ins>\n`
    : line.startsWith('-')
      ? markup`<del>${line}</del>\n`
      : markup`${line}\n`;

/** In a paragraph, a list item, a heading or a cell. */
export function inHtml(words: Words): Html {
  if (typeof words === 'string') return breaking(words);
  const parts = words.map((part) => {
    if (typeof part === 'string') return breaking(part);
    // A screen reader hears the place itself, in words.
    if ('sign' in part)
      return part.sign === '\n' ? markup`<br />` : markup`<span class="far" aria-hidden="true"></span>`;
    if (!('exact' in part)) return markup`<strong>${part.strong}</strong>`;
    if (!part.strong) return exact(part.exact);
    // A port that is torn from its protocol is hard to find in a table.
    return part.exact.length > 24
      ? markup`<strong>${exact(part.exact)}</strong>`
      : markup`<strong class="whole">${exact(part.exact)}</strong>`;
  });
  return markup`${parts}`;
}

const exact = (text: string): Html => (text === '' ? NOTHING : markup`<code>${breaking(text)}</code>`);

/** A list of ports may go on in the next line behind a comma, and never within a number: a table is no wider for it. */
const breaking = (text: string): Html => {
  const [first = '', ...others] = text.split(/(?<=\d,)(?=\d)/);
  return markup`${first}${others.map((one) => markup`<wbr />${one}`)}`;
};
