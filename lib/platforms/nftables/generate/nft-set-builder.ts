// Collects the named sets of a generated nftables table: equal contents become one set.

import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';
import { ValueOrSet, NftSet, NftNumberSet } from './nft-table';

/**
 * The named sets of one table. Equal contents share one set, so the text and the kernel hold hosts and ports that many
 * rules use only once.
 */
export class NftSetBuilder {
  private readonly byContent = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly namedSets: NftSet[] = [];

  get list(): readonly NftSet[] {
    return this.namedSets;
  }

  /**
   * Returns a single range as a value in the rule. Several ranges become a set, the same one for equal ranges. `ranges`
   * is merged and not empty.
   */
  getAddresses(purpose: string, family: Family, ranges: readonly Range[]): ValueOrSet<Range> {
    const [single, ...otherRanges] = ranges;
    if (single && otherRanges.length === 0) return { is: 'value', value: single };
    const content = `${purpose} ${family} ${toContentKey(ranges)}`;
    return { is: 'set', name: this.findOrAdd(content, () => this.addAddressSet(purpose, family, ranges)) };
  }

  /** Always adds a set, so that a rule looks the same for one address and for thousands. */
  addAddressSet(purpose: string, family: Family, ranges: readonly Range[]): string {
    return this.addSet(purpose, (name) => ({
      of: 'addresses',
      name,
      type: family === 'ip' ? 'ipv4_addr' : 'ipv6_addr',
      elements: ranges,
    }));
  }

  /** Returns a single range as a value in the rule. Several ranges become a set, the same one for equal ranges. */
  getNumbers(purpose: string, type: NftNumberSet['type'], ranges: readonly NumberRange[]): ValueOrSet<NumberRange> {
    const [single, ...otherRanges] = ranges;
    if (single && otherRanges.length === 0) return { is: 'value', value: single };
    const createSet = (): string => this.addSet(purpose, (name) => ({ of: 'numbers', name, type, elements: ranges }));
    return { is: 'set', name: this.findOrAdd(`${type} ${toContentKey(ranges)}`, createSet) };
  }

  private findOrAdd(content: string, createSet: () => string): string {
    let name = this.byContent.get(content);
    if (name === undefined) this.byContent.set(content, (name = createSet()));
    return name;
  }

  private addSet(purpose: string, createSet: (name: string) => NftSet): string {
    const count = (this.counts.get(purpose) ?? 0) + 1;
    this.counts.set(purpose, count);
    const name = count === 1 ? `s_${purpose}` : `s_${purpose}_${count}`;
    this.namedSets.push(createSet(name));
    return name;
  }
}

const toContentKey = (ranges: readonly { readonly first: bigint | number; readonly last: bigint | number }[]): string =>
  ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');
