import { prefixRange, prefixesOf, printPrefix } from '../net/address';
import { Range, covers, without } from '../net/range';
import { VirtualIp } from '../policy/policy';
import { Place } from './fields';
import type { GatewayNumbers } from './gateway-numbers';
import { KnownInterface, onInnerWire } from './interfaces';
import type { MappingDraft } from './one-to-one-nat';
import { NOTHING } from './openings-shared';
import { PrefixIndex } from './prefix-index';
import * as say from './problems/gateway';

/** The interface a mapping lives on. */
export function interfaceOfMapping(
  draft: MappingDraft,
  numbers: GatewayNumbers,
  interfaces: readonly KnownInterface[],
  implicit: ImplicitVirtualIps,
  place: Place,
): string | undefined {
  if (draft.virtualIp !== undefined) return numbers.virtualIp(draft.virtualIp)?.interface;
  const range = prefixRange(draft.outside);
  const vips = numbers.virtualIpsWith(draft.outside);
  const [only] = vips;
  if (only && vips.every((vip) => vip.interface === only.interface) && whole(range, vips)) return only.interface;
  const routed = routedTo(interfaces, range);
  if (!routed || vips.length > 0) return place.add(say.noVirtualIp(place.where, printPrefix(draft.outside)));
  const inner = onInnerWire(interfaces, range);
  if (inner) return place.add(say.onInnerWire(place.at('outside').where, printPrefix(draft.outside), inner));
  implicit.add(draft, routed.has.name);
  return routed.has.name;
}

/** The interface that public addresses are routed to. */
export const routedTo = (interfaces: readonly KnownInterface[], range: Range): KnownInterface | undefined =>
  interfaces.find(({ publicPrefixes }) =>
    publicPrefixes.some(({ prefix, delivery }) => delivery === 'routed' && covers(prefixRange(prefix), range)),
  );

/** Whether the virtual IPs hold all of the range together. */
export const whole = (range: Range, vips: readonly VirtualIp[]): boolean =>
  without(
    [range],
    vips.map((vip) => prefixRange(vip.outside)),
  ).length === 0;

/**
 * Virtual IPs of mappings on a routed prefix that has none. It needs nothing on the device, but what isn't translated
 * there has to be dropped as on any other.
 */
export class ImplicitVirtualIps {
  private readonly names: Set<string>;
  private readonly taken = new PrefixIndex<VirtualIp>();
  private readonly all: VirtualIp[];

  constructor(written: readonly VirtualIp[]) {
    this.all = [...written];
    this.names = new Set(written.map(({ name }) => name));
  }

  /** Only the part that none has yet: a disabled mapping may share it. */
  add({ name, outside }: MappingDraft, on: string): void {
    const there = this.taken.overlapping(outside).map((vip) => prefixRange(vip.outside));
    const free = there.length === 0 ? [outside] : without([prefixRange(outside)], there).flatMap(prefixesOf);
    for (const prefix of free) {
      const vip: VirtualIp = {
        name: this.free(name),
        interface: on,
        outside: prefix,
        mask: prefix.length,
        kind: 'other',
        answers: NOTHING,
      };
      this.taken.add(prefix, vip);
      this.all.push(vip);
    }
  }

  withThem(): readonly VirtualIp[] {
    return this.all;
  }

  private free(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.names.has(name); count++) name = `${wanted}-${count}`;
    this.names.add(name);
    return name;
  }
}
