// Tests the comparison of two generated texts line by line: a changed line, an added one, a long list, and the limit
// for large texts.

import { compareTexts } from '../../../lib/review/judging/compare-texts';

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

test('equal texts have no differences', () => {
  expect(compareTexts(lines('a', 'b'), lines('a', 'b'))).toEqual([]);
});

test('one line added in the middle is one line', () => {
  expect(
    compareTexts(
      lines('set {', '  x', '}', 'set {', '  y', '}'),
      lines('set {', '  x', '}', 'set {', '  z', '}', 'set {', '  y', '}'),
    ),
  ).toEqual(['+  z', '+}', '+set {']);
});

test('a changed line is removed and added in its place', () => {
  expect(compareTexts(lines('a', 'b', 'c'), lines('a', 'B', 'c', 'd'))).toEqual(['-b', '+B', '+d']);
  expect(compareTexts('', lines('a'))).toEqual(['+a']);
  expect(compareTexts(lines('a'), '')).toEqual(['-a']);
});

test('a long list is compared element by element', () => {
  const list = (all: readonly number[]): string => `elements = { ${all.map((n) => `10.0.0.${n}`).join(', ')} }\n`;
  const all = Array.from({ length: 40 }, (_, n) => n);
  expect(compareTexts(list(all), list(all.filter((n) => n !== 7)))).toEqual(['-10.0.0.7,']);
});

test('large texts that differ everywhere give a bounded number of lines in bounded time', () => {
  const text = (from: number): string => lines(...Array.from({ length: 20_000 }, (_, n) => `line ${from + n}`), 'end');
  const diff = compareTexts(text(0), text(100_000));
  expect([diff.length, diff[0], diff.at(-1)]).toEqual([200, '-line 0', 'and 39801 more lines']);
});
