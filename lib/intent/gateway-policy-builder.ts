// Builds the policy of one owner on one gateway from intents: the gateway's fields, virtual IPs, 1:1 NAT mappings,
// reflection, and the servers behind it. Collects the problems of all of them.
import { PublicAddressMapping } from '../policy/cpnat-pairs';
import { Address, Prefix, toHostPrefix, addOffset, parsePrefix, toRange } from '../net/address';
import { NetworkInterface } from '../net/device';
import { GatewayPolicy, Mapping, VirtualIp } from '../policy/policy';
import { Problem } from '../problems/problem';
import {
  DeviceFields,
  KnownPlatform,
  ResolvedHealthCheck,
  parseDeviceFields,
  parseHealthChecks,
} from './device-fields';
import { IntentFields, IntentLocation, runGuarded, parseList, parseFileContent, findTextField } from './fields';
import { GatewayIndex } from './gateway-index';
import type { GatewayIntent, NatReflectionIntent, OneToOneNatIntent, VirtualIpIntent } from './intent';
import { ParsedInterface, matchInterface, parseInterfaces } from './interfaces';
import { deviceConstructSchema, gatewaySchema, natReflectionSchema, virtualIpSchema } from './intent-schemas';
import { getKeys } from './schema-fields';
import { findNetworkMismatches } from './network-mismatches';
import { resolveMappingAllowRules } from './mapping-allow-rules';
import { MappingContext, MappingDraft, parseMapping } from './one-to-one-nat';
import { AllowRulePool } from './allow-rule-pool';
import * as device from './problems/device-problems';
import * as shape from './problems/field-problems';
import { ResolvedReflection, createDefaultReflection, parseReflection } from './reflection';
import {
  OwnPublicRequest,
  CompiledDevice,
  MappableServer,
  ServerPolicyBuilder,
  AddressTranslator,
} from './server-policy-builder';
import { parseServiceEntries } from './service-entries';
import { NO_SOURCE_SETS, SourceSetMap, parseSourceSets } from './sources';
import { VirtualIpSupport, parseVirtualIp } from './virtual-ip';
import { ImplicitVirtualIps, resolveMappingInterface, findRoutedInterface, coversRange } from './mapping-interface';

