import { Seen } from '../policy/cpnat';
import { Address, Prefix, hostPrefix, offset, parsePrefix, prefixRange } from '../net/address';
import { NetworkInterface } from '../net/device';
import { GatewayPolicy, Mapping, VirtualIp } from '../policy/policy';
import { Problem } from '../problems/problem';
import { DeviceParts, KnownPlatform, Witness, deviceOf, witnessesOf } from './device-parts';
import { Fields, Place, guarded, listOf, longTextOf, writtenText } from './fields';
import { GatewayNumbers } from './gateway-numbers';
import type { GatewayIntent, NatReflectionIntent, OneToOneNatIntent, VirtualIpIntent } from './intent';
import { KnownInterface, behind, interfacesOf } from './interfaces';
import { KEYS } from './keys';
import { differingNetworks } from './networks';
import { mappingOpenings } from './mapping-openings';
import { Known, MappingDraft, mappingOf } from './one-to-one-nat';
import { SharedOpenings } from './openings-shared';
import * as device from './problems/device';
import * as shape from './problems/shape';
import { SettledReflection, defaultReflection, reflectionOf } from './reflection';
import { AskedOwnPublic, Finished, ServerParts, Translating } from './server-parts';
import { openingListOf } from './services';
import { NO_SETS, Sets, sourceSetsOf } from './sources';
import { VirtualIpsOf, virtualIpOf } from './virtual-ip';
import { ImplicitVirtualIps, interfaceOfMapping, routedTo, whole } from './virtual-ip-of-mapping';

/** What can't be told while the interfaces have problems themselves. */
const OF_INTERFACES: ReadonlySet<string> = new Set([
  'intent/unknown-interface',
  'intent/not-an-outside-interface',
  'intent/not-a-public-prefix',
  'intent/public-on-other-interface',

  'intent/virtual-ip-interface-unset',
  'intent/network-differs',
  'intent/inside-not-behind',
  'intent/no-virtual-ip',
  'intent/reflection-from-outside',
  'intent/witness-interface-unset',
]);

interface WrittenReflection {
  readonly where: string;
  readonly settled: SettledReflection;
}

/**
 * Collects the parts of one owner on one gateway. Each part is checked against what is there and appended; what is
 * wrong is kept as problems with the part's own `where`. Never throws for what a person wrote. A part that another
 * names (virtual IP, server) is added before it.
 */
export class GatewayParts implements Translating {
  private readonly problems: Problem[] = [];
  private parts: DeviceParts | undefined;
  private interfaces: readonly KnownInterface[] = [];
  private sets: Sets = NO_SETS;
  private witnesses: readonly Witness[] = [];
  private captured: string | undefined;
  private readonly virtualIps: VirtualIp[] = [];
  private readonly drafts: MappingDraft[] = [];
  private can: VirtualIpsOf = { otherwise: 'ip-alias', carp: true };
  private spoiltInterfaces = true;
  private spoiltVirtualIp = false;
  private readonly reflections = new Map<string, WrittenReflection>();
  private everywhere: WrittenReflection | undefined;
  private readonly numbers = new GatewayNumbers();
  private readonly shared = new SharedOpenings();
  private readonly known: Known;

  /** `elsewhere`: fields that were written at another place than `where`. */
  constructor(
    where: string,
    intent: GatewayIntent,
    platforms: readonly KnownPlatform[],
    elsewhere: Readonly<Record<string, string>> = {},
  ) {
    const place = new Place(where, this.problems);
    guarded(place, () =>
      this.read(
        Fields.of(
          intent,
          place,
          'An object with device, owner, platform, version and interfaces',
          KEYS.gateway,
          false,
          [],
          KEYS.device,
        )?.writtenAt(elsewhere),
        place,
        platforms,
      ),
    );
    const { numbers, interfaces, sets, shared } = this;
    this.known = {
      interfaces,
      sets,
      shared,
      virtualIp: (name) =>
        numbers.virtualIp(name)?.outside ?? (numbers.isSpoiled('virtual IP', name) ? 'spoiled' : undefined),
      virtualIpNames: () => numbers.virtualIpNames(),
      serverAddresses: (name) => numbers.serverAddresses(name),
      serverNames: () => numbers.serverNames(),
    };
  }

