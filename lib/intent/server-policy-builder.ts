// Builds the policy of one owner on one server from its intent and from the mappings of gateways that translate to
// it. Collects all problems.

import { PublicAddressMapping } from '../policy/cpnat-pairs';
import { printOwnPublic } from '../policy/print-policy';
import { Address, getFamily, printAddress } from '../net/address';
import { NetworkInterface } from '../net/device';
import { Range } from '../net/range';
import { ServerPolicy } from '../policy/policy';
import { Problem } from '../problems/problem';
import { CpnatDraft, parseCpnat, compileCpnat } from './cpnat';
import {
  DeviceFields,
  KnownPlatform,
  ResolvedHealthCheck,
  parseDeviceFields,
  parseHealthChecks,
} from './device-fields';
import { parseFacts } from './parse-server-facts';
import { IntentFields, IntentLocation, runGuarded, findTextField } from './fields';
import type { CpanelFirewallProfileIntent, ServerIntent } from './intent';
import { parseInterfaceAddresses, parseInterfaceName, parseInterfaces } from './interfaces';
import { deviceConstructSchema, serverSchema } from './intent-schemas';
import { getKeys } from './schema-fields';
import * as say from './problems/server-problems';
import * as shape from './problems/field-problems';
import { Profile, compileProfile } from './profile';
import { parseReplacedFirewalls } from './parse-replaced-firewalls';
import { NO_SOURCE_SETS, parseSourceList } from './sources';

/** The policy compiled from a device's intent, or all problems of the intent. */
export interface CompiledDevice<Policy> {
  /** Undefined when there are problems. */
  readonly policy: Policy | undefined;
  readonly healthChecks: readonly ResolvedHealthCheck[];
  /** The captured config of the device, as given. */
  readonly capturedConfig?: string;
  /** Owner token to adopt. */
  readonly adopt: string | undefined;
  readonly problems: readonly Problem[];
  /** Places of the requests for own public addresses, by the name that a generator's refusal has for the place. */
  readonly requestPlaces?: ReadonlyMap<string, string>;
}

/** A public address that a server translates back to itself, and the mapping or reflection that requests it. */
export type OwnPublicRequest = ServerPolicy['ownPublic'][number] & { readonly where: string };

/** A server as the mappings of a gateway use it. */
export interface MappableServer {
  /** The device name as written, even if other fields have problems. */
  readonly writtenName: string | undefined;
  /** Undefined when the server's own fields have problems. */
  readonly device: string | undefined;
  readonly addresses: readonly Address[];
  readonly interfaces: readonly NetworkInterface[];
  readonly profile: Profile | undefined;
  /** Adds a gateway that translates to the server. */
  addTranslator(translator: AddressTranslator): void;
}

/** A device that translates public addresses to a server's own. */
export interface AddressTranslator {
  listOwnPublicRequests(server: ServerPolicyBuilder): readonly OwnPublicRequest[];
  /** Returns the mappings of these internal addresses. */
  findMappings(addresses: readonly Address[]): readonly PublicAddressMapping[];
}

type ServerPolicyBase = Omit<ServerPolicy, 'allowRules' | 'outbound' | 'ownPublic' | 'cpnat'>;

type ServerFields = IntentFields<typeof serverSchema>;

/** Collects the parts of one owner on one server, and compiles them to its policy. No intent makes it throw. */
export class ServerPolicyBuilder implements MappableServer {
  private readonly problems: Problem[] = [];
  private readonly where: string;
  private policyBase: ServerPolicyBase | undefined;
  private cpnat: CpnatDraft | undefined;
  private deviceFields: DeviceFields | undefined;
  readonly writtenName: string | undefined;
  /**
   * Host of a connection that names none. Undefined: several addresses could be meant. `spoiled`: the addresses have
   * problems.
   */
  defaultHost: string | 'spoiled' | undefined = 'spoiled';
  /** Whether the server translates its own public addresses back to itself if no reflection says it. */
  translatesOwnPublic = true;
  private healthChecks: readonly ResolvedHealthCheck[] = [];
  private locatedProfile: { readonly where: string; readonly profile: Profile } | undefined;
  private isProfileRefused = false;
  private readonly translators = new Set<AddressTranslator>();

