// Parses nftables statements that have a state: counter, limit, quota, change of a set, meter, flow offload. A limit, a
// quota or a flowtable becomes a test that may match or not.

import { NftCursor } from '../cursor';
import { parseField, parseExpression, startsField } from './parse-test';
import { refuseUnexpected } from '../parse-problems';
import { NftSetAddition, NftStatement, ParsedNftTable } from '../syntax-tree';
import { RulesetFacts } from '../../../../evaluator/ruleset-model';

/** Parses the name of an object, or a map that leads to one. A key that the map lacks ends the rule. */
function parseObjectName(cursor: NftCursor): readonly NftStatement[] {
  if (startsField(cursor)) return parseExpression(cursor);
  cursor.takeName('a name');
  return [];
}

export function parseCounter(cursor: NftCursor): readonly NftStatement[] {
  cursor.next();
  const nameStatements = cursor.take('name') ? parseObjectName(cursor) : [];
  if (cursor.take('packets')) cursor.skipDigits();
  if (cursor.take('bytes')) cursor.skipDigits();
  return nameStatements;
}

export function parseLimit(cursor: NftCursor): readonly NftStatement[] {
  const limitKind = cursor.next() === 'quota' ? 'a quota' : 'a limit';
  if (cursor.take('name')) return [...parseObjectName(cursor), { is: 'perhaps', what: limitKind }];
  if (limitKind === 'a limit') cursor.expect('rate');
  const isOver = cursor.take('over');
  if (!isOver) cursor.take('until');
  const skipAmount = (): void => {
    const { line, text: number } = cursor;
    if (!/^\d+(\/(second|minute|hour|day|week))?$/.test(cursor.takeName('an amount')))
      refuseUnexpected(line, number, 'an amount');
    if (/^(packets|[km]?bytes)(\/\w+)?$/.test(cursor.text)) cursor.next();
  };
  skipAmount();
  if (cursor.take('burst') || cursor.take('used')) skipAmount();
  // A quota is used up for all clients at once.
  return [{ is: 'perhaps', what: limitKind, ...(limitKind === 'a limit' && { newClient: !isOver }) }];
}

/** Parses statements that change a set: `add @set { ip saddr timeout 1h limit rate … }`. */
export function parseSetChange(cursor: NftCursor, table: ParsedNftTable, facts: RulesetFacts): readonly NftStatement[] {
  const isAddition = cursor.next() !== 'delete';
  if (!cursor.take('@')) refuseUnexpected(cursor.line, cursor.text, 'a set');
  const setName = cursor.takeName('the name of a set');
  facts.dynamicSets.add(`${table.family} ${table.name} ${setName}`);
  return parseSetKey(cursor, { set: setName, grows: isAddition });
}

/**
 * Parses a key in braces, perhaps with a limit that decides whether the rule goes on. A packet without the key's fields
 * ends the rule.
 */
function parseSetKey(cursor: NftCursor, addition?: Pick<NftSetAddition, 'set' | 'grows'>): readonly NftStatement[] {
  const start = cursor.position;
  if (!cursor.is('{')) refuseUnexpected(cursor.line, cursor.text, '"{"');
  const fields: string[] = [];
  const key: (string | undefined)[] = [];
  let depth = 0;
  const limits: NftStatement[] = [];
  do {
    if (cursor.isAtEnd && cursor.isOver) cursor.skipStatement();
    if (cursor.is('{')) depth += 1;
    if (cursor.is('}')) depth -= 1;
    if (cursor.is('limit')) limits.push(createElementLimit(cursor.textAt(2) === 'over'));
    if (cursor.is('count')) limits.push(createElementLimit(cursor.textAt(1) === 'over'));
    if (cursor.is('quota')) limits.push({ is: 'perhaps', what: 'a quota' });
    const separator = depth === 1 ? cursor.text : '';
    cursor.next();
    if (!['{', '.', ':'].includes(separator)) continue;
    const field = startsField(cursor) ? parseField(cursor) : undefined;
    if (field !== undefined) fields.push(field);
    if (separator !== ':') key.push(field);
  } while (depth > 0 && !cursor.isOver);
  if (depth > 0) {
    cursor.position = start;
    cursor.skipStatement();
  }
  const fieldStatement: NftStatement = {
    is: 'has',
    fields,
    ...(addition === undefined ? {} : { into: { ...addition, key } }),
  };
  return [fieldStatement, ...limits];
}

/** Returns the test of a limit that each element of a set has by itself: `over` matches beyond it. */
const createElementLimit = (isOver: boolean): NftStatement => ({
  is: 'perhaps',
  what: 'a limit',
  newClient: !isOver,
});

/**
 * The rule ends if the flowtable doesn't take the session. It never takes a session's first packet. Source:
 * nft_flow_offload_eval in nft_flow_offload.c.
 */
const OFFLOAD_STATEMENTS: readonly NftStatement[] = [
  { is: 'has', fields: ['ct status'] },
  { is: 'perhaps', what: 'a flowtable' },
];

export function parseMeter(cursor: NftCursor): readonly NftStatement[] {
  if (cursor.next() === 'flow' && (cursor.is('add') || cursor.is('offload'))) {
    cursor.next();
    cursor.take('@');
    cursor.takeName('the name of a flowtable');
    return OFFLOAD_STATEMENTS;
  }
  if (cursor.is('table')) cursor.next();
  cursor.takeName('the name of a meter');
  if (cursor.take('size')) cursor.takeNumber('a number');
  const statements = parseSetKey(cursor);
  return statements.length > 1 ? statements : [...statements, { is: 'perhaps', what: 'a limit' }];
}
