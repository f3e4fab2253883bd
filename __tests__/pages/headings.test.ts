// Tests that the pages of docs/how-to have the same headings in the same order, and begin with their answer.

import { filesUnder, read } from '../walls/sources';

/** Second-level headings, in order. Other headings are below one of them. */
const HEADINGS = ['Before you begin', 'Steps', 'Options', 'Check', 'If it fails', 'Limits'];
const REQUIRED = ['Steps', 'Check', 'If it fails'];

const pages = filesUnder('docs/how-to', /\.md$/).map((page) => {
  const [title, ...lines] = read(page)
    .replace(/^ *```[^]*?^ *```$/gm, 'code')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return { page, title: title!, lines };
});
const getHeadings = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => (line.startsWith('## ') ? [line.slice(3)] : []));

test("each page has the required headings and no unlisted ones, in the list's order", () => {
  expect(pages.length).toBeGreaterThan(25);
  const wrong = pages.flatMap(({ page, lines }) => {
    const headings = getHeadings(lines);
    const expected = HEADINGS.filter((heading) => headings.includes(heading) || REQUIRED.includes(heading));
    return headings.join() === expected.join() ? [] : [{ page, headings, expected }];
  });
  expect(wrong).toEqual([]);
});

test('each page has one title, then its answer in at most 80 words, and no empty section', () => {
  const wrong = pages.filter(({ title, lines }) => {
    const lead = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith('#')),
    );
    const words = lead.join(' ').split(/\s+/).length;
    const isEmpty = lines.some((line, index) => line.startsWith('## ') && /^(## |$)/.test(lines[index + 1] ?? ''));
    return !title.startsWith('# ') || lines.some((line) => line.startsWith('# ')) || words < 8 || words > 80 || isEmpty;
  });
  expect(wrong.map(({ page }) => page)).toEqual([]);
});
