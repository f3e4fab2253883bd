import { prefixRange, printPrefix } from '../net/address';
import { covers, without } from '../net/range';
import { VirtualIp } from '../policy/policy';
import { Place } from './fields';
import type { GatewayNumbers } from './gateway-numbers';
import { KnownInterface } from './interfaces';
import type { MappingDraft } from './one-to-one-nat';
import { NOTHING } from './openings-shared';
import * as say from './problems-gateway';

/** The interface a mapping lives on. `needs`: nothing answers for it yet, and nothing has to, for it is routed there. */
export function interfaceOfMapping(
  draft: MappingDraft,
  numbers: GatewayNumbers,
  interfaces: readonly KnownInterface[],
  place: Place,
): { readonly on: string; readonly needs: boolean } | undefined {
  if (draft.virtualIp !== undefined) {
    const vip = numbers.virtualIp(draft.virtualIp);
    return vip && { on: vip.interface, needs: false };
  }
  const range = prefixRange(draft.outside);
  const vips = numbers.virtualIpsWith(draft.outside);
  const names = [...new Set(vips.map((vip) => vip.interface))];
  const [only] = names;
  if (
    only !== undefined &&
    names.length === 1 &&
    without(
      [range],
      vips.map((vip) => prefixRange(vip.outside)),
    ).length === 0
  ) {
    return { on: only, needs: false };
  }
  const routed = interfaces.find(({ publicPrefixes }) =>
    publicPrefixes.some(({ prefix, delivery }) => delivery === 'routed' && covers(prefixRange(prefix), range)),
  );
  if (vips.length === 0 && routed) return { on: routed.has.name, needs: true };
  return place.add(say.noVirtualIp(place.where, printPrefix(draft.outside)));
}

/** A routed prefix needs nothing on the device, but what isn't translated there has to be dropped like any other VIP's. */
export function implicitVirtualIp(draft: MappingDraft, on: string, taken: (name: string) => boolean): VirtualIp {
  const base = taken(draft.name) ? `${draft.name}-outside` : draft.name;
  let name = base;
  for (let count = 2; taken(name); count++) name = `${base}-${count}`;
  return { name, interface: on, outside: draft.outside, mask: draft.outside.length, kind: 'other', answers: NOTHING };
}
