import { Cursor } from '../cursor';
import { parseTuple, parseValue } from './elements';
import { parseFields, parseRight, startsField } from './test';
import { unexpected } from '../problems';
import { Translate } from '../ruleset';

type To = NonNullable<Translate['to']>;

/** `dnat ip to …`, `snat to …`, `masquerade …`, `redirect …` in the spellings of 0.9 to 1.1. */
export function parseTranslate(cursor: Cursor): Translate {
  const kind = cursor.next() as Translate['kind'];
  let family: 'ip' | 'ip6' | undefined;
  if (
    !cursor.is('to') &&
    (cursor.is('ip') || cursor.is('ip6')) &&
    ['to', 'prefix', 'interval', 'addr'].includes(cursor.textAt(1))
  )
    family = cursor.next() as 'ip' | 'ip6';
  let prefix = cursor.take('prefix');
  cursor.take('interval');
  if (cursor.take('addr')) {
    cursor.expect('.');
    cursor.expect('port');
  }
  let to: To | undefined;
  let port: string | undefined;
  if (cursor.take('to') || ((kind === 'snat' || kind === 'dnat') && !cursor.atEnd)) {
    if (cursor.take('prefix')) prefix = true;
    if (startsField(cursor)) {
      const fields = parseFields(cursor);
      cursor.expect('map');
      to = { fields, map: parseRight(cursor) };
      if (cursor.take(':')) port = literal(cursor);
    } else if (!family && cursor.take(':')) to = portOnly(cursor);
    else {
      const [address = '', second] = parseTuple(cursor);
      if (cursor.take(':')) to = { ...portOnly(cursor), address };
      else to = second === undefined ? { address } : { address, port: second };
    }
  }
  let random = false;
  while (['random', 'fully-random', 'persistent', 'random-fully'].includes(cursor.text) && !cursor.isString) {
    if (cursor.next() !== 'persistent') random = true;
    cursor.take(',');
  }
  return {
    is: 'translate',
    kind,
    prefix,
    random,
    ...(to ? { to } : {}),
    ...(port === undefined ? {} : { port }),
    ...(family ? { family } : {}),
  };
}

function portOnly(cursor: Cursor): To {
  if (!startsField(cursor)) return { port: parseValue(cursor) };
  const fields = parseFields(cursor);
  cursor.expect('map');
  return { fields, map: parseRight(cursor), isPort: true };
}

function literal(cursor: Cursor): string {
  if (startsField(cursor)) unexpected(cursor.line, cursor.text, 'a port');
  return parseValue(cursor);
}
