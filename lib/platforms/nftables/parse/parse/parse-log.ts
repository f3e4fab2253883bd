// Parses the `log` statement of an nftables rule. It adds nothing to the rule, but options that nft refuses are
// refused.

import { NftCursor } from '../cursor';
import { refuse, refuseUnexpected } from '../parse-problems';
import { RESERVED_WORDS } from '../reserved-words';

const MAX_PREFIX_LENGTH = 127;
const LOG_LEVELS = 'emerg alert crit err warn notice info debug audit'.split(' ');
/** The flags of log, each with the parts that it can name. Source: nft(8), 1.0.6. */
const LOG_FLAGS: Readonly<Record<string, readonly string[]>> = {
  tcp: ['sequence', 'options'],
  ip: ['options'],
  skuid: [],
  ether: [],
  all: [],
};

/** Skips `log …`, which decides nothing. */
export function parseLog(cursor: NftCursor): undefined {
  const { line } = cursor;
  const options = new Set<string>();
  for (
    cursor.next();
    ['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags'].includes(cursor.text) && !cursor.isString;
  ) {
    const option = cursor.next();
    options.add(option);
    if (option === 'flags') parseLogFlags(cursor);
    else parseOptionValue(cursor, option);
  }
  if (options.has('level') && options.has('group')) refuseUnexpected(line, 'level', 'a log without a group');
}

function parseOptionValue(cursor: NftCursor, option: string): void {
  const { line, text, isString } = cursor;
  if (!isString && RESERVED_WORDS.has(text)) refuseUnexpected(line, text, 'an option of log');
  cursor.takeName('an option of log');
  if (option === 'level' && !LOG_LEVELS.includes(text)) refuseUnexpected(line, text, LOG_LEVELS.join(', '));
  if (option === 'prefix' && text.length > MAX_PREFIX_LENGTH)
    refuse('long-prefix', line, `a prefix of log has more than ${MAX_PREFIX_LENGTH} bytes.`, 'a shorter one.');
}

function parseLogFlags(cursor: NftCursor): void {
  do {
    const { line, text } = cursor;
    const parts =
      LOG_FLAGS[cursor.takeName('a flag')] ?? refuseUnexpected(line, text, Object.keys(LOG_FLAGS).join(', '));
    if (parts.length === 0) continue;
    do {
      const { line: partLine, text: part } = cursor;
      if (!parts.includes(cursor.takeName('a part'))) refuseUnexpected(partLine, part, parts.join(' or '));
    } while (parts.includes(cursor.textAt(1)) && cursor.take(','));
  } while (cursor.take(','));
}
