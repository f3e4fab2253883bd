// Indexes prefixes to find those that overlap a given prefix. Gateways find conflicting addresses of their virtual IPs,
// mappings and servers with it.

import { FAMILY_RANGE, Family, Prefix, getFamily } from '../net/address';

const FIRST_IP6 = FAMILY_RANGE.ip6.first;

/** The network of one length that an address lies in. IPv4 has a plain number: it is exact, and hashed a lot faster. */
type NetworkKey = number | bigint;

interface PrefixEntry<T> {
  readonly prefix: Prefix;
  readonly value: T;
}

/** The entries that lie in each network of one length. */
interface LengthLevel<T> {
  readonly length: number;
  readonly networks: Map<NetworkKey, NetworkValues<T>>;
}

interface NetworkValues<T> {
  /** Entries that are the whole network. */
  readonly exact: T[];
  /** All entries that lie in the network. One prefix for a whole farm has thousands. */
  readonly contained: T[];
}

/**
 * An index of prefixes that are added one by one, each after a look-up of its overlaps. Two prefixes overlap only if
 * one contains the other, so one look-up per length that occurs is enough. A gateway has two or three lengths, whatever
 * its size.
 */
export class PrefixIndex<T> {
  private readonly levels: Readonly<Record<Family, LengthLevel<T>[]>> = { ip: [], ip6: [] };
  private readonly entries: Readonly<Record<Family, PrefixEntry<T>[]>> = { ip: [], ip6: [] };

  add(prefix: Prefix, value: T): void {
    const family = getFamily(prefix.first);
    const entry = { prefix, value };
    if (!this.levels[family].some((level) => level.length === prefix.length)) {
      const level: LengthLevel<T> = { length: prefix.length, networks: new Map() };
      for (const existingEntry of this.entries[family]) addToLevel(level, existingEntry);
      this.levels[family].push(level);
    }
    this.entries[family].push(entry);
    for (const level of this.levels[family]) addToLevel(level, entry);
  }

  /** Returns the values of all entries that share an address with the prefix, at each length in the order of adding. */
  findOverlapping(prefix: Prefix): readonly T[] {
    const values: T[] = [];
    for (const level of this.levels[getFamily(prefix.first)]) {
      if (level.length > prefix.length) continue;
      // The level of the prefix's own length also has all entries that lie within it.
      const network = level.networks.get(computeNetworkKey(prefix.first, level.length));
      if (network)
        for (const value of level.length === prefix.length ? network.contained : network.exact) values.push(value);
    }
    if (!this.levels[getFamily(prefix.first)].some((level) => level.length === prefix.length))
      this.collectContained(prefix, values);
    return values;
  }

  /**
   * Adds the values of the entries within a prefix whose length no entry has. This is rare. The level is kept for the
   * next look-ups of that length.
   */
  private collectContained(prefix: Prefix, values: T[]): void {
    const family = getFamily(prefix.first);
    const level: LengthLevel<T> = { length: prefix.length, networks: new Map() };
    for (const entry of this.entries[family]) addToLevel(level, entry);
    this.levels[family].push(level);
    for (const value of level.networks.get(computeNetworkKey(prefix.first, prefix.length))?.contained ?? [])
      values.push(value);
  }
}

function addToLevel<T>(level: LengthLevel<T>, entry: PrefixEntry<T>): void {
  if (entry.prefix.length < level.length) return;
  const key = computeNetworkKey(entry.prefix.first, level.length);
  let network = level.networks.get(key);
  if (!network) level.networks.set(key, (network = { exact: [], contained: [] }));
  network.contained.push(entry.value);
  if (entry.prefix.length === level.length) network.exact.push(entry.value);
}

const computeNetworkKey = (address: bigint, length: number): NetworkKey =>
  getFamily(address) === 'ip'
    ? Math.floor(Number(address) / 2 ** (32 - length))
    : (address - FIRST_IP6) >> BigInt(128 - length);
