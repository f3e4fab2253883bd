// Tests that README.md and the pages written by hand have no more words than their limits, code blocks included, and
// that the list of generated pages is right.

import { readdirSync } from 'node:fs';
import { ROOT, filesUnder, read } from '../walls/sources';

/** Pages that tests or commands write: from code, definitions or data. */
const GENERATED = [
  /^docs\/reference\/(api|commands|services)\.md$/,
  /^docs\/reference\/(errors|lint)\//,
  /^contributing\/mutants\.md$/,
];
/** Generated parts of pages that are written by hand otherwise. */
const GENERATED_PARTS: Readonly<Record<string, RegExp>> = {
  'docs/reference/lint.md': /<!-- decided -->[^]*<!-- end -->/,
  'docs/reference/platforms.md': /^\|.*$/gm,
  'docs/reference/exit-statuses.md': /^\|.*$/gm,
};

const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md'),
  ...['docs', 'contributing'].flatMap((folder) => filesUnder(folder, /\.md$/)),
].filter((page) => !GENERATED.some((pattern) => pattern.test(page)));

/** Tables of fields, which the docstrings of the constructs make. */
const FIELD_TABLE = /^\| property \|.*(\n\|.*)*/gm;

/** Counts the words of a page, with tables and code blocks, without generated parts. */
const countWords = (page: string): number =>
  read(page)
    .replace(GENERATED_PARTS[page] ?? '', '')
    .replace(FIELD_TABLE, '')
    .split(/\s+/)
    .filter((word) => /\w/.test(word)).length;

test('the README has 450 words at most', () => {
  expect(read('README.md').trim().split(/\s+/).length).toBeLessThanOrEqual(450);
});

test('pages written by hand have 30,000 words at most, and none has more than 1,500', () => {
  const counts = pages.map((page) => ({ page, words: countWords(page) }));
  expect(counts.length).toBeGreaterThan(60);
  expect(counts.filter(({ words }) => words > 1500)).toEqual([]);
  expect(counts.reduce((sum, { words }) => sum + words, 0)).toBeLessThanOrEqual(30_000);
});

test('generated pages exist', () => {
  const all = ['docs', 'contributing'].flatMap((folder) => filesUnder(folder, /\.md$/));
  expect(GENERATED.filter((pattern) => !all.some((page) => pattern.test(page)))).toEqual([]);
});
