// Operations on decision diagrams: unites, intersects, subtracts and merges diagrams, and finds the child of a node for
// a value.
import { LEAF_AXIS, EMPTY_NODE, NO_CHILDREN, NO_NUMBERS, DiagramNode, NodeBuilder } from './diagram-node';

/** The place of an interval if none is left. Not the global itself: Jest looks one up each time. */
const NO_INTERVAL = Infinity;

/** Returns the first index, from `from` on, whose interval ends at or after `value`. */
export function findIntervalIndex(node: { readonly lasts: readonly number[] }, value: number, from = 0): number {
  let low = from;
  let high = node.lasts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (node.lasts[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the child for that value of the node's own axis. */
export function getChild(node: DiagramNode, value: number): DiagramNode {
  const index = findIntervalIndex(node, value);
  return index < node.firsts.length && node.firsts[index]! <= value ? node.children[index]! : EMPTY_NODE;
}

type LeafResolver = (a: DiagramNode, b: DiagramNode) => DiagramNode | undefined;
type AxisMaxLookup = (axis: number) => number;

/**
 * Merges two diagrams by walking them together. `resolveLeaf` returns the result for a pair if it is clear without
 * looking further. It must resolve every pair of leaves (EMPTY_NODE among them). `needs`: the result is empty where one
 * side is (`both`), where the first side is (`first`), or only where resolveLeaf says so (`any`).
 */
export function mergeNodes(
  a: DiagramNode,
  b: DiagramNode,
  resolveLeaf: LeafResolver,
  getAxisMax: AxisMaxLookup,
  needs: 'both' | 'first' | 'any',
): DiagramNode {
  const results = new Map<number, DiagramNode>();
  const walk = (left: DiagramNode, right: DiagramNode): DiagramNode => {
    const resolved = resolveLeaf(left, right);
    if (resolved) return resolved;
    const key = left.id * 67_108_864 + right.id;
    const earlier = results.get(key);
    if (earlier) return earlier;
    const axis = Math.min(left.axis, right.axis);
    const end = getAxisMax(axis);
    const x = left.axis === axis ? left : toFullInterval(left, end);
    const y = right.axis === axis ? right : toFullInterval(right, end);
    const builder = new NodeBuilder(axis, end);
    let i = 0;
    let j = 0;
    let next = 0; // everything below is done
    for (;;) {
      const xFirst = i < x.firsts.length ? Math.max(x.firsts[i]!, next) : NO_INTERVAL;
      const yFirst = j < y.firsts.length ? Math.max(y.firsts[j]!, next) : NO_INTERVAL;
      if (xFirst === NO_INTERVAL && (needs !== 'any' || yFirst === NO_INTERVAL)) break;
      if (yFirst === NO_INTERVAL && needs === 'both') break;
      if (xFirst < yFirst && needs === 'both') {
        if (x.lasts[i]! < yFirst) i = findIntervalIndex(x, yFirst, i + 1);
        next = yFirst;
        continue;
      }
      if (yFirst < xFirst && needs !== 'any') {
        if (y.lasts[j]! < xFirst) j = findIntervalIndex(y, xFirst, j + 1);
        next = xFirst;
        continue;
      }
      const inX = xFirst <= yFirst;
      const inY = yFirst <= xFirst;
      const last = Math.min(inX ? x.lasts[i]! : xFirst - 1, inY ? y.lasts[j]! : yFirst - 1);
      const xChild = inX ? x.children[i]! : EMPTY_NODE;
      const yChild = inY ? y.children[j]! : EMPTY_NODE;
      builder.add(inX ? xFirst : yFirst, last, walk(xChild, yChild));
      next = last + 1;
      if (inX && x.lasts[i]! < next) i++;
      if (inY && y.lasts[j]! < next) j++;
    }
    const result = builder.finish();
    results.set(key, result);
    return result;
  };
  return walk(a, b);
}

function toFullInterval(
  child: DiagramNode,
  end: number,
): { firsts: readonly number[]; lasts: readonly number[]; children: readonly DiagramNode[] } {
  return child === EMPTY_NODE
    ? { firsts: NO_NUMBERS, lasts: NO_NUMBERS, children: NO_CHILDREN }
    : { firsts: [0], lasts: [end], children: [child] };
}

/** Returns the first diagram where it is defined, else the second. */
export const uniteNodes = (a: DiagramNode, b: DiagramNode, getAxisMax: AxisMaxLookup): DiagramNode =>
  mergeNodes(
    a,
    b,
    (x, y) => (x === EMPTY_NODE ? y : y === EMPTY_NODE || x === y || x.axis === LEAF_AXIS ? x : undefined),
    getAxisMax,
    'any',
  );

/** Returns the first diagram where the second is defined. */
export const intersectNodes = (a: DiagramNode, b: DiagramNode, getAxisMax: AxisMaxLookup): DiagramNode =>
  mergeNodes(
    a,
    b,
    (x, y) => (x === EMPTY_NODE || y === EMPTY_NODE ? EMPTY_NODE : y.axis === LEAF_AXIS || x === y ? x : undefined),
    getAxisMax,
    'both',
  );

/** Returns the first diagram where the second is not defined. */
export const subtractNodes = (a: DiagramNode, b: DiagramNode, getAxisMax: AxisMaxLookup): DiagramNode =>
  mergeNodes(
    a,
    b,
    (x, y) =>
      x === EMPTY_NODE || x === y || (y !== EMPTY_NODE && y.axis === LEAF_AXIS)
        ? EMPTY_NODE
        : y === EMPTY_NODE
          ? x
          : undefined,
    getAxisMax,
    'first',
  );

/**
 * Returns the first of many diagrams that is defined. Pairs are joined in a tree, so a long list costs its length times
 * a logarithm.
 */
export function uniteAll(list: readonly DiagramNode[], getAxisMax: AxisMaxLookup): DiagramNode {
  if (list.length === 0) return EMPTY_NODE;
  let round = list;
  while (round.length > 1) {
    const next: DiagramNode[] = [];
    for (let i = 0; i < round.length; i += 2)
      next.push(i + 1 < round.length ? uniteNodes(round[i]!, round[i + 1]!, getAxisMax) : round[i]!);
    round = next;
  }
  return round[0]!;
}
