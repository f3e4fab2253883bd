// Splits port ranges into groups that each fit into one multiport match, for rules of iptables and csf.
import { NumberRange } from '../../net/device';

/**
 * A multiport match takes at most this many ports; a range counts as two. Source: XT_MULTI_PORTS in the kernel's
 * xt_multiport.h.
 */
const MAX_MULTIPORT_SLOTS = 15;

/** Splits ports into groups that fit into one rule each. */
export function splitMultiport(ports: readonly NumberRange[]): readonly (readonly NumberRange[])[] {
  const groups: NumberRange[][] = [];
  let slots = MAX_MULTIPORT_SLOTS;
  for (const range of ports) {
    const needed = range.first === range.last ? 1 : 2;
    slots += needed;
    if (slots > MAX_MULTIPORT_SLOTS) {
      groups.push([]);
      slots = needed;
    }
    groups.at(-1)!.push(range);
  }
  return groups;
}