/** Codes of problems that may only follow from a problem of the interfaces. */
const INTERFACE_DEPENDENT_CODES: ReadonlySet<string> = new Set([
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

interface LocatedReflection {
  readonly where: string;
  readonly resolved: ResolvedReflection;
}

/**
 * Collects the parts of one owner on one gateway, and compiles them to its policy. Each part is checked against the
 * parts before it. Problems are collected with the part's own `where`; no intent makes it throw. A part that another
 * one names (virtual IP, server) must be added before it.
 */
export class GatewayPolicyBuilder implements AddressTranslator {
  private readonly problems: Problem[] = [];
  private deviceFields: DeviceFields | undefined;
  private interfaces: readonly ParsedInterface[] = [];
  private sourceSets: SourceSetMap = NO_SOURCE_SETS;
  private healthChecks: readonly ResolvedHealthCheck[] = [];
  private capturedConfig: string | undefined;
  private readonly virtualIps: VirtualIp[] = [];
  private readonly mappingDrafts: MappingDraft[] = [];
  private virtualIpSupport: VirtualIpSupport = { defaultKind: 'ip-alias', carp: true };
  private hasInvalidInterfaces = true;
  private hasInvalidVirtualIp = false;
  private readonly reflectionsByMapping = new Map<string, LocatedReflection>();
  private gatewayReflection: LocatedReflection | undefined;
  private readonly index = new GatewayIndex();
  private readonly allowRulePool = new AllowRulePool();
  private readonly mappingContext: MappingContext;

  /** `fieldLocations`: locations of the fields that aren't written at `where`, by key. */
  constructor(
    where: string,
    intent: GatewayIntent,
    platforms: readonly KnownPlatform[],
    fieldLocations: Readonly<Record<string, string>> = {},
  ) {
    const location = new IntentLocation(where, this.problems);
    runGuarded(location, () => {
      const expected = 'An object with device, owner, platform, version and interfaces';
      const fields = IntentFields.parse(intent, location, gatewaySchema, expected, {
        isNested: false,
        keysElsewhere: getKeys(deviceConstructSchema),
      });
      this.parseFields(fields?.overrideLocations(fieldLocations), location, platforms);
    });
    const { index, interfaces, sourceSets, allowRulePool } = this;
    this.mappingContext = {
      interfaces,
      sets: sourceSets,
      allowRulePool,
      virtualIp: (name) =>
        index.findVirtualIp(name)?.external ?? (index.isInvalid('virtual IP', name) ? 'spoiled' : undefined),
      virtualIpNames: () => index.listVirtualIpNames(),
      serverAddresses: (name) => index.findServerAddresses(name),
      serverNames: () => index.listServerNames(),
    };
  }

  /** Returns the prefix of the virtual IP; undefined if there are problems. */
  addVirtualIp(where: string, intent: VirtualIpIntent): Prefix | undefined {
    const location = new IntentLocation(where, this.problems);
    const before = this.virtualIps.length;
    runGuarded(location, () => {
      const draft = parseVirtualIp(intent, location, this.interfaces, this.virtualIpSupport);
      if (!draft) return;
      const { fields, vip } = draft;
      const entries = fields.parseOptional(
        'answers',
        (value, fieldLocation) =>
          parseList(
            value,
            fieldLocation,
            virtualIpSchema.shape.answers,
            shape.EXPECTED_SERVICES,
            'At least one service, or no "answers" at all.',
          ),
        [],
      );
      const context = { sets: this.sourceSets, sources: 'unset', management: 'unset' } as const;
      const answers = this.allowRulePool.intern(
        parseServiceEntries(entries ?? [], fields.getLocation('answers'), context),
      );
      const virtualIp = { ...vip, answers };
      if (this.index.addVirtualIp(virtualIp, location)) this.virtualIps.push(virtualIp);
    });
    if (this.virtualIps.length > before) return this.virtualIps.at(-1)?.external;
    this.hasInvalidVirtualIp = true;
    this.index.markInvalid('virtual IP', findTextField(intent, 'name'));
    return undefined;
  }

  /** Adds a managed server behind the gateway. Mappings may name it, and its profile decides their allow rules. */
  addServer(where: string, server: MappableServer): void {
    if (this.index.addServer(server, new IntentLocation(where, this.problems))) server.addTranslator(this);
  }

  /** Returns the parsed mapping; undefined if it has problems. */
  addOneToOneNat(where: string, intent: OneToOneNatIntent): MappingDraft | undefined {
    const location = new IntentLocation(where, this.problems);
    const before = this.mappingDrafts.length;
    runGuarded(location, () => {
      const draft = parseMapping(intent, location, this.mappingContext);
      if (draft && this.index.addMapping(draft, location)) this.mappingDrafts.push(draft);
    });
    if (this.mappingDrafts.length > before) return this.mappingDrafts.at(-1);
    this.index.markInvalid('mapping', findTextField(intent, 'name'));
    return undefined;
  }

  addReflection(where: string, intent: NatReflectionIntent): void {
    const location = new IntentLocation(where, this.problems);
    runGuarded(location, () => {
      const fields = IntentFields.parse(intent, location, natReflectionSchema, "An object: { mode: 'pure-nat' }", {
        isNested: false,
        keysElsewhere: ['gateway'],
      });
      if (!fields) return;
      const mappingName = fields.has('mapping') ? fields.parseName('mapping') : undefined;
      const resolvedReflection = parseReflection(fields, location, this.interfaces);
      if (!resolvedReflection || (fields.has('mapping') && mappingName === undefined)) return;
      const earlier = mappingName === undefined ? this.gatewayReflection : this.reflectionsByMapping.get(mappingName);
      if (earlier)
        location.report(
          shape.describeDuplicate(where, 'a reflection for', mappingName ?? 'the whole gateway', earlier.where),
        );
      else if (mappingName === undefined) this.gatewayReflection = { where, resolved: resolvedReflection };
      else this.reflectionsByMapping.set(mappingName, { where, resolved: resolvedReflection });
    });
  }

  /**
   * Whether a mapping of these public addresses needs no further virtual IP: they are routed to the gateway, or virtual
   * IPs have all of them.
   */
  isAnswered(outside: unknown): boolean {
    const prefix = typeof outside === 'string' ? parsePrefix(outside) : undefined;
    if (!prefix) return false;
    const vips = this.index.findOverlappingVirtualIps(prefix);
    return vips.length > 0
      ? coversRange(toRange(prefix), vips)
      : findRoutedInterface(this.interfaces, toRange(prefix)) !== undefined;
  }

  /** Returns the interface behind which the prefix lies. Returns undefined for an outside interface. */
  findInnerInterface(prefix: Prefix): NetworkInterface | undefined {
    const networkInterface = matchInterface(this.interfaces, prefix)?.networkInterface;
    return networkInterface?.role === 'outside' ? undefined : networkInterface;
  }

  build(): CompiledDevice<GatewayPolicy> {
    const buildProblems: Problem[] = [];
    const implicitVirtualIps = new ImplicitVirtualIps(this.virtualIps);
    const mappings = this.mappingDrafts.flatMap((draft): Mapping[] => {
      const location = new IntentLocation(draft.where, buildProblems);
      const createdMappings: Mapping[] = [];
      runGuarded(location, () => createdMappings.push(...this.createMappings(draft, location, implicitVirtualIps)));
      return createdMappings;
    });
    for (const [name, { where }] of this.reflectionsByMapping) {
      if (!this.index.findMapping(name) && !this.index.isInvalid('mapping', name))
        buildProblems.push(shape.describeUnknownName(where, 'mapping', name, this.index.listMappingNames()));
    }
    for (const { part, where } of this.index.listServers())
      buildProblems.push(...findNetworkMismatches(where, part.interfaces, this.interfaces));
    // A profile's problems come with every host that has it, so duplicates are dropped.
    const problems = [...new Set([...this.problems, ...buildProblems])].filter(({ code }) => !this.isConsequence(code));
    const policy =
      problems.length === 0 && this.deviceFields
        ? this.createPolicy(this.deviceFields, implicitVirtualIps.listVirtualIps(), mappings)
        : undefined;
    const captured = this.capturedConfig === undefined ? {} : { capturedConfig: this.capturedConfig };
    return { policy, healthChecks: this.healthChecks, adopt: this.deviceFields?.adopt, problems, ...captured };
  }

  listOwnPublicRequests({
    addresses,
    translatesOwnPublic: translates,
  }: ServerPolicyBuilder): readonly OwnPublicRequest[] {
    return addresses.flatMap((localAddress) =>
      this.index.findMappingsByInternal(toHostPrefix(localAddress)).flatMap((draft) => {
        if (
          !draft.enabled ||
          !(this.resolveReflection(draft).onServer ?? translates) ||
          localAddress < draft.internal.first
        )
          return [];
        const publicAddress = addOffset(draft.external.first, localAddress - draft.internal.first);
        return publicAddress === undefined
          ? []
          : [{ public: publicAddress, local: localAddress, where: this.getReflectionLocation(draft) }];
      }),
    );
  }

  findMappings(addresses: readonly Address[]): readonly PublicAddressMapping[] {
    return [
      ...new Set(addresses.flatMap((localAddress) => this.index.findMappingsByInternal(toHostPrefix(localAddress)))),
    ];
  }

  private createPolicy(
    deviceFields: DeviceFields,
    virtualIps: readonly VirtualIp[],
    mappings: readonly Mapping[],
  ): GatewayPolicy {
    const { device, owner, platform, version, establishedSessions } = deviceFields;
    const interfaces = this.interfaces.map(({ networkInterface }) => networkInterface);
    return { kind: 'gateway', device, owner, platform, version, interfaces, establishedSessions, virtualIps, mappings };
  }

  private createMappings(
    draft: MappingDraft,
    location: IntentLocation,
    implicitVirtualIps: ImplicitVirtualIps,
  ): readonly Mapping[] {
    const locatedReflection = this.reflectionsByMapping.get(draft.name);
    if (locatedReflection && draft.ownReflection)
      location.report(shape.describeDuplicate(locatedReflection.where, 'a reflection for', draft.name, draft.where));
    const allowRules = resolveMappingAllowRules(draft, location, this.index);
    const interfaceName = resolveMappingInterface(draft, this.index, this.interfaces, implicitVirtualIps, location);
    if (!allowRules || interfaceName === undefined) return [];
    const { name, description, external, internal, peers, exclude, inboundOnly, enabled } = draft;
    const { reflection } = this.resolveReflection(draft);
    return [
      {
        name,
        description,
        interface: interfaceName,
        external,
        internal,
        peers,
        exclude,
        inboundOnly,
        enabled,
        allowRules,
        reflection,
      },
    ];
  }

  /** Returns the place at which the reflection of a mapping is written. */
  private getReflectionLocation({ name, where, ownReflection }: MappingDraft): string {
    return (
      (ownReflection ? undefined : (this.reflectionsByMapping.get(name) ?? this.gatewayReflection)?.where) ?? where
    );
  }

  private resolveReflection(draft: MappingDraft): ResolvedReflection {
    const resolvedReflection =
      draft.ownReflection ?? this.reflectionsByMapping.get(draft.name)?.resolved ?? this.gatewayReflection?.resolved;
    return resolvedReflection ?? createDefaultReflection(this.interfaces);
  }

  /** Whether a problem may only follow from another one that is reported. */
  private isConsequence(code: string): boolean {
    return (
      (this.hasInvalidInterfaces && INTERFACE_DEPENDENT_CODES.has(code)) ||
      (this.hasInvalidVirtualIp && code === 'intent/no-virtual-ip')
    );
  }

  private parseFields(
    fields: IntentFields<typeof gatewaySchema> | undefined,
    location: IntentLocation,
    platforms: readonly KnownPlatform[],
  ): void {
    if (!fields) return;
    this.deviceFields = parseDeviceFields(fields, 'gateway', platforms);
    const { virtualIp = 'ip-alias', carp = true } =
      platforms.find(({ id }) => id === fields.getValue('platform')) ?? {};
    this.virtualIpSupport = { defaultKind: virtualIp, carp };
    const hasInterfaces = fields.requireField(
      'interfaces',
      "[{ name: 'eth0', role: 'outside', addresses: ['203.0.113.2/28'] }, …]",
    );
    const initialProblemCount = this.problems.length;
    this.interfaces = hasInterfaces
      ? parseInterfaces(fields.getValue('interfaces'), fields.getLocation('interfaces'))
      : [];
    const outsideNames = this.interfaces
      .filter(({ networkInterface }) => networkInterface.role === 'outside')
      .map(({ networkInterface }) => networkInterface.name);
    // With a problem, the interface that can't be parsed may be the outside one.
    if (this.interfaces.length > 0 && outsideNames.length === 0 && this.problems.length === initialProblemCount)
      location.report(device.describeNoOutsideInterface(fields.getLocation('interfaces').where));
    this.hasInvalidInterfaces = this.interfaces.length === 0 || this.problems.length > initialProblemCount;
    this.capturedConfig = fields.parseOptional('capturedConfig', parseFileContent, undefined);
    this.sourceSets = parseSourceSets(fields.getValue('sourceSets'), fields.getLocation('sourceSets'));
    this.healthChecks = parseHealthChecks(
      fields,
      this.interfaces.map(({ networkInterface }) => networkInterface.name),
      outsideNames,
    );
  }
}