  addVirtualIp(where: string, intent: VirtualIpIntent): void {
    const place = new Place(where, this.problems);
    const before = this.virtualIps.length;
    guarded(place, () => {
      const draft = virtualIpOf(intent, place, this.interfaces, this.can);
      if (!draft) return;
      const { fields, vip } = draft;
      const list = fields.given(
        'answers',
        (value, at) => listOf(value, at, shape.SERVICES, 'At least one service, or no "answers" at all.', 1000),
        [],
      );
      const around = { sets: this.sets, sources: 'unset', management: 'unset' } as const;
      const answers = this.shared.of(openingListOf(list ?? [], fields.at('answers'), around));
      const whole = { ...vip, answers };
      if (this.numbers.takeVirtualIp(whole, place)) this.virtualIps.push(whole);
    });
    if (this.virtualIps.length > before) return;
    this.spoiltVirtualIp = true;
    this.numbers.spoil('virtual IP', writtenText(intent, 'name'));
  }

  /** A managed server behind it: mappings may name it, and its profile drives their openings. */
  addServer(where: string, server: ServerParts): void {
    if (this.numbers.takeServer(server, new Place(where, this.problems))) server.attach(this);
  }

  addOneToOneNat(where: string, intent: OneToOneNatIntent): void {
    const place = new Place(where, this.problems);
    const before = this.drafts.length;
    guarded(place, () => {
      const draft = mappingOf(intent, place, this.known);
      if (draft && this.numbers.takeMapping(draft, place)) this.drafts.push(draft);
    });
    if (this.drafts.length === before) this.numbers.spoil('mapping', writtenText(intent, 'name'));
  }

  addReflection(where: string, intent: NatReflectionIntent): void {
    const place = new Place(where, this.problems);
    guarded(place, () => {
      const fields = Fields.of(
        intent,
        place,
        "An object: { mode: 'pure-nat' }",
        [...KEYS.reflection, 'mapping'],
        false,
        [],
        ['gateway'],
      );
      if (!fields) return;
      const mapping = fields.has('mapping') ? fields.name('mapping') : undefined;
      const settled = reflectionOf(fields, place, this.interfaces);
      if (!settled || (fields.has('mapping') && mapping === undefined)) return;
      const earlier = mapping === undefined ? this.everywhere : this.reflections.get(mapping);
      if (earlier) place.add(shape.duplicate(where, 'a reflection for', mapping ?? 'the whole gateway', earlier.where));
      else if (mapping === undefined) this.everywhere = { where, settled };
      else this.reflections.set(mapping, { where, settled });
    });
  }

  /** Whether a mapping of these public addresses needs no virtual IP: they are routed to the gateway, or virtual IPs have all of them. */
  isAnswered(outside: unknown): boolean {
    const prefix = typeof outside === 'string' ? parsePrefix(outside) : undefined;
    if (!prefix) return false;
    const vips = this.numbers.virtualIpsWith(prefix);
    return vips.length > 0
      ? whole(prefixRange(prefix), vips)
      : routedTo(this.interfaces, prefixRange(prefix)) !== undefined;
  }

  /** The interface behind which this is, where that isn't an outside one. */
  innerBefore(prefix: Prefix): NetworkInterface | undefined {
    const found = behind(this.interfaces, prefix)?.has;
    return found?.role === 'outside' ? undefined : found;
  }

  finish(): Finished<GatewayPolicy> {
    const found: Problem[] = [];
    const implicit = new ImplicitVirtualIps(this.virtualIps);
    const mappings = this.drafts.flatMap((draft): Mapping[] => {
      const place = new Place(draft.where, found);
      const mapping: Mapping[] = [];
      guarded(place, () => mapping.push(...this.mapping(draft, place, implicit)));
      return mapping;
    });
    for (const [name, { where }] of this.reflections) {
      if (!this.numbers.mapping(name) && !this.numbers.isSpoiled('mapping', name))
        found.push(shape.unknownName(where, 'mapping', name, this.numbers.mappingNames()));
    }
    for (const { part, where } of this.numbers.servers())
      found.push(...differingNetworks(where, part.interfaces, this.interfaces));
    // A profile's problems come with every host that has it: once is enough.
    const problems = [...new Set([...this.problems, ...found])].filter(({ code }) => !this.follows(code));
    const policy =
      problems.length === 0 && this.parts ? this.policy(this.parts, implicit.withThem(), mappings) : undefined;
    const captured = this.captured === undefined ? {} : { captured: this.captured };
    return { policy, witnesses: this.witnesses, adopt: this.parts?.adopt, problems, ...captured };
  }

