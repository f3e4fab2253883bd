import { Cursor } from '../cursor';
import { parseElements } from './elements';
import { parseFields, startsField } from './test';
import { shown } from '../../../../problems/in-text';
import { refuse, unexpected } from '../problems';
import { NamedSet, SetHead, Table, expires } from '../ruleset';
import { typeOfField } from '../data-types';

/** The header of a set while it is read, and which parts of it were. */
type Heard = { -readonly [K in keyof SetHead]: SetHead[K] } & Record<'flags' | 'statements' | 'said', Set<string>>;

const FLAGS = new Set(['constant', 'interval', 'dynamic', 'timeout']);
/** Given twice, old versions forget the first and new ones refuse the text. */
const ONCE = new Set(['type', 'typeof', 'elements', 'comment', 'auto-merge']);

export function parseSetBody(cursor: Cursor, table: Table, isMap: boolean): void {
  const { line } = cursor;
  const name = cursor.newName('the name of a set');
  const elements: NamedSet['elements'] = [];
  const known = table.sets.get(name);
  if (!cursor.is('{')) {
    if (!known) noType(line, name);
    return;
  }
  const head: Heard = {
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
  cursor.eachIn(() => part(cursor, head, elements));
  if (!head.said.has('type')) noType(line, name);
  if (known && printed(known.head) !== printed(head))
    refuse('two-sets', line, `set ${shown(name)} is there already, and is another one.`, 'one definition of it.');
  const set = known ?? { name, line, elements: [], head };
  for (const element of elements) set.elements.push(element);
  table.sets.set(name, set);
}

/** A set of a listing that is not understood: it may hold anything. */
export const createUnreadSet = (name: string, line: number, isMap: boolean): NamedSet => ({
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

const noType = (line: number, name: string): never =>
  refuse('set-without-type', line, `set ${shown(name)} doesn't say what is in it.`, '`type …` or `typeof …` in it.');

function printed(head: SetHead): string {
  const { isMap, key, data, intervalData, flags } = head;
  return JSON.stringify([
    isMap,
    key,
    data,
    intervalData,
    ['interval', 'dynamic', 'constant'].map((flag) => flags.has(flag)),
    expires(head),
  ]);
}

function part(cursor: Cursor, heard: Heard, elements: NamedSet['elements']): void {
  const { line } = cursor;
  const word = cursor.name('a part of a set');
  const kind = word === 'typeof' ? 'type' : word;
  if (heard.said.has(kind) && ONCE.has(word))
    refuse('said-twice', line, `a set is given ${shown(word)} twice.`, 'one of them.');
  heard.said.add(kind);
  switch (word) {
    case 'type':
    case 'typeof':
      heard.key = word === 'type' ? names(cursor) : typesOf(cursor);
      if (!heard.isMap) return;
      cursor.expect(':');
      heard.intervalData = cursor.take('interval');
      heard.data = word === 'type' || cursor.is('verdict') ? names(cursor) : typesOf(cursor);
      return;
    case 'flags':
      heard.flags.clear();
      do {
        const flag = cursor.name('a flag');
        if (!FLAGS.has(flag)) unexpected(line, flag, [...FLAGS].join(', '));
        heard.flags.add(flag);
      } while (cursor.take(','));
      return;
    case 'elements': {
      cursor.expect('=');
      for (const element of parseElements(cursor)) elements.push(element);
      return;
    }
    case 'timeout':
      heard.timeout = true;
      return cursor.time();
    case 'gc-interval':
      return cursor.time();
    case 'size':
      heard.size = cursor.number('a number');
      return;
    case 'policy':
      if (!cursor.take('memory')) cursor.expect('performance');
      return;
    case 'comment':
      return cursor.comment();
    case 'auto-merge':
      heard.autoMerge = true;
      return;
    case 'counter':
    case 'limit':
    case 'quota':
    case 'last':
    case 'ct':
      if (word === 'ct' && !cursor.is('count')) unexpected(line, cursor.text, '"count"');
      if (cursor.is('=')) unexpected(line, cursor.text, `what ${word} is told`);
      heard.statements.add(word);
      return cursor.skipStatement();
    default:
      unexpected(line, word, 'a part of a set');
  }
}

function names(cursor: Cursor): readonly string[] {
  const types = [cursor.name('a type')];
  while (cursor.take('.')) types.push(cursor.name('a type'));
  return types;
}

/** The types of fields, as far as they are known; undefined for what isn't a list of fields. */
function typesOf(cursor: Cursor): readonly (string | undefined)[] | undefined {
  const { line, at } = cursor;
  if (!startsField(cursor)) {
    if (!cursor.is('@') && !['numgen', 'jhash', 'symhash', '('].includes(cursor.text))
      unexpected(line, cursor.text, 'a field');
    while (!cursor.atEnd && !cursor.is(':') && !cursor.is('}')) cursor.next();
    return undefined;
  }
  const fields = parseFields(cursor);
  if (cursor.atEnd || cursor.is(':') || cursor.is('}')) return fields.map(typeOfField);
  cursor.at = at;
  while (!cursor.atEnd && !cursor.is(':') && !cursor.is('}')) cursor.next();
  return undefined;
}
