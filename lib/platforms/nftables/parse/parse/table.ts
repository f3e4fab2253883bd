import { spend } from '../../../../net/work';
import { Refusal } from '../../../../problems/problem';
import { Cursor } from '../cursor';
import { parseElements } from './elements';
import { checkBase } from '../check/base';
import { integer } from '../../../../parse/netfilter/integers';
import { ruleHere } from './rule';
import { createUnreadSet, parseSetBody } from './set';
import { shown } from '../../../../problems/in-text';
import { notIncluded, refuse, unexpected } from '../problems';
import { Base, TextFacts } from '../../../../evaluator/model';
import { Chain, Table } from '../ruleset';
import { priorityNamed } from '../../../../parse/netfilter/words';

/** What a table may hold besides chains and sets. None of it decides anything by itself. */
export const TABLE_OBJECTS = new Set(['counter', 'quota', 'limit', 'ct', 'secmark', 'synproxy', 'flowtable', 'tunnel']);

export function parseTableBody(cursor: Cursor, table: Table, facts: TextFacts): void {
  cursor.eachIn(() =>
    unlessListed(cursor, table, () => {
      if (cursor.take('chain')) parseChainBody(cursor, table, facts);
      else if (cursor.is('set') || cursor.is('map')) parseSetBody(cursor, table, cursor.next() === 'map');
      else if (TABLE_OBJECTS.has(cursor.text)) parseObject(cursor, cursor.next(), facts, () => undefined);
      else if (cursor.take('comment')) cursor.comment();
      else if (cursor.take('flags')) {
        do {
          const { line } = cursor;
          const flag = cursor.name('a flag');
          if (!['dormant', 'owner', 'persist'].includes(flag)) unexpected(line, flag, 'dormant or owner');
          if (flag === 'dormant') table.dormant = line;
        } while (cursor.take(','));
      } else if (cursor.is('include')) notIncluded(cursor.line, cursor.textAt(1));
      else unexpected(cursor.line, cursor.text, 'a chain, a set or another part of a table');
    }),
  );
}

/** A part of a listing that can't be read is kept as unread. Throws Refusal where the part has no end: then the text is cut off. */
function unlessListed(cursor: Cursor, table: Table, parse: () => void): void {
  if (!cursor.isListing) return parse();
  const { at, line, text: kind } = cursor;
  const name = cursor.textAt(1);
  try {
    parse();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    cursor.at = at;
    cursor.skipStatement();
    if (kind === 'set' || kind === 'map') table.sets.set(name, createUnreadSet(name, line, kind === 'map'));
    else {
      table.unread ??= line;
      if (kind === 'chain') table.chains.set(name, { name, line, rules: [] });
    }
  }
}

const TRACKED_OBJECTS = ['helper', 'timeout', 'expectation'];

export function parseObject(cursor: Cursor, what: string, facts: TextFacts, path: () => void): void {
  if (what === 'ct') {
    const { line } = cursor;
    const kind = cursor.name('the kind of an object');
    if (!TRACKED_OBJECTS.includes(kind)) unexpected(line, kind, TRACKED_OBJECTS.join(', '));
    if (kind === 'helper') facts.helpers = true;
  }
  path();
  cursor.name('the name of an object');
  if (!cursor.atEnd && !cursor.is('{')) unexpected(cursor.line, cursor.text, 'what the object is');
  cursor.skipStatement();
}

/** Tables that iptables-nft makes: its chains may have any name, which nft prints and wouldn't take. */
const OF_IPTABLES = /^(filter|nat|mangle|raw|security)$/;

