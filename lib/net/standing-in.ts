import { greatest } from './axes';
import { childAt, indexAt } from './diagram';
import { NOTHING, Node, NodeBuilder } from './node';
import { spend } from './work';
import { mapLeaves, valuesOf } from './leaves';

/** An address, and the one that stands in for it. */
export interface Stand<A extends bigint = bigint> {
  readonly at: A;
  readonly from: A;
  /** Of one address, those that stand in with one number change every value alike. */
  readonly like: number;
}

/** IPv4 addresses that others stand in for. */
export class Stands<A extends bigint = bigint> {
  readonly ascending: readonly Stand<A>[];
  /** Which stand in, and from where to where others lie that they stand in for. */
  readonly spans: readonly { readonly from: number; readonly first: number; readonly last: number }[];

  constructor(stands: readonly Stand<A>[]) {
    this.ascending = [...stands].sort((a, b) => (a.at < b.at ? -1 : 1));
    const spans = new Map<A, { from: number; first: number; last: number }>();
    for (const { at, from } of this.ascending) {
      const known = spans.get(from);
      if (known) known.last = Number(at);
      else spans.set(from, { from: Number(from), first: Number(at), last: Number(at) });
    }
    this.spans = [...spans.values()];
  }
}

/** Another value for one of a host that another stands in for. */
export type Change<V, A extends bigint> = (value: V, stand: Stand<A>) => V;

/** A node of IPv4 addresses, with what stands below `from` in place of what stands below `at`; `change` where values aren't the same there. */
export function stoodIn<V, A extends bigint>(
  node: Node,
  { ascending, spans }: Stands<A>,
  change: Change<V, A> | undefined,
): Node {
  if (spans.every((span) => isWhole(node, span, change === undefined))) return node;
  spend(ascending.length / 8);
  const out = new NodeBuilder(node.axis, greatest(node.axis));
  const { firsts, lasts, children } = node;
  let i = 0;
  let done = 0; // everything below is
  const keep = (to: number): void => {
    for (; i < firsts.length && firsts[i]! <= to; i++) {
      out.add(Math.max(firsts[i]!, done), Math.min(lasts[i]!, to), children[i]!);
      if (lasts[i]! > to) break;
    }
    done = to + 1;
  };
  const changed = new Changed();
  for (const stand of ascending) {
    const at = Number(stand.at);
    keep(at - 1);
    const below = childAt(node, Number(stand.from));
    if (below !== NOTHING)
      out.add(at, at, change ? changed.of(below, stand, (value) => change(value as V, stand)) : below);
    done = at + 1;
    while (i < firsts.length && lasts[i]! < done) i++;
  }
  keep(greatest(node.axis));
  return out.finish();
}

/** Whether the same stands below all of them already: nothing, or what needs no change. */
function isWhole({ firsts, lasts }: Node, { from, first, last }: Stands['spans'][number], unchanged: boolean): boolean {
  const i = indexAt({ lasts }, from);
  if (i < firsts.length && firsts[i]! <= from) return unchanged && firsts[i]! <= first && last <= lasts[i]!;
  return (i === 0 || lasts[i - 1]! < first) && (i === firsts.length || last < firsts[i]!);
}

interface Made {
  readonly values: readonly unknown[];
  readonly node: Node;
}

/** Thousands change the same values in the same way: that is made once. */
class Changed {
  private readonly values = new Map<Node, readonly unknown[]>();
  private readonly like = new Map<bigint, Map<number, Node>>();
  private readonly made = new Map<Node, Map<unknown, Made[]>>();

  /** Below one address stands one node. */
  of(below: Node, { from, like }: Stand, change: (value: unknown) => unknown): Node {
    let known = this.like.get(from);
    if (!known) this.like.set(from, (known = new Map<number, Node>()));
    let found = known.get(like);
    if (!found) known.set(like, (found = this.changed(below, change)));
    return found;
  }

  private changed(below: Node, change: (value: unknown) => unknown): Node {
    let before = this.values.get(below);
    if (!before) this.values.set(below, (before = valuesOf(below)));
    const after = before.map(change);
    if (after.every((value, i) => value === before[i])) return below;
    let some = this.made.get(below);
    if (!some) this.made.set(below, (some = new Map<unknown, Made[]>()));
    let list = some.get(after[0]);
    if (!list) some.set(after[0], (list = []));
    const known = list.find(({ values }) => values.every((value, i) => value === after[i]));
    if (known) return known.node;
    const into = new Map(before.map((value, i) => [value, after[i]]));
    const node = mapLeaves(below, (value) => into.get(value));
    list.push({ values: after, node });
    return node;
  }
}
