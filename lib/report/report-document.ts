/** What a line is for. The colours of a terminal follow from it. */
export type Tone = 'good' | 'bad' | 'unsure' | 'title' | 'quiet' | 'plain';

/** Text from anywhere: each printer makes it harmless in its own way. */
export type RichText = string | readonly RichTextPart[];

type RichTextPart =
  | string
  /** As it is written somewhere: an address, a port, a line. */
  | { readonly exact: string; readonly strong?: true }
  | { readonly strong: string }
  /** Ours, and only on a page. */
  | { readonly sign: '🌐 ' | '\n' };

/** One thing to say, and what belongs to it. */
export interface ReportItem {
  readonly words: RichText;
  readonly tone?: Tone;
  /** In sentences. */
  readonly text?: string;
  /** Of an empty one nothing is said. */
  readonly fields?: readonly (readonly [label: string, words: RichText])[];
  readonly below?: readonly ReportItem[];
  /** The same in columns with those of the other items, for a terminal: the first three as wide as they need to be, where there is room. */
  readonly cells?: readonly string[];
  /** Told as they are: what differs between two texts, after + or -. */
  readonly lines?: readonly string[];
  /** What it is counted by where there is no room for it. */
  readonly code?: string;
}

export interface ReportSection {
  readonly title: RichText;
  /** What stands on the page in its place until somebody unfolds it: words of ours alone, as they stand in HTML. */
  readonly folded?: string;
  readonly items: readonly ReportItem[];
  /** How many items are shown at most. */
  readonly most?: number;
  /** How many things it leaves out already. */
  readonly left?: number;
  /** How a reader finds what is left out. */
  readonly elsewhere?: string;
  /** Bytes that it may take of a page. */
  readonly bytes?: number;
  /** The same in columns, for a page. */
  readonly table?: ReportTable;
  /** It has what the tables of a page leave out; the lines of a terminal have it already. */
  readonly beside?: true;
}

export interface ReportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly RichText[])[];
  readonly left: number;
  /** Rows that stand open; the others are folded. Default: all. */
  readonly open?: number;
}

export const DEFAULT_ELSEWHERE = 'the JSON output has all of it';

/** `review/forbidden (12 times), lint/x`: items that there is no room for. */
export function listCodes(items: readonly Pick<ReportItem, 'code'>[]): readonly string[] {
  const times = new Map<string, number>();
  for (const { code } of items) if (code !== undefined) times.set(code, (times.get(code) ?? 0) + 1);
  return [...times].map(([code, count]) => (count === 1 ? code : `${code} (${printNumber(count)} times)`));
}

export const printQuantity = (count: number, thing: string): string =>
  `${printNumber(count)} ${thing}${count === 1 ? '' : 's'}`;

/** `10,000`. Not by the locale: the same prints alike everywhere. */
export const printNumber = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** One after the other, and how many more there are than are shown. */
export const joinItems = <T>(shown: readonly T[], count: number): readonly (T | string)[] => [
  ...shown.flatMap((item, index) => (index === 0 ? [item] : [', ', item])),
  ...(count > shown.length ? [` and ${printNumber(count - shown.length)} more`] : []),
];
