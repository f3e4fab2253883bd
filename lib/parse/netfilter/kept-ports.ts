import { NumberRange } from '../../net/device';
import { ALL_PORTS } from '../../net/packet';
import { point } from '../../net/range';
import { spend } from '../../net/work';
import { End, LoweredRule, PER_ENTRY } from '../../evaluator/model';
import { member } from '../../evaluator/disjunction';
import { fieldNamed } from './fields';

/** More would be too many to tell apart: who gets which stays unknown. */
const MOST_COUNTED = 256;

const PORT = fieldNamed('th dport', 'inet');

/**
 * A port that is among those of its translation is kept, as a source port is, and with a `base` the ports are counted on from there: where two
 * sessions don't collide. Of the rule two are made, the first for these ports. Source: get_unique_tuple in net/netfilter/nf_nat_core.c; seen, 6.18.
 */
export function withKeptPorts(rule: LoweredRule, base?: number): readonly LoweredRule[] {
  const { end, conditions } = rule;
  if (end?.is !== 'translate' || end.kind !== 'dnat' || end.random) return [rule];
  const { ports, ...to } = end.to;
  if (!ports || ports.first === ports.last) return [rule];
  const sent =
    base === undefined ? ports : { first: base, last: Math.min(base + ports.last - ports.first, ALL_PORTS.last) };
  if (base !== undefined && sent.last - sent.first >= MOST_COUNTED) return [rule];
  const among = { ...rule, conditions: [...conditions, member(PORT, [{ is: 'numbers', range: sent }])] };
  return [{ ...among, end: base === undefined ? { ...end, to } : countedOn(end, ports.first, sent) }, rule];
}

function countedOn({ kind, to, random }: End & { is: 'translate' }, first: number, sent: NumberRange): End {
  const count = sent.last - sent.first + 1;
  spend(PER_ENTRY * count);
  const entries = Array.from({ length: count }, (_, at) => ({
    values: [{ is: 'numbers', range: point(sent.first + at) } as const],
    fleeting: false,
    to: { ...to, ports: point(first + at) },
  }));
  return { is: 'look up', kind, fields: [PORT], entries, random, learned: false };
}
