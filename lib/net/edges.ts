import { FAMILY_RANGE, Family } from './address';
import { AXIS, afterAxis, alongAddresses, greatest } from './axes';
import { Node } from './node';

/** The values of one axis from which on a node may say something else, with the least of all. Nodes that are shared are looked at once. */
export function edgesAlong(
  axis: 'destination' | 'source' | 'sourcePort',
  family: Family,
  root: Node,
): ReadonlySet<bigint> {
  const whole = axis === 'sourcePort' ? { first: 0n, last: BigInt(greatest(AXIS.sourcePort)) } : FAMILY_RANGE[family];
  const edges = new Set<bigint>([whole.first]);
  const seen = new Set<Node>();
  const edge = (first: bigint, last: bigint): void => {
    edges.add(first);
    if (last < whole.last) edges.add(last + 1n);
  };
  const visit = (node: Node): void => {
    if (node.axis >= afterAxis(axis) || seen.has(node)) return;
    seen.add(node);
    if (node.axis < AXIS[axis]) node.children.forEach(visit);
    else if (axis === 'sourcePort') node.firsts.forEach((first, i) => edge(BigInt(first), BigInt(node.lasts[i]!)));
    else for (const { range } of alongAddresses(axis, family, node)) edge(range.first, range.last);
  };
  visit(root);
  return edges;
}
