import { NumberRange } from '../../net/device';

/** Ports that one rule asks for, a range being two. Source: XT_MULTI_PORTS in the kernel's xt_multiport.h. */
const MOST_SLOTS = 15;

/** As many at a time as fit into a rule. */
export function slotsApart(ports: readonly NumberRange[]): readonly (readonly NumberRange[])[] {
  const found: NumberRange[][] = [];
  let slots = MOST_SLOTS;
  for (const range of ports) {
    const takes = range.first === range.last ? 1 : 2;
    slots += takes;
    if (slots > MOST_SLOTS) {
      found.push([]);
      slots = takes;
    }
    found.at(-1)!.push(range);
  }
  return found;
}
