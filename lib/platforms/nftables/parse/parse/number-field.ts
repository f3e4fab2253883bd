import { NumberRange } from '../../../../net/device';
import { NftCursor } from '../cursor';
import { refuseUnexpected } from '../parse-problems';

/** What makes a number of its own for each packet: `numgen random mod 2`, `symhash mod 4 offset 1`. */
export const startsNumber = (cursor: NftCursor): boolean =>
  (cursor.is('numgen') || cursor.is('symhash')) && !cursor.isString;

export function parseNumberField(cursor: NftCursor): string {
  const words = [cursor.next()];
  if (words[0] === 'numgen') {
    const { line, text } = cursor;
    if (text !== 'inc' && text !== 'random') refuseUnexpected(line, text, 'inc or random');
    words.push(cursor.next());
  }
  cursor.expect('mod');
  words.push(`mod ${cursor.takeNumber('a number')}`);
  if (cursor.take('offset')) words.push(`offset ${cursor.takeNumber('a number')}`);
  return words.join(' ');
}

/** Which numbers may come of a field; undefined where it makes none. */
export function findNumberRange(fields: readonly string[]): NumberRange | undefined {
  const [, mod, offset = '0'] = /^(?:numgen \w+|symhash) mod (\d+)(?: offset (\d+))?$/.exec(fields.join(' . ')) ?? [];
  return mod === undefined ? undefined : { first: Number(offset), last: Number(offset) + Number(mod) - 1 };
}
