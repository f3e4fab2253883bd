// Maps the addresses of one device to those of a device that is alike but for its addresses, in ranges and decision
// diagrams: so the evaluation of one device serves for both.

import { FAMILY_RANGE, Family } from './address';
import { AXIS, AddressAxis, listAddressBranches, joinAddressBranches } from './axis-nodes';
import { DiagramNode } from './diagram-node';
import { Range } from './range';
import { rewriteFromAxis } from './rewrite-nodes';

/** Thrown when something tells addresses apart that the renumbering doesn't. */
export class RenumberingError extends Error {}

/** The ends of both families: addresses of IPv6 lie behind those of IPv4. */
const FAMILY_ENDS = [FAMILY_RANGE.ip.first, FAMILY_RANGE.ip6.first, FAMILY_RANGE.ip6.last + 1n];

/**
 * A mapping to other addresses that lie alike. `from` has the ends of all ranges that matter, in ascending order. Each
 * end maps to the end in the same place of `to`. An end is the first address behind a range.
 */
export class Renumbering {
  private readonly ends: ReadonlyMap<bigint, bigint>;

  constructor(from: readonly bigint[], to: readonly bigint[]) {
    this.ends = new Map([
      ...FAMILY_ENDS.map((end): [bigint, bigint] => [end, end]),
      ...from.map((end, i): [bigint, bigint] => [end, to[i]!]),
    ]);
  }

  private mapEnd(end: bigint): bigint {
    const mapped = this.ends.get(end);
    if (mapped === undefined) throw new RenumberingError('an address has no number');
    return mapped;
  }

  mapRange({ first, last }: Range): Range {
    return { first: this.mapEnd(first), last: this.mapEnd(last + 1n) - 1n };
  }

  /** Returns the range that a range maps to, if every address of it maps to exactly one. */
  mapEachAddress({ first, last }: Range): Range {
    for (let address = first; address <= last; address++)
      if (this.mapEnd(address + 1n) !== this.mapEnd(address) + 1n)
        throw new RenumberingError('an address stands for several');
    return this.mapRange({ first, last });
  }
}

const ADDRESS_AXES: readonly AddressAxis[] = ['destination', 'originalDestination', 'source'];

/** Returns the diagram of one family with other addresses. */
export const renumberNode = (root: DiagramNode, family: Family, renumbering: Renumbering): DiagramNode =>
  ADDRESS_AXES.reduce(
    (current, axis) =>
      rewriteFromAxis(current, AXIS[axis], (node) =>
        joinAddressBranches(
          axis,
          family,
          listAddressBranches(axis, family, node).map(({ range, below }) => ({
            range: renumbering.mapRange(range),
            below,
          })),
        ),
      ),
    root,
  );
