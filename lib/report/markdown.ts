import { ELSEWHERE, Item, Section, Table, Words, codesOf, grouped } from './document';
import { code, fenced, inline } from './escape';
import { Part, fitted, utf8Length } from './room';

/** Bytes of one part, and of the codes of what it leaves out. */
const MOST = { part: 20_000, codes: 12_000 };

/** Sections one after the other, each under a heading of that level, within so many bytes. */
export const printSections = (sections: readonly Section[], level: string, bytes: number): string =>
  fitted(
    sections.flatMap((section) => partsOf(section, level)),
    bytes,
  );

function partsOf(section: Section, level: string): readonly Part[] {
  const { items, most = items.length, left = 0, folded, table } = section;
  const heading = `${level} ${markdown(section.title)}`;
  if (table) return tableParts(section, table, heading);
  const rows = items.slice(0, most).flatMap(rowsOf);
  const total = rows.length + items.length - Math.min(items.length, most) + left;
  if (folded !== undefined) return [part(section, rows, total, ...unfolding(folded))];
  return [part(section, rows, total, `\n${heading}\n\n`, '', (from) => listed(codesOf(items.slice(from))))];
}

function tableParts(
  section: Section,
  { columns, rows, left, open = rows.length }: Table,
  heading: string,
): readonly Part[] {
  const row = (cells: readonly Words[]): string => `| ${cells.map(markdown).join(' | ')} |\n`;
  const head = `| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}\n`;
  const all = rows.map(row);
  const rest = all.slice(open);
  const more = rest.length === 0 ? 0 : left;
  const shown = Math.min(open, all.length);
  const title = `${section.folded ?? ''}: ${grouped(rest.length + more)}${shown > 0 ? ' more' : ''}`;
  return [
    part(section, all.slice(0, open), shown + left - more, `\n${heading}\n\n${head}`, ''),
    part(section, rest, rest.length + more, ...unfolding(title, head)),
  ];
}

const unfolding = (title: string, head = ''): readonly [string, string] => [
  `\n<details><summary>${title}</summary>\n\n${head}`,
  '\n</details>\n',
];

function part(
  { title, elsewhere = ELSEWHERE, bytes: most = MOST.part }: Section,
  rows: readonly string[],
  total: number,
  before: string,
  after: string,
  named: (from: number) => string = () => '',
): Part {
  const cut = (shown: number): string =>
    `\n**${grouped(total - shown)} ${shown === 0 ? '' : 'more '}of “${markdown(title)}”** left out here; ${elsewhere}${named(shown)}.\n`;
  return { before, rows, after, total, cut, most };
}

/** What may be cut apart: an item with the first that stands below it, then each of the others. */
function rowsOf(item: Item): readonly string[] {
  if (item.lines) return [`${markdown(item.words)}\n\n${fenced(item.lines, 'diff')}\n\n`];
  const [first = '', ...more] = (item.below ?? []).map((one) => listItem(one, 1));
  return [listItem({ ...item, below: [] }) + first, ...more];
}

/** An item and what stands below it, in a list. */
export function listItem({ words, text = '', fields = [], below = [] }: Item, depth = 0): string {
  const told = fields.filter(([, field]) => field !== '').map(([label, field]) => `*${label}:* ${markdown(field)}`);
  const parts = [markdown(words), ...(text === '' ? [] : [inline(text)]), ...told];
  return `${'  '.repeat(depth)}- ${parts.join('<br>')}\n${below.map((one) => listItem(one, depth + 1)).join('')}`;
}

function listed(codes: readonly string[]): string {
  let bytes = 0;
  const shown = codes.map(inline).filter((text) => (bytes += utf8Length(text) + 2) < MOST.codes);
  const others = codes.length - shown.length;
  return shown.length === 0 ? '' : `: ${shown.join(', ')}${others > 0 ? `, and ${grouped(others)} other codes` : ''}`;
}

/** In a paragraph, a list item, a heading or a cell. */
function markdown(words: Words): string {
  if (typeof words === 'string') return inline(words);
  return words
    .map((part) => {
      if (typeof part === 'string') return `${/^ /.exec(part) ?? ''}${inline(part)}${/(?<=\S) $/.exec(part) ?? ''}`;
      if ('sign' in part) return part.sign === '\n' ? '<br>' : part.sign;
      if (!('exact' in part)) return strong(inline(part.strong));
      // A port that is torn from its protocol is hard to find in a table.
      return part.strong
        ? strong(isShort(part.exact) ? code(part.exact).replaceAll(' ', '\u00a0') : code(part.exact))
        : code(part.exact);
    })
    .join('');
}

const isShort = (text: string): boolean => text.length <= 24 && !text.includes('`');
const strong = (text: string): string => text && `**${text}**`;
