// Rewrites decision diagrams of packets as NAT does: moves sources and destinations, sets ports, and drops axes.

import { Family, getFamily } from './address';
import {
  AXIS,
  AddressBranch,
  listAddressBranches,
  joinAddressBranches,
  getAxisMax,
  intersectBranches,
} from './axis-nodes';
import { getChild, uniteAll, findIntervalIndex, intersectNodes } from './node-operations';
import { LEAF_AXIS, EMPTY_NODE, DiagramNode, NodeBuilder, getLeaf } from './diagram-node';
import { AddressMove } from './packet';
import { Range } from './range';

/** Returns the diagram for packets whose source is moved. Nothing remembers the original source. */
export function moveSource(root: DiagramNode, family: Family, moves: readonly AddressMove[]): DiagramNode {
  const ascending = sortMoves(moves, family);
  return rewriteFromAxis(root, AXIS.source, (node) => {
    const branches = listAddressBranches('source', family, node);
    const original: AddressBranch[] = [];
    for (const { from, to } of ascending) {
      for (const { range, below } of intersectBranches(branches, to))
        original.push({ range: getOriginalRange(range, from, to), below });
    }
    return joinAddressBranches('source', family, original);
  });
}

/** Returns the diagram for packets whose destination is moved. The packet's own destination is the original. */
export function moveDestination(
  node: DiagramNode,
  family: Family,
  moves: readonly AddressMove[],
  port: number | undefined,
): DiagramNode {
  const branches = listAddressBranches('destination', family, node);
  const original: AddressBranch[] = [];
  for (const { from, to } of sortMoves(moves, family)) {
    if (getFamily(to.first) !== family) continue;
    for (const { range, below } of intersectBranches(branches, to))
      original.push(...selectOriginal(family, below, getOriginalRange(range, from, to)));
  }
  const result =
    port === undefined ? original : original.map(({ range, below }) => ({ range, below: setPort(below, port) }));
  return joinAddressBranches('destination', family, result);
}

/** Returns the moves from one family, ascending. */
const sortMoves = (moves: readonly AddressMove[], family: Family): readonly AddressMove[] =>
  moves.filter(({ from }) => getFamily(from.first) === family).sort((a, b) => (a.from.first < b.from.first ? -1 : 1));

/** Returns the part of `from` that is moved to `range`, a part of `to`. */
const getOriginalRange = (range: Range, from: Range, to: Range): Range =>
  to.first === to.last
    ? from
    : { first: range.first - to.first + from.first, last: range.last - to.first + from.first };

/** Returns branches below the destination axis: packets that arrived for `arriving` and remember it. */
function selectOriginal(family: Family, below: DiagramNode, arriving: Range): readonly AddressBranch[] {
  if (below.axis >= AXIS.source) return [{ range: arriving, below }];
  return intersectBranches(listAddressBranches('originalDestination', family, below), arriving);
}

/** Returns the diagram for packets whose port is set to `port`. The packet's own port is the original. */
export const setPort = (root: DiagramNode, port: number): DiagramNode =>
  rewriteFromAxis(root, AXIS.originalPort, (node) => {
    if (node.axis > AXIS.port) return node;
    if (node.axis === AXIS.port) return selectAxisValue(AXIS.port, port, node);
    const builder = new NodeBuilder(AXIS.port, getAxisMax(AXIS.port));
    for (let i = 0; i < node.firsts.length; i++)
      builder.add(node.firsts[i]!, node.lasts[i]!, selectAxisValue(AXIS.port, port, node.children[i]!));
    return builder.finish();
  });

/** Returns the diagram for packets whose original port is their own port. */
export const matchOriginalPort = (root: DiagramNode): DiagramNode =>
  rewriteFromAxis(root, AXIS.originalPort, (node) => {
    if (node.axis !== AXIS.originalPort) return node;
    return uniteAll(
      node.children.map((child, i) =>
        intersectNodes(child, createSlice(AXIS.port, node.firsts[i]!, node.lasts[i]!), getAxisMax),
      ),
      getAxisMax,
    );
  });

