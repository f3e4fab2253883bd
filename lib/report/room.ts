/** A part of a comment whose rows may be left out from the end. */
export interface Part {
  readonly before: string;
  readonly rows: readonly string[];
  readonly after: string;
  /** How many rows there are, where not all of them were made. */
  readonly total?: number;
  /** What stands after the first `shown` rows, or in place of the whole part, when the rest is left out. Short. */
  readonly cut: (shown: number) => string;
  /** At most so many bytes. */
  readonly most: number;
}

/** The parts in their order within `bytes`, each as whole as the ones before it let it be; none vanishes without its `cut`. */
export function fitted(parts: readonly Part[], bytes: number): string {
  const least = parts.map((part) => (isEmpty(part) ? 0 : utf8Length(part.cut(0))));
  let reserved = least.reduce((sum, length) => sum + length, 0);
  let left = bytes;
  let printed = '';
  parts.forEach((part, i) => {
    reserved -= least[i]!;
    const text = cutTo(part, Math.min(part.most, left - reserved));
    left -= utf8Length(text);
    printed += text;
  });
  return printed;
}

const isEmpty = ({ rows, total = rows.length }: Part): boolean => total === 0;

function cutTo(part: Part, room: number): string {
  if (isEmpty(part)) return '';
  const { before, rows, after, total = rows.length, cut } = part;
  const around = utf8Length(before) + utf8Length(after);
  const upTo = [around];
  for (const row of rows) upTo.push(upTo.at(-1)! + utf8Length(row));
  if (upTo.at(-1)! <= room && rows.length === total) return before + rows.join('') + after;
  for (let count = upTo.filter((bytes) => bytes <= room).length - 1; count > 0; count = Math.floor(count * 0.9)) {
    const rest = cut(count);
    if (upTo[count]! + utf8Length(rest) <= room) return before + rows.slice(0, count).join('') + after + rest;
  }
  return cut(0);
}

/** GitHub takes 262,144 bytes by measurement (dead-claudia/github-limits#13), and says 65,536 characters: bytes are never fewer. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}
