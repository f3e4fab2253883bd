// Changes or collects the values at the leaves of a decision diagram.

import { LEAF_AXIS, EMPTY_NODE, DiagramNode, getLeaf } from './diagram-node';
import { rewriteFromAxis } from './rewrite-nodes';

/** Returns the diagram with changed values. It is undefined where `change` returns undefined. */
export const mapLeaves = (root: DiagramNode, change: (value: unknown) => unknown): DiagramNode =>
  rewriteFromAxis(root, LEAF_AXIS, (node) => {
    const value = change(node.value);
    return value === undefined ? EMPTY_NODE : getLeaf(value);
  });

/** Returns every distinct value. */
export function collectValues(root: DiagramNode): unknown[] {
  const visited = new Set<DiagramNode>();
  const values: unknown[] = [];
  const walk = (node: DiagramNode): void => {
    if (node === EMPTY_NODE || visited.has(node)) return;
    visited.add(node);
    if (node.axis === LEAF_AXIS) values.push(node.value);
    else node.children.forEach(walk);
  };
  walk(root);
  return values;
}
