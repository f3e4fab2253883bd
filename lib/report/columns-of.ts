import stringWidth from 'string-width';

/** Columns that a text takes on a terminal: two for a wide character (UAX #11), none for a mark above another one. */
export const columnsOf = (text: string): number => (/^[\u0020-\u007e]*$/.test(text) ? text.length : stringWidth(text));

/** How many of the characters fit into so many columns. */
export function fitting(characters: readonly string[], columns: number): number {
  let left = columns;
  const past = characters.findIndex((one) => (left -= columnsOf(one)) < 0);
  return past < 0 ? characters.length : past;
}
