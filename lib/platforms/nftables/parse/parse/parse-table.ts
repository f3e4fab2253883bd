// Parses the body of an nftables table: chains with their rules, sets, maps, and other objects such as counters and
// flowtables.

import { spendSteps } from '../../../../net/step-budget';
import { Refusal } from '../../../../problems/problem';
import { NftCursor } from '../cursor';
import { parseElements } from './parse-elements';
import { checkBaseChain } from '../check/check-base-chain';
import { parseInteger } from '../../../../parse/netfilter/parse-integers';
import { parseRule } from './parse-rule';
import { createUnparsedSet, parseSetBody } from './parse-set';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { refuseInclude, refuse, refuseUnexpected } from '../parse-problems';
import { BaseChainHeader, RulesetFacts } from '../../../../evaluator/ruleset-model';
import { ParsedNftChain, ParsedNftTable } from '../syntax-tree';
import { findPriority } from '../../../../parse/netfilter/named-numbers';

/** Objects that a table may hold besides chains and sets. None of them decides anything by itself. */
export const TABLE_OBJECTS = new Set(['counter', 'quota', 'limit', 'ct', 'secmark', 'synproxy', 'flowtable', 'tunnel']);

export function parseTableBody(cursor: NftCursor, table: ParsedNftTable, facts: RulesetFacts): void {
  cursor.parseBlock(() =>
    keepUnparsed(cursor, table, () => {
      if (cursor.take('chain')) parseChainBody(cursor, table, facts);
      else if (cursor.is('set') || cursor.is('map')) parseSetBody(cursor, table, cursor.next() === 'map');
      else if (TABLE_OBJECTS.has(cursor.text)) parseObject(cursor, cursor.next(), facts, () => undefined);
      else if (cursor.take('comment')) cursor.skipComment();
      else if (cursor.take('flags')) {
        do {
          const { line } = cursor;
          const flag = cursor.takeName('a flag');
          if (!['dormant', 'owner', 'persist'].includes(flag)) refuseUnexpected(line, flag, 'dormant or owner');
          if (flag === 'dormant') table.dormant = line;
        } while (cursor.take(','));
      } else if (cursor.is('include')) refuseInclude(cursor.line, cursor.textAt(1));
      else refuseUnexpected(cursor.line, cursor.text, 'a chain, a set or another part of a table');
    }),
  );
}

/**
 * Keeps a part of a listing that can't be parsed as unread.
 * @throws Refusal if the part has no end: then the text is cut off
 */
function keepUnparsed(cursor: NftCursor, table: ParsedNftTable, parse: () => void): void {
  if (!cursor.isListing) return parse();
  const { position: start, line, text: kind } = cursor;
  const name = cursor.textAt(1);
  try {
    parse();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    cursor.position = start;
    cursor.skipStatement();
    if (kind === 'set' || kind === 'map') table.sets.set(name, createUnparsedSet(name, line, kind === 'map'));
    else {
      table.unread ??= line;
      if (kind === 'chain') table.chains.set(name, { name, line, rules: [] });
    }
  }
}

const CT_OBJECTS = ['helper', 'timeout', 'expectation'];

export function parseObject(cursor: NftCursor, objectType: string, facts: RulesetFacts, parsePath: () => void): void {
  if (objectType === 'ct') {
    const { line } = cursor;
    const kind = cursor.takeName('the kind of an object');
    if (!CT_OBJECTS.includes(kind)) refuseUnexpected(line, kind, CT_OBJECTS.join(', '));
    if (kind === 'helper') facts.hasHelpers = true;
  }
  parsePath();
  cursor.takeName('the name of an object');
  if (!cursor.isAtEnd && !cursor.is('{')) refuseUnexpected(cursor.line, cursor.text, 'what the object is');
  cursor.skipStatement();
}

/** Tables of iptables-nft. Their chains may have any name: nft prints such names, but wouldn't accept them. */
const IPTABLES_TABLES = /^(filter|nat|mangle|raw|security)$/;

