// Indexes the virtual IPs, mappings and servers of one gateway by name and address while the intents are parsed, and
// reports duplicate names and conflicting addresses.

import { Address, Prefix, toHostPrefix, printAddress, printPrefix } from '../net/address';
import { VirtualIp } from '../policy/policy';
import { IntentLocation } from './fields';
import { MappingDraft, canBothServe } from './one-to-one-nat';
import { PrefixIndex } from './prefix-index';
import * as say from './problems/gateway-problems';
import * as shape from './problems/field-problems';
import type { MappableServer } from './server-policy-builder';

interface LocatedPart<T> {
  readonly part: T;
  readonly where: string;
}

/** How many mappings may share one internal address, each for other peers. */
const MAX_MAPPINGS_PER_INTERNAL = 256;

/** The names and addresses of a gateway that are taken, each with its part. A part that conflicts is refused. */
export class GatewayIndex {
  private readonly invalidNames = new Set<string>();
  private readonly virtualIpsByName = new Map<string, LocatedPart<VirtualIp>>();
  private readonly virtualIpsByAddress = new PrefixIndex<LocatedPart<VirtualIp>>();
  private readonly vhids = new Map<string, string>();
  private readonly mappingsByName = new Map<string, MappingDraft>();
  private readonly mappingsByExternal = new PrefixIndex<MappingDraft>();
  private readonly mappingsByInternal = new PrefixIndex<MappingDraft>();
  private readonly serversByName = new Map<string, LocatedPart<MappableServer>>();
  private readonly serversByAddress = new PrefixIndex<LocatedPart<MappableServer>>();

  findVirtualIp(name: string): VirtualIp | undefined {
    return this.virtualIpsByName.get(name)?.part;
  }

  /** Records a part that was refused. A part that names it gets no problem for that. */
  markInvalid(kind: 'virtual IP' | 'mapping' | 'server', name: string | undefined): void {
    if (name !== undefined) this.invalidNames.add(`${kind} ${name}`);
  }

  isInvalid(kind: 'virtual IP' | 'mapping' | 'server', name: string): boolean {
    return this.invalidNames.has(`${kind} ${name}`);
  }

  listVirtualIpNames(): readonly string[] {
    return [...this.virtualIpsByName.keys()];
  }

  findOverlappingVirtualIps(prefix: Prefix): readonly VirtualIp[] {
    return this.virtualIpsByAddress.findOverlapping(prefix).map(({ part }) => part);
  }

  /** Returns the addresses of a server. `spoiled`: the server has problems, which are already reported. */
  findServerAddresses(device: string): readonly Address[] | 'spoiled' | undefined {
    const addresses = this.serversByName.get(device)?.part.addresses;
    return addresses?.length === 0 || this.isInvalid('server', device) ? 'spoiled' : addresses;
  }

  listServers(): Iterable<LocatedPart<MappableServer>> {
    return this.serversByName.values();
  }

  listServerNames(): readonly string[] {
    return [...this.serversByName.keys()];
  }

  findOverlappingServers(prefix: Prefix): readonly MappableServer[] {
    return [...new Set(this.serversByAddress.findOverlapping(prefix).map(({ part }) => part))];
  }

  findMapping(name: string): MappingDraft | undefined {
    return this.mappingsByName.get(name);
  }

  listMappingNames(): readonly string[] {
    return [...this.mappingsByName.keys()];
  }

  /** Returns the mappings whose internal prefix shares an address with the prefix. */
  findMappingsByInternal(prefix: Prefix): readonly MappingDraft[] {
    return this.mappingsByInternal.findOverlapping(prefix);
  }

