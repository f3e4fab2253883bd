import { spend } from '../../../net/work';
import { Cursor } from './cursor';
import { withoutDefines } from './defines';
import { isListing } from './listing';
import { parseElements } from './parse/elements';
import { parseChainBody, parseObject, parseRuleInto, parseTableBody, TABLE_OBJECTS } from './parse/table';
import { parseSetBody } from './parse/set';
import { shown } from '../../../problems/in-text';
import { cutOff, notIncluded, refuse, unexpected } from './problems';
import { Chain, NamedSet, Ruleset, Table } from './ruleset';
import { TableFamily } from '../../../evaluator/model';
import { tokenize } from './tokens';

const FAMILIES: readonly string[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];

/** What a whole text defines, as if it were loaded on an empty device. Throws Refusal for text it can't account for. */
export function parseRuleset(source: string): Ruleset {
  const listing = isListing(source);
  const tokens = tokenize(source, listing);
  const cursor = new Cursor(listing ? tokens : withoutDefines(tokens), source, listing);
  const tables = new Touched();
  const ruleset: Ruleset & { tables: readonly Table[] } = {
    isListing: listing,
    tables: [],
    touches: tables.touches,
    addsTo: tables.addsTo,
    facts: { connectionMarks: false, helpers: false, learned: new Set(), tracks: new Set() },
  };
  for (cursor.skipEnds(); !cursor.isOver; cursor.skipEnds()) {
    const { line, text } = cursor;
    command(cursor, tables, ruleset);
    // Only the brace of a table says by itself that nothing is missing: `dport { 22 }` may go on, and a name too.
    if (cursor.isUnended && !(text === 'table' && cursor.textAt(-1) === '}')) cutOff(line);
  }
  return { ...ruleset, tables: [...tables.values()] };
}

/** The tables that there are, and what was said of any that may be gone again. */
class Touched extends Map<string, Table> {
  readonly touches = new Set<string>();
  readonly addsTo = new Set<string>();
  private readonly emptied = new Set<string>();

  touch(key: string): this {
    const table = `table ${key}`;
    const [family = ''] = key.split(' ', 1);
    if (!this.touches.has(table) && !this.emptied.has(family)) this.addsTo.add(table);
    this.touches.add(table);
    return this;
  }

  /** Whatever a device has there is gone: in it is only what follows. */
  replace(key: string): void {
    this.delete(key);
    this.addsTo.delete(`table ${key}`);
  }

  replaceAll(family: TableFamily | undefined): void {
    this.touches.add('every table');
    for (const one of family ? [family] : FAMILIES) this.emptied.add(one);
    for (const [key, { family: its }] of [...this]) if (!family || its === family) this.delete(key);
    for (const table of this.addsTo) if (!family || table.startsWith(`table ${family} `)) this.addsTo.delete(table);
  }
}

function command(cursor: Cursor, tables: Touched, ruleset: Ruleset): void {
  const verb = cursor.text;
  switch (verb) {
    case 'include':
      return notIncluded(cursor.line, cursor.textAt(1));
    case 'table':
      cursor.next();
      return table(cursor, tables, ruleset);
    case 'add':
    case 'create':
    case 'insert':
      cursor.next();
      return add(cursor, tables, ruleset, verb === 'insert');
    case 'delete':
    case 'destroy':
    case 'flush':
    case 'reset':
      cursor.next();
      return remove(cursor, tables, verb);
    case 'chain':
    case 'rule':
    case 'set':
    case 'map':
    case 'element':
      return add(cursor, tables, ruleset, false);
    default:
      return unexpected(cursor.line, verb, 'a table or a command');
  }
}

function familyHere(cursor: Cursor): TableFamily {
  return FAMILIES.includes(cursor.text) && !cursor.isString ? (cursor.next() as TableFamily) : 'ip';
}

function tableHere(cursor: Cursor, tables: Touched, create: boolean): Table {
  const line = cursor.line;
  const family = familyHere(cursor);
  const name = create && !cursor.isListing ? cursor.newName('the name of a table') : cursor.name('the name of a table');
  const key = `${family} ${name}`;
  const found = tables.touch(key).get(key);
  if (found) return found;
  if (!create)
    refuse(
      'no-such-table',
      line,
      `table ${key.slice(0, 80)} is not defined above.`,
      'the table before what is put into it.',
    );
  const made: Table = { family, name, chains: new Map(), sets: new Map() };
  tables.set(key, made);
  return made;
}

