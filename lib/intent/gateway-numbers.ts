import { Address, Prefix, hostPrefix, printAddress, printPrefix } from '../net/address';
import { VirtualIp } from '../policy/policy';
import { Place } from './fields';
import { MappingDraft, bothServe } from './one-to-one-nat';
import { PrefixIndex } from './prefix-index';
import * as say from './problems/gateway';
import * as shape from './problems/shape';
import type { ServerParts } from './server-parts';

interface Taken<T> {
  readonly part: T;
  readonly where: string;
}

/** As many mappings may share one inside address, each for other peers. */
const MOST_FOR_ONE_INSIDE = 256;

/** Which names and addresses of a gateway are taken, and by whom. A part that can't be had is refused, not kept. */
export class GatewayNumbers {
  private readonly spoiled = new Set<string>();
  private readonly virtualIpsByName = new Map<string, Taken<VirtualIp>>();
  private readonly virtualIpsByAddress = new PrefixIndex<Taken<VirtualIp>>();
  private readonly vhids = new Map<string, string>();
  private readonly mappingsByName = new Map<string, MappingDraft>();
  private readonly mappingsByOutside = new PrefixIndex<MappingDraft>();
  private readonly mappingsByInside = new PrefixIndex<MappingDraft>();
  private readonly serversByName = new Map<string, Taken<ServerParts>>();
  private readonly serversByAddress = new PrefixIndex<Taken<ServerParts>>();

  virtualIp(name: string): VirtualIp | undefined {
    return this.virtualIpsByName.get(name)?.part;
  }

  /** A part that was added and refused. What names it has no problem of its own. */
  spoil(kind: 'virtual IP' | 'mapping' | 'server', name: string | undefined): void {
    if (name !== undefined) this.spoiled.add(`${kind} ${name}`);
  }

  isSpoiled(kind: 'virtual IP' | 'mapping' | 'server', name: string): boolean {
    return this.spoiled.has(`${kind} ${name}`);
  }

  virtualIpNames(): readonly string[] {
    return [...this.virtualIpsByName.keys()];
  }

  virtualIpsWith(prefix: Prefix): readonly VirtualIp[] {
    return this.virtualIpsByAddress.overlapping(prefix).map(({ part }) => part);
  }

  /** A server without any has problems of its own. */
  serverAddresses(device: string): readonly Address[] | 'spoiled' | undefined {
    const addresses = this.serversByName.get(device)?.part.addresses;
    return addresses?.length === 0 || this.isSpoiled('server', device) ? 'spoiled' : addresses;
  }

  servers(): Iterable<Taken<ServerParts>> {
    return this.serversByName.values();
  }

  serverNames(): readonly string[] {
    return [...this.serversByName.keys()];
  }

  serversIn(prefix: Prefix): readonly ServerParts[] {
    return [...new Set(this.serversByAddress.overlapping(prefix).map(({ part }) => part))];
  }

  mapping(name: string): MappingDraft | undefined {
    return this.mappingsByName.get(name);
  }

  mappingNames(): readonly string[] {
    return [...this.mappingsByName.keys()];
  }

  /** Mappings whose inside shares an address with the prefix. */
  inside(prefix: Prefix): readonly MappingDraft[] {
    return this.mappingsByInside.overlapping(prefix);
  }

  takeVirtualIp(vip: VirtualIp, place: Place): boolean {
    const before = place.problems.length;
    const named = this.virtualIpsByName.get(vip.name);
    if (named) place.add(shape.duplicate(place.where, 'a virtual IP', vip.name, named.where));
    const [there] = this.virtualIpsByAddress.overlapping(vip.outside);
    if (there) place.add(say.vipOverlap(place.where, printPrefix(vip.outside), there.part.name, there.where));
    const group = vip.carp && `vhid ${vip.carp.vhid} on ${vip.interface}`;
    const holder = group === undefined ? undefined : this.vhids.get(group);
    if (group !== undefined && holder !== undefined)
      place.add(shape.duplicate(place.where, 'a carp group', group, holder));
    if (place.problems.length > before) return false;
    const taken = { part: vip, where: place.where };
    this.virtualIpsByName.set(vip.name, taken);
    this.virtualIpsByAddress.add(vip.outside, taken);
    if (group !== undefined) this.vhids.set(group, place.where);
    return true;
  }

  /** A server whose own fields have problems takes nothing: they are reported with it. */
  takeServer(server: ServerParts, place: Place): boolean {
    if (server.device === undefined) {
      this.spoil('server', server.writtenName);
      return false;
    }
    const named = this.serversByName.get(server.device);
    if (named?.part === server) return true;
    if (named) return place.add(shape.duplicate(place.where, 'a server', server.device, named.where)) ?? false;
    const taken = { part: server, where: place.where };
    for (const address of server.addresses) {
      const [other] = this.serversByAddress.overlapping(hostPrefix(address));
      if (other)
        place.add(
          shape.duplicate(
            place.where,
            'the address',
            printAddress(address),
            `of ${other.part.device} at ${other.where}`,
          ),
        );
      else this.serversByAddress.add(hostPrefix(address), taken);
    }
    this.serversByName.set(server.device, taken);
    return true;
  }

  takeMapping(draft: MappingDraft, place: Place): boolean {
    const before = place.problems.length;
    const named = this.mappingsByName.get(draft.name);
    if (named) place.add(shape.duplicate(place.where, 'a mapping', draft.name, named.where));
    this.checkOutside(draft, place);
    this.checkInside(draft, place);
    if (place.problems.length > before) return false;
    this.mappingsByName.set(draft.name, draft);
    this.mappingsByOutside.add(draft.outside, draft);
    this.mappingsByInside.add(draft.inside, draft);
    return true;
  }

  private checkOutside(draft: MappingDraft, place: Place): void {
    const text = printPrefix(draft.outside);
    const there = draft.enabled
      ? this.mappingsByOutside.overlapping(draft.outside).find(({ enabled }) => enabled)
      : undefined;
    if (there) place.add(say.outsideOverlap(place.where, text, there.name, there.where));
    const [behind] = this.mappingsByInside.overlapping(draft.outside);
    if (behind) place.add(say.insideIsOutside(place.where, text, behind.name));
  }

  private checkInside(draft: MappingDraft, place: Place): void {
    const text = printPrefix(draft.inside);
    const [outside] = this.mappingsByOutside.overlapping(draft.inside);
    if (outside) place.add(say.insideIsOutside(place.where, text, outside.name));
    const same = this.mappingsByInside.overlapping(draft.inside);
    const shared = same.filter(({ inside }) => inside.length <= draft.inside.length).length;
    if (shared >= MOST_FOR_ONE_INSIDE) {
      place.add(shape.tooLong(place.where, `mappings of ${text}`, shared + 1, MOST_FOR_ONE_INSIDE));
      return;
    }
    const other = same.find((one) => bothServe(one, draft));
    if (other) place.add(say.insideTwice(place.where, text, other.name, other.where));
  }
}
