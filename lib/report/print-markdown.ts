// Prints sections of the report document as Markdown, within a limit of bytes: what is left out is counted.

import {
  DEFAULT_ELSEWHERE,
  ReportItem,
  ReportSection,
  ReportTable,
  RichText,
  listCodes,
  printNumber,
} from './report-document';
import { escapeCode, renderFencedBlock, escapeInline } from './escape-markdown';
import { LimitedPart, limitToBytes, countUtf8Bytes } from './size-limit';

/** The most bytes of one part, and of the codes of what it leaves out. */
const MAX_BYTES = { part: 20_000, codes: 12_000 };

/** Prints sections one after the other, each under a heading of that level, in at most `bytes` bytes. */
export const printSections = (sections: readonly ReportSection[], level: string, bytes: number): string =>
  limitToBytes(
    sections.flatMap((section) => renderParts(section, level)),
    bytes,
  );

function renderParts(section: ReportSection, level: string): readonly LimitedPart[] {
  const { items, maxItems: limit = items.length, omittedCount = 0, folded, table } = section;
  const heading = `${level} ${renderWords(section.title)}`;
  if (table) return renderTable(section, table, heading);
  const rows = items.slice(0, limit).flatMap(renderRows);
  const total = rows.length + items.length - Math.min(items.length, limit) + omittedCount;
  if (folded !== undefined) return [createPart(section, rows, total, ...renderFold(folded))];
  return [
    createPart(section, rows, total, `\n${heading}\n\n`, '', (startIndex) =>
      printCodes(listCodes(items.slice(startIndex))),
    ),
  ];
}

function renderTable(
  section: ReportSection,
  { columns, rows, omittedCount, openRows = rows.length }: ReportTable,
  heading: string,
): readonly LimitedPart[] {
  const renderRow = (cells: readonly RichText[]): string => `| ${cells.map(renderWords).join(' | ')} |\n`;
  const head = `| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}\n`;
  const tableRows = rows.map(renderRow);
  const foldedRows = tableRows.slice(openRows);
  const foldedCount = foldedRows.length === 0 ? 0 : omittedCount;
  const shownCount = Math.min(openRows, tableRows.length);
  const title = `${section.folded ?? ''}: ${printNumber(foldedRows.length + foldedCount)}${shownCount > 0 ? ' more' : ''}`;
  return [
    createPart(
      section,
      tableRows.slice(0, openRows),
      shownCount + omittedCount - foldedCount,
      `\n${heading}\n\n${head}`,
      '',
    ),
    createPart(section, foldedRows, foldedRows.length + foldedCount, ...renderFold(title, head)),
  ];
}

const renderFold = (title: string, head = ''): readonly [string, string] => [
  `\n<details><summary>${title}</summary>\n\n${head}`,
  '\n</details>\n',
];

function createPart(
  { title, elsewhere = DEFAULT_ELSEWHERE, maxBytes = MAX_BYTES.part }: ReportSection,
  rows: readonly string[],
  total: number,
  before: string,
  after: string,
  renderCodes: (from: number) => string = () => '',
): LimitedPart {
  const printRemainder = (shownCount: number): string =>
    `\n**${printNumber(total - shownCount)} ${shownCount === 0 ? '' : 'more '}of “${renderWords(title)}”** left out here; ${elsewhere}${renderCodes(shownCount)}.\n`;
  return { before, rows, after, total, printRemainder, maxBytes };
}

/**
 * Returns the rows of an item that may be cut apart: the item with its first child, then each of the other children.
 */
function renderRows(item: ReportItem): readonly string[] {
  if (item.lines) return [`${renderWords(item.words)}\n\n${renderFencedBlock(item.lines, 'diff')}\n\n`];
  const [first = '', ...childLines] = (item.children ?? []).map((child) => renderListItem(child, 1));
  return [renderListItem({ ...item, children: [] }) + first, ...childLines];
}

/** Renders an item and its children as a list. */
export function renderListItem({ words, text = '', fields = [], children = [] }: ReportItem, depth = 0): string {
  const shownFields = fields
    .filter(([, field]) => field !== '')
    .map(([label, field]) => `*${label}:* ${renderWords(field)}`);
  const parts = [renderWords(words), ...(text === '' ? [] : [escapeInline(text)]), ...shownFields];
  return `${'  '.repeat(depth)}- ${parts.join('<br>')}\n${children.map((child) => renderListItem(child, depth + 1)).join('')}`;
}

function printCodes(codes: readonly string[]): string {
  let bytes = 0;
  const shownCodes = codes.map(escapeInline).filter((text) => (bytes += countUtf8Bytes(text) + 2) < MAX_BYTES.codes);
  const hiddenCount = codes.length - shownCodes.length;
  return shownCodes.length === 0
    ? ''
    : `: ${shownCodes.join(', ')}${hiddenCount > 0 ? `, and ${printNumber(hiddenCount)} other codes` : ''}`;
}

/** Renders words in a paragraph, a list item, a heading or a cell. */
function renderWords(words: RichText): string {
  if (typeof words === 'string') return escapeInline(words);
  return words
    .map((part) => {
      if (typeof part === 'string')
        return `${/^ /.exec(part) ?? ''}${escapeInline(part)}${/(?<=\S) $/.exec(part) ?? ''}`;
      if ('sign' in part) return part.sign === '\n' ? '<br>' : part.sign;
      if (!('exact' in part)) return renderStrong(escapeInline(part.strong));
      // A port that is torn from its protocol is hard to find in a table.
      return part.strong
        ? renderStrong(isShort(part.exact) ? escapeCode(part.exact).replaceAll(' ', '\u00a0') : escapeCode(part.exact))
        : escapeCode(part.exact);
    })
    .join('');
}

const isShort = (text: string): boolean => text.length <= 24 && !text.includes('`');
const renderStrong = (text: string): string => text && `**${text}**`;
