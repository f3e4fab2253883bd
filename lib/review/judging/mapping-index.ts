import { prefixRange } from '../../net/address';
import { remembered } from '../../net/interned';
import { Range, firstEnding, overlap } from '../../net/range';
import { GatewayPolicy, Mapping } from '../../policy/policy';

/** The mappings of a policy by where their addresses are: ten thousand of them are asked for often. */
class MappingIndex {
  private readonly entries: readonly { readonly range: Range; readonly mapping: Mapping }[];
  /** Of each entry, the greatest last address of it and of all before it: prefixes may lie in one another. */
  private readonly reach: readonly bigint[];

  constructor({ mappings }: GatewayPolicy, side: 'outside' | 'inside') {
    this.entries = mappings
      .map((mapping) => ({ range: prefixRange(mapping[side]), mapping }))
      .sort((a, b) => (a.range.first < b.range.first ? -1 : a.range.first > b.range.first ? 1 : 0));
    let greatest = -1n;
    this.reach = this.entries.map(({ range }) => (greatest = range.last > greatest ? range.last : greatest));
  }

  /** At most so many, in order of their addresses. */
  meeting(range: Range, most = Infinity): readonly Mapping[] {
    const found: Mapping[] = [];
    for (
      let i = firstEnding(this.reach, range.first, (reach) => reach);
      i < this.entries.length && found.length < most;
      i++
    ) {
      const { range: mine, mapping } = this.entries[i]!;
      if (mine.first > range.last) break;
      if (overlap(mine, range)) found.push(mapping);
    }
    return found;
  }
}

const indexOf = remembered((policy: GatewayPolicy) => ({
  outside: new MappingIndex(policy, 'outside'),
  inside: new MappingIndex(policy, 'inside'),
}));

export const mappingsAt = (
  policy: GatewayPolicy,
  side: 'outside' | 'inside',
  range: Range,
  most?: number,
): readonly Mapping[] => indexOf(policy)[side].meeting(range, most);