  /** `fieldLocations`: locations of the fields that aren't written at `where`, by key. */
  constructor(
    where: string,
    intent: ServerIntent,
    platforms: readonly KnownPlatform[],
    fieldLocations: Readonly<Record<string, string>> = {},
  ) {
    this.where = where;
    const location = new IntentLocation(where, this.problems);
    this.writtenName = findTextField(intent, 'device');
    runGuarded(location, () => {
      const expected = 'An object with device, owner, platform, version, addresses and trustedNetworks';
      const fields = IntentFields.parse(intent, location, serverSchema, expected, {
        isNested: false,
        keysElsewhere: [...getKeys(deviceConstructSchema), 'profile'],
      });
      this.parseFields(fields?.overrideLocations(fieldLocations), location, platforms);
    });
  }

  get device(): string | undefined {
    return this.deviceFields?.device;
  }

  get addresses(): readonly Address[] {
    return this.policyBase?.localAddresses ?? [];
  }

  get interfaces(): readonly NetworkInterface[] {
    return this.policyBase?.interfaces ?? [];
  }

  get profile(): Profile | undefined {
    return this.locatedProfile?.profile;
  }

  /** Records that the profile given is none, which the caller has reported. */
  markProfileRefused(): void {
    this.isProfileRefused = true;
  }

  addProfile(where: string, intent: CpanelFirewallProfileIntent): void {
    if (this.locatedProfile) this.problems.push(say.describeSecondProfile(where, this.locatedProfile.where));
    else this.locatedProfile = { where, profile: compileProfile(where, intent) };
  }

  /** The mappings of the gateway give the server's own public addresses. */
  addTranslator(translator: AddressTranslator): void {
    this.translators.add(translator);
  }

  build(): CompiledDevice<ServerPolicy> {
    const problems = [...this.problems, ...(this.profile?.problems ?? [])];
    if (!this.locatedProfile && !this.isProfileRefused) problems.push(say.describeMissingProfile(this.where));
    const allowRules = this.profile?.allowRules;
    const ownPublicRequests = this.collectOwnPublicRequests();
    const compiledCpnat = this.compileCpnatDraft();
    problems.push(...(compiledCpnat?.problems ?? []));
    const cpnatFields = compiledCpnat?.policy ? { cpnat: compiledCpnat.policy } : {};
    const policy =
      problems.length === 0 && this.policyBase && allowRules
        ? {
            ...this.policyBase,
            allowRules,
            outbound: this.profile.outbound,
            ownPublic: ownPublicRequests.map(({ public: publicAddress, local: localAddress }) => ({
              public: publicAddress,
              local: localAddress,
            })),
            ...cpnatFields,
          }
        : undefined;
    const requestLocations = new Map(ownPublicRequests.map((request) => [printOwnPublic(request), request.where]));
    return {
      policy,
      healthChecks: this.healthChecks,
      adopt: this.deviceFields?.adopt,
      problems,
      requestPlaces: requestLocations,
    };
  }

  private collectOwnPublicRequests(): readonly OwnPublicRequest[] {
    const requests = [...this.translators].flatMap((translator) => translator.listOwnPublicRequests(this));
    const byPublic = new Map(requests.map((request) => [request.public, request]));
    return [...byPublic.values()].sort((a, b) => (a.public < b.public ? -1 : 1));
  }

  private compileCpnatDraft(): ReturnType<typeof compileCpnat> | undefined {
    const mappings = this.cpnat
      ? [...this.translators].flatMap((translator) => translator.findMappings(this.addresses))
      : [];
    const allowRules = this.profile?.allowRules?.entries ?? [];
    return (
      this.cpnat &&
      this.policyBase &&
      compileCpnat(this.cpnat, { localAddresses: this.addresses, mappings, allowRules })
    );
  }