export function parseChainBody(cursor: NftCursor, table: ParsedNftTable, facts: RulesetFacts): void {
  const line = cursor.line;
  const expected = 'the name of a chain';
  const name =
    IPTABLES_TABLES.test(table.name) || cursor.isListing ? cursor.takeName(expected) : cursor.takeNewName(expected);
  const existing = table.chains.get(name);
  const chain: ParsedNftChain = existing ?? { name, line, rules: [] };
  table.chains.set(name, chain);
  if (!cursor.is('{')) return;
  // A later block may give another policy, which then counts.
  let policy: { readonly is: BaseChainHeader['policy']; readonly line: number } | undefined;
  const seenParts = { hook: false, comment: false };
  cursor.parseBlock(() => {
    if (cursor.is('type')) {
      if (seenParts.hook || (existing && !existing.base)) refuseTwoHooks(cursor.line, chain);
      seenParts.hook = true;
      parseBaseLine(cursor, chain, table);
    } else if (cursor.is('policy')) {
      const { line: policyLine } = cursor;
      cursor.next();
      if (policy) refuse('two-policies', policyLine, `chain ${quoteForDisplay(name)} is given two policies.`, 'one.');
      const is = cursor.takeName('a policy');
      if (is !== 'accept' && is !== 'drop') return refuseUnexpected(policyLine, is, 'accept or drop');
      policy = { is, line: policyLine };
    } else if (cursor.is('comment') && ['\n', ';'].includes(cursor.textAt(2)) && chain.rules.length === 0) {
      if (seenParts.comment)
        refuse('said-twice', cursor.line, `chain ${quoteForDisplay(name)} is given "comment" twice.`, 'one of them.');
      seenParts.comment = true;
      cursor.next();
      cursor.skipComment();
    } else if (cursor.is('flags') && cursor.textAt(1) === 'offload') {
      // The hardware carries out the chain's rules.
      cursor.position += 2;
    } else chain.rules.push(parseRule(cursor, table, facts));
  });
  if (!policy) return;
  if (!chain.base)
    return refuse(
      'policy-without-hook',
      policy.line,
      `chain ${quoteForDisplay(name)} has a policy but no hook.`,
      'a hook.',
    );
  chain.base.policy = policy.is;
  chain.base.line = policy.line;
}

const HOOK_NAMES = ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'];
const CHAIN_TYPES = ['filter', 'nat', 'route'] as const;

function parseBaseLine(cursor: NftCursor, chain: ParsedNftChain, { family }: ParsedNftTable): void {
  const line = cursor.line;
  cursor.expect('type');
  const typeWord = cursor.takeName('filter, nat or route');
  const type = CHAIN_TYPES.find((t) => t === typeWord) ?? refuseUnexpected(line, typeWord, CHAIN_TYPES.join(', '));
  cursor.expect('hook');
  const hook = cursor.takeName('a hook');
  if (!HOOK_NAMES.includes(hook)) refuseUnexpected(line, hook, 'a hook');
  const devices: string[] = [];
  if (cursor.take('device')) devices.push(cursor.takeName('a device'));
  else if (cursor.take('devices')) {
    cursor.expect('=');
    for (const { key } of parseElements(cursor)) devices.push(...key);
  }
  cursor.expect('priority');
  if (cursor.isString && !cursor.isFromDefine) refuseUnexpected(line, cursor.text, 'a priority');
  // A number may be written as `- 10`, too.
  const sign = cursor.take('-') ? '-' : '';
  if (sign && !/^\d/.test(cursor.text)) refuseUnexpected(line, cursor.text, 'a number');
  const priorityWord = `${sign}${cursor.takeName('a priority')}`;
  let priority = findPriority(priorityWord);
  if (priority === undefined) {
    // The kernel takes 32 bits of it.
    priority = (parseInteger(priorityWord) ?? refuseUnexpected(line, priorityWord, 'a priority')) | 0;
    if (cursor.is('+') || cursor.is('-')) refuseUnexpected(line, cursor.text, 'the end of the line');
  }
  // `filter + 10`, `filter +10`, `filter -10` and `filter - 10`.
  if (cursor.take('+')) priority += cursor.takeNumber('a number');
  else if (cursor.take('-')) priority -= cursor.takeNumber('a number');
  else if (cursor.text.startsWith('-')) priority += cursor.takeNumber('a number');
  const base = { type, hook, priority, devices };
  checkBaseChain(base, priorityWord, family, line);
  const { base: earlierBase } = chain;
  if (earlierBase && (earlierBase.type !== type || earlierBase.hook !== hook || earlierBase.priority !== priority))
    refuseTwoHooks(line, chain);
  chain.base ??= { ...base, policy: 'accept', line };
}

const refuseTwoHooks = (line: number, { name }: ParsedNftChain): never =>
  refuse('two-hooks', line, `chain ${quoteForDisplay(name)} is given two hooks.`, 'one.');

/**
 * Parses a rule of a chain. `index 3`, `position 5` and `handle 7` name rules of a device, so a text that uses them
 * can't be parsed alone.
 */
export function parseChainRule(
  cursor: NftCursor,
  chain: ParsedNftChain,
  table: ParsedNftTable,
  facts: RulesetFacts,
  isFirst: boolean,
): void {
  if (['index', 'position', 'handle'].includes(cursor.text))
    refuse('needs-live-state', cursor.line, `"${cursor.text}" counts rules of the device.`, '`nft list ruleset`.');
  const rule = parseRule(cursor, table, facts);
  // All rules of the chain move.
  if (isFirst) spendSteps(chain.rules.length / 512);
  if (isFirst) chain.rules.unshift(rule);
  else chain.rules.push(rule);
}