/** Returns the diagram with one axis fixed to a value. Axes before it stay as they are. */
const selectAxisValue = (axis: number, value: number, root: DiagramNode): DiagramNode =>
  rewriteFromAxis(root, axis, (node) => (node.axis === axis ? getChild(node, value) : node));

/** Returns the set of one interval on one axis. */
export function createSlice(axis: number, first: number, last: number): DiagramNode {
  const builder = new NodeBuilder(axis, getAxisMax(axis));
  builder.add(first, last, getLeaf(true));
  return builder.finish();
}

/** Returns the diagram with each node at or below `axis` changed once. Above `axis` it stays the same. */
export function rewriteFromAxis(
  root: DiagramNode,
  axis: number,
  change: (node: DiagramNode) => DiagramNode,
): DiagramNode {
  const rewritten = new Map<DiagramNode, DiagramNode>();
  const walk = (node: DiagramNode): DiagramNode => {
    if (node === EMPTY_NODE) return EMPTY_NODE;
    const earlier = rewritten.get(node);
    if (earlier) return earlier;
    let result: DiagramNode;
    if (node.axis >= axis) result = change(node);
    else {
      const builder = new NodeBuilder(node.axis, getAxisMax(node.axis));
      for (let i = 0; i < node.firsts.length; i++)
        builder.add(node.firsts[i]!, node.lasts[i]!, walk(node.children[i]!));
      result = builder.finish();
    }
    rewritten.set(node, result);
    return result;
  };
  return walk(root);
}

/** Returns the diagram without the axes from `first` up to `end`: the union of all that stands below them. */
export function dropAxes(root: DiagramNode, first: number, end: number): DiagramNode {
  const merged = new Map<DiagramNode, DiagramNode>();
  const mergeBelow = (node: DiagramNode): DiagramNode => {
    if (node.axis >= end) return node;
    let result = merged.get(node);
    if (!result) merged.set(node, (result = uniteAll(node.children.map(mergeBelow), getAxisMax)));
    return result;
  };
  return rewriteFromAxis(root, first, mergeBelow);
}

/** Returns the diagram with each leaf replaced by the diagram that is chosen for it, limited to the leaf's place. */
export function replaceLeaves(root: DiagramNode, chooseNode: (leafNode: DiagramNode) => DiagramNode): DiagramNode {
  const replaced = new Map<DiagramNode, DiagramNode>();
  const walk = (node: DiagramNode): DiagramNode => {
    if (node === EMPTY_NODE) return EMPTY_NODE;
    const earlier = replaced.get(node);
    if (earlier) return earlier;
    const result = node.axis === LEAF_AXIS ? chooseNode(node) : joinParts(node, node.children.map(walk));
    replaced.set(node, result);
    return result;
  };
  return walk(root);
}

/**
 * Returns the union of the node's intervals, each with its part. Parts that look at no earlier axis need only be cut
 * and laid side by side.
 */
function joinParts(node: DiagramNode, parts: readonly DiagramNode[]): DiagramNode {
  if (parts.some(({ axis }) => axis < node.axis)) {
    return uniteAll(
      parts.map((part, i) => intersectNodes(part, createSlice(node.axis, node.firsts[i]!, node.lasts[i]!), getAxisMax)),
      getAxisMax,
    );
  }
  const builder = new NodeBuilder(node.axis, getAxisMax(node.axis));
  for (const [i, part] of parts.entries()) {
    const [first, last] = [node.firsts[i]!, node.lasts[i]!];
    if (part.axis > node.axis) builder.add(first, last, part);
    else {
      for (let at = findIntervalIndex(part, first); at < part.firsts.length && part.firsts[at]! <= last; at++) {
        builder.add(Math.max(first, part.firsts[at]!), Math.min(last, part.lasts[at]!), part.children[at]!);
      }
    }
  }
  return builder.finish();
}
