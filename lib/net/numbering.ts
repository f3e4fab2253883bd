import { FAMILY_RANGE } from './address';
import { AXIS, greatest } from './axes';
import { NOTHING, Node, NodeBuilder } from './node';
import { Range } from './range';

/** Thrown where something is told apart that the numbering doesn't. */
export class NotTold extends Error {}

const END = Number(FAMILY_RANGE.ip.last) + 1;

/**
 * Other IPv4 addresses that lie alike: of all ranges that matter the ends, in ascending order, each of which stands for the one in the same place
 * of the other list. An end is the first address behind a range.
 */
export class Numbering {
  private readonly ends: ReadonlyMap<number, number>;

  constructor(from: readonly bigint[], to: readonly bigint[]) {
    this.ends = new Map([[0, 0], [END, END], ...from.map((end, i): [number, number] => [Number(end), Number(to[i])])]);
  }

  end(at: number): number {
    const found = this.ends.get(at);
    if (found === undefined) throw new NotTold('an address has no number');
    return found;
  }

  /** What stands for a range of which every address stands for one. */
  singly({ first, last }: Range): Range {
    for (let at = Number(first); at <= Number(last); at++)
      if (this.end(at + 1) !== this.end(at) + 1) throw new NotTold('an address stands for several');
    return { first: BigInt(this.end(Number(first))), last: BigInt(this.end(Number(last) + 1) - 1) };
  }
}

/** The same diagram, that of one family, with other addresses. */
export function renumberedNode(root: Node, numbering: Numbering): Node {
  const done = new Map<Node, Node>();
  const walk = (node: Node): Node => {
    if (node === NOTHING || node.axis >= AXIS.protocol) return node;
    const known = done.get(node);
    if (known) return known;
    const out = new NodeBuilder(node.axis, greatest(node.axis));
    for (let i = 0; i < node.firsts.length; i++)
      out.add(numbering.end(node.firsts[i]!), numbering.end(node.lasts[i]! + 1) - 1, walk(node.children[i]!));
    const made = out.finish();
    done.set(node, made);
    return made;
  };
  return walk(root);
}
