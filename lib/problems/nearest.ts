/** Letters to add, drop or change between two words. A text that is longer than any word of ours is near none. */
export function edits(a: string, b: string): number {
  if (Math.max(a.length, b.length) > 100) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let k = 1; k <= b.length; k++) {
      row.push(Math.min(above[k]! + 1, row[k - 1]! + 1, above[k - 1]! + Number(a[i - 1] !== b[k - 1])));
    }
  }
  return row[b.length]!;
}

/** The known word that is at most two typing mistakes away, or that begins as the wrong one does. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  if (wrong.length > 60) return undefined;
  const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = bare(wrong);
  const [best] = known.map((word) => ({ word, away: edits(bare(word), wanted) })).sort((a, b) => a.away - b.away);
  if (best && best.away <= Math.min(2, Math.floor(wanted.length / 3))) return best.word;
  return wanted.length < 3 ? undefined : known.find((word) => bare(word).startsWith(wanted) || wanted.startsWith(bare(word)));
}

/** Codes that somebody may have meant, who wrote one or a part of one: the nearest first, at most three. */
export function nearestCodes(wrong: string, known: readonly string[]): readonly string[] {
  const wanted = wrong.toLowerCase().replaceAll('_', '-');
  const most = Math.max(3, Math.floor(wanted.length / 3));
  return known
    .map((code) => {
      const short = code.slice(code.indexOf('/') + 1);
      const near = Math.min(edits(wanted, code), edits(wanted, short), code.includes(wanted) && wanted.length > 2 ? 1 : Infinity);
      return { code, near };
    })
    .filter(({ near }) => near <= most)
    .sort((a, b) => a.near - b.near || (a.code < b.code ? -1 : 1))
    .slice(0, 3)
    .map(({ code }) => code);
}
