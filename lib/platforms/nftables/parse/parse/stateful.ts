import { Cursor } from '../cursor';
import { parseField, parseOperands, startsField } from './test';
import { unexpected } from '../problems';
import { Added, Statement, Table } from '../ruleset';
import { TextFacts } from '../../../../evaluator/model';

/** The name of an object, or a map that leads to one: what it doesn't hold ends the rule. */
function named(cursor: Cursor): readonly Statement[] {
  if (startsField(cursor)) return parseOperands(cursor);
  cursor.name('a name');
  return [];
}

export function counter(cursor: Cursor): readonly Statement[] {
  cursor.next();
  const needs = cursor.take('name') ? named(cursor) : [];
  if (cursor.take('packets')) cursor.digits();
  if (cursor.take('bytes')) cursor.digits();
  return needs;
}

export function limit(cursor: Cursor): readonly Statement[] {
  const what = cursor.next() === 'quota' ? 'a quota' : 'a limit';
  if (cursor.take('name')) return [...named(cursor), { is: 'perhaps', what }];
  if (what === 'a limit') cursor.expect('rate');
  if (!cursor.take('over')) cursor.take('until');
  const amount = (): void => {
    const { line, text: number } = cursor;
    if (!/^\d+(\/(second|minute|hour|day|week))?$/.test(cursor.name('an amount')))
      unexpected(line, number, 'an amount');
    if (/^(packets|[km]?bytes)(\/\w+)?$/.test(cursor.text)) cursor.next();
  };
  amount();
  if (cursor.take('burst') || cursor.take('used')) amount();
  return [{ is: 'perhaps', what }];
}

/** `add @set { ip saddr timeout 1h limit rate … }`: rules that change a set. */
export function learn(cursor: Cursor, table: Table, facts: TextFacts): readonly Statement[] {
  const grows = cursor.next() !== 'delete';
  if (!cursor.take('@')) unexpected(cursor.line, cursor.text, 'a set');
  const into = cursor.name('the name of a set');
  facts.learned.add(`${table.family} ${table.name} ${into}`);
  return limited(cursor, { set: into, grows });
}

/** A braced key, perhaps with a limit in it that decides whether the rule goes on. Without its fields a packet ends the rule. */
function limited(cursor: Cursor, into?: Pick<Added, 'set' | 'grows'>): readonly Statement[] {
  const start = cursor.at;
  if (!cursor.is('{')) unexpected(cursor.line, cursor.text, '"{"');
  const fields: string[] = [];
  const key: (string | undefined)[] = [];
  let depth = 0;
  let perhaps = false;
  do {
    if (cursor.atEnd && cursor.isOver) cursor.skipStatement();
    if (cursor.is('{')) depth += 1;
    if (cursor.is('}')) depth -= 1;
    if (cursor.is('limit') || cursor.is('quota') || cursor.is('count')) perhaps = true;
    const joins = depth === 1 ? cursor.text : '';
    cursor.next();
    if (!['{', '.', ':'].includes(joins)) continue;
    const field = startsField(cursor) ? parseField(cursor) : undefined;
    if (field !== undefined) fields.push(field);
    if (joins !== ':') key.push(field);
  } while (depth > 0 && !cursor.isOver);
  if (depth > 0) {
    cursor.at = start;
    cursor.skipStatement();
  }
  const has: Statement = { is: 'has', fields, ...(into === undefined ? {} : { into: { ...into, key } }) };
  return perhaps ? [has, { is: 'perhaps', what: 'a limit' }] : [has];
}

/** Where a flowtable takes no session, and it takes none of a first packet, the rule ends. Source: nft_flow_offload_eval in nft_flow_offload.c. */
const OFFLOADED: readonly Statement[] = [
  { is: 'has', fields: ['ct status'] },
  { is: 'perhaps', what: 'a flowtable' },
];

export function meter(cursor: Cursor): readonly Statement[] {
  if (cursor.next() === 'flow' && (cursor.is('add') || cursor.is('offload'))) {
    cursor.next();
    cursor.take('@');
    cursor.name('the name of a flowtable');
    return OFFLOADED;
  }
  if (cursor.is('table')) cursor.next();
  cursor.name('the name of a meter');
  if (cursor.take('size')) cursor.number('a number');
  return [...limited(cursor), { is: 'perhaps', what: 'a limit' }];
}