  ownPublicOf({ addresses, translates }: ServerParts): readonly AskedOwnPublic[] {
    return addresses.flatMap((local) =>
      this.numbers.inside(hostPrefix(local)).flatMap((draft) => {
        if (!draft.enabled || !(this.reflectionOf(draft).onServer ?? translates) || local < draft.inside.first)
          return [];
        const own = offset(draft.outside.first, local - draft.inside.first);
        return own === undefined ? [] : [{ public: own, local, where: this.reflectedAt(draft) }];
      }),
    );
  }

  mappingsOf(addresses: readonly Address[]): readonly Seen[] {
    return [...new Set(addresses.flatMap((local) => this.numbers.inside(hostPrefix(local))))];
  }

  private policy(parts: DeviceParts, virtualIps: readonly VirtualIp[], mappings: readonly Mapping[]): GatewayPolicy {
    const { device, owner, platform, version, whenClosed } = parts;
    const interfaces = this.interfaces.map(({ has }) => has);
    return { kind: 'gateway', device, owner, platform, version, interfaces, whenClosed, virtualIps, mappings };
  }

  private mapping(draft: MappingDraft, place: Place, implicit: ImplicitVirtualIps): readonly Mapping[] {
    const own = this.reflections.get(draft.name);
    if (own && draft.ownReflection) place.add(shape.duplicate(own.where, 'a reflection for', draft.name, draft.where));
    const openings = mappingOpenings(draft, place, this.numbers);
    const on = interfaceOfMapping(draft, this.numbers, this.interfaces, implicit, place);
    if (!openings || on === undefined) return [];
    const { name, description, outside, inside, peers, exclude, inboundOnly, enabled } = draft;
    const { reflection } = this.reflectionOf(draft);
    return [
      { name, description, interface: on, outside, inside, peers, exclude, inboundOnly, enabled, openings, reflection },
    ];
  }

  /** Where its reflection is written. */
  private reflectedAt({ name, where, ownReflection }: MappingDraft): string {
    return (ownReflection ? undefined : (this.reflections.get(name) ?? this.everywhere)?.where) ?? where;
  }

  private reflectionOf(draft: MappingDraft): SettledReflection {
    const written = draft.ownReflection ?? this.reflections.get(draft.name)?.settled ?? this.everywhere?.settled;
    return written ?? defaultReflection(this.interfaces);
  }

  /** Whether a problem may be only the consequence of another that is reported. */
  private follows(code: string): boolean {
    return (
      (this.spoiltInterfaces && OF_INTERFACES.has(code)) || (this.spoiltVirtualIp && code === 'intent/no-virtual-ip')
    );
  }

  private read(fields: Fields | undefined, place: Place, platforms: readonly KnownPlatform[]): void {
    if (!fields) return;
    this.parts = deviceOf(fields, 'gateway', platforms);
    const { virtualIp = 'ip-alias', carp = true } = platforms.find(({ id }) => id === fields.raw('platform')) ?? {};
    this.can = { otherwise: virtualIp, carp };
    const written = fields.required(
      'interfaces',
      "[{ name: 'eth0', role: 'outside', addresses: ['203.0.113.2/28'] }, …]",
    );
    const before = this.problems.length;
    this.interfaces = written ? interfacesOf(fields.raw('interfaces'), fields.at('interfaces')) : [];
    const outside = this.interfaces.filter(({ has }) => has.role === 'outside').map(({ has }) => has.name);
    // One that can't be read may be it.
    if (this.interfaces.length > 0 && outside.length === 0 && this.problems.length === before)
      place.add(device.noOutside(fields.at('interfaces').where));
    this.spoiltInterfaces = this.interfaces.length === 0 || this.problems.length > before;
    this.captured = fields.given('surroundings', longTextOf, undefined);
    this.sets = sourceSetsOf(fields.raw('sourceSets'), fields.at('sourceSets'));
    this.witnesses = witnessesOf(
      fields,
      this.interfaces.map(({ has }) => has.name),
      outside,
    );
  }
}
