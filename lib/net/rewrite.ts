import { Family, familyOf } from './address';
import { AXIS, Stretch, alongAddresses, fromAddresses, greatest, stretchesIn } from './axes';
import { childAt, firstOf, indexAt, within } from './diagram';
import { LEAF_AXIS, NOTHING, Node, NodeBuilder, leaf } from './node';
import { Move } from './packet';
import { Range } from './range';

/** The source is moved; nothing remembers the original one. */
export function sourceMoved(root: Node, family: Family, moves: readonly Move[]): Node {
  const ascending = inOrder(moves, family);
  return rebuilt(root, AXIS.source, (node) => {
    const stretches = alongAddresses('source', family, node);
    const before: Stretch[] = [];
    for (const { from, to } of ascending) {
      for (const { range, below } of stretchesIn(stretches, to))
        before.push({ range: arrivingFor(range, from, to), below });
    }
    return fromAddresses('source', family, before);
  });
}

/** The destination is moved; the packet's own one is the original. */
export function destinationMoved(node: Node, family: Family, moves: readonly Move[], port: number | undefined): Node {
  const stretches = alongAddresses('destination', family, node);
  const before: Stretch[] = [];
  for (const { from, to } of inOrder(moves, family)) {
    if (familyOf(to.first) !== family) continue;
    for (const { range, below } of stretchesIn(stretches, to))
      before.push(...originally(family, below, arrivingFor(range, from, to)));
  }
  const ported =
    port === undefined ? before : before.map(({ range, below }) => ({ range, below: portSet(below, port) }));
  return fromAddresses('destination', family, ported);
}

/** Those from one family, ascending. */
const inOrder = (moves: readonly Move[], family: Family): readonly Move[] =>
  moves.filter(({ from }) => familyOf(from.first) === family).sort((a, b) => (a.from.first < b.from.first ? -1 : 1));

/** Which part of `from` comes out in `range`, a part of `to`. */
const arrivingFor = (range: Range, from: Range, to: Range): Range =>
  to.first === to.last
    ? from
    : { first: range.first - to.first + from.first, last: range.last - to.first + from.first };

/** Below the destination axis: packets that arrived for `arriving` and remember it. */
function originally(family: Family, below: Node, arriving: Range): readonly Stretch[] {
  if (below.axis >= AXIS.source) return [{ range: arriving, below }];
  return stretchesIn(alongAddresses('originalDestination', family, below), arriving);
}

/** The port becomes `port`; the packet's own one is the original. */
export const portSet = (root: Node, port: number): Node =>
  rebuilt(root, AXIS.originalPort, (node) => {
    if (node.axis > AXIS.port) return node;
    if (node.axis === AXIS.port) return fixed(AXIS.port, port, node);
    const out = new NodeBuilder(AXIS.port, greatest(AXIS.port));
    for (let i = 0; i < node.firsts.length; i++)
      out.add(node.firsts[i]!, node.lasts[i]!, fixed(AXIS.port, port, node.children[i]!));
    return out.finish();
  });

/** The original port is the packet's own one. */
export const portOriginal = (root: Node): Node =>
  rebuilt(root, AXIS.originalPort, (node) => {
    if (node.axis !== AXIS.originalPort) return node;
    return firstOf(
      node.children.map((child, i) => within(child, slice(AXIS.port, node.firsts[i]!, node.lasts[i]!), greatest)),
      greatest,
    );
  });

/** With one axis fixed to a value: what is left for the others. Axes before it keep what they say. */
const fixed = (axis: number, value: number, root: Node): Node =>
  rebuilt(root, axis, (node) => (node.axis === axis ? childAt(node, value) : node));

/** The set of one interval on one axis. */
export function slice(axis: number, first: number, last: number): Node {
  const out = new NodeBuilder(axis, greatest(axis));
  out.add(first, last, leaf(true));
  return out.finish();
}

/** The same diagram above `axis`; what stands at or below it is changed, each node once. */
export function rebuilt(root: Node, axis: number, change: (node: Node) => Node): Node {
  const done = new Map<Node, Node>();
  const walk = (node: Node): Node => {
    if (node === NOTHING) return NOTHING;
    const known = done.get(node);
    if (known) return known;
    let made: Node;
    if (node.axis >= axis) made = change(node);
    else {
      const out = new NodeBuilder(node.axis, greatest(node.axis));
      for (let i = 0; i < node.firsts.length; i++) out.add(node.firsts[i]!, node.lasts[i]!, walk(node.children[i]!));
      made = out.finish();
    }
    done.set(node, made);
    return made;
  };
  return walk(root);
}

/** Below the axes from `first` up to `end` everything that stands there for some of their values. */
export function anyBetween(root: Node, first: number, end: number): Node {
  const known = new Map<Node, Node>();
  const below = (node: Node): Node => {
    if (node.axis >= end) return node;
    let made = known.get(node);
    if (!made) known.set(node, (made = firstOf(node.children.map(below), greatest)));
    return made;
  };
  return rebuilt(root, first, below);
}

/** In place of each leaf the diagram that is chosen for it, where that leaf stood. */
export function composed(root: Node, choose: (leafNode: Node) => Node): Node {
  const done = new Map<Node, Node>();
  const walk = (node: Node): Node => {
    if (node === NOTHING) return NOTHING;
    const known = done.get(node);
    if (known) return known;
    const made = node.axis === LEAF_AXIS ? choose(node) : joinedParts(node, node.children.map(walk));
    done.set(node, made);
    return made;
  };
  return walk(root);
}

/** Each interval of the node with its part. Parts that look at no earlier axis need only be cut and laid side by side. */
function joinedParts(node: Node, parts: readonly Node[]): Node {
  if (parts.some(({ axis }) => axis < node.axis)) {
    return firstOf(
      parts.map((part, i) => within(part, slice(node.axis, node.firsts[i]!, node.lasts[i]!), greatest)),
      greatest,
    );
  }
  const out = new NodeBuilder(node.axis, greatest(node.axis));
  for (const [i, part] of parts.entries()) {
    const [first, last] = [node.firsts[i]!, node.lasts[i]!];
    if (part.axis > node.axis) out.add(first, last, part);
    else {
      for (let at = indexAt(part, first); at < part.firsts.length && part.firsts[at]! <= last; at++) {
        out.add(Math.max(first, part.firsts[at]!), Math.min(last, part.lasts[at]!), part.children[at]!);
      }
    }
  }
  return out.finish();
}
