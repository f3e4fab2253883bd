// Lists the values of one axis (destination, source or source port) at which a decision diagram of packets changes,
// to divide the axis into ranges that it treats alike.

import { FAMILY_RANGE, Family } from './address';
import { AXIS, getAxisEnd, listAddressBranches, getAxisMax } from './axis-nodes';
import { DiagramNode } from './diagram-node';

/** Returns the values of one axis at which a node may change, and the least value. Shared nodes are visited once. */
export function collectBoundaries(
  axis: 'destination' | 'source' | 'sourcePort',
  family: Family,
  root: DiagramNode,
): ReadonlySet<bigint> {
  const axisRange =
    axis === 'sourcePort' ? { first: 0n, last: BigInt(getAxisMax(AXIS.sourcePort)) } : FAMILY_RANGE[family];
  const boundaries = new Set<bigint>([axisRange.first]);
  const visited = new Set<DiagramNode>();
  const addBoundaries = (first: bigint, last: bigint): void => {
    boundaries.add(first);
    if (last < axisRange.last) boundaries.add(last + 1n);
  };
  const visit = (node: DiagramNode): void => {
    if (node.axis >= getAxisEnd(axis) || visited.has(node)) return;
    visited.add(node);
    if (node.axis < AXIS[axis]) node.children.forEach(visit);
    else if (axis === 'sourcePort')
      node.firsts.forEach((first, i) => addBoundaries(BigInt(first), BigInt(node.lasts[i]!)));
    else for (const { range } of listAddressBranches(axis, family, node)) addBoundaries(range.first, range.last);
  };
  visit(root);
  return boundaries;
}
