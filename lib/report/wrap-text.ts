// Wraps text to the width of a terminal, and formats rows in aligned columns.

import { countColumns, countFitting } from './text-columns';

/**
 * Wraps text into lines of at most `width` columns, broken between words: the first `indent` columns from the left, the
 * others `hangingIndent`. A word that is longer than a line is broken behind a comma, or else anywhere between
 * characters, never within one.
 */
export function wrapText(text: string, indent: number, hangingIndent: number, width: number): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (const word of text.split(' ').filter((word) => word !== '')) {
    let characters = [...word];
    const wordColumns = countColumns(word);
    if (
      !empty &&
      countColumns(line) + 1 + wordColumns > width &&
      !(
        wordColumns > width - hangingIndent &&
        findComma(characters, countFitting(characters, width - countColumns(line) - 1))
      )
    ) {
      lines.push(line);
      line = ' '.repeat(hangingIndent);
      empty = true;
    }
    if (!empty) line += ' ';
    while (countColumns(line) + countColumns(characters.join('')) > width) {
      const columnsLeft = countFitting(characters, width - countColumns(line));
      const splitIndex = findComma(characters, columnsLeft) || Math.max(1, columnsLeft);
      lines.push(line + characters.slice(0, splitIndex).join(''));
      characters = characters.slice(splitIndex);
      line = ' '.repeat(hangingIndent);
    }
    line += characters.join('');
    empty = false;
  }
  return empty ? lines : [...lines, line];
}

/** Returns the index at which a word may be cut if `columnsLeft` characters fit: 0 for nowhere. */
const findComma = (word: readonly string[], columnsLeft: number): number =>
  columnsLeft > 0 ? word.lastIndexOf(',', columnsLeft - 1) + 1 : 0;

const COLUMN_GAP = '  ';

/**
 * Formats rows in columns, as lines. If every row fits on one line, three columns are as wide as their cells and the
 * others follow. Otherwise the first two are narrow, the others are joined, and every cell is wrapped within its own
 * column.
 */
export function formatColumns(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const naturalWidths = computeWidths(rows, 3);
  const lines = rows.map((row) => joinCells(row, naturalWidths));
  if (lines.every((line) => countColumns(line) <= width)) return lines;
  const foldedRows = rows.map(([first = '', second = '', ...otherCells]) => [
    first,
    second,
    otherCells.filter((cell) => cell !== '').join(COLUMN_GAP),
  ]);
  const [first = 0, second = 0] = computeWidths(foldedRows, 2);
  const widths = [Math.min(first, Math.floor(width * 0.35)), Math.min(second, Math.floor(width * 0.2))];
  const lastWidth =
    width - widths.reduce((total, column) => total + (column === 0 ? 0 : column + COLUMN_GAP.length), 0);
  return foldedRows.flatMap((row) => {
    const cells = row.map((cell, index) => wrapText(cell, 0, 0, widths[index] ?? lastWidth));
    return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, line) =>
      joinCells(
        cells.map((column) => column[line] ?? ''),
        widths,
      ),
    );
  });
}

/** A column that is wider than this isn't kept for the sake of the others. */
const MAX_COLUMN_WIDTH = 64;

const computeWidths = (rows: readonly (readonly string[])[], columns: number): readonly number[] =>
  Array.from({ length: columns }, (_, index) =>
    Math.min(MAX_COLUMN_WIDTH, Math.max(0, ...rows.map((row) => countColumns(row[index] ?? '')))),
  );

function joinCells(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .flatMap((cell, index) =>
      widths[index] === undefined
        ? cell === ''
          ? []
          : [cell]
        : widths[index] === 0
          ? []
          : [fillCell(cell, widths[index])],
    )
    .join(COLUMN_GAP)
    .trimEnd();
}

const fillCell = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - countColumns(text)));
