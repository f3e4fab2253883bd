// Expands a decision diagram from one address of each equivalence class to all addresses of the class.

import { getAxisMax } from './axis-nodes';
import { getChild, findIntervalIndex } from './node-operations';
import { EMPTY_NODE, DiagramNode, NodeBuilder } from './diagram-node';
import { spendSteps } from './step-budget';
import { mapLeaves, collectValues } from './leaf-values';

/** An address (`at`), and the address that stands in for it (`from`). */
export interface ClassMember<A extends bigint = bigint> {
  readonly at: A;
  readonly from: A;
  /** A number for how values change: members of one `from` with one number change every value alike. */
  readonly like: number;
}

/** IPv4 addresses, each with an address that stands in for it. */
export class EquivalenceClasses<A extends bigint = bigint> {
  readonly members: readonly ClassMember<A>[];
  /**
   * The addresses that stand in for others (`from`), and the first and last of the addresses that each stands in for.
   */
  readonly spans: readonly { readonly from: number; readonly first: number; readonly last: number }[];

  constructor(members: readonly ClassMember<A>[]) {
    this.members = [...members].sort((a, b) => (a.at < b.at ? -1 : 1));
    const spans = new Map<A, { from: number; first: number; last: number }>();
    for (const { at, from } of this.members) {
      const span = spans.get(from);
      if (span) span.last = Number(at);
      else spans.set(from, { from: Number(from), first: Number(at), last: Number(at) });
    }
    this.spans = [...spans.values()];
  }
}

/** Returns the value for a member instead of the value of the address that stands in for it. */
export type MemberChange<V, A extends bigint> = (value: V, stand: ClassMember<A>) => V;

/**
 * Returns a node of IPv4 addresses in which each member's `at` has what stands below its `from`. `change` changes
 * values that aren't the same there.
 */
export function expandClasses<V, A extends bigint>(
  node: DiagramNode,
  { members: ascending, spans }: EquivalenceClasses<A>,
  change: MemberChange<V, A> | undefined,
): DiagramNode {
  if (spans.every((span) => isExpanded(node, span, change === undefined))) return node;
  spendSteps(ascending.length / 8);
  const builder = new NodeBuilder(node.axis, getAxisMax(node.axis));
  const { firsts, lasts, children } = node;
  let i = 0;
  let next = 0; // everything below is done
  const copyUpTo = (to: number): void => {
    for (; i < firsts.length && firsts[i]! <= to; i++) {
      builder.add(Math.max(firsts[i]!, next), Math.min(lasts[i]!, to), children[i]!);
      if (lasts[i]! > to) break;
    }
    next = to + 1;
  };
  const memo = new NodeChanges();
  for (const member of ascending) {
    const address = Number(member.at);
    copyUpTo(address - 1);
    const below = getChild(node, Number(member.from));
    if (below !== EMPTY_NODE)
      builder.add(
        address,
        address,
        change ? memo.getOrChange(below, member, (value) => change(value as V, member)) : below,
      );
    next = address + 1;
    while (i < firsts.length && lasts[i]! < next) i++;
  }
  copyUpTo(getAxisMax(node.axis));
  return builder.finish();
}

/** Returns whether the same stands below all of them already: nothing, or what needs no change. */
function isExpanded(
  { firsts, lasts }: DiagramNode,
  { from, first, last }: EquivalenceClasses['spans'][number],
  unchanged: boolean,
): boolean {
  const i = findIntervalIndex({ lasts }, from);
  if (i < firsts.length && firsts[i]! <= from) return unchanged && firsts[i]! <= first && last <= lasts[i]!;
  return (i === 0 || lasts[i - 1]! < first) && (i === firsts.length || last < firsts[i]!);
}

interface ChangedNode {
  readonly values: readonly unknown[];
  readonly node: DiagramNode;
}

/** Changes nodes. Thousands of members change the same values in the same way: each change is made once. */
class NodeChanges {
  private readonly values = new Map<DiagramNode, readonly unknown[]>();
  private readonly byRepresentative = new Map<bigint, Map<number, DiagramNode>>();
  private readonly byFirstValue = new Map<DiagramNode, Map<unknown, ChangedNode[]>>();

  /** Returns the changed node. Below one address stands one node. */
  getOrChange(below: DiagramNode, { from, like }: ClassMember, change: (value: unknown) => unknown): DiagramNode {
    let byClass = this.byRepresentative.get(from);
    if (!byClass) this.byRepresentative.set(from, (byClass = new Map<number, DiagramNode>()));
    let node = byClass.get(like);
    if (!node) byClass.set(like, (node = this.changeLeaves(below, change)));
    return node;
  }

  private changeLeaves(below: DiagramNode, change: (value: unknown) => unknown): DiagramNode {
    let before = this.values.get(below);
    if (!before) this.values.set(below, (before = collectValues(below)));
    const after = before.map(change);
    if (after.every((value, i) => value === before[i])) return below;
    let byFirst = this.byFirstValue.get(below);
    if (!byFirst) this.byFirstValue.set(below, (byFirst = new Map<unknown, ChangedNode[]>()));
    let list = byFirst.get(after[0]);
    if (!list) byFirst.set(after[0], (list = []));
    const earlier = list.find(({ values }) => values.every((value, i) => value === after[i]));
    if (earlier) return earlier.node;
    const replacements = new Map(before.map((value, i) => [value, after[i]]));
    const node = mapLeaves(below, (value) => replacements.get(value));
    list.push({ values: after, node });
    return node;
  }
}
