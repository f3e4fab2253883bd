// Finds the places of a text at which words can be exchanged, and edits them.

/** One edit to a text: its description in a few words, and the result. */
export interface TextMutation {
  readonly what: string;
  readonly text: string;
}

/** Edits by pattern: the description, the pattern, and the replacements of each match. */
export type Pattern = readonly [what: string, pattern: RegExp, change: (found: RegExpMatchArray) => string | undefined];

const near = (text: string, by: number): string => {
  const parts = text.split('.').map(Number);
  parts[3] = (parts[3]! + by + 256) % 256;
  return parts.join('.');
};

/** A prefix, one bit shorter or longer. */
export const prefixed = (address: string, length: number): string | undefined => {
  if (length < 0 || length > 32) return undefined;
  const number = address.split('.').reduce((all, part) => all * 256 + Number(part), 0);
  const size = 2 ** (32 - length);
  const first = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${length}`;
};

const ADDRESS = /(?<![\d.])\d+\.\d+\.\d+\.\d+(?![\d.])/g;

export const OTHER_ADDRESSES: readonly Pattern[] = [
  ['the next address', ADDRESS, ([all]) => near(all, 1)],
  ['the address before', ADDRESS, ([all]) => near(all, -1)],
];

/** Without such a length, the prefix without any. */
export const OTHER_LENGTHS: readonly Pattern[] = [
  [
    'a bit shorter',
    /(\d+\.\d+\.\d+\.\d+)\/(\d+)/g,
    ([, address, length]) => prefixed(address!, Number(length) - 1) ?? '',
  ],
  [
    'a bit longer',
    /(\d+\.\d+\.\d+\.\d+)\/(\d+)/g,
    ([, address, length]) => prefixed(address!, Number(length) + 1) ?? '',
  ],
];

/** Each place of a text changed by itself. */
export const placesChanged = (text: string, patterns: readonly Pattern[]): readonly TextMutation[] =>
  patterns.flatMap(([what, pattern, change]) =>
    [...text.matchAll(pattern)].flatMap((found) => {
      const to = change(found);
      return to === undefined || to === found[0]
        ? []
        : [{ what, text: text.slice(0, found.index) + to + text.slice(found.index + found[0].length) }];
    }),
  );

/** Each hostile line at both ends of the owner's lines, in files with marks around them. */
export const linesAdded = (text: string, hostile: readonly string[]): readonly TextMutation[] =>
  hostile.flatMap((line) =>
    (
      [
        ['in front', /(?<= begin\n)/],
        ['at the end', /(?=# .* end\n)/],
      ] as const
    ).map(([where, at]): TextMutation => ({ what: `added ${where}: ${line}`, text: text.replace(at, `${line}\n`) })),
  );
