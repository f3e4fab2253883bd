// Parses the NAT statements of nftables rules, `snat`, `dnat`, `masquerade` and `redirect`, with address, port, prefix
// or map.

import { NftCursor } from '../cursor';
import { parseTuple, parseValue } from './parse-elements';
import { parseFields, parseOperand, startsField } from './parse-test';
import { refuseUnexpected } from '../parse-problems';
import { NftTranslation } from '../syntax-tree';

type NftTranslationTarget = NonNullable<NftTranslation['to']>;

/** Parses `dnat ip to …`, `snat to …`, `masquerade …`, `redirect …` in the spellings of 0.9 to 1.1. */
export function parseTranslation(cursor: NftCursor): NftTranslation {
  const kind = cursor.next() as NftTranslation['kind'];
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
  let to: NftTranslationTarget | undefined;
  let port: string | undefined;
  if (cursor.take('to') || ((kind === 'snat' || kind === 'dnat') && !cursor.isAtEnd)) {
    if (cursor.take('prefix')) prefix = true;
    if (startsField(cursor)) {
      const fields = parseFields(cursor);
      cursor.expect('map');
      to = { fields, map: parseOperand(cursor) };
      if (cursor.take(':')) port = parseLiteralPort(cursor);
    } else if (!family && cursor.take(':')) to = parsePortTarget(cursor);
    else {
      const [address = '', secondPort] = parseTuple(cursor);
      if (cursor.take(':')) to = { ...parsePortTarget(cursor), address };
      else to = secondPort === undefined ? { address } : { address, port: secondPort };
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

function parsePortTarget(cursor: NftCursor): NftTranslationTarget {
  if (!startsField(cursor)) return { port: parseValue(cursor) };
  const fields = parseFields(cursor);
  cursor.expect('map');
  return { fields, map: parseOperand(cursor), isPort: true };
}

function parseLiteralPort(cursor: NftCursor): string {
  if (startsField(cursor)) refuseUnexpected(cursor.line, cursor.text, 'a port');
  return parseValue(cursor);
}
