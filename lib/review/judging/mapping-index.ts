// Finds the mappings of a gateway policy that overlap a range of public or inside addresses.

import { toRange } from '../../net/address';
import { memoize } from '../../net/intern-tables';
import { Range, findFirstEnding, intersectRanges } from '../../net/range';
import { GatewayPolicy, Mapping } from '../../policy/policy';

/** The mappings of a policy, sorted by address. A policy may have ten thousand mappings, and lookups are frequent. */
class MappingIndex {
  private readonly entries: readonly { readonly range: Range; readonly mapping: Mapping }[];
  /** The greatest last address of each entry and all entries before it, because prefixes may contain each other. */
  private readonly maxAddresses: readonly bigint[];

  constructor({ mappings }: GatewayPolicy, side: 'external' | 'internal') {
    this.entries = mappings
      .map((mapping) => ({ range: toRange(mapping[side]), mapping }))
      .sort((a, b) => (a.range.first < b.range.first ? -1 : a.range.first > b.range.first ? 1 : 0));
    let greatestAddress = -1n;
    this.maxAddresses = this.entries.map(
      ({ range }) => (greatestAddress = range.last > greatestAddress ? range.last : greatestAddress),
    );
  }

  /** Returns at most `limit` mappings that overlap the range, in order of their addresses. */
  findOverlapping(range: Range, limit = Infinity): readonly Mapping[] {
    const mappings: Mapping[] = [];
    for (
      let index = findFirstEnding(this.maxAddresses, range.first, (maxAddress) => maxAddress);
      index < this.entries.length && mappings.length < limit;
      index++
    ) {
      const { range: entryRange, mapping } = this.entries[index]!;
      if (entryRange.first > range.last) break;
      if (intersectRanges(entryRange, range)) mappings.push(mapping);
    }
    return mappings;
  }
}

const getIndex = memoize((policy: GatewayPolicy) => ({
  external: new MappingIndex(policy, 'external'),
  internal: new MappingIndex(policy, 'internal'),
}));

export const findMappings = (
  policy: GatewayPolicy,
  side: 'external' | 'internal',
  range: Range,
  limit?: number,
): readonly Mapping[] => getIndex(policy)[side].findOverlapping(range, limit);
