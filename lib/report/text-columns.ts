// Counts the terminal columns of a text, with wide characters and combining marks.

import stringWidth from 'string-width';

/**
 * Returns the columns that a text takes on a terminal: two for a wide character (UAX #11), none for a combining mark.
 */
export const countColumns = (text: string): number =>
  /^[\u0020-\u007e]*$/.test(text) ? text.length : stringWidth(text);

/** Returns how many of the characters fit into `columns` columns. */
export function countFitting(characters: readonly string[], columns: number): number {
  let columnsLeft = columns;
  const firstHidden = characters.findIndex((character) => (columnsLeft -= countColumns(character)) < 0);
  return firstHidden < 0 ? characters.length : firstHidden;
}
