// Finds the known word or problem code that a user probably meant by a mistyped one.

import { distance } from 'fastest-levenshtein';

/**
 * Returns the number of edits between two words: letters to add, drop or change, or two neighbours to swap. A text
 * longer than all our words is near none of them.
 */
export const countEdits = (a: string, b: string): number =>
  Math.max(a.length, b.length) > 100
    ? Infinity
    : Math.min(distance(a, b), ...listSwaps(b).map((variant) => 1 + distance(a, variant)));

/** Returns the word in all variants with two neighbouring letters swapped. */
const listSwaps = (word: string): readonly string[] =>
  Array.from(
    { length: Math.max(0, word.length - 1) },
    (_, at) => word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2),
  );

/** Returns the known word that is at most two typing mistakes away, or that begins like the wrong one. */
export function findNearestWord(wrong: string, words: readonly string[]): string | undefined {
  if (wrong.length > 60) return undefined;
  const normalize = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const normalized = normalize(wrong);
  const [best] = words
    .map((word) => ({ word, away: countEdits(normalize(word), normalized) }))
    .sort((a, b) => a.away - b.away);
  if (best && best.away <= Math.min(2, Math.floor(normalized.length / 3))) return best.word;
  return normalized.length < 3
    ? undefined
    : words.find((word) => normalize(word).startsWith(normalized) || normalized.startsWith(normalize(word)));
}

/** Returns the codes that a user may have meant by a code or a part of one: the nearest first, at most three. */
export function findNearestCodes(wrong: string, codes: readonly string[]): readonly string[] {
  const normalized = wrong.toLowerCase().replaceAll('_', '-');
  const maxEdits = Math.max(1, Math.floor(normalized.length / 4));
  return codes
    .map((code) => {
      const short = code.slice(code.indexOf('/') + 1);
      const near = Math.min(
        countEdits(normalized, code),
        countEdits(normalized, short),
        code.includes(normalized) && normalized.length > 2 ? 1 : Infinity,
      );
      return { code, near };
    })
    .filter(({ near }) => near <= maxEdits)
    .sort((a, b) => a.near - b.near || (a.code < b.code ? -1 : 1))
    .slice(0, 3)
    .map(({ code }) => code);
}
