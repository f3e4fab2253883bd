import { Greatest, LEAF_AXIS, NOTHING, Node, NodeBuilder, leaf } from './diagram';

/** The same diagram with other values; `undefined` makes it undefined there. */
export function mapLeaves(root: Node, change: (value: unknown) => unknown, greatest: Greatest): Node {
  const done = new Map<Node, Node>();
  const walk = (node: Node): Node => {
    if (node === NOTHING) return NOTHING;
    const known = done.get(node);
    if (known) return known;
    let made: Node;
    if (node.axis === LEAF_AXIS) {
      const value = change(node.value);
      made = value === undefined ? NOTHING : leaf(value);
    } else {
      const out = new NodeBuilder(node.axis, greatest(node.axis));
      for (let i = 0; i < node.firsts.length; i++) out.add(node.firsts[i]!, node.lasts[i]!, walk(node.children[i]!));
      made = out.finish();
    }
    done.set(node, made);
    return made;
  };
  return walk(root);
}

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
