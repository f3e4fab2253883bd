import { Cursor } from '../cursor';
import { refuse, unexpected } from '../problems';
import { RESERVED } from '../reserved';

const LONGEST_PREFIX = 127;
const LEVELS = 'emerg alert crit err warn notice info debug audit'.split(' ');
/** What is written of each part of a packet. Source: nft(8), 1.0.6. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  tcp: ['sequence', 'options'],
  ip: ['options'],
  skuid: [],
  ether: [],
  all: [],
};

/** Past `log …`, which decides nothing. */
export function parseLog(cursor: Cursor): undefined {
  const { line } = cursor;
  const said = new Set<string>();
  for (
    cursor.next();
    ['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags'].includes(cursor.text) && !cursor.isString;
  ) {
    const option = cursor.next();
    said.add(option);
    if (option === 'flags') flags(cursor);
    else value(cursor, option);
  }
  if (said.has('level') && said.has('group')) unexpected(line, 'level', 'a log without a group');
}

function value(cursor: Cursor, option: string): void {
  const { line, text, isString } = cursor;
  if (!isString && RESERVED.has(text)) unexpected(line, text, 'an option of log');
  cursor.name('an option of log');
  if (option === 'level' && !LEVELS.includes(text)) unexpected(line, text, LEVELS.join(', '));
  if (option === 'prefix' && text.length > LONGEST_PREFIX)
    refuse('long-prefix', line, `a prefix of log has more than ${LONGEST_PREFIX} bytes.`, 'a shorter one.');
}

function flags(cursor: Cursor): void {
  do {
    const { line, text } = cursor;
    const parts = FLAGS[cursor.name('a flag')] ?? unexpected(line, text, Object.keys(FLAGS).join(', '));
    if (parts.length === 0) continue;
    do {
      const { line: at, text: part } = cursor;
      if (!parts.includes(cursor.name('a part'))) unexpected(at, part, parts.join(' or '));
    } while (parts.includes(cursor.textAt(1)) && cursor.take(','));
  } while (cursor.take(','));
}
