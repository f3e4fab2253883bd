// Prints a comment for a pull request within a limit of bytes: leaves out the last rows of its parts, and counts them.

/** A part of a comment whose rows may be left out from the end. */
export interface LimitedPart {
  readonly before: string;
  readonly rows: readonly string[];
  readonly after: string;
  /** The number of rows, if not all of them were rendered. */
  readonly total?: number;
  /**
   * Returns a short text that stands after the first `shown` rows, or in place of the whole part, if the rest is left
   * out.
   */
  readonly printRemainder: (shown: number) => string;
  /** The most bytes that the part may take. */
  readonly maxBytes: number;
}

/**
 * Prints the parts in order within `bytes`, each as complete as the ones before it permit; no part vanishes without its
 * `cut`.
 */
export function limitToBytes(parts: readonly LimitedPart[], bytes: number): string {
  const minBytes = parts.map((part) => (isEmptyPart(part) ? 0 : countUtf8Bytes(part.printRemainder(0))));
  let reservedBytes = minBytes.reduce((total, length) => total + length, 0);
  let bytesLeft = bytes;
  let printed = '';
  parts.forEach((part, i) => {
    reservedBytes -= minBytes[i]!;
    const text = trimPart(part, Math.min(part.maxBytes, bytesLeft - reservedBytes));
    bytesLeft -= countUtf8Bytes(text);
    printed += text;
  });
  return printed;
}

const isEmptyPart = ({ rows, total = rows.length }: LimitedPart): boolean => total === 0;

function trimPart(part: LimitedPart, maxSize: number): string {
  if (isEmptyPart(part)) return '';
  const { before, rows, after, total = rows.length, printRemainder } = part;
  const frameBytes = countUtf8Bytes(before) + countUtf8Bytes(after);
  const cumulative = [frameBytes];
  for (const row of rows) cumulative.push(cumulative.at(-1)! + countUtf8Bytes(row));
  if (cumulative.at(-1)! <= maxSize && rows.length === total) return before + rows.join('') + after;
  for (
    let count = cumulative.filter((bytes) => bytes <= maxSize).length - 1;
    count > 0;
    count = Math.floor(count * 0.9)
  ) {
    const cutText = printRemainder(count);
    if (cumulative[count]! + countUtf8Bytes(cutText) <= maxSize)
      return before + rows.slice(0, count).join('') + after + cutText;
  }
  return printRemainder(0);
}

/**
 * Counts the bytes of a text in UTF-8. GitHub accepts 262,144 bytes by measurement (dead-claudia/github-limits#13), and
 * documents 65,536 characters: bytes are never fewer.
 */
export function countUtf8Bytes(text: string): number {
  let length = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0)!;
    length += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
  return length;
}
