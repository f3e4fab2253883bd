import { FAMILY_RANGE, Family, Prefix, familyOf } from '../net/address';

const FIRST_IP6 = FAMILY_RANGE.ip6.first;

/** The network of one length that an address lies in. A plain number where that is exact: it is hashed a lot faster. */
type Key = number | bigint;

interface Entry<T> {
  readonly prefix: Prefix;
  readonly value: T;
}

/** Entries cut to one length: which of them lie in each network of that length. */
interface Level<T> {
  readonly length: number;
  readonly networks: Map<Key, Entry<T>[]>;
}

/**
 * Prefixes that come one by one, each asked against those before it. Two prefixes overlap only when one contains the
 * other, so a look-up per length that occurs answers it: a gateway has two or three lengths, whatever its size.
 */
export class PrefixIndex<T> {
  private readonly levels: Readonly<Record<Family, Level<T>[]>> = { ip: [], ip6: [] };
  private readonly entries: Readonly<Record<Family, Entry<T>[]>> = { ip: [], ip6: [] };

  add(prefix: Prefix, value: T): void {
    const family = familyOf(prefix.first);
    const entry = { prefix, value };
    if (!this.levels[family].some((level) => level.length === prefix.length)) {
      const level: Level<T> = { length: prefix.length, networks: new Map() };
      for (const earlier of this.entries[family]) place(level, earlier);
      this.levels[family].push(level);
    }
    this.entries[family].push(entry);
    for (const level of this.levels[family]) place(level, entry);
  }

  /** Values of all entries that share an address with the prefix, in the order in which they were added at each length. */
  overlapping(prefix: Prefix): readonly T[] {
    const found: T[] = [];
    for (const level of this.levels[familyOf(prefix.first)]) {
      if (level.length > prefix.length) continue;
      // At the prefix's own length the level also has everything that lies within it.
      const within = level.networks.get(keyOf(prefix.first, level.length)) ?? [];
      for (const entry of within) if (entry.prefix.length === level.length || level.length === prefix.length) found.push(entry.value);
    }
    if (!this.levels[familyOf(prefix.first)].some((level) => level.length === prefix.length)) this.within(prefix, found);
    return found;
  }

  /** No entry has this length, so no level answers what lies within: rare, and made once for all who ask for it next. */
  private within(prefix: Prefix, found: T[]): void {
    const family = familyOf(prefix.first);
    const level: Level<T> = { length: prefix.length, networks: new Map() };
    for (const entry of this.entries[family]) place(level, entry);
    this.levels[family].push(level);
    for (const entry of level.networks.get(keyOf(prefix.first, prefix.length)) ?? []) found.push(entry.value);
  }
}

function place<T>(level: Level<T>, entry: Entry<T>): void {
  if (entry.prefix.length < level.length) return;
  const key = keyOf(entry.prefix.first, level.length);
  const there = level.networks.get(key);
  if (there) there.push(entry);
  else level.networks.set(key, [entry]);
}

const keyOf = (address: bigint, length: number): Key =>
  familyOf(address) === 'ip' ? Math.floor(Number(address) / 2 ** (32 - length)) : (address - FIRST_IP6) >> BigInt(128 - length);