function table(cursor: Cursor, tables: Touched, ruleset: Ruleset): void {
  const into = tableHere(cursor, tables, true);
  if (cursor.is('{')) parseTableBody(cursor, into, ruleset.facts);
  cursor.finish();
}

function add(cursor: Cursor, tables: Touched, ruleset: Ruleset, first: boolean): void {
  const what = cursor.next();
  if (what === 'table') return table(cursor, tables, ruleset);
  if (what === 'chain') {
    const into = tableHere(cursor, tables, false);
    parseChainBody(cursor, into, ruleset.facts);
  } else if (what === 'rule') {
    const into = tableHere(cursor, tables, false);
    parseRuleInto(cursor, chainHere(cursor, into), into, ruleset.facts, first);
  } else if (what === 'set' || what === 'map') {
    parseSetBody(cursor, tableHere(cursor, tables, false), what === 'map');
  } else if (what === 'element') {
    const into = tableHere(cursor, tables, false);
    const set = setHere(cursor, into);
    for (const element of parseElements(cursor)) set.elements.push(element);
  } else if (TABLE_OBJECTS.has(what)) {
    parseObject(cursor, what, ruleset.facts, () => void tableHere(cursor, tables, false));
  } else if (FAMILIES.includes(what) || what !== '') {
    // `add ip filter input …` leaves the word "rule" out.
    cursor.at -= 1;
    const into = tableHere(cursor, tables, false);
    parseRuleInto(cursor, chainHere(cursor, into), into, ruleset.facts, first);
  }
  cursor.finish();
}

function chainHere(cursor: Cursor, table: Table): Chain {
  const line = cursor.line;
  const name = cursor.name('the name of a chain');
  return (
    table.chains.get(name) ??
    refuse('no-such-chain', line, `chain ${shown(name)} is not defined above.`, 'the chain before its rules.')
  );
}

function setHere(cursor: Cursor, table: Table): NamedSet {
  const line = cursor.line;
  const name = cursor.name('the name of a set');
  return (
    table.sets.get(name) ??
    refuse('no-such-set', line, `set ${shown(name)} is not defined above.`, 'the set before its elements.')
  );
}

/** `delete` and `flush`, as far as they name things; a rule's handle names nothing in a text. */
function remove(cursor: Cursor, tables: Touched, verb: string): void {
  const line = cursor.line;
  const what = cursor.next();
  if (what === 'ruleset' && verb === 'flush') {
    const family = cursor.atEnd ? undefined : familyHere(cursor);
    tables.replaceAll(family);
    return cursor.finish();
  }
  if (what === 'table') {
    const family = familyHere(cursor);
    const key = `${family} ${cursor.name('the name of a table')}`;
    const found = tables.touch(key).get(key);
    if (!found && verb !== 'destroy')
      refuse(
        'no-such-table',
        line,
        `table ${key.slice(0, 80)} is not defined above.`,
        '`table …` before `delete table …`.',
      );
    if (verb === 'flush') for (const chain of found?.chains.values() ?? []) chain.rules.length = 0;
    else tables.replace(key);
    return cursor.finish();
  }
  if (!['chain', 'set', 'map', 'element'].includes(what) || verb === 'reset') {
    refuse(
      'needs-live-state',
      line,
      `"${verb} ${what.slice(0, 30)}" depends on what the device holds.`,
      '`nft list ruleset`, or a file that defines everything it uses.',
    );
  }
  const into = tableHere(cursor, tables, false);
  if (what === 'chain') {
    const chain = chainHere(cursor, into);
    if (verb === 'flush') chain.rules.length = 0;
    else into.chains.delete(chain.name);
  } else {
    const set = setHere(cursor, into);
    if (what === 'element') {
      spend(set.elements.length);
      const gone = new Set(parseElements(cursor).map(({ key }) => key.join(' . ')));
      const kept = set.elements.filter(({ key }) => !gone.has(key.join(' . ')));
      if (set.elements.length - kept.length !== gone.size)
        refuse(
          'no-such-element',
          line,
          `not all of these elements are in ${shown(set.name)} above.`,
          'the elements as they were added.',
        );
      set.elements = kept;
    } else if (verb === 'flush') set.elements = [];
    else into.sets.delete(set.name);
  }
  cursor.finish();
}
