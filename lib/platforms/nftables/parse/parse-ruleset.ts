// Parses an nftables ruleset (`nft list ruleset`, or a file for `nft -f`) to a syntax tree of tables, chains, rules and
// sets. Applies add, delete and flush commands as on an empty device.

import { spendSteps } from '../../../net/step-budget';
import { NftCursor } from './cursor';
import { expandDefines } from './expand-defines';
import { parseElements } from './parse/parse-elements';
import { parseChainBody, parseObject, parseChainRule, parseTableBody, TABLE_OBJECTS } from './parse/parse-table';
import { parseSetBody } from './parse/parse-set';
import { quoteForDisplay } from '../../../problems/line-problems';
import { refuseCutOff, refuseInclude, refuse, refuseUnexpected } from './parse-problems';
import { ParsedNftChain, ParsedNftSet, ParsedNftRuleset, ParsedNftTable } from './syntax-tree';
import { TableFamily } from '../../../evaluator/ruleset-model';
import { tokenize } from './tokens';

/**
 * Lines of `nft list ruleset` outside of a table's content: `table ip x {`, `}`, and `# Warning: …` of iptables-nft.
 */
const OUTER_LINE =
  /^(|\}|table (ip|ip6|inet|arp|bridge|netdev) \S{1,255} \{( # (handle \d+|progname .*))?|# Warning: .*)$/;
/** The hook line of a base chain. nft prints the policy in it even if that is the default. */
const HOOK_LINE = /^\t\ttype (filter|nat|route) hook \w+ .*priority [^;]+; policy (accept|drop);$/;

/**
 * Returns whether every line of a text has the form that `nft list ruleset` prints. A kernel runs the rules of such a
 * text, so nft refuses none of them. A rule that seems impossible was misread, by nft or by this parser.
 */
function isListing(text: string): boolean {
  let tableCount = 0;
  // The text is not split: it may be millions of line breaks.
  for (let offset = 0; offset < text.length;) {
    const end = text.indexOf('\n', offset);
    const line = text.slice(offset, end < 0 ? text.length : end);
    if (line.startsWith('\t\ttype ')) {
      if (!HOOK_LINE.test(line) && / hook /.test(line)) return false;
    } else if (!line.startsWith('\t') && !OUTER_LINE.test(line)) return false;
    if (line.startsWith('table ')) tableCount += 1;
    offset = end < 0 ? text.length : end + 1;
  }
  return tableCount > 0;
}

const TABLE_FAMILIES: readonly string[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];

/**
 * Returns the tables that a whole text defines, as if it were loaded on an empty device.
 * @throws Refusal for text that it can't account for
 */
export function parseRuleset(source: string): ParsedNftRuleset {
  const isListed = isListing(source);
  const tokens = tokenize(source, isListed);
  const cursor = new NftCursor(isListed ? tokens : expandDefines(tokens), source, isListed);
  const tables = new TableRegistry();
  const ruleset: ParsedNftRuleset & { tables: readonly ParsedNftTable[] } = {
    isListing: isListed,
    tables: [],
    changedObjects: tables.changedObjects,
    extendedObjects: tables.extendedObjects,
    facts: { hasConnectionMarks: false, hasHelpers: false, dynamicSets: new Set(), trackedFamilies: new Set() },
  };
  for (cursor.skipEnds(); !cursor.isOver; cursor.skipEnds()) {
    const { line, text } = cursor;
    parseCommand(cursor, tables, ruleset);
    // Only a table's closing brace shows that nothing is missing: `dport { 22 }` may go on, and so may a name.
    if (cursor.isUnterminated && !(text === 'table' && cursor.textAt(-1) === '}')) refuseCutOff(line);
  }
  return { ...ruleset, tables: [...tables.values()] };
}

/** The tables that exist, and the names of all that the text mentions, deleted or not. */
class TableRegistry extends Map<string, ParsedNftTable> {
  readonly changedObjects = new Set<string>();
  readonly extendedObjects = new Set<string>();
  private readonly emptiedFamilies = new Set<string>();

  addTouched(key: string): this {
    const table = `table ${key}`;
    const [family = ''] = key.split(' ', 1);
    if (!this.changedObjects.has(table) && !this.emptiedFamilies.has(family)) this.extendedObjects.add(table);
    this.changedObjects.add(table);
    return this;
  }

  /** Deletes a table. It then has only what follows in the text, whatever the device holds. */
  replaceTable(key: string): void {
    this.delete(key);
    this.extendedObjects.delete(`table ${key}`);
  }

  removeAll(family: TableFamily | undefined): void {
    this.changedObjects.add('every table');
    for (const emptiedFamily of family ? [family] : TABLE_FAMILIES) this.emptiedFamilies.add(emptiedFamily);
    for (const [key, { family: tableFamily }] of [...this]) if (!family || tableFamily === family) this.delete(key);
    for (const table of this.extendedObjects)
      if (!family || table.startsWith(`table ${family} `)) this.extendedObjects.delete(table);
  }
}

function parseCommand(cursor: NftCursor, tables: TableRegistry, ruleset: ParsedNftRuleset): void {
  const verb = cursor.text;
  switch (verb) {
    case 'include':
      return refuseInclude(cursor.line, cursor.textAt(1));
    case 'table':
      cursor.next();
      return parseTable(cursor, tables, ruleset);
    case 'add':
    case 'create':
    case 'insert':
      cursor.next();
      return parseAdd(cursor, tables, ruleset, verb === 'insert');
    case 'delete':
    case 'destroy':
    case 'flush':
    case 'reset':
      cursor.next();
      return parseRemoval(cursor, tables, verb);
    case 'chain':
    case 'rule':
    case 'set':
    case 'map':
    case 'element':
      return parseAdd(cursor, tables, ruleset, false);
    default:
      return refuseUnexpected(cursor.line, verb, 'a table or a command');
  }
}

function parseFamily(cursor: NftCursor): TableFamily {
  return TABLE_FAMILIES.includes(cursor.text) && !cursor.isString ? (cursor.next() as TableFamily) : 'ip';
}

function parseTableReference(cursor: NftCursor, tables: TableRegistry, canCreate: boolean): ParsedNftTable {
  const line = cursor.line;
  const family = parseFamily(cursor);
  const name =
    canCreate && !cursor.isListing ? cursor.takeNewName('the name of a table') : cursor.takeName('the name of a table');
  const key = `${family} ${name}`;
  const existing = tables.addTouched(key).get(key);
  if (existing) return existing;
  if (!canCreate)
    refuse(
      'no-such-table',
      line,
      `table ${key.slice(0, 80)} is not defined above.`,
      'the table before what is put into it.',
    );
  const created: ParsedNftTable = { family, name, chains: new Map(), sets: new Map() };
  tables.set(key, created);
  return created;
}

function parseTable(cursor: NftCursor, tables: TableRegistry, ruleset: ParsedNftRuleset): void {
  const parsedTable = parseTableReference(cursor, tables, true);
  if (cursor.is('{')) parseTableBody(cursor, parsedTable, ruleset.facts);
  cursor.expectEnd();
}

function parseAdd(cursor: NftCursor, tables: TableRegistry, ruleset: ParsedNftRuleset, isFirst: boolean): void {
  const objectType = cursor.next();
  if (objectType === 'table') return parseTable(cursor, tables, ruleset);
  if (objectType === 'chain') {
    const targetTable = parseTableReference(cursor, tables, false);
    parseChainBody(cursor, targetTable, ruleset.facts);
  } else if (objectType === 'rule') {
    const targetTable = parseTableReference(cursor, tables, false);
    parseChainRule(cursor, parseChainReference(cursor, targetTable), targetTable, ruleset.facts, isFirst);
  } else if (objectType === 'set' || objectType === 'map') {
    parseSetBody(cursor, parseTableReference(cursor, tables, false), objectType === 'map');
  } else if (objectType === 'element') {
    const targetTable = parseTableReference(cursor, tables, false);
    const set = parseSetReference(cursor, targetTable);
    for (const element of parseElements(cursor)) set.elements.push(element);
  } else if (TABLE_OBJECTS.has(objectType)) {
    parseObject(cursor, objectType, ruleset.facts, () => void parseTableReference(cursor, tables, false));
  } else if (TABLE_FAMILIES.includes(objectType) || objectType !== '') {
    // `add ip filter input …` omits the word "rule".
    cursor.position -= 1;
    const targetTable = parseTableReference(cursor, tables, false);
    parseChainRule(cursor, parseChainReference(cursor, targetTable), targetTable, ruleset.facts, isFirst);
  }
  cursor.expectEnd();
}

function parseChainReference(cursor: NftCursor, table: ParsedNftTable): ParsedNftChain {
  const line = cursor.line;
  const name = cursor.takeName('the name of a chain');
  return (
    table.chains.get(name) ??
    refuse('no-such-chain', line, `chain ${quoteForDisplay(name)} is not defined above.`, 'the chain before its rules.')
  );
}

function parseSetReference(cursor: NftCursor, table: ParsedNftTable): ParsedNftSet {
  const line = cursor.line;
  const name = cursor.takeName('the name of a set');
  return (
    table.sets.get(name) ??
    refuse('no-such-set', line, `set ${quoteForDisplay(name)} is not defined above.`, 'the set before its elements.')
  );
}

/** Parses `delete` and `flush`, as far as they name objects. A rule's handle names nothing in a text. */
function parseRemoval(cursor: NftCursor, tables: TableRegistry, verb: string): void {
  const line = cursor.line;
  const objectType = cursor.next();
  if (objectType === 'ruleset' && verb === 'flush') {
    const family = cursor.isAtEnd ? undefined : parseFamily(cursor);
    tables.removeAll(family);
    return cursor.expectEnd();
  }
  if (objectType === 'table') {
    const family = parseFamily(cursor);
    const key = `${family} ${cursor.takeName('the name of a table')}`;
    const existing = tables.addTouched(key).get(key);
    if (!existing && verb !== 'destroy')
      refuse(
        'no-such-table',
        line,
        `table ${key.slice(0, 80)} is not defined above.`,
        '`table …` before `delete table …`.',
      );
    if (verb === 'flush') for (const chain of existing?.chains.values() ?? []) chain.rules.length = 0;
    else tables.replaceTable(key);
    return cursor.expectEnd();
  }
  if (!['chain', 'set', 'map', 'element'].includes(objectType) || verb === 'reset') {
    refuse(
      'needs-live-state',
      line,
      `"${verb} ${objectType.slice(0, 30)}" depends on what the device holds.`,
      '`nft list ruleset`, or a file that defines everything it uses.',
    );
  }
  const targetTable = parseTableReference(cursor, tables, false);
  if (objectType === 'chain') {
    const chain = parseChainReference(cursor, targetTable);
    if (verb === 'flush') chain.rules.length = 0;
    else targetTable.chains.delete(chain.name);
  } else {
    const set = parseSetReference(cursor, targetTable);
    if (objectType === 'element') {
      spendSteps(set.elements.length);
      const removedKeys = new Set(parseElements(cursor).map(({ key }) => key.join(' . ')));
      const remaining = set.elements.filter(({ key }) => !removedKeys.has(key.join(' . ')));
      if (set.elements.length - remaining.length !== removedKeys.size)
        refuse(
          'no-such-element',
          line,
          `not all of these elements are in ${quoteForDisplay(set.name)} above.`,
          'the elements as they were added.',
        );
      set.elements = remaining;
    } else if (verb === 'flush') set.elements = [];
    else targetTable.sets.delete(set.name);
  }
  cursor.expectEnd();
}
