// Splits a lowered DNAT rule to a range of ports in two rules: one for packets whose new port is certain (kept, or
// counted from a base port), and one for the others.
import { NumberRange } from '../../net/device';
import { ALL_PORTS } from '../../net/packet';
import { toSingleRange } from '../../net/range';
import { spendSteps } from '../../net/step-budget';
import { RuleAction, LoweredRule, STEPS_PER_ENTRY } from '../../evaluator/ruleset-model';
import { createMemberCondition } from '../../evaluator/disjunction';
import { getField } from './fields';

/** A larger range has too many ports to tell apart: which port a session gets stays unknown. */
const MAX_COUNTED_PORTS = 256;

const PORT_FIELD = getField('th dport', 'inet');

/**
 * Splits a destination translation to a range of ports into two rules, the first for ports that are preserved. The
 * kernel keeps a port that is among those of its translation, as it keeps a source port. With a `base` it counts the
 * ports from there. Both hold as long as two sessions don't collide. Source: get_unique_tuple in
 * net/netfilter/nf_nat_core.c; seen, 6.18.
 */
export function splitPreservedPorts(rule: LoweredRule, base?: number): readonly LoweredRule[] {
  const { action, conditions } = rule;
  if (action?.is !== 'translate' || action.kind !== 'dnat' || action.random) return [rule];
  const { ports, ...to } = action.to;
  if (!ports || ports.first === ports.last) return [rule];
  const matchedPorts =
    base === undefined ? ports : { first: base, last: Math.min(base + ports.last - ports.first, ALL_PORTS.last) };
  if (base !== undefined && matchedPorts.last - matchedPorts.first >= MAX_COUNTED_PORTS) return [rule];
  const preservingRule = {
    ...rule,
    conditions: [...conditions, createMemberCondition(PORT_FIELD, [{ is: 'numbers', range: matchedPorts }])],
  };
  return [
    {
      ...preservingRule,
      action: base === undefined ? { ...action, to } : createPortLookup(action, ports.first, matchedPorts),
    },
    rule,
  ];
}

function createPortLookup(
  { kind, to, random }: RuleAction & { is: 'translate' },
  first: number,
  matchedPorts: NumberRange,
): RuleAction {
  const count = matchedPorts.last - matchedPorts.first + 1;
  spendSteps(STEPS_PER_ENTRY * count);
  const entries = Array.from({ length: count }, (_, index) => ({
    values: [{ is: 'numbers', range: toSingleRange(matchedPorts.first + index) } as const],
    expires: false,
    to: { ...to, ports: toSingleRange(first + index) },
  }));
  return { is: 'look up', kind, fields: [PORT_FIELD], entries, random, dynamic: false };
}
