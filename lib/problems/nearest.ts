import { distance } from 'fastest-levenshtein';

/** Letters to add, drop, change or, of two neighbours, swap between two words. A text that is longer than any word of ours is near none. */
export const edits = (a: string, b: string): number =>
  Math.max(a.length, b.length) > 100
    ? Infinity
    : Math.min(distance(a, b), ...swapped(b).map((one) => 1 + distance(a, one)));

/** The word with each two neighbours the other way round. */
const swapped = (word: string): readonly string[] =>
  Array.from(
    { length: Math.max(0, word.length - 1) },
    (_, at) => word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2),
  );

/** The known word that is at most two typing mistakes away, or that begins as the wrong one does. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  if (wrong.length > 60) return undefined;
  const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = bare(wrong);
  const [best] = known.map((word) => ({ word, away: edits(bare(word), wanted) })).sort((a, b) => a.away - b.away);
  if (best && best.away <= Math.min(2, Math.floor(wanted.length / 3))) return best.word;
  return wanted.length < 3
    ? undefined
    : known.find((word) => bare(word).startsWith(wanted) || wanted.startsWith(bare(word)));
}

/** Codes that somebody may have meant, who wrote one or a part of one: the nearest first, at most three. */
export function nearestCodes(wrong: string, known: readonly string[]): readonly string[] {
  const wanted = wrong.toLowerCase().replaceAll('_', '-');
  const most = Math.max(1, Math.floor(wanted.length / 4));
  return known
    .map((code) => {
      const short = code.slice(code.indexOf('/') + 1);
      const near = Math.min(
        edits(wanted, code),
        edits(wanted, short),
        code.includes(wanted) && wanted.length > 2 ? 1 : Infinity,
      );
      return { code, near };
    })
    .filter(({ near }) => near <= most)
    .sort((a, b) => a.near - b.near || (a.code < b.code ? -1 : 1))
    .slice(0, 3)
    .map(({ code }) => code);
}
