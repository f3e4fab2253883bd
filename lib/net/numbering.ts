import { FAMILY_RANGE, Family } from './address';
import { AXIS, AddressAxis, alongAddresses, fromAddresses } from './axes';
import { Node } from './node';
import { Range } from './range';
import { rebuilt } from './rewrite';

/** Thrown where something is told apart that the numbering doesn't. */
export class NotTold extends Error {}

/** Of both families: addresses of IPv6 lie behind those of IPv4. */
const OF_FAMILIES = [FAMILY_RANGE.ip.first, FAMILY_RANGE.ip6.first, FAMILY_RANGE.ip6.last + 1n];

/**
 * Other addresses that lie alike: of all ranges that matter the ends, in ascending order, each of which stands for the one in the same place of
 * the other list. An end is the first address behind a range.
 */
export class Numbering {
  private readonly ends: ReadonlyMap<bigint, bigint>;

  constructor(from: readonly bigint[], to: readonly bigint[]) {
    this.ends = new Map([
      ...OF_FAMILIES.map((end): [bigint, bigint] => [end, end]),
      ...from.map((end, i): [bigint, bigint] => [end, to[i]!]),
    ]);
  }

  private end(at: bigint): bigint {
    const found = this.ends.get(at);
    if (found === undefined) throw new NotTold('an address has no number');
    return found;
  }

  range({ first, last }: Range): Range {
    return { first: this.end(first), last: this.end(last + 1n) - 1n };
  }

  /** What stands for a range of which every address stands for one. */
  singly({ first, last }: Range): Range {
    for (let at = first; at <= last; at++)
      if (this.end(at + 1n) !== this.end(at) + 1n) throw new NotTold('an address stands for several');
    return this.range({ first, last });
  }
}

const ADDRESS_AXES: readonly AddressAxis[] = ['destination', 'originalDestination', 'source'];

/** The same diagram, that of one family, with other addresses. */
export const renumberedNode = (root: Node, family: Family, numbering: Numbering): Node =>
  ADDRESS_AXES.reduce(
    (made, axis) =>
      rebuilt(made, AXIS[axis], (node) =>
        fromAddresses(
          axis,
          family,
          alongAddresses(axis, family, node).map(({ range, below }) => ({ range: numbering.range(range), below })),
        ),
      ),
    root,
  );
