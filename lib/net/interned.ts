/**
 * Values of maps are told apart by identity, so equal ones have to be one object: these make it. They hold nothing that nobody else has, so
 * that a process which reads many devices needs no more memory than for one.
 */

export type Plain = string | number | bigint | boolean | symbol | null | undefined;

/** A value as a text that others have only if they say the same. */
export const keyText = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

/** One object for a text or number. */
export class Interned<K extends Plain, V extends object> {
  private readonly known = new Map<K, WeakRef<V>>();
  private most = FIRST_SWEEP;

  of(key: K, make: () => V): V {
    const found = this.known.get(key)?.deref();
    if (found) return found;
    if (this.known.size >= this.most) this.sweep();
    const made = make();
    this.known.set(key, new WeakRef(made));
    return made;
  }

  private sweep(): void {
    for (const [key, value] of this.known) if (!value.deref()) this.known.delete(key);
    this.most = Math.max(FIRST_SWEEP, 2 * this.known.size);
  }
}

const FIRST_SWEEP = 1_024;

/** One object for two others, or for one and nothing. */
export class Pairs<A extends object | undefined, B extends object | undefined, V> {
  private readonly known = new WeakMap<object, WeakMap<object, V>>();

  of(a: A, b: B, make: () => V): V {
    let some = this.known.get(a ?? NOBODY);
    if (!some) this.known.set(a ?? NOBODY, (some = new WeakMap()));
    let found = some.get(b ?? NOBODY);
    if (!found) some.set(b ?? NOBODY, (found = make()));
    return found;
  }
}

const NOBODY = {};

/** The same function, that makes what it makes of an object once. */
export function remembered<A extends object, V>(make: (of: A) => V): (of: A) => V {
  const known = new WeakMap<A, { readonly made: V }>();
  return (of) => {
    let found = known.get(of);
    if (!found) known.set(of, (found = { made: make(of) }));
    return found.made;
  };
}

/** One object for another and a text. */
export class Told<A extends object | undefined, V extends object> {
  private readonly known = new Pairs<A, undefined, Interned<string, V>>();

  of = (a: A, text: string, make: () => V): V => this.known.of(a, undefined, () => new Interned()).of(text, make);
}
