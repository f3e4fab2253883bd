import { Seen } from '../policy/cpnat';
import { ownPublicPlace } from '../policy/lines';
import { Address, familyOf, printAddress } from '../net/address';
import { NetworkInterface } from '../net/device';
import { Range } from '../net/range';
import { ServerPolicy } from '../policy/policy';
import { Problem } from '../problems/problem';
import { CpnatDraft, cpnatOf, settledCpnat } from './cpnat';
import { DeviceParts, KnownPlatform, Witness, deviceOf, witnessesOf } from './device-parts';
import { factsOf } from './facts';
import { Fields, Place, guarded, writtenText } from './fields';
import type { CpanelFirewallProfileIntent, ServerIntent } from './intent';
import { addressesOf, interfaceNameOf, interfacesOf } from './interfaces';
import { KEYS } from './keys';
import * as say from './problems/server';
import * as shape from './problems/shape';
import { Profile, compileProfile } from './profile';
import { replacesOf } from './replaces';
import { NO_SETS, prefixesOf } from './sources';

/** A device's wish compiled, or everything that is wrong with it. */
export interface Finished<Policy> {
  /** Undefined when there are problems. */
  readonly policy: Policy | undefined;
  readonly witnesses: readonly Witness[];
  /** What was captured of the device, as it was written. */
  readonly captured?: string;
  /** Lease to take over. */
  readonly adopt: string | undefined;
  readonly problems: readonly Problem[];
  /** Where parts were asked for, by the name that a writer's refusal has for the place. */
  readonly asked?: ReadonlyMap<string, string>;
}

/** A public address that a server leads back to itself, and where somebody asked for that: the mapping, or a reflection. */
export type AskedOwnPublic = ServerPolicy['ownPublic'][number] & { readonly where: string };

/** Whoever translates public addresses to a server's own. */
export interface Translating {
  ownPublicOf(server: ServerParts): readonly AskedOwnPublic[];
  /** Mappings that stand for one of these addresses. */
  mappingsOf(addresses: readonly Address[]): readonly Seen[];
}

type Settled = Omit<ServerPolicy, 'openings' | 'outbound' | 'ownPublic' | 'cpnat'>;

/** Collects the parts of one owner on one server. Never throws for what a person wrote. */
export class ServerParts {
  private readonly problems: Problem[] = [];
  private readonly where: string;
  private settled: Settled | undefined;
  private cpnat: CpnatDraft | undefined;
  private parts: DeviceParts | undefined;
  /** The device name as it was written, also where other fields have problems. */
  readonly writtenName: string | undefined;
  /** Where it is reached when nobody says where. Undefined where several addresses could be meant; `spoiled`: they have problems. */
  host: string | 'spoiled' | undefined = 'spoiled';
  /** Whether it leads its own public addresses back to itself, where nobody says. */
  translates = true;
  private witnesses: readonly Witness[] = [];
  private profiled: { readonly where: string; readonly profile: Profile } | undefined;
  private isProfileRefused = false;
  private readonly gateways = new Set<Translating>();

  /** `elsewhere`: fields that were written at another place. */
  constructor(
    where: string,
    intent: ServerIntent,
    platforms: readonly KnownPlatform[],
    elsewhere: Readonly<Record<string, string>> = {},
  ) {
    this.where = where;
    const place = new Place(where, this.problems);
    this.writtenName = writtenText(intent, 'device');
    guarded(place, () =>
      this.read(
        Fields.of(
          intent,
          place,
          'An object with device, owner, platform, version, addresses and inside',
          KEYS.server,
          false,
          [],
          [...KEYS.device, 'profile'],
        )?.writtenAt(elsewhere),
        place,
        platforms,
      ),
    );
  }

  /** Undefined when the server's own fields have problems. */
  get device(): string | undefined {
    return this.parts?.device;
  }

  get addresses(): readonly Address[] {
    return this.settled?.localAddresses ?? [];
  }

  get interfaces(): readonly NetworkInterface[] {
    return this.settled?.interfaces ?? [];
  }

  get profile(): Profile | undefined {
    return this.profiled?.profile;
  }

  /** One was given that is none, which somebody has said. */
  refuseProfile(): void {
    this.isProfileRefused = true;
  }

  addProfile(where: string, intent: CpanelFirewallProfileIntent): void {
    if (this.profiled) this.problems.push(say.secondProfile(where, this.profiled.where));
    else this.profiled = { where, profile: compileProfile(where, intent) };
  }

  /** Its own public addresses are those that this gateway translates to it. */
  attach(gateway: Translating): void {
    this.gateways.add(gateway);
  }

