import { LEAF_AXIS, NOTHING, Node, leaf } from './node';
import { rebuilt } from './rewrite';

/** The same diagram with other values; `undefined` makes it undefined there. */
export const mapLeaves = (root: Node, change: (value: unknown) => unknown): Node =>
  rebuilt(root, LEAF_AXIS, (node) => {
    const value = change(node.value);
    return value === undefined ? NOTHING : leaf(value);
  });

/** Every distinct value. */
export function valuesOf(root: Node): unknown[] {
  const seen = new Set<Node>();
  const values: unknown[] = [];
  const walk = (node: Node): void => {
    if (node === NOTHING || seen.has(node)) return;
    seen.add(node);
    if (node.axis === LEAF_AXIS) values.push(node.value);
    else node.children.forEach(walk);
  };
  walk(root);
  return values;
}
