import { UnderstoodRule } from '../stages/model';
import { member } from '../stages/ways';
import { fieldNamed } from './fields';

const PORT = fieldNamed('th dport', 'inet');

/**
 * A port that is among those of its translation is kept, as a source port is: where two sessions don't collide. Of the rule two are made, the
 * first for these ports. Source: get_unique_tuple in net/netfilter/nf_nat_core.c.
 */
export function withKeptPorts(rule: UnderstoodRule): readonly UnderstoodRule[] {
  const { end, conditions } = rule;
  if (end?.is !== 'translate' || end.kind !== 'dnat' || end.random) return [rule];
  const { ports, ...to } = end.to;
  if (!ports || ports.first === ports.last) return [rule];
  const among = member(PORT, [{ is: 'numbers', range: ports }]);
  return [{ ...rule, conditions: [...conditions, among], end: { ...end, to } }, rule];
}