  private parseFields(
    fields: ServerFields | undefined,
    location: IntentLocation,
    platforms: readonly KnownPlatform[],
  ): void {
    if (!fields) return;
    this.deviceFields = parseDeviceFields(fields, 'server', platforms);
    this.translatesOwnPublic = platforms.find(({ id }) => id === this.deviceFields?.platform)?.ownPublic ?? true;
    const trustedNetworks = parseTrustedNetworks(fields, location);
    const interfaces = parseServerInterfaces(fields, location);
    const trustedConnections = fields.parseOptionalChoice('trustedConnections');
    const onRemove = fields.parseOptionalChoice('onRemove');
    const facts = fields.parseOptional('facts', parseFacts, undefined);
    const replaces = fields.parseOptional(
      'replaces',
      (value, fieldLocation) => parseReplacedFirewalls(value, fieldLocation, platforms),
      undefined,
    );
    const localAddresses = interfaces.flatMap((networkInterface) =>
      networkInterface.addresses.map(({ address }) => address),
    );
    this.defaultHost = interfaces.length === 0 ? 'spoiled' : pickDefaultHost(localAddresses);
    if (fields.has('cpnat'))
      this.cpnat = parseCpnat(fields.getValue('cpnat'), fields.getLocation('cpnat'), localAddresses);
    const names = interfaces.map(({ name }) => name);
    this.healthChecks = parseHealthChecks(fields, names, names);
    if (!this.deviceFields || interfaces.length === 0 || !trustedNetworks || !trustedConnections || !onRemove) return;
    const { device, owner, platform, version, establishedSessions } = this.deviceFields;
    const commonFields = {
      device,
      owner,
      platform,
      version,
      establishedSessions,
      interfaces,
      ...(facts ? { facts } : {}),
      ...(replaces ? { replaces } : {}),
    };
    this.policyBase = {
      kind: 'server',
      ...commonFields,
      localAddresses,
      trustedNetworks,
      trustedConnections,
      onRemove,
    };
  }
}

/** Parses the interfaces of a server. Each has the role `outside`: all packets that arrive come from outside of it. */
function parseServerInterfaces(fields: ServerFields, location: IntentLocation): readonly NetworkInterface[] {
  const [hasAddresses, hasInterfaces] = [fields.has('addresses'), fields.has('interfaces')];
  if (hasAddresses === hasInterfaces)
    return location.report(shape.describeExactlyOne(location.where, 'addresses', 'interfaces', hasAddresses)) ?? [];
  if (hasInterfaces) {
    if (fields.has('interface'))
      location.report(shape.describeExactlyOne(location.where, 'interface', 'interfaces', true));
    return parseInterfaces(fields.getValue('interfaces'), fields.getLocation('interfaces'), 'outside').map(
      ({ networkInterface }) => networkInterface,
    );
  }
  const name = fields.parseOptional('interface', parseInterfaceName, fields.getDefault('interface'));
  const addresses = parseInterfaceAddresses(fields.getValue('addresses'), fields.getLocation('addresses'), true);
  return name === undefined || addresses.length === 0 ? [] : [{ name, role: 'outside', addresses, routes: [] }];
}

/** Returns the only address, or the only IPv4 address. Returns undefined for several: any could be the managed one. */
function pickDefaultHost(addresses: readonly Address[]): string | undefined {
  const ipv4Addresses = addresses.filter((address) => getFamily(address) === 'ip');
  const [onlyAddress, ...otherAddresses] = ipv4Addresses.length > 0 ? ipv4Addresses : addresses;
  return onlyAddress === undefined || otherAddresses.length > 0 ? undefined : printAddress(onlyAddress);
}

export function parseTrustedNetworks(fields: IntentFields, location: IntentLocation): readonly Range[] | undefined {
  if (fields.isRefusedElsewhere('trustedNetworks')) return undefined;
  if (!fields.has('trustedNetworks')) return location.report(say.describeMissingTrustedNetworks(location.where));
  const value = fields.getValue('trustedNetworks');
  if (value === 'none') return [];
  if (Array.isArray(value) && value.length === 1 && value[0] === 'none') {
    return location.report(say.describeNoneInList(fields.getLocation('trustedNetworks').getChild(0).where));
  }
  const everythingAdvice = 'The prefixes that are left alone; all of them would leave nothing to close.';
  return parseSourceList(
    value,
    fields.getLocation('trustedNetworks'),
    NO_SOURCE_SETS,
    everythingAdvice,
    "'none' or a list of prefixes",
  );
}
