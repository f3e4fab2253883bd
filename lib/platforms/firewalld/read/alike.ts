/** Whether two chains are the same, name for name and rule for rule, with whatever they lead to: of one text, read twice. */
export function areAlike(a: unknown, b: unknown, known = new Map<object, object>()): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (known.has(a)) return known.get(a) === b;
  known.set(a, b);
  if (![a, b].every((one) => PLAIN.includes(Object.getPrototypeOf(one))) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [own, other] = [Object.entries(a), Object.entries(b)];
  return (
    own.length === other.length && own.every(([key, value]) => key in b && areAlike(value, (b as Record<string, unknown>)[key], known))
  );
}

const PLAIN: readonly unknown[] = [Object.prototype, Array.prototype];
