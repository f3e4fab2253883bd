// Lowers the matches `-m conntrack` and `-m state` of iptables rules to conditions of the ruleset model.

import {
  NO_CONNTRACK_BITS,
  NO_CONNTRACK_ENTRY,
  createSetCondition,
  createStateCondition,
} from '../../netfilter/conditions';
import { getField } from '../../netfilter/fields';
import { toDecimalPorts } from '../../netfilter/parse-integers';
import { parsePorts } from '../../netfilter/parse-values';
import { FLAGS } from '../../netfilter/named-numbers';
import { Condition } from '../../../evaluator/ruleset-model';
import {
  Disjunction,
  intersectAll,
  intersectDisjunctions,
  createUnknownMatch,
  createFactCondition,
  createMemberCondition,
  negateCondition,
} from '../../../evaluator/disjunction';
import { quoteForDisplay } from '../../../problems/line-problems';
import { XtablesRuleContext, XtablesOption } from '../rule';

const splitFlags = (value: string): readonly string[] => value.toLowerCase().replaceAll('_', '-').split(',');
const getFlagBits = (flags: 'state' | 'status', words: readonly string[]): number =>
  words.reduce((sum, word) => sum | (FLAGS[flags]!.get(word) ?? 0), 0);

/**
 * Lowers the tests of one match. If a packet has no entry in connection tracking, its state tests alone decide; a match
 * without state tests fails, negated or not. Source: conntrack_mt in net/netfilter/xt_conntrack.c.
 */
export function lowerConntrack(tests: readonly XtablesOption[], context: XtablesRuleContext): Disjunction {
  const isState = ({ name }: XtablesOption): boolean => name === '--ctstate' || name === '--state';
  const states = intersectAll(tests.filter(isState).map((test) => lowerState(test, context)));
  const otherTests = tests.filter((test) => !isState(test));
  if (otherTests.length === 0) return states;
  const otherConditions = intersectAll(otherTests.map((test) => lowerConntrackTest(test, context)));
  if (otherTests.length === tests.length)
    return intersectDisjunctions([[negateCondition(NO_CONNTRACK_ENTRY)]], otherConditions);
  return [
    ...intersectDisjunctions([[NO_CONNTRACK_ENTRY]], states),
    ...intersectDisjunctions([[negateCondition(NO_CONNTRACK_ENTRY)]], intersectDisjunctions(states, otherConditions)),
  ];
}

function lowerState(
  { values: [value = ''], negated }: XtablesOption,
  { line, family }: XtablesRuleContext,
): Disjunction {
  const words = splitFlags(value);
  if (!words.every((word) => FLAGS['state']!.has(word) || word === 'snat' || word === 'dnat'))
    return createUnknownMatch(`line ${line}: state ${quoteForDisplay(value)} is not understood`);
  const bits = getFlagBits('state', words);
  const status = getFlagBits('status', words);
  if (status === 0) return [[createStateCondition(bits, negated)]];
  const translated = createFactCondition(getField('ct status', family), (statusBits) => (statusBits & status) !== 0);
  if (!negated) return [[createStateCondition(bits)], [createStateCondition(bits, true), translated]];
  // A packet without an entry is not translated.
  const stateOnly = createStateCondition(NO_CONNTRACK_BITS & ~bits);
  return [[stateOnly], [createStateCondition(bits | NO_CONNTRACK_BITS, true), negateCondition(translated)]];
}

const ADDRESSES: Readonly<Record<string, string>> = {
  '--ctorigsrc': 'original saddr',
  '--ctorigdst': 'original daddr',
  '--ctreplsrc': 'reply saddr',
  '--ctrepldst': 'reply daddr',
};
const PORTS: Readonly<Record<string, string>> = {
  '--ctorigsrcport': 'original proto-src',
  '--ctorigdstport': 'original proto-dst',
  '--ctreplsrcport': 'reply proto-src',
  '--ctrepldstport': 'reply proto-dst',
};
const STATUSES = ['none', 'expected', 'seen-reply', 'assured', 'confirmed'];

function lowerConntrackTest(
  { name, values: [value = ''], negated }: XtablesOption,
  { line, family }: XtablesRuleContext,
): Disjunction {
  const getCtField = (words: string) => getField(`ct ${words}`, family);
  const unknown = createUnknownMatch(`line ${line}: ${name} ${quoteForDisplay(value)} is not understood`);
  const toDisjunction = (condition: Condition | undefined): Disjunction => (condition ? [[condition]] : unknown);
  if (ADDRESSES[name] !== undefined)
    return toDisjunction(createSetCondition(getCtField(ADDRESSES[name]), [value], negated));
  if (PORTS[name] !== undefined) {
    const range = parsePorts(toDecimalPorts(value));
    return toDisjunction(range && createMemberCondition(getCtField(PORTS[name]), [range], negated));
  }
  switch (name) {
    case '--ctproto':
      return toDisjunction(createSetCondition(getCtField('protocol'), [value], negated));
    case '--ctdir': {
      const direction = ['ORIGINAL', 'REPLY'].indexOf(value.toUpperCase());
      return direction < 0
        ? unknown
        : [[createFactCondition(getCtField('direction'), (fieldValue) => fieldValue === direction, negated)]];
    }
    case '--ctstatus': {
      const words = splitFlags(value);
      if (!words.every((word) => STATUSES.includes(word))) return unknown;
      const bits = getFlagBits('status', words);
      return [[createFactCondition(getCtField('status'), (fieldValue) => (fieldValue & bits) !== 0, negated)]];
    }
    default:
      return createUnknownMatch(`line ${line}: ${name} may match or not`, getCtField('expiration'));
  }
}
