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

/** The source is moved; nothing remembers the original one. */
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

/** The destination is moved; the packet's own one is the original. */
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

/** Those from one family, ascending. */
const sortMoves = (moves: readonly AddressMove[], family: Family): readonly AddressMove[] =>
  moves.filter(({ from }) => getFamily(from.first) === family).sort((a, b) => (a.from.first < b.from.first ? -1 : 1));

/** Which part of `from` comes out in `range`, a part of `to`. */
const getOriginalRange = (range: Range, from: Range, to: Range): Range =>
  to.first === to.last
    ? from
    : { first: range.first - to.first + from.first, last: range.last - to.first + from.first };

/** Below the destination axis: packets that arrived for `arriving` and remember it. */
function selectOriginal(family: Family, below: DiagramNode, arriving: Range): readonly AddressBranch[] {
  if (below.axis >= AXIS.source) return [{ range: arriving, below }];
  return intersectBranches(listAddressBranches('originalDestination', family, below), arriving);
}

/** The port becomes `port`; the packet's own one is the original. */
export const setPort = (root: DiagramNode, port: number): DiagramNode =>
  rewriteFromAxis(root, AXIS.originalPort, (node) => {
    if (node.axis > AXIS.port) return node;
    if (node.axis === AXIS.port) return selectAxisValue(AXIS.port, port, node);
    const builder = new NodeBuilder(AXIS.port, getAxisMax(AXIS.port));
    for (let i = 0; i < node.firsts.length; i++)
      builder.add(node.firsts[i]!, node.lasts[i]!, selectAxisValue(AXIS.port, port, node.children[i]!));
    return builder.finish();
  });

/** The original port is the packet's own one. */
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

/** With one axis fixed to a value: what is left for the others. Axes before it keep what they say. */
const selectAxisValue = (axis: number, value: number, root: DiagramNode): DiagramNode =>
  rewriteFromAxis(root, axis, (node) => (node.axis === axis ? getChild(node, value) : node));

/** The set of one interval on one axis. */
export function createSlice(axis: number, first: number, last: number): DiagramNode {
  const builder = new NodeBuilder(axis, getAxisMax(axis));
  builder.add(first, last, getLeaf(true));
  return builder.finish();
}

/** The same diagram above `axis`; what stands at or below it is changed, each node once. */
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

/** Below the axes from `first` up to `end` everything that stands there for some of their values. */
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

/** In place of each leaf the diagram that is chosen for it, where that leaf stood. */
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

/** Each interval of the node with its part. Parts that look at no earlier axis need only be cut and laid side by side. */
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