  finish(): Finished<ServerPolicy> {
    const problems = [...this.problems, ...(this.profile?.problems ?? [])];
    if (!this.profiled && !this.isProfileRefused) problems.push(say.profileMissing(this.where));
    const openings = this.profile?.openings;
    const ownPublic = this.ownPublic();
    const cpnat = this.cpnatWish();
    problems.push(...(cpnat?.problems ?? []));
    const known = cpnat?.wish ? { cpnat: cpnat.wish } : {};
    const policy =
      problems.length === 0 && this.settled && openings
        ? {
            ...this.settled,
            openings,
            outbound: this.profile.outbound,
            ownPublic: ownPublic.map(({ public: own, local }) => ({ public: own, local })),
            ...known,
          }
        : undefined;
    const asked = new Map(ownPublic.map((one) => [ownPublicPlace(one), one.where]));
    return { policy, witnesses: this.witnesses, adopt: this.parts?.adopt, problems, asked };
  }

  private ownPublic(): readonly AskedOwnPublic[] {
    const all = [...this.gateways].flatMap((gateway) => gateway.ownPublicOf(this));
    const byPublic = new Map(all.map((one) => [one.public, one]));
    return [...byPublic.values()].sort((a, b) => (a.public < b.public ? -1 : 1));
  }

  private cpnatWish(): ReturnType<typeof settledCpnat> | undefined {
    const mappings = this.cpnat ? [...this.gateways].flatMap((gateway) => gateway.mappingsOf(this.addresses)) : [];
    const openings = this.profile?.openings?.entries ?? [];
    return this.cpnat && this.settled && settledCpnat(this.cpnat, { locals: this.addresses, mappings, openings });
  }

  private read(fields: Fields | undefined, place: Place, platforms: readonly KnownPlatform[]): void {
    if (!fields) return;
    this.parts = deviceOf(fields, 'server', platforms);
    this.translates = platforms.find(({ id }) => id === this.parts?.platform)?.ownPublic ?? true;
    const inside = insideOf(fields, place);
    const interfaces = serverInterfacesOf(fields, place);
    const insideConnections = fields.choiceOr('insideConnections', ['unmanaged', 'listed'] as const, 'unmanaged');
    const onRetract = fields.choiceOr('onRetract', ['keep closed', 'as before'] as const, 'keep closed');
    const facts = fields.given('facts', factsOf, undefined);
    const replaces = fields.given('replaces', (value, at) => replacesOf(value, at, platforms), undefined);
    const localAddresses = interfaces.flatMap((one) => one.addresses.map(({ address }) => address));
    this.host = interfaces.length === 0 ? 'spoiled' : hostOf(localAddresses);
    if (fields.has('cpnat')) this.cpnat = cpnatOf(fields.raw('cpnat'), fields.at('cpnat'), localAddresses);
    const names = interfaces.map(({ name }) => name);
    this.witnesses = witnessesOf(fields, names, names);
    if (!this.parts || interfaces.length === 0 || !inside || !insideConnections || !onRetract) return;
    const { device, owner, platform, version, whenClosed } = this.parts;
    const common = {
      device,
      owner,
      platform,
      version,
      whenClosed,
      interfaces,
      ...(facts ? { facts } : {}),
      ...(replaces ? { replaces } : {}),
    };
    this.settled = { kind: 'server', ...common, localAddresses, inside, insideConnections, onRetract };
  }
}

/** Whatever arrives at a server comes from outside of it, by each of its interfaces. */
function serverInterfacesOf(fields: Fields, place: Place): readonly NetworkInterface[] {
  const [plain, several] = [fields.has('addresses'), fields.has('interfaces')];
  if (plain === several) return place.add(shape.exactlyOne(place.where, 'addresses', 'interfaces', plain)) ?? [];
  if (several) {
    if (fields.has('interface')) place.add(shape.exactlyOne(place.where, 'interface', 'interfaces', true));
    return interfacesOf(fields.raw('interfaces'), fields.at('interfaces'), 'outside').map(({ has }) => has);
  }
  const name = fields.given('interface', interfaceNameOf, 'eth0');
  const addresses = addressesOf(fields.raw('addresses'), fields.at('addresses'), true);
  return name === undefined || addresses.length === 0 ? [] : [{ name, role: 'outside', addresses, routes: [] }];
}

/** Its only address, or its only one of IPv4: of several nobody knows by which it is managed. */
function hostOf(addresses: readonly Address[]): string | undefined {
  const own = addresses.filter((one) => familyOf(one) === 'ip');
  const [only, ...more] = own.length > 0 ? own : addresses;
  return only === undefined || more.length > 0 ? undefined : printAddress(only);
}

export function insideOf(fields: Fields, place: Place): readonly Range[] | undefined {
  if (fields.isRefusedElsewhere('inside')) return undefined;
  if (!fields.has('inside')) return place.add(say.insideMissing(place.where));
  const value = fields.raw('inside');
  if (value === 'none') return [];
  if (Array.isArray(value) && value.length === 1 && value[0] === 'none') {
    return place.add(say.noneInList(fields.at('inside').at(0).where));
  }
  const everything = 'The prefixes that are left alone; all of them would leave nothing to close.';
  return prefixesOf(value, fields.at('inside'), NO_SETS, everything, "'none' or a list of prefixes");
}
