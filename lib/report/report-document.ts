// The document model of all reports: sections of items and tables, without a format. The printers beside it turn it
// into a terminal page, Markdown or HTML, and escape text there. Also prints numbers with their nouns and joins lists.
// It knows no policy, no platform and no reachability.

/** The purpose of a line. The colours of a terminal follow from it. */
export type Tone = 'good' | 'bad' | 'unsure' | 'title' | 'quiet' | 'plain';

/** Text from any origin: each printer escapes it in its own way. */
export type RichText = string | readonly RichTextPart[];

type RichTextPart =
  | string
  /** Verbatim text: an address, a port, a line. */
  | { readonly exact: string; readonly strong?: true }
  | { readonly strong: string }
  /** A sign of ours, printed only on a page. */
  | { readonly sign: '🌐 ' | '\n' };

/** One statement, and what belongs to it. */
export interface ReportItem {
  readonly words: RichText;
  readonly tone?: Tone;
  /** More about it, in sentences. */
  readonly text?: string;
  /** Labelled values. An empty value isn't printed. */
  readonly fields?: readonly (readonly [label: string, words: RichText])[];
  readonly children?: readonly ReportItem[];
  /**
   * The statement in columns with those of the other items, for a terminal: the first three as wide as they need to be,
   * if there is room.
   */
  readonly cells?: readonly string[];
  /** Verbatim lines of a difference between two texts, after + or -. */
  readonly lines?: readonly string[];
  /** The code that the item is counted by if there is no room for it. */
  readonly code?: string;
}

export interface ReportSection {
  readonly title: RichText;
  /** The title on a page while the section is folded. Only words of ours, as they stand in HTML. */
  readonly folded?: string;
  readonly items: readonly ReportItem[];
  /** The most items that are shown. */
  readonly maxItems?: number;
  /** The number of things that the section already leaves out. */
  readonly omittedCount?: number;
  /** How a reader finds what is left out. */
  readonly elsewhere?: string;
  /** The most bytes that it may take of a page. */
  readonly maxBytes?: number;
  /** The section in columns, for a page. */
  readonly table?: ReportTable;
  /** True if it holds what the tables of a page leave out; the lines of a terminal have it already. */
  readonly beside?: true;
}

export interface ReportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly RichText[])[];
  readonly omittedCount: number;
  /** Number of rows that stand open; the others are folded. Default: all. */
  readonly openRows?: number;
}

export const DEFAULT_ELSEWHERE = 'the JSON output has all of it';

/** Returns the codes of items that there is no room for: `review/forbidden (12 times), lint/x`. */
export function listCodes(items: readonly Pick<ReportItem, 'code'>[]): readonly string[] {
  const times = new Map<string, number>();
  for (const { code } of items) if (code !== undefined) times.set(code, (times.get(code) ?? 0) + 1);
  return [...times].map(([code, count]) => (count === 1 ? code : `${code} (${printNumber(count)} times)`));
}

export const printQuantity = (count: number, noun: string): string =>
  `${printNumber(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Prints `10,000`. It ignores the locale: the same number prints alike everywhere. */
export const printNumber = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** Joins items with commas, followed by the number of those that aren't shown. */
export const joinItems = <T>(shownItems: readonly T[], count: number): readonly (T | string)[] => [
  ...shownItems.flatMap((item, index) => (index === 0 ? [item] : [', ', item])),
  ...(count > shownItems.length ? [` and ${printNumber(count - shownItems.length)} more`] : []),
];
