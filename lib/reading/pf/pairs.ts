/** One object for two that are told apart by identity: values of maps are. */
export class Pairs<A, B, V> {
  private readonly known = new Map<A, Map<B, V>>();

  of(a: A, b: B, make: () => V): V {
    let some = this.known.get(a);
    if (!some) this.known.set(a, (some = new Map<B, V>()));
    let found = some.get(b);
    if (!found) some.set(b, (found = make()));
    return found;
  }
}
