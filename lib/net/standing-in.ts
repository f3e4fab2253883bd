import { greatest } from './axes';
import { NOTHING, Node, NodeBuilder, childAt } from './diagram';
import { mapLeaves, valuesOf } from './leaves';

/** An address, and the one that stands in for it. */
export interface Stand<A extends bigint = bigint> {
  readonly at: A;
  readonly from: A;
}

/** A node of IPv4 addresses, with what stands below `from` in place of what stands below `at`. `stands` ascend by `at`. */
export function stoodIn<V, A extends bigint>(node: Node, stands: readonly Stand<A>[], change: (value: V, stand: Stand<A>) => V): Node {
  const out = new NodeBuilder(node.axis, greatest(node.axis));
  const { firsts, lasts, children } = node;
  let i = 0;
  let from = 0; // everything below is done
  const keep = (to: number): void => {
    for (; i < firsts.length && firsts[i]! <= to; i++) {
      out.add(Math.max(firsts[i]!, from), Math.min(lasts[i]!, to), children[i]!);
      if (lasts[i]! > to) break;
    }
    from = to + 1;
  };
  const changed = new Changed();
  for (const stand of stands) {
    const at = Number(stand.at);
    keep(at - 1);
    const below = childAt(node, Number(stand.from));
    if (below !== NOTHING)
      out.add(
        at,
        at,
        changed.of(below, (value) => change(value as V, stand)),
      );
    from = at + 1;
    while (i < firsts.length && lasts[i]! < from) i++;
  }
  keep(greatest(node.axis));
  return out.finish();
}

interface Made {
  readonly values: readonly unknown[];
  readonly node: Node;
}

/** Thousands change the same values in the same way: that is made once. */
class Changed {
  private readonly values = new Map<Node, readonly unknown[]>();
  private readonly made = new Map<Node, Map<unknown, Made[]>>();

  of(below: Node, change: (value: unknown) => unknown): Node {
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
