import { Cursor } from './cursor';
import { unexpected } from './problems';
import { Statement, Table, TextFacts } from './ruleset';

export function limit(cursor: Cursor): Statement {
  const what = cursor.next() === 'quota' ? 'a quota' : 'a limit';
  if (cursor.take('name')) {
    cursor.name('a name');
    return { is: 'perhaps', what };
  }
  if (what === 'a limit') cursor.expect('rate');
  if (!cursor.take('over')) cursor.take('until');
  const amount = (): void => {
    cursor.name('an amount');
    if (/^(packets|[km]?bytes)(\/\w+)?$/.test(cursor.text)) cursor.next();
  };
  amount();
  if (cursor.take('burst') || cursor.take('used')) amount();
  return { is: 'perhaps', what };
}

/** `add @set { ip saddr timeout 1h limit rate … }`: rules that change a set. */
export function learn(cursor: Cursor, table: Table, facts: TextFacts): Statement | undefined {
  cursor.next();
  if (!cursor.take('@')) unexpected(cursor.line, cursor.text, 'a set');
  facts.learned.add(`${table.family} ${table.name} ${cursor.name('the name of a set')}`);
  return limited(cursor);
}

/** A braced key, perhaps with a limit in it that decides whether the rule goes on. */
function limited(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  if (!cursor.is('{')) unexpected(cursor.line, cursor.text, '"{"');
  let depth = 0;
  let perhaps = false;
  do {
    if (cursor.atEnd && cursor.isOver) cursor.skipStatement();
    if (cursor.is('{')) depth += 1;
    if (cursor.is('}')) depth -= 1;
    if (cursor.is('limit') || cursor.is('quota') || cursor.is('count')) perhaps = true;
    cursor.next();
  } while (depth > 0 && !cursor.isOver);
  if (depth > 0) {
    cursor.at = start;
    cursor.skipStatement();
  }
  return perhaps ? { is: 'perhaps', what: 'a limit' } : undefined;
}

export function meter(cursor: Cursor): Statement | undefined {
  if (cursor.next() === 'flow' && (cursor.is('add') || cursor.is('offload'))) {
    cursor.next();
    cursor.take('@');
    cursor.name('the name of a flowtable');
    return undefined;
  }
  if (cursor.is('table')) cursor.next();
  cursor.name('the name of a meter');
  if (cursor.take('size')) cursor.number('a number');
  limited(cursor);
  return { is: 'perhaps', what: 'a limit' };
}
