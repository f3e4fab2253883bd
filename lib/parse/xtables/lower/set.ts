// Lowers `-m set --match-set NAME src,dst` of iptables rules to a condition of the ruleset model.

import { PROTOCOLS_WITH_PORTS } from '../../../net/packet';
import { Family } from '../../../net/address';
import { toSingleRange } from '../../../net/range';
import { quoteForDisplay } from '../../../problems/line-problems';
import { IpSetResolver } from '../../ipset/lower-sets';
import { getField } from '../../netfilter/fields';
import { Condition } from '../../../evaluator/ruleset-model';
import {
  Disjunction,
  intersectAll,
  uniteConditions,
  createHistoryMatch,
  createUnknownMatch,
  createMemberCondition,
  negateCondition,
} from '../../../evaluator/disjunction';
import { XtablesRuleContext, XtablesOption } from '../rule';

/** Lowers `-m set --match-set NAME src,dst`. */
export function lowerSet(
  tests: readonly XtablesOption[],
  { family, line }: XtablesRuleContext,
  sets: IpSetResolver,
): Disjunction {
  const createUnknown = (because: string): Disjunction => createUnknownMatch(`line ${line}: ${because}`);
  const unsupportedTest = tests.find(({ name }) => name !== '--match-set' && !name.endsWith('counters'));
  if (unsupportedTest) return createUnknown(`${quoteForDisplay(unsupportedTest.name)} of a set may match or not`);
  return intersectAll(
    tests
      .filter(({ name }) => name === '--match-set')
      .map(({ values: [name = '', sides = ''], negated }): Disjunction => {
        const loweredSets = sets.resolve(name, sides.split(','), family);
        if (typeof loweredSets === 'string')
          return sets.isUntold(name)
            ? createHistoryMatch(`line ${line}: ${loweredSets}`, negated)
            : createUnknown(loweredSets);
        const conditions = loweredSets.map((lowered): Condition => ({ is: 'member', ...lowered, negated: false }));
        return negated
          ? intersectAll(conditions.map((lowered) => negateMember(lowered, family)))
          : uniteConditions(conditions, (lowered) => negateMember(lowered, family));
      }),
  );
}

/** Returns the negation of a set condition. A packet without ports is in no set of ports, so it matches. */
function negateMember(condition: Condition, family: Family): Disjunction {
  if (condition.is !== 'member' || !condition.fields.some(({ mayMatchOthers }) => mayMatchOthers))
    return [[negateCondition(condition)]];
  const withPorts = createMemberCondition(
    getField('meta l4proto', family),
    PROTOCOLS_WITH_PORTS.map((protocol) => ({ is: 'numbers', range: toSingleRange(protocol) })),
  );
  return [[negateCondition(withPorts)], [withPorts, negateCondition(condition)]];
}
