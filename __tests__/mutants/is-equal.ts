// Returns whether two values are deeply equal; packet sets are compared by their packets.

import { PacketMap } from '../../lib/net/packet-map';

/** Whether two values are equal: sets of packets by their packets, other values by their members. */
export function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof PacketMap && b instanceof PacketMap) return a.equals(b);
  if (a instanceof Map && b instanceof Map) return alike([...a], [...b]);
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => alike(x[key], y[key]));
}
