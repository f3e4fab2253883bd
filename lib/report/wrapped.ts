import { columnsOf, fitting } from './columns-of';

/**
 * Lines of at most `width` columns, the first `indent` from the left and the others `hanging`, broken between words. A word that is longer
 * than a line is broken behind a comma, or else anywhere: in characters and not in halves of them.
 */
export function wrapped(text: string, indent: number, hanging: number, width: number): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (const word of text.split(' ').filter((word) => word !== '')) {
    let rest = [...word];
    const wide = columnsOf(word);
    if (
      !empty &&
      columnsOf(line) + 1 + wide > width &&
      !(wide > width - hanging && commaWithin(rest, fitting(rest, width - columnsOf(line) - 1)))
    ) {
      lines.push(line);
      line = ' '.repeat(hanging);
      empty = true;
    }
    if (!empty) line += ' ';
    while (columnsOf(line) + columnsOf(rest.join('')) > width) {
      const room = fitting(rest, width - columnsOf(line));
      const cut = commaWithin(rest, room) || Math.max(1, room);
      lines.push(line + rest.slice(0, cut).join(''));
      rest = rest.slice(cut);
      line = ' '.repeat(hanging);
    }
    line += rest.join('');
    empty = false;
  }
  return empty ? lines : [...lines, line];
}

/** Where a word may be cut of which so many characters have room: 0 for nowhere. */
const commaWithin = (word: readonly string[], room: number): number =>
  room > 0 ? word.lastIndexOf(',', room - 1) + 1 : 0;

const GAP = '  ';

/**
 * Rows in columns, as lines. Where a line of each has room, three columns are as wide as their cells and the others follow;
 * else the first two are narrow, the others are one, and every cell is wrapped within its own.
 */
export function inColumns(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const natural = widthsOf(rows, 3);
  const lines = rows.map((row) => beside(row, natural));
  if (lines.every((line) => columnsOf(line) <= width)) return lines;
  const folded = rows.map(([first = '', second = '', ...others]) => [
    first,
    second,
    others.filter((cell) => cell !== '').join(GAP),
  ]);
  const [first = 0, second = 0] = widthsOf(folded, 2);
  const widths = [Math.min(first, Math.floor(width * 0.35)), Math.min(second, Math.floor(width * 0.2))];
  const left = width - widths.reduce((sum, one) => sum + (one === 0 ? 0 : one + GAP.length), 0);
  return folded.flatMap((row) => {
    const cells = row.map((cell, at) => wrapped(cell, 0, 0, widths[at] ?? left));
    return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, line) =>
      beside(
        cells.map((one) => one[line] ?? ''),
        widths,
      ),
    );
  });
}

/** Wider than this no column is kept for the sake of the others. */
const WIDEST = 64;

const widthsOf = (rows: readonly (readonly string[])[], columns: number): readonly number[] =>
  Array.from({ length: columns }, (_, at) =>
    Math.min(WIDEST, Math.max(0, ...rows.map((row) => columnsOf(row[at] ?? '')))),
  );

function beside(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .flatMap((cell, at) =>
      widths[at] === undefined ? (cell === '' ? [] : [cell]) : widths[at] === 0 ? [] : [padded(cell, widths[at])],
    )
    .join(GAP)
    .trimEnd();
}

const padded = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
