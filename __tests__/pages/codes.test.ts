// Tests that every problem code and lint code which a page of docs/ names is one that a command or a device prints.

import { collectExplanations, explanationPages } from '../../cli/explanations/error-explanations';
import { parsablePlatforms } from '../../lib/registry';
import { filesUnder, read } from '../walls/sources';

/** This page also names rules that aren't decided here. */
const OF_ALL_RULES = 'docs/reference/lint.md';

test('every code on a page is one that a command prints', () => {
  const lintCodes = filesUnder('docs/reference/lint', /\.md$/).map((file) =>
    file.replace(/^docs\/reference\/lint\/|\.md$/g, ''),
  );
  const explanations = collectExplanations(explanationPages, Object.keys(parsablePlatforms));
  const printedCodes = new Set([...explanations.keys(), ...lintCodes]);
  const rooms = new Set([...printedCodes].map((code) => code.split('/')[0]));
  const named = filesUnder('docs', /\.md$/).flatMap((file) =>
    file === OF_ALL_RULES
      ? []
      : [...read(file).matchAll(/`([a-z][a-z0-9-]*(?:\/[a-z0-9-]+)?)`/g)].map(([, code]) => ({ file, code: code! })),
  );
  const codes = named.filter(({ code }) => rooms.has(code.split('/')[0]) && code.includes('/'));
  expect(codes.length).toBeGreaterThan(300);
  expect(codes.filter(({ code }) => !printedCodes.has(code))).toEqual([]);
});
