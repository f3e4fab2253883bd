import { LEAF_AXIS, NOTHING, NO_CHILDREN, NO_NUMBERS, Node, NodeBuilder } from './node';

/** Where no interval is left. Not the global itself: Jest looks one up each time. */
const NEVER = Infinity;

/** First index whose interval ends at or after `value`, searched from `from` on. */
export function indexAt(node: { readonly lasts: readonly number[] }, value: number, from = 0): number {
  let low = from;
  let high = node.lasts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (node.lasts[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What follows for that value of the node's own axis. */
export function childAt(node: Node, value: number): Node {
  const index = indexAt(node, value);
  return index < node.firsts.length && node.firsts[index]! <= value ? node.children[index]! : NOTHING;
}

type Combine = (a: Node, b: Node) => Node | undefined;
type Greatest = (axis: number) => number;

/**
 * Walks two diagrams together. `settle` says the result for a pair where it is clear without looking further, and must
 * settle every pair of leaves (NOTHING among them). `needsBoth`: nothing comes of where one side is undefined, `needsFirst`: where the first is.
 */
export function walkTogether(
  a: Node,
  b: Node,
  settle: Combine,
  greatest: Greatest,
  needs: 'both' | 'first' | 'any',
): Node {
  const done = new Map<number, Node>();
  const walk = (left: Node, right: Node): Node => {
    const settled = settle(left, right);
    if (settled) return settled;
    const key = left.id * 67_108_864 + right.id;
    const known = done.get(key);
    if (known) return known;
    const axis = Math.min(left.axis, right.axis);
    const end = greatest(axis);
    const x = left.axis === axis ? left : whole(left, end);
    const y = right.axis === axis ? right : whole(right, end);
    const out = new NodeBuilder(axis, end);
    let i = 0;
    let j = 0;
    let at = 0; // everything below is done
    for (;;) {
      const xFirst = i < x.firsts.length ? Math.max(x.firsts[i]!, at) : NEVER;
      const yFirst = j < y.firsts.length ? Math.max(y.firsts[j]!, at) : NEVER;
      if (xFirst === NEVER && (needs !== 'any' || yFirst === NEVER)) break;
      if (yFirst === NEVER && needs === 'both') break;
      if (xFirst < yFirst && needs === 'both') {
        if (x.lasts[i]! < yFirst) i = indexAt(x, yFirst, i + 1);
        at = yFirst;
        continue;
      }
      if (yFirst < xFirst && needs !== 'any') {
        if (y.lasts[j]! < xFirst) j = indexAt(y, xFirst, j + 1);
        at = xFirst;
        continue;
      }
      const inX = xFirst <= yFirst;
      const inY = yFirst <= xFirst;
      const last = Math.min(inX ? x.lasts[i]! : xFirst - 1, inY ? y.lasts[j]! : yFirst - 1);
      const xChild = inX ? x.children[i]! : NOTHING;
      const yChild = inY ? y.children[j]! : NOTHING;
      out.add(inX ? xFirst : yFirst, last, walk(xChild, yChild));
      at = last + 1;
      if (inX && x.lasts[i]! < at) i++;
      if (inY && y.lasts[j]! < at) j++;
    }
    const result = out.finish();
    done.set(key, result);
    return result;
  };
  return walk(a, b);
}

function whole(
  child: Node,
  end: number,
): { firsts: readonly number[]; lasts: readonly number[]; children: readonly Node[] } {
  return child === NOTHING
    ? { firsts: NO_NUMBERS, lasts: NO_NUMBERS, children: NO_CHILDREN }
    : { firsts: [0], lasts: [end], children: [child] };
}

/** The first where it is defined, else the second. */
export const otherwise = (a: Node, b: Node, greatest: Greatest): Node =>
  walkTogether(
    a,
    b,
    (x, y) => (x === NOTHING ? y : y === NOTHING || x === y || x.axis === LEAF_AXIS ? x : undefined),
    greatest,
    'any',
  );

/** The first where the second is defined. */
export const within = (a: Node, b: Node, greatest: Greatest): Node =>
  walkTogether(
    a,
    b,
    (x, y) => (x === NOTHING || y === NOTHING ? NOTHING : y.axis === LEAF_AXIS || x === y ? x : undefined),
    greatest,
    'both',
  );

/** The first where the second is not defined. */
export const apartFrom = (a: Node, b: Node, greatest: Greatest): Node =>
  walkTogether(
    a,
    b,
    (x, y) =>
      x === NOTHING || x === y || (y !== NOTHING && y.axis === LEAF_AXIS) ? NOTHING : y === NOTHING ? x : undefined,
    greatest,
    'first',
  );

/** The first that is defined, of many; pairs are joined in a tree, so that a long list costs its length times a logarithm. */
export function firstOf(list: readonly Node[], greatest: Greatest): Node {
  if (list.length === 0) return NOTHING;
  let round = list;
  while (round.length > 1) {
    const next: Node[] = [];
    for (let i = 0; i < round.length; i += 2)
      next.push(i + 1 < round.length ? otherwise(round[i]!, round[i + 1]!, greatest) : round[i]!);
    round = next;
  }
  return round[0]!;
}
