// Parses the body of an nftables set or map: type, flags, timeout, size, elements. Two definitions of one set must
// agree.

import { NftCursor } from '../cursor';
import { parseElements } from './parse-elements';
import { parseFields, startsField } from './parse-test';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { refuse, refuseUnexpected } from '../parse-problems';
import { ParsedNftSet, NftSetHeader, ParsedNftTable, canExpire } from '../syntax-tree';
import { findFieldType } from '../data-types';

/** The header of a set during parsing, and the parts that it has had so far. */
type SetHeaderDraft = { -readonly [K in keyof NftSetHeader]: NftSetHeader[K] } & Record<
  'flags' | 'statements' | 'said',
  Set<string>
>;

const SET_FLAGS = new Set(['constant', 'interval', 'dynamic', 'timeout']);
/** Parts that stand once. If one is given twice, old versions forget the first and new ones refuse the text. */
const SINGLE_PARTS = new Set(['type', 'typeof', 'elements', 'comment', 'auto-merge']);

export function parseSetBody(cursor: NftCursor, table: ParsedNftTable, isMap: boolean): void {
  const { line } = cursor;
  const name = cursor.takeNewName('the name of a set');
  const elements: ParsedNftSet['elements'] = [];
  const existing = table.sets.get(name);
  if (!cursor.is('{')) {
    if (!existing) refuseNoType(line, name);
    return;
  }
  const head: SetHeaderDraft = {
    isMap,
    key: undefined,
    data: undefined,
    intervalData: false,
    autoMerge: false,
    size: undefined,
    timeout: false,
    flags: new Set(),
    statements: new Set(),
    said: new Set(),
  };
  cursor.parseBlock(() => parseSetPart(cursor, head, elements));
  if (!head.said.has('type')) refuseNoType(line, name);
  if (existing && toHeaderKey(existing.head) !== toHeaderKey(head))
    refuse(
      'two-sets',
      line,
      `set ${quoteForDisplay(name)} is there already, and is another one.`,
      'one definition of it.',
    );
  const set = existing ?? { name, line, elements: [], head };
  for (const element of elements) set.elements.push(element);
  table.sets.set(name, set);
}

/** Returns a set of a listing that is not understood: it may hold anything. */
export const createUnparsedSet = (name: string, line: number, isMap: boolean): ParsedNftSet => ({
  name,
  line,
  elements: [],
  isUnread: true,
  head: {
    isMap,
    key: undefined,
    data: undefined,
    intervalData: true,
    autoMerge: false,
    size: undefined,
    timeout: false,
    flags: new Set(),
    statements: new Set(),
  },
});

const refuseNoType = (line: number, name: string): never =>
  refuse(
    'set-without-type',
    line,
    `set ${quoteForDisplay(name)} doesn't say what is in it.`,
    '`type …` or `typeof …` in it.',
  );

function toHeaderKey(head: NftSetHeader): string {
  const { isMap, key, data, intervalData, flags } = head;
  return JSON.stringify([
    isMap,
    key,
    data,
    intervalData,
    ['interval', 'dynamic', 'constant'].map((flag) => flags.has(flag)),
    canExpire(head),
  ]);
}

function parseSetPart(cursor: NftCursor, header: SetHeaderDraft, elements: ParsedNftSet['elements']): void {
  const { line } = cursor;
  const word = cursor.takeName('a part of a set');
  const kind = word === 'typeof' ? 'type' : word;
  if (header.said.has(kind) && SINGLE_PARTS.has(word))
    refuse('said-twice', line, `a set is given ${quoteForDisplay(word)} twice.`, 'one of them.');
  header.said.add(kind);
  switch (word) {
    case 'type':
    case 'typeof':
      header.key = word === 'type' ? parseTypeNames(cursor) : parseFieldTypes(cursor);
      if (!header.isMap) return;
      cursor.expect(':');
      header.intervalData = cursor.take('interval');
      header.data = word === 'type' || cursor.is('verdict') ? parseTypeNames(cursor) : parseFieldTypes(cursor);
      return;
    case 'flags':
      header.flags.clear();
      do {
        const flag = cursor.takeName('a flag');
        if (!SET_FLAGS.has(flag)) refuseUnexpected(line, flag, [...SET_FLAGS].join(', '));
        header.flags.add(flag);
      } while (cursor.take(','));
      return;
    case 'elements': {
      cursor.expect('=');
      for (const element of parseElements(cursor)) elements.push(element);
      return;
    }
    case 'timeout':
      header.timeout = true;
      return cursor.skipTime();
    case 'gc-interval':
      return cursor.skipTime();
    case 'size':
      header.size = cursor.takeNumber('a number');
      return;
    case 'policy':
      if (!cursor.take('memory')) cursor.expect('performance');
      return;
    case 'comment':
      return cursor.skipComment();
    case 'auto-merge':
      header.autoMerge = true;
      return;
    case 'counter':
    case 'limit':
    case 'quota':
    case 'last':
    case 'ct':
      if (word === 'ct' && !cursor.is('count')) refuseUnexpected(line, cursor.text, '"count"');
      if (cursor.is('=')) refuseUnexpected(line, cursor.text, `what ${word} is told`);
      header.statements.add(word);
      return cursor.skipStatement();
    default:
      refuseUnexpected(line, word, 'a part of a set');
  }
}

function parseTypeNames(cursor: NftCursor): readonly string[] {
  const types = [cursor.takeName('a type')];
  while (cursor.take('.')) types.push(cursor.takeName('a type'));
  return types;
}

/** Returns the types of fields, as far as they are known. Returns undefined if the text isn't a list of fields. */
function parseFieldTypes(cursor: NftCursor): readonly (string | undefined)[] | undefined {
  const { line, position: start } = cursor;
  if (!startsField(cursor)) {
    if (!cursor.is('@') && !['numgen', 'jhash', 'symhash', '('].includes(cursor.text))
      refuseUnexpected(line, cursor.text, 'a field');
    while (!cursor.isAtEnd && !cursor.is(':') && !cursor.is('}')) cursor.next();
    return undefined;
  }
  const fields = parseFields(cursor);
  if (cursor.isAtEnd || cursor.is(':') || cursor.is('}')) return fields.map(findFieldType);
  cursor.position = start;
  while (!cursor.isAtEnd && !cursor.is(':') && !cursor.is('}')) cursor.next();
  return undefined;
}
