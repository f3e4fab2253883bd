// Parses fields of nftables rules that are generated for each packet: `numgen random mod 2`, `symhash mod 4 offset
// 1`.

import { NumberRange } from '../../../../net/device';
import { NftCursor } from '../cursor';
import { refuseUnexpected } from '../parse-problems';

/**
 * Returns whether a number begins here that is made for each packet: `numgen random mod 2`, `symhash mod 4 offset 1`.
 */
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

/** Returns the numbers that a field can make. Returns undefined if it makes none. */
export function findNumberRange(fields: readonly string[]): NumberRange | undefined {
  const [, mod, offset = '0'] = /^(?:numgen \w+|symhash) mod (\d+)(?: offset (\d+))?$/.exec(fields.join(' . ')) ?? [];
  return mod === undefined ? undefined : { first: Number(offset), last: Number(offset) + Number(mod) - 1 };
}
