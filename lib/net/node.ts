import { Interned, Plain } from './interned';
import { TooMuchWork, spend } from './work';

/**
 * Exact partial functions over several axes of whole numbers, as reduced ordered interval decision diagrams: a node
 * looks at one axis and lists the intervals for which anything is defined, each with what follows. Nodes are interned:
 * two equal functions are one object, so comparing is `===`, and ten thousand hosts of one profile share what stands
 * below them. Everything here is immutable once made, and goes when nobody has it.
 */
export interface Node {
  readonly id: number;
  /** Index of the axis it looks at; LEAF_AXIS for leaves. Below it only greater axes occur. */
  readonly axis: number;
  /** Ascending, disjoint intervals, inclusive. */
  readonly firsts: readonly number[];
  readonly lasts: readonly number[];
  readonly children: readonly Node[];
  /** Of leaves only. */
  readonly value?: unknown;
}

export const LEAF_AXIS = 1000;
export const NO_NUMBERS: readonly number[] = [];
export const NO_CHILDREN: readonly Node[] = [];

let nextId = 1;
const leaves = new WeakMap<object, Node>();
const plainLeaves = new Interned<Plain, Node>();
/** By their hashes. Nobody's nodes go when there are twice as many as were somebody's the last time. */
const nodes = new Map<number, WeakRef<Node> | readonly WeakRef<Node>[]>();
let sweepAt = 65_536;

/** Two ids make one exact number. */
const MOST_IDS = 2 ** 26;

function newId(): number {
  if (nextId === MOST_IDS) throw new TooMuchWork('more diagrams were made in one process than can be told apart');
  return nextId++;
}

const listOf = (alike: WeakRef<Node> | readonly WeakRef<Node>[]): readonly WeakRef<Node>[] =>
  'deref' in alike ? [alike] : alike;

function sweep(): void {
  for (const [hash, alike] of nodes) {
    const held = listOf(alike).filter((node) => node.deref());
    if (held.length === 0) nodes.delete(hash);
    else nodes.set(hash, held.length === 1 ? held[0]! : held);
  }
  sweepAt = Math.max(sweepAt, 2 * nodes.size);
}

/** Defined nowhere. */
export const NOTHING: Node = { id: 0, axis: LEAF_AXIS, firsts: NO_NUMBERS, lasts: NO_NUMBERS, children: NO_CHILDREN };

/** The same value everywhere. Values are told apart by identity. */
export function leaf(value: unknown): Node {
  if (typeof value !== 'object' || value === null) return plainLeaves.of(value as Plain, () => leafOf(value));
  let found = leaves.get(value);
  if (!found) leaves.set(value, (found = leafOf(value)));
  return found;
}

const leafOf = (value: unknown): Node => ({
  id: newId(),
  axis: LEAF_AXIS,
  firsts: NO_NUMBERS,
  lasts: NO_NUMBERS,
  children: NO_CHILDREN,
  value,
});

/** Collects the intervals of one node in ascending order and joins what can be joined. */
export class NodeBuilder {
  private readonly firsts: number[] = [];
  private readonly lasts: number[] = [];
  private readonly children: Node[] = [];

  constructor(
    private readonly axis: number,
    private readonly greatest: number,
  ) {}

  /** Intervals come in ascending order and don't overlap. */
  add(first: number, last: number, child: Node): void {
    if (child === NOTHING || first > last) return;
    const end = this.lasts.length - 1;
    if (end >= 0 && this.children[end] === child && this.lasts[end]! + 1 === first) this.lasts[end] = last;
    else {
      this.firsts.push(first);
      this.lasts.push(last);
      this.children.push(child);
    }
  }

  finish(): Node {
    const { axis, firsts, lasts, children } = this;
    spend(firsts.length + 1);
    if (firsts.length === 0) return NOTHING;
    if (firsts.length === 1 && firsts[0] === 0 && lasts[0] === this.greatest) return children[0]!;
    let hash = axis | 0;
    for (let i = 0; i < firsts.length; i++) {
      hash = (Math.imul(hash, 31) + (firsts[i]! | 0)) | 0;
      hash = (Math.imul(hash, 31) + (lasts[i]! | 0)) | 0;
      hash = (Math.imul(hash, 0x01000193) ^ children[i]!.id) | 0;
    }
    const alike = nodes.get(hash);
    if (alike)
      for (const known of listOf(alike)) {
        const node = known.deref();
        if (node && sameNode(node, axis, firsts, lasts, children)) return node;
      }
    if (nodes.size >= sweepAt) sweep();
    const made: Node = { id: newId(), axis, firsts, lasts, children };
    const ref = new WeakRef(made);
    nodes.set(hash, alike ? [...listOf(alike), ref] : ref);
    return made;
  }
}

function sameNode(
  node: Node,
  axis: number,
  firsts: readonly number[],
  lasts: readonly number[],
  children: readonly Node[],
): boolean {
  if (node.axis !== axis || node.firsts.length !== firsts.length) return false;
  for (let i = 0; i < firsts.length; i++) {
    if (node.firsts[i] !== firsts[i] || node.lasts[i] !== lasts[i] || node.children[i] !== children[i]) return false;
  }
  return true;
}
