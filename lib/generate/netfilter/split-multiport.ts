import { NumberRange } from '../../net/device';

/** Ports that one rule asks for, a range being two. Source: XT_MULTI_PORTS in the kernel's xt_multiport.h. */
const MAX_MULTIPORT_SLOTS = 15;

/** As many at a time as fit into a rule. */
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
