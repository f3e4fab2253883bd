import { PROTOCOLS_WITH_PORTS } from '../../../net/packet';
import { Family } from '../../../net/address';
import { point } from '../../../net/range';
import { shown } from '../../../problems/in-text';
import { SetsAsked } from '../../ipset/asked';
import { fieldNamed } from '../../netfilter/fields';
import { Condition } from '../../../evaluator/model';
import { Disjunction, all, anyOf, doubt, member, opposite } from '../../../evaluator/disjunction';
import { Around, Option } from '../rule';

/** `-m set --match-set NAME src,dst`. */
export function lowerSet(tests: readonly Option[], { family, line }: Around, sets: SetsAsked): Disjunction {
  const perhaps = (because: string): Disjunction => doubt(`line ${line}: ${because}`);
  const other = tests.find(({ name }) => name !== '--match-set' && !name.endsWith('counters'));
  if (other) return perhaps(`${shown(other.name)} of a set may match or not`);
  return all(
    tests
      .filter(({ name }) => name === '--match-set')
      .map(({ values: [name = '', sides = ''], negated }): Disjunction => {
        const asked = sets.asked(name, sides.split(','), family);
        if (typeof asked === 'string') return perhaps(asked);
        const conditions = asked.map((one): Condition => ({ is: 'member', ...one, negated: false }));
        return negated
          ? all(conditions.map((one) => notIn(one, family)))
          : anyOf(conditions, (one) => notIn(one, family));
      }),
  );
}

/** A packet without ports is in no set of ports. */
function notIn(condition: Condition, family: Family): Disjunction {
  if (condition.is !== 'member' || !condition.fields.some(({ blind }) => blind)) return [[opposite(condition)]];
  const withPorts = member(
    fieldNamed('meta l4proto', family),
    PROTOCOLS_WITH_PORTS.map((protocol) => ({ is: 'numbers', range: point(protocol) })),
  );
  return [[opposite(withPorts)], [withPorts, opposite(condition)]];
}