  addVirtualIp(vip: VirtualIp, location: IntentLocation): boolean {
    const initialProblemCount = location.problems.length;
    const namesake = this.virtualIpsByName.get(vip.name);
    if (namesake) location.report(shape.describeDuplicate(location.where, 'a virtual IP', vip.name, namesake.where));
    const [overlappingEntry] = this.virtualIpsByAddress.findOverlapping(vip.external);
    if (overlappingEntry)
      location.report(
        say.describeVirtualIpOverlap(
          location.where,
          printPrefix(vip.external),
          overlappingEntry.part.name,
          overlappingEntry.where,
        ),
      );
    const group = vip.carp && `vhid ${vip.carp.vhid} on ${vip.interface}`;
    const groupLocation = group === undefined ? undefined : this.vhids.get(group);
    if (group !== undefined && groupLocation !== undefined)
      location.report(shape.describeDuplicate(location.where, 'a carp group', group, groupLocation));
    if (location.problems.length > initialProblemCount) return false;
    const entry = { part: vip, where: location.where };
    this.virtualIpsByName.set(vip.name, entry);
    this.virtualIpsByAddress.add(vip.external, entry);
    if (group !== undefined) this.vhids.set(group, location.where);
    return true;
  }

  /** Adds a server. A server whose own fields have problems takes no name and no address. */
  addServer(server: MappableServer, location: IntentLocation): boolean {
    if (server.device === undefined) {
      this.markInvalid('server', server.writtenName);
      return false;
    }
    const namesake = this.serversByName.get(server.device);
    if (namesake?.part === server) return true;
    if (namesake)
      return (
        location.report(shape.describeDuplicate(location.where, 'a server', server.device, namesake.where)) ?? false
      );
    const entry = { part: server, where: location.where };
    for (const address of server.addresses) {
      const [addressOwner] = this.serversByAddress.findOverlapping(toHostPrefix(address));
      if (addressOwner)
        location.report(
          shape.describeDuplicate(
            location.where,
            'the address',
            printAddress(address),
            `of ${addressOwner.part.device} at ${addressOwner.where}`,
          ),
        );
      else this.serversByAddress.add(toHostPrefix(address), entry);
    }
    this.serversByName.set(server.device, entry);
    return true;
  }

  addMapping(draft: MappingDraft, location: IntentLocation): boolean {
    const initialProblemCount = location.problems.length;
    const namesake = this.mappingsByName.get(draft.name);
    if (namesake) location.report(shape.describeDuplicate(location.where, 'a mapping', draft.name, namesake.where));
    this.checkExternal(draft, location);
    this.checkInternal(draft, location);
    if (location.problems.length > initialProblemCount) return false;
    this.mappingsByName.set(draft.name, draft);
    this.mappingsByExternal.add(draft.external, draft);
    this.mappingsByInternal.add(draft.internal, draft);
    return true;
  }

  private checkExternal(draft: MappingDraft, location: IntentLocation): void {
    const text = printPrefix(draft.external);
    const overlappingMapping = draft.enabled
      ? this.mappingsByExternal.findOverlapping(draft.external).find(({ enabled }) => enabled)
      : undefined;
    if (overlappingMapping)
      location.report(
        say.describeExternalOverlap(location.where, text, overlappingMapping.name, overlappingMapping.where),
      );
    const [internalMapping] = this.mappingsByInternal.findOverlapping(draft.external);
    if (internalMapping) location.report(say.describeInternalIsExternal(location.where, text, internalMapping.name));
  }

  private checkInternal(draft: MappingDraft, location: IntentLocation): void {
    const text = printPrefix(draft.internal);
    const [externalMapping] = this.mappingsByExternal.findOverlapping(draft.internal);
    if (externalMapping) location.report(say.describeInternalIsExternal(location.where, text, externalMapping.name));
    const overlappingMappings = this.mappingsByInternal.findOverlapping(draft.internal);
    const sharingCount = overlappingMappings.filter(({ internal }) => internal.length <= draft.internal.length).length;
    if (sharingCount >= MAX_MAPPINGS_PER_INTERNAL) {
      location.report(
        shape.describeLongList(location.where, `mappings of ${text}`, sharingCount + 1, MAX_MAPPINGS_PER_INTERNAL),
      );
      return;
    }
    const conflictingMapping = overlappingMappings.find((mapping) => canBothServe(mapping, draft));
    if (conflictingMapping)
      location.report(
        say.describeInternalTwice(location.where, text, conflictingMapping.name, conflictingMapping.where),
      );
  }
}
