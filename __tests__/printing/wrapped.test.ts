// Tests how text and rows in columns are wrapped to a width: no line is longer, and nothing is lost.

import { TerminalPage } from '../../lib/report/terminal-page';
import { formatColumns, wrapText } from '../../lib/report/wrap-text';
import { fc } from '../randomly';

const letters = (text: string): string => text.replace(/ /g, '');

it('breaks between words, and indents further lines', () =>
  expect(wrapText('one two three four', 2, 4, 12)).toEqual(['  one two', '    three', '    four']));

it('breaks a long list after a comma, and a long name anywhere', () => {
  expect(wrapText('tcp 20,21,22,25,53,80', 0, 2, 12)).toEqual(['tcp 20,21,', '  22,25,53,', '  80']);
  expect(wrapText('abcdefghijklmnop', 0, 2, 10)).toEqual(['abcdefghij', '  klmnop']);
});

it('ends even without any room', () =>
  expect(wrapText('ab c', 0, 0, 0).filter((line) => line !== '')).toEqual(['a', 'b', 'c']));

it('loses nothing, and no line is too long', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ',', ' ', '𝄞') }),
      fc.integer({ min: 8, max: 30 }),
      (text, width) => {
        const lines = wrapText(text, 2, 4, width);
        expect(letters(lines.join(''))).toBe(letters(text));
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
      },
    ),
  ));

describe('rows in columns', () => {
  const rows = [
    ['tcp 22', 'ssh', '', 'from anywhere'],
    ['udp 53,67', 'dns, dhcp', 'by IPv4', 'from 192.0.2.0/24', '[line 7]'],
  ];

  it('stand in the widths of their cells if a line of each fits', () =>
    expect(formatColumns(rows, 80)).toEqual([
      'tcp 22     ssh                 from anywhere',
      'udp 53,67  dns, dhcp  by IPv4  from 192.0.2.0/24  [line 7]',
    ]));

  it('are wrapped within their columns otherwise', () =>
    expect(formatColumns(rows, 40)).toEqual([
      'tcp 22     ssh       from anywhere',
      'udp 53,67  dns,      by IPv4 from',
      '           dhcp      192.0.2.0/24 [line',
      '                     7]',
    ]));

  it('lose nothing, and no line is too long', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'b', ',', ' ', '7') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell, cell)), fc.integer({ min: 40, max: 100 }), (some, width) => {
        const lines = formatColumns(some, width);
        const count = (all: readonly string[]): readonly string[] => [...letters(all.join(''))].sort();
        expect(count(lines)).toEqual(count(some.flat()));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('on a terminal', () => {
  /** Widths of these characters only; written by hand, so that the test doesn't depend on the tested library. */
  const columns = (text: string): number =>
    [...text].reduce((sum, one) => sum + ({ 日: 2, 本: 2, '\u0301': 0 }[one] ?? 1), 0);

  it('wide characters take two columns, and combining marks none', () => {
    expect(wrapText('日本 日本 ab', 0, 0, 9)).toEqual(['日本 日本', 'ab']);
    expect(wrapText('日本日本日本', 0, 2, 9)).toEqual(['日本日本', '  日本']);
    expect(wrapText('e\u0301e\u0301 e\u0301e\u0301', 0, 0, 5)).toEqual(['e\u0301e\u0301 e\u0301e\u0301']);
  });

  it('no line is too wide, and nothing is lost', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ',', ' ', '日', '本', 'e\u0301') }),
        fc.integer({ min: 8, max: 30 }),
        (text, width) => {
          const lines = wrapText(text, 2, 4, width);
          expect(letters(lines.join(''))).toBe(letters(text));
          for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
        },
      ),
    ));

  it('columns are aligned', () => {
    const lines = formatColumns(
      [
        ['日本', 'x'],
        ['ab', 'y'],
      ],
      80,
    );
    expect(lines).toEqual(['日本  x', 'ab    y']);
  });

  it('an unwrapped line ends at the width of the terminal', () => {
    const page = new TerminalPage(60, false);
    page.addSection({
      title: 'Text',
      items: [{ words: 'gw1', lines: [`+${'日'.repeat(40)}`, `+${'日'.repeat(27)}`] }],
    });
    const [cut, whole] = page
      .toString()
      .split('\n')
      .filter((line) => line.includes('日'));
    expect([columns(cut!), cut!.slice(-3)]).toEqual([60, '...']);
    expect(whole).toBe(`    +${'日'.repeat(27)}`);
  });
});
