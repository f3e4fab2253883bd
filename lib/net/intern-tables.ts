// Tables that intern values: values with equal content become one object, so that they can be compared by identity. A
// table keeps nothing alive by itself.

/**
 * A value that is equal to others by content. Maps tell values apart by identity, so equal values must be one object:
 * the tables of this file make it. The tables keep nothing alive by themselves, so a process that parses many devices
 * needs no more memory than for one.
 */

export type PrimitiveValue = string | number | bigint | boolean | symbol | null | undefined;

/** Returns a text for a value. Two values have the same text only if they say the same. */
export const toKey = (value: unknown): string =>
  JSON.stringify(value, (_, element: unknown) => (typeof element === 'bigint' ? `${element}n` : element));

/** Holds one object for each text or number. */
export class InternTable<K extends PrimitiveValue, V extends object> {
  private readonly entries = new Map<K, WeakRef<V>>();
  private sweepSize = MIN_SWEEP_SIZE;

  getOrCreate(key: K, create: () => V): V {
    const existing = this.entries.get(key)?.deref();
    if (existing) return existing;
    if (this.entries.size >= this.sweepSize) this.dropCollected();
    const created = create();
    this.entries.set(key, new WeakRef(created));
    return created;
  }

  private dropCollected(): void {
    for (const [key, value] of this.entries) if (!value.deref()) this.entries.delete(key);
    this.sweepSize = Math.max(MIN_SWEEP_SIZE, 2 * this.entries.size);
  }
}

const MIN_SWEEP_SIZE = 1_024;

/** Holds one object for each pair of objects, or for one object and nothing. */
export class PairInternTable<A extends object | undefined, B extends object | undefined, V> {
  private readonly entries = new WeakMap<object, WeakMap<object, V>>();

  getOrCreate(a: A, b: B, create: () => V): V {
    let bySecond = this.entries.get(a ?? ABSENT_KEY);
    if (!bySecond) this.entries.set(a ?? ABSENT_KEY, (bySecond = new WeakMap()));
    let value = bySecond.get(b ?? ABSENT_KEY);
    if (!value) bySecond.set(b ?? ABSENT_KEY, (value = create()));
    return value;
  }
}

const ABSENT_KEY = {};

/** Returns the function with its results cached: it runs once for each object. */
export function memoize<A extends object, V>(compute: (key: A) => V): (key: A) => V {
  const cache = new WeakMap<A, { readonly made: V }>();
  return (key) => {
    let entry = cache.get(key);
    if (!entry) cache.set(key, (entry = { made: compute(key) }));
    return entry.made;
  };
}

/** Holds one object for each pair of an object and a text. */
export class TextInternTable<A extends object | undefined, V extends object> {
  private readonly tables = new PairInternTable<A, undefined, InternTable<string, V>>();

  getOrCreate = (a: A, text: string, create: () => V): V =>
    this.tables.getOrCreate(a, undefined, () => new InternTable()).getOrCreate(text, create);
}