export function parseChainBody(cursor: Cursor, table: Table, facts: TextFacts): void {
  const line = cursor.line;
  const wanted = 'the name of a chain';
  const name = OF_IPTABLES.test(table.name) || cursor.isListing ? cursor.name(wanted) : cursor.newName(wanted);
  const known = table.chains.get(name);
  const chain: Chain = known ?? { name, line, rules: [] };
  table.chains.set(name, chain);
  if (!cursor.is('{')) return;
  // A later block may say another policy, and then it counts.
  let policy: { readonly is: Base['policy']; readonly line: number } | undefined;
  const said = { hook: false, comment: false };
  cursor.eachIn(() => {
    if (cursor.is('type')) {
      if (said.hook || (known && !known.base)) twoHooks(cursor.line, chain);
      said.hook = true;
      baseLine(cursor, chain, table);
    } else if (cursor.is('policy')) {
      const { line: at } = cursor;
      cursor.next();
      if (policy) refuse('two-policies', at, `chain ${shown(name)} is given two policies.`, 'one.');
      const is = cursor.name('a policy');
      if (is !== 'accept' && is !== 'drop') return unexpected(at, is, 'accept or drop');
      policy = { is, line: at };
    } else if (cursor.is('comment') && ['\n', ';'].includes(cursor.textAt(2)) && chain.rules.length === 0) {
      if (said.comment)
        refuse('said-twice', cursor.line, `chain ${shown(name)} is given "comment" twice.`, 'one of them.');
      said.comment = true;
      cursor.next();
      cursor.comment();
    } else if (cursor.is('flags') && cursor.textAt(1) === 'offload') {
      // The hardware does what its rules say.
      cursor.at += 2;
    } else chain.rules.push(ruleHere(cursor, table, facts));
  });
  if (!policy) return;
  if (!chain.base)
    return refuse('policy-without-hook', policy.line, `chain ${shown(name)} has a policy but no hook.`, 'a hook.');
  chain.base.policy = policy.is;
  chain.base.line = policy.line;
}

const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'];
const TYPES = ['filter', 'nat', 'route'] as const;

function baseLine(cursor: Cursor, chain: Chain, { family }: Table): void {
  const line = cursor.line;
  cursor.expect('type');
  const said = cursor.name('filter, nat or route');
  const type = TYPES.find((one) => one === said) ?? unexpected(line, said, TYPES.join(', '));
  cursor.expect('hook');
  const hook = cursor.name('a hook');
  if (!HOOKS.includes(hook)) unexpected(line, hook, 'a hook');
  const devices: string[] = [];
  if (cursor.take('device')) devices.push(cursor.name('a device'));
  else if (cursor.take('devices')) {
    cursor.expect('=');
    for (const { key } of parseElements(cursor)) devices.push(...key);
  }
  cursor.expect('priority');
  if (cursor.isString && !cursor.isDefined) unexpected(line, cursor.text, 'a priority');
  // Of numbers, `- 10`, too.
  const below = cursor.take('-') ? '-' : '';
  if (below && !/^\d/.test(cursor.text)) unexpected(line, cursor.text, 'a number');
  const word = `${below}${cursor.name('a priority')}`;
  let priority = priorityNamed(word);
  if (priority === undefined) {
    // A kernel takes 32 bits of it.
    priority = (integer(word) ?? unexpected(line, word, 'a priority')) | 0;
    if (cursor.is('+') || cursor.is('-')) unexpected(line, cursor.text, 'the end of the line');
  }
  // `filter + 10`, `filter +10`, `filter -10` and `filter - 10`.
  if (cursor.take('+')) priority += cursor.number('a number');
  else if (cursor.take('-')) priority -= cursor.number('a number');
  else if (cursor.text.startsWith('-')) priority += cursor.number('a number');
  const base = { type, hook, priority, devices };
  checkBase(base, word, family, line);
  const { base: known } = chain;
  if (known && (known.type !== type || known.hook !== hook || known.priority !== priority)) twoHooks(line, chain);
  chain.base ??= { ...base, policy: 'accept', line };
}

const twoHooks = (line: number, { name }: Chain): never =>
  refuse('two-hooks', line, `chain ${shown(name)} is given two hooks.`, 'one.');

/** `index 3`, `position 5` and `handle 7` name live rules; a text that uses them can't be read alone. */
export function parseRuleInto(cursor: Cursor, chain: Chain, table: Table, facts: TextFacts, first: boolean): void {
  if (['index', 'position', 'handle'].includes(cursor.text))
    refuse('needs-live-state', cursor.line, `"${cursor.text}" counts rules of the device.`, '`nft list ruleset`.');
  const rule = ruleHere(cursor, table, facts);
  // All that stand there move.
  if (first) spend(chain.rules.length / 512);
  if (first) chain.rules.unshift(rule);
  else chain.rules.push(rule);
}
