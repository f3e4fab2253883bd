// The nodes of decision diagrams, on which packet sets and packet maps rest. Equal nodes are one object.

import { InternTable, PrimitiveValue } from './intern-tables';
import { StepBudgetExceeded, spendSteps } from './step-budget';

/**
 * A node of a reduced ordered interval decision diagram, which is an exact partial function over several axes of whole
 * numbers. A node looks at one axis and lists the intervals for which anything is defined, each with its child. Nodes
 * are interned: two equal functions are one object, so comparing is `===`, and ten thousand hosts of one profile share
 * what stands below them. Nodes are immutable and are collected when nothing refers to them.
 */
export interface DiagramNode {
  readonly id: number;
  /** Index of the axis that the node looks at; LEAF_AXIS for leaves. Only greater axes occur below it. */
  readonly axis: number;
  /** Ascending, disjoint intervals, inclusive. */
  readonly firsts: readonly number[];
  readonly lasts: readonly number[];
  readonly children: readonly DiagramNode[];
  /** The value of a leaf; undefined for other nodes. */
  readonly value?: unknown;
}

export const LEAF_AXIS = 1000;
export const NO_NUMBERS: readonly number[] = [];
export const NO_CHILDREN: readonly DiagramNode[] = [];

let nextId = 1;
const objectLeaves = new WeakMap<object, DiagramNode>();
const plainLeaves = new InternTable<PrimitiveValue, DiagramNode>();
/**
 * Nodes by their hashes. Entries of collected nodes are dropped when there are twice as many entries as live nodes at
 * the last sweep.
 */
const nodes = new Map<number, WeakRef<DiagramNode> | readonly WeakRef<DiagramNode>[]>();
let sweepAt = 65_536;

/** The most node ids: two ids make one exact number. */
const MAX_NODE_IDS = 2 ** 26;

function createNodeId(): number {
  if (nextId === MAX_NODE_IDS)
    throw new StepBudgetExceeded('more diagrams were made in one process than can be told apart');
  return nextId++;
}

const toList = (bucket: WeakRef<DiagramNode> | readonly WeakRef<DiagramNode>[]): readonly WeakRef<DiagramNode>[] =>
  'deref' in bucket ? [bucket] : bucket;

function dropCollectedNodes(): void {
  for (const [hash, bucket] of nodes) {
    const live = toList(bucket).filter((node) => node.deref());
    if (live.length === 0) nodes.delete(hash);
    else nodes.set(hash, live.length === 1 ? live[0]! : live);
  }
  sweepAt = Math.max(sweepAt, 2 * nodes.size);
}

/** The diagram that is defined nowhere. */
export const EMPTY_NODE: DiagramNode = {
  id: 0,
  axis: LEAF_AXIS,
  firsts: NO_NUMBERS,
  lasts: NO_NUMBERS,
  children: NO_CHILDREN,
};

/** Returns the diagram with the same value everywhere. Values are told apart by identity. */
export function getLeaf(value: unknown): DiagramNode {
  if (typeof value !== 'object' || value === null)
    return plainLeaves.getOrCreate(value as PrimitiveValue, () => createLeaf(value));
  let node = objectLeaves.get(value);
  if (!node) objectLeaves.set(value, (node = createLeaf(value)));
  return node;
}

const createLeaf = (value: unknown): DiagramNode => ({
  id: createNodeId(),
  axis: LEAF_AXIS,
  firsts: NO_NUMBERS,
  lasts: NO_NUMBERS,
  children: NO_CHILDREN,
  value,
});

/** Collects the intervals of one node in ascending order and joins neighbours with one child. */
export class NodeBuilder {
  private readonly firsts: number[] = [];
  private readonly lasts: number[] = [];
  private readonly children: DiagramNode[] = [];

  constructor(
    private readonly axis: number,
    private readonly axisMax: number,
  ) {}

  /** Adds an interval. Intervals come in ascending order and don't overlap. */
  add(first: number, last: number, child: DiagramNode): void {
    if (child === EMPTY_NODE || first > last) return;
    const end = this.lasts.length - 1;
    if (end >= 0 && this.children[end] === child && this.lasts[end]! + 1 === first) this.lasts[end] = last;
    else {
      this.firsts.push(first);
      this.lasts.push(last);
      this.children.push(child);
    }
  }

  finish(): DiagramNode {
    const { axis, firsts, lasts, children } = this;
    spendSteps(firsts.length + 1);
    if (firsts.length === 0) return EMPTY_NODE;
    if (firsts.length === 1 && firsts[0] === 0 && lasts[0] === this.axisMax) return children[0]!;
    let hash = axis | 0;
    for (let i = 0; i < firsts.length; i++) {
      hash = (Math.imul(hash, 31) + (firsts[i]! | 0)) | 0;
      hash = (Math.imul(hash, 31) + (lasts[i]! | 0)) | 0;
      hash = (Math.imul(hash, 0x01000193) ^ children[i]!.id) | 0;
    }
    const bucket = nodes.get(hash);
    if (bucket)
      for (const candidate of toList(bucket)) {
        const node = candidate.deref();
        if (node && isSameNode(node, axis, firsts, lasts, children)) return node;
      }
    if (nodes.size >= sweepAt) dropCollectedNodes();
    const created: DiagramNode = { id: createNodeId(), axis, firsts, lasts, children };
    const ref = new WeakRef(created);
    nodes.set(hash, bucket ? [...toList(bucket), ref] : ref);
    return created;
  }
}

function isSameNode(
  node: DiagramNode,
  axis: number,
  firsts: readonly number[],
  lasts: readonly number[],
  children: readonly DiagramNode[],
): boolean {
  if (node.axis !== axis || node.firsts.length !== firsts.length) return false;
  for (let i = 0; i < firsts.length; i++) {
    if (node.firsts[i] !== firsts[i] || node.lasts[i] !== lasts[i] || node.children[i] !== children[i]) return false;
  }
  return true;
}
