import stringWidth from 'string-width';

/** Columns that a text takes on a terminal: two for a wide character (UAX #11), none for a mark above another one. */
export const countColumns = (text: string): number =>
  /^[\u0020-\u007e]*$/.test(text) ? text.length : stringWidth(text);

/** How many of the characters fit into so many columns. */
export function countFitting(characters: readonly string[], columns: number): number {
  let columnsLeft = columns;
  const firstHidden = characters.findIndex((character) => (columnsLeft -= countColumns(character)) < 0);
  return firstHidden < 0 ? characters.length : firstHidden;
}
