import { Cursor } from './cursor';
import { parseElements } from './parse-elements';
import { parseStatements } from './parse-rule';
import { refuse, shown, unexpected } from './problems';
import { Chain, NamedSet, Rule, Table, TextFacts } from './ruleset';
import { priorityNamed } from './words';

/** What a table may hold besides chains and sets. None of it decides anything by itself. */
export const TABLE_OBJECTS = new Set(['counter', 'quota', 'limit', 'ct', 'secmark', 'synproxy', 'flowtable', 'tunnel']);

export function parseTableBody(cursor: Cursor, table: Table, facts: TextFacts): void {
  eachIn(cursor, () => {
    if (cursor.take('chain')) parseChainBody(cursor, table, facts);
    else if (cursor.take('set') || cursor.take('map')) parseSetBody(cursor, table);
    else if (TABLE_OBJECTS.has(cursor.text)) parseObject(cursor, cursor.next(), facts, () => undefined);
    else if (cursor.take('comment')) cursor.name('a comment');
    else if (cursor.take('flags')) {
      do if (cursor.name('a flag') === 'dormant') table.dormant = true;
      while (cursor.take(','));
    } else if (cursor.is('include')) {
      refuse(
        'include',
        cursor.line,
        `the text includes ${shown(cursor.textAt(1))}, which was not given.`,
        'the included text in its place.',
      );
    } else unexpected(cursor.line, cursor.text, 'a chain, a set or another part of a table');
  });
}

/** Each statement between braces; the cursor stands on the opening one. */
function eachIn(cursor: Cursor, one: () => void): void {
  const line = cursor.line;
  cursor.expect('{');
  for (cursor.skipEnds(); !cursor.is('}'); cursor.skipEnds()) {
    if (cursor.isOver) refuse('cut-off', line, 'a block that begins here is not closed.', 'the text whole.');
    one();
    cursor.finish();
  }
  cursor.next();
}

export function parseObject(cursor: Cursor, what: string, facts: TextFacts, path: () => void): void {
  if (what === 'ct' && cursor.name('the kind of an object') === 'helper') facts.helpers = true;
  path();
  cursor.name('the name of an object');
  cursor.skipStatement();
}

export function parseChainBody(cursor: Cursor, table: Table, facts: TextFacts): void {
  const line = cursor.line;
  const name = cursor.name('the name of a chain');
  const chain: Chain = table.chains.get(name) ?? { name, line, rules: [] };
  table.chains.set(name, chain);
  if (!cursor.is('{')) return;
  // A later block may say another policy, and then it counts. Two in one block nft doesn't print, and hardly takes.
  const said = { hook: false, policy: false };
  eachIn(cursor, () => {
    if (cursor.is('type') && ['filter', 'nat', 'route'].includes(cursor.textAt(1)) && cursor.textAt(2) === 'hook') {
      if (said.hook) twoHooks(cursor.line, chain);
      said.hook = true;
      baseLine(cursor, chain);
    } else if (cursor.is('policy')) {
      cursor.next();
      if (said.policy) refuse('two-policies', cursor.line, `chain ${shown(name)} is given two policies.`, 'one.');
      said.policy = true;
      const policy = cursor.name('a policy');
      if (policy !== 'accept' && policy !== 'drop') unexpected(cursor.line, policy, 'accept or drop');
      if (!chain.base) refuse('policy-without-hook', cursor.line, `chain ${shown(name)} has a policy but no hook.`, 'the hook first.');
      chain.base!.policy = policy as 'accept' | 'drop';
      chain.base!.line = cursor.line;
    } else if (cursor.is('comment') && cursor.textAt(2) === '\n' && chain.rules.length === 0) {
      cursor.next();
      cursor.name('a comment');
    } else chain.rules.push(ruleHere(cursor, table, facts));
  });
}

function baseLine(cursor: Cursor, chain: Chain): void {
  const line = cursor.line;
  cursor.expect('type');
  const type = cursor.next() as 'filter' | 'nat' | 'route';
  cursor.expect('hook');
  const hook = cursor.name('a hook');
  if (!['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'].includes(hook)) unexpected(line, hook, 'a hook');
  const devices: string[] = [];
  if (cursor.take('device')) devices.push(cursor.name('a device'));
  else if (cursor.take('devices')) {
    cursor.expect('=');
    for (const { key } of parseElements(cursor)) devices.push(...key);
  }
  cursor.expect('priority');
  const word = cursor.name('a priority');
  let priority = priorityNamed(word);
  if (priority === undefined) {
    if (!/^-?\d{1,9}$/.test(word)) unexpected(line, word, 'a priority');
    priority = Number(word);
  }
  // `filter + 10`, `filter +10`, `filter -10` and `filter - 10`.
  if (cursor.take('+')) priority += cursor.number('a number');
  else if (cursor.take('-')) priority -= cursor.number('a number');
  else if (cursor.text.startsWith('-')) priority += cursor.number('a number');
  if (chain.base && (chain.base.hook !== hook || chain.base.priority !== priority)) twoHooks(line, chain);
  chain.base ??= { type, hook, priority, devices, policy: 'accept', line };
}

const twoHooks = (line: number, { name }: Chain): never => refuse('two-hooks', line, `chain ${shown(name)} is given two hooks.`, 'one.');

export function ruleHere(cursor: Cursor, table: Table, facts: TextFacts): Rule {
  const { line, at } = cursor;
  const statements = parseStatements(cursor, table, facts);
  return { line, text: cursor.since(at), statements };
}

/** `index 3`, `position 5` and `handle 7` name live rules; a text that uses them can't be read alone. */
export function parseRuleInto(cursor: Cursor, chain: Chain, table: Table, facts: TextFacts, first: boolean): void {
  if (['index', 'position', 'handle'].includes(cursor.text))
    refuse('needs-live-state', cursor.line, `"${cursor.text}" counts rules of the device.`, '`nft list ruleset`.');
  const rule = ruleHere(cursor, table, facts);
  if (first) chain.rules.unshift(rule);
  else chain.rules.push(rule);
}

export function parseSetBody(cursor: Cursor, table: Table): void {
  const line = cursor.line;
  const name = cursor.name('the name of a set');
  const set: NamedSet = table.sets.get(name) ?? { name, line, elements: [], fleeting: false };
  table.sets.set(name, set);
  if (!cursor.is('{')) return;
  eachIn(cursor, () => {
    const word = cursor.name('a part of a set');
    if (word === 'elements') {
      cursor.expect('=');
      for (const element of parseElements(cursor)) set.elements.push(element);
    } else if (word === 'timeout') {
      set.fleeting = true;
      cursor.skipStatement();
    } else if (
      [
        'type',
        'typeof',
        'flags',
        'size',
        'gc-interval',
        'policy',
        'auto-merge',
        'counter',
        'comment',
        'limit',
        'quota',
        'last',
        'ct',
      ].includes(word)
    ) {
      cursor.skipStatement();
    } else unexpected(cursor.line, word, 'a part of a set');
  });
}
