// Cuts the full test suite into slices of about the same duration and picks one by a seed, for `npm run test:slice`.

import { createHash } from 'node:crypto';

export interface Piece {
  readonly step: string;
  readonly name: string;
  readonly seconds: number;
}

interface Slice {
  readonly pieces: readonly Piece[];
  /** Number of the slice among all slices, counted from 1. */
  readonly number: number;
  readonly count: number;
}

const digest = ({ step, name }: Piece): string => createHash('sha256').update(`${step}: ${name}`).digest('hex');

/**
 * Returns one slice of the full suite. The pieces stand in a fixed order that mixes the steps. They are cut into slices
 * that take about as long, and the seed picks one. Consecutive seeds cover every piece once before any is repeated.
 * @param minutes About how long the slice takes
 */
export function cutSlice(all: readonly Piece[], minutes: number, seed: number): Slice {
  const ordered = all.map((piece) => ({ piece, place: digest(piece) })).sort((a, b) => (a.place < b.place ? -1 : 1));
  const total = all.reduce((sum, { seconds }) => sum + seconds, 0);
  const count = Math.max(1, Math.min(all.length, Math.round(total / (60 * minutes))));
  const number = seed % count;
  let before = 0;
  const pieces = ordered.flatMap(({ piece }) => {
    const middle = before + piece.seconds / 2;
    before += piece.seconds;
    return Math.min(count - 1, Math.floor((middle / total) * count)) === number ? [piece] : [];
  });
  return { pieces, number: number + 1, count };
}
