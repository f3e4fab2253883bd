// Collects the aliases (named address and port lists) that generated pfSense rules need, each content once.

import { FAMILY_RANGE, toPrefixes } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range, subtractRanges } from '../../../net/range';
import { PfsenseAlias, PfsenseEndpoint } from './pfsense-entries';
import { EntryNames } from './entry-names';
import { printAliasNetwork } from './render';

/** The aliases of one owner. Two aliases never have the same content, apart from intended copies. */
export class AliasBuilder {
  private readonly aliases: PfsenseAlias[] = [];
  private readonly byContent = new Map<string, string>();

  constructor(private readonly names: EntryNames) {}

  get list(): readonly PfsenseAlias[] {
    return this.aliases;
  }

  /** Returns a prefix if the ranges are exactly one, else an alias. `ranges` is merged and not empty. */
  toEndpoint(purpose: string, ranges: readonly Range[]): PfsenseEndpoint {
    const [only, ...more] = ranges;
    const prefixes = only && more.length === 0 ? toPrefixes(only) : [];
    return prefixes.length === 1
      ? { is: 'prefix', prefix: prefixes[0]! }
      : { is: 'alias', name: this.addNetwork(purpose, ranges) };
  }

  /** Returns an endpoint for every IPv4 address outside the ranges. */
  toAllExcept(purpose: string, ranges: readonly Range[], copy = 0): PfsenseEndpoint {
    const [only, ...more] = ranges.flatMap(toPrefixes);
    if (only && more.length === 0 && copy === 0) return { is: 'prefix', prefix: only, negated: true };
    return { is: 'alias', name: this.addNetwork(purpose, subtractRanges([FAMILY_RANGE.ip], ranges), copy) };
  }

  /** Returns the name of a network alias. `copy` keeps apart aliases that are equal on purpose. */
  addNetwork(purpose: string, ranges: readonly Range[], copy = 0): string {
    return this.findOrAdd(purpose, 'network', printNetworks(ranges), copy);
  }

  /**
   * Returns the name of an alias that no other purpose shares, so that a rule looks the same for one host and for
   * thousands.
   */
  addUnshared(purpose: string, ranges: readonly Range[]): string {
    return this.findOrAdd(purpose, 'network', printNetworks(ranges), purpose);
  }

  /** Returns one port or one range as the rule spells it, or the name of an alias for several. */
  addPorts(purpose: string, ranges: readonly NumberRange[]): string {
    const [only, ...more] = ranges;
    if (only && more.length === 0) return formatRange(only, '-');
    return this.findOrAdd(
      purpose,
      'port',
      ranges.map((range) => formatRange(range, ':')),
      0,
    );
  }

  private findOrAdd(
    purpose: string,
    type: PfsenseAlias['type'],
    entries: readonly string[],
    discriminator: string | number,
  ): string {
    const content = `${type} ${discriminator} ${entries.join(' ')}`;
    const existingName = this.byContent.get(content);
    if (existingName !== undefined) return existingName;
    const { name, tag } = this.names.nameAlias(purpose);
    this.byContent.set(content, name);
    this.aliases.push({ name, type, entries, descr: this.names.createDescription(tag) });
    return name;
  }
}

const printNetworks = (ranges: readonly Range[]): readonly string[] =>
  ranges.flatMap((range) => toPrefixes(range).map(printAliasNetwork));

const formatRange = ({ first, last }: NumberRange, joint: string): string =>
  first === last ? `${first}` : `${first}${joint}${last}`;
