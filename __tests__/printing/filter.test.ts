// Tests the search field and check boxes of HTML reports: which rows they show, and that the page works without the
// script.

import { ReportSection } from '../../lib/report/report-document';
import { renderRowFilter } from '../../lib/report/page/row-filter';
import { markup } from '../../lib/report/page/html';
import { printPage } from '../../lib/report/page/print-page';
import { renderSections } from '../../lib/report/page/html-sections';
import { parsed, sha256 } from './parsed';

interface Shown {
  hidden: boolean;
  open: boolean;
  checked: boolean;
  value: string;
  readonly textContent: string;
  querySelectorAll(selector: string): Iterable<Shown>;
  dispatchEvent(event: object): void;
}

/** Its types have the names of a browser's, which this project is compiled without. */
const { parseHTML } = jest.requireActual<{
  parseHTML(page: string): { document: Shown; Event: new (name: string) => object };
}>('linkedom');

const section = (title: string, ports: readonly number[], openRows: number): ReportSection => ({
  title,
  folded: title,
  items: [],
  table: {
    columns: ['Port', 'Reaches'],
    rows: ports.map((port) => [`tcp ${port}`, `web${port}`]),
    omittedCount: 0,
    openRows,
  },
});
const SECTIONS = [section('Opens', [25, 443, 465, 993, 3306], 4), section('Closes', [2077, 25, 110, 143, 995], 0)];
const page = (sections: readonly ReportSection[]): string =>
  printPage(
    { title: 'x', headline: markup`x`, body: markup`${renderRowFilter(sections)}${renderSections(sections, 2)}` },
    sha256,
  );

function opened(sections = SECTIONS) {
  const text = page(sections);
  const { document, Event } = parseHTML(text);
  // The defaults of browsers, which linkedom doesn't have.
  for (const box of document.querySelectorAll('[type=checkbox]')) box.checked = true;
  for (const fold of document.querySelectorAll('details')) fold.open = false;
  const heard = new Map<string, () => void>();
  const script = /<script>(.*)<\/script>/s.exec(text)![1]!;
  new Function('document', 'addEventListener', script)(document, (event: string, run: () => void) =>
    heard.set(event, run),
  );
  const all = (selector: string): readonly Shown[] => [...document.querySelectorAll(selector)];
  const changed = (): void => all('form')[0]!.dispatchEvent(new Event('input'));
  return {
    all,
    heard,
    search: (words: string) => ((all('[type=search]')[0]!.value = words), changed()),
    tick: (part: string, checked: boolean) => (
      (all('[type=checkbox]').find(({ value }) => value === part)!.checked = checked),
      changed()
    ),
    /** Returns the visible rows. */
    rows: () =>
      all('section')
        .filter(({ hidden }) => !hidden)
        .flatMap((one) =>
          [...one.querySelectorAll('tbody tr')].filter(({ hidden }) => !hidden).map(({ textContent }) => textContent),
        ),
    said: () => all('output')[0]!.textContent,
    folds: () => all('details').map(({ open }) => open),
  };
}

describe('the filter of a page', () => {
  it('is hidden until the script runs, and then shows every row', () => {
    expect(page(SECTIONS)).toContain('<form hidden>');
    expect(page(SECTIONS)).not.toContain('<tr role="row" hidden');
    const { all, rows, said, folds } = opened();
    expect([all('form')[0]!.hidden, rows().length, said(), folds()]).toEqual([
      false,
      10,
      '10 of 10 rows',
      [false, false],
    ]);
  });

  it('shows the rows that contain every word in any cell, and unfolds their sections', () => {
    const { all, search, rows, said, folds } = opened();
    search('TCP web25');
    expect([rows(), said(), folds()]).toEqual([['tcp 25web25', 'tcp 25web25'], '2 of 10 rows', [false, true]]);
    search('3306');
    expect([rows(), said(), folds()]).toEqual([['tcp 3306web3306'], '1 of 10 rows', [true, false]]);
    expect(all('table').map(({ hidden }) => hidden)).toEqual([true, false, true]);
    // No word spans two cells.
    search('25web');
    expect([rows(), said()]).toEqual([[], '0 of 10 rows']);
    search('');
    expect([rows().length, folds()]).toEqual([10, [false, false]]);
  });

  it('shows the ticked parts, and leaves their folds to the reader', () => {
    const { all, tick, rows, said, folds } = opened();
    all('details')[1]!.open = true;
    tick('Opens', false);
    expect([rows().length, rows()[0], said(), folds()]).toEqual([5, 'tcp 2077web2077', '5 of 10 rows', [false, true]]);
    tick('Opens', true);
    expect(said()).toBe('10 of 10 rows');
  });

  it('is omitted for few rows, and the page prints unfolded all the same', () => {
    const few = [section('Opens', [25], 1), section('Closes', [110], 0)];
    expect(parsed(page(few)).elements.filter(({ tagName }) => tagName === 'form')).toEqual([]);
    const { heard, folds } = opened(few);
    heard.get('beforeprint')!();
    expect(folds()).toEqual([true]);
    heard.get('afterprint')!();
    expect(folds()).toEqual([false]);
  });

  it('has no boxes if there would be too many, and filters by words', () => {
    const { all, search, said } = opened(Array.from({ length: 7 }, (_, at) => section(`part ${at}`, [25, 26 + at], 2)));
    expect([all('[type=checkbox]').length, said()]).toEqual([0, '14 of 14 rows']);
    search('web25');
    expect(said()).toBe('7 of 14 rows');
  });

  it('has untrusted names as text', () => {
    const name = '"><script>alert(1)</script>';
    const { all, tick, said } = opened([section(name, [25, 26], 2), SECTIONS[0]!, SECTIONS[1]!]);
    expect([parsed(page([section(name, [25], 1)])).strange, all('script').length]).toEqual([[], 1]);
    tick(name, false);
    expect(said()).toBe('10 of 12 rows');
  });
});
