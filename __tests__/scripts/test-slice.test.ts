// Tests the parts of the full tier that `npm run test:slice` draws by a seed: consecutive seeds cover everything once
// before anything comes again.

import { Piece, cutSlice } from '../../scripts/test/slice';

const PIECES: readonly Piece[] = Array.from({ length: 200 }, (_, n) => ({
  step: n % 2 === 0 ? 'unit' : 'lab',
  name: `piece ${n}`,
  seconds: n % 2 === 0 ? 3 : 27,
}));
const TOTAL_MINUTES = 50;

const names = (pieces: readonly Piece[]): readonly string[] => pieces.map(({ step, name }) => `${step} ${name}`).sort();

test('consecutive seeds cover every piece once before any piece is repeated', () => {
  const slices = [7, 8, 9, 10, 11].map((seed) => cutSlice(PIECES, 10, seed));
  expect(slices.map(({ count }) => count)).toEqual([5, 5, 5, 5, 5]);
  expect(slices.map(({ number }) => number)).toEqual([3, 4, 5, 1, 2]);
  expect(names(slices.flatMap(({ pieces }) => pieces))).toEqual(names(PIECES));
});

test('a seed gives the same slice whatever order the pieces are listed in', () => {
  const { pieces } = cutSlice(PIECES, 10, 3);
  expect(names(cutSlice([...PIECES].reverse(), 10, 3).pieces)).toEqual(names(pieces));
});

test('a slice takes about the minutes that were asked for, and mixes the steps', () => {
  for (const seed of [0, 1, 2, 3, 4]) {
    const { pieces } = cutSlice(PIECES, 10, seed);
    const minutes = pieces.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
    expect(Math.abs(minutes - 10)).toBeLessThan(1);
    expect(new Set(pieces.map(({ step }) => step))).toEqual(new Set(['unit', 'lab']));
  }
});

test('a slice that is longer than everything is everything', () =>
  expect(names(cutSlice(PIECES, 2 * TOTAL_MINUTES, 5).pieces)).toEqual(names(PIECES)));
