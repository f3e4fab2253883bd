/** What a line is for. The colours of a terminal follow from it. */
export type Tone = 'good' | 'bad' | 'unsure' | 'title' | 'quiet' | 'plain';

/** Text from anywhere: each printer makes it harmless in its own way. */
export type Words = string | readonly Part[];

type Part =
  | string
  /** As it is written somewhere: an address, a port, a line. */
  | { readonly exact: string; readonly strong?: true }
  | { readonly strong: string }
  /** Ours, and only on a page. */
  | { readonly sign: '🌐 ' | '\n' };

/** One thing to say, and what belongs to it. */
export interface Item {
  readonly words: Words;
  readonly tone?: Tone;
  /** In sentences. */
  readonly text?: string;
  /** Of an empty one nothing is said. */
  readonly fields?: readonly (readonly [label: string, words: Words])[];
  readonly below?: readonly Item[];
  /** The same in columns with those of the other items, for a terminal: the first three as wide as they need to be, where there is room. */
  readonly cells?: readonly string[];
  /** Told as they are: what differs between two texts, after + or -. */
  readonly lines?: readonly string[];
  /** What it is counted by where there is no room for it. */
  readonly code?: string;
}

export interface Section {
  readonly title: Words;
  /** What stands on the page in its place until somebody unfolds it: words of ours alone, as they stand in HTML. */
  readonly folded?: string;
  readonly items: readonly Item[];
  /** How many items are shown at most. */
  readonly most?: number;
  /** How many things it leaves out already. */
  readonly left?: number;
  /** How a reader finds what is left out. */
  readonly elsewhere?: string;
  /** Bytes that it may take of a page. */
  readonly bytes?: number;
  /** The same in columns, for a page. */
  readonly table?: Table;
  /** It has what the tables of a page leave out; the lines of a terminal have it already. */
  readonly beside?: true;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Words[])[];
  readonly left: number;
  /** Rows that stand open; the others are folded. Default: all. */
  readonly open?: number;
}

export const ELSEWHERE = 'the JSON output has all of it';

/** `review/forbidden (12 times), lint/x`: items that there is no room for. */
export function codesOf(items: readonly Pick<Item, 'code'>[]): readonly string[] {
  const times = new Map<string, number>();
  for (const { code } of items) if (code !== undefined) times.set(code, (times.get(code) ?? 0) + 1);
  return [...times].map(([code, count]) => (count === 1 ? code : `${code} (${grouped(count)} times)`));
}

export const numbered = (count: number, thing: string): string => `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;

/** `10,000`. Not by the locale: the same prints alike everywhere. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** One after the other, and how many more there are than are shown. */
export const enumerated = <T>(shown: readonly T[], count: number): readonly (T | string)[] => [
  ...shown.flatMap((one, at) => (at === 0 ? [one] : [', ', one])),
  ...(count > shown.length ? [` and ${grouped(count - shown.length)} more`] : []),
];
