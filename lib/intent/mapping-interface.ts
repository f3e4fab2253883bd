// Finds the outside interface of a mapping, and creates the virtual IPs of mappings on routed prefixes.

import { toRange, toPrefixes, printPrefix } from '../net/address';
import { Range, covers, subtractRanges } from '../net/range';
import { VirtualIp } from '../policy/policy';
import { IntentLocation } from './fields';
import type { GatewayIndex } from './gateway-index';
import { ParsedInterface, findInnerSubnetInterface } from './interfaces';
import type { MappingDraft } from './one-to-one-nat';
import { NO_ALLOW_RULES } from './allow-rule-pool';
import { PrefixIndex } from './prefix-index';
import * as say from './problems/gateway-problems';

/** Returns the name of the outside interface of a mapping. */
export function resolveMappingInterface(
  draft: MappingDraft,
  index: GatewayIndex,
  interfaces: readonly ParsedInterface[],
  implicitVirtualIps: ImplicitVirtualIps,
  location: IntentLocation,
): string | undefined {
  if (draft.virtualIp !== undefined) return index.findVirtualIp(draft.virtualIp)?.interface;
  const range = toRange(draft.external);
  const vips = index.findOverlappingVirtualIps(draft.external);
  const [firstVirtualIp] = vips;
  if (firstVirtualIp && vips.every((vip) => vip.interface === firstVirtualIp.interface) && coversRange(range, vips))
    return firstVirtualIp.interface;
  const routedInterface = findRoutedInterface(interfaces, range);
  if (!routedInterface || vips.length > 0)
    return location.report(say.describeNoVirtualIp(location.where, printPrefix(draft.external)));
  const innerInterface = findInnerSubnetInterface(interfaces, range);
  if (innerInterface)
    return location.report(
      say.describeInnerSubnet(location.getChild('external').where, printPrefix(draft.external), innerInterface),
    );
  implicitVirtualIps.add(draft, routedInterface.networkInterface.name);
  return routedInterface.networkInterface.name;
}

/** Returns the interface to which a routed public prefix brings the whole range. */
export const findRoutedInterface = (
  interfaces: readonly ParsedInterface[],
  range: Range,
): ParsedInterface | undefined =>
  interfaces.find(({ publicPrefixes }) =>
    publicPrefixes.some(({ prefix, delivery }) => delivery === 'routed' && covers(toRange(prefix), range)),
  );

/** Whether the virtual IPs together cover the whole range. */
export const coversRange = (range: Range, vips: readonly VirtualIp[]): boolean =>
  subtractRanges(
    [range],
    vips.map((vip) => toRange(vip.external)),
  ).length === 0;

/**
 * Creates the virtual IPs of mappings on a routed prefix that has none. They need nothing on the device, but packets to
 * them that aren't translated must be dropped as on any other virtual IP.
 */
export class ImplicitVirtualIps {
  private readonly names: Set<string>;
  private readonly implicitByAddress = new PrefixIndex<VirtualIp>();
  private readonly virtualIps: VirtualIp[];

  constructor(writtenVirtualIps: readonly VirtualIp[]) {
    this.virtualIps = [...writtenVirtualIps];
    this.names = new Set(writtenVirtualIps.map(({ name }) => name));
  }

  /** Adds virtual IPs for the part that has none yet: a disabled mapping may share its external address. */
  add({ name, external }: MappingDraft, interfaceName: string): void {
    const takenRanges = this.implicitByAddress.findOverlapping(external).map((vip) => toRange(vip.external));
    const freePrefixes =
      takenRanges.length === 0 ? [external] : subtractRanges([toRange(external)], takenRanges).flatMap(toPrefixes);
    for (const prefix of freePrefixes) {
      const vip: VirtualIp = {
        name: this.createUniqueName(name),
        interface: interfaceName,
        external: prefix,
        mask: prefix.length,
        kind: 'other',
        answers: NO_ALLOW_RULES,
      };
      this.implicitByAddress.add(prefix, vip);
      this.virtualIps.push(vip);
    }
  }

  listVirtualIps(): readonly VirtualIp[] {
    return this.virtualIps;
  }

  private createUniqueName(baseName: string): string {
    let name = baseName;
    for (let count = 2; this.names.has(name); count++) name = `${baseName}-${count}`;
    this.names.add(name);
    return name;
  }
}
