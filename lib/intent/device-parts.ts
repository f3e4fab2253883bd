import { familyOf, printAddress } from '../net/address';
import { addressOf } from './addresses';
import { VirtualIp } from '../policy/policy';
import { comparedVersions } from '../policy/versions';
import { Fields, Place, entriesOf, nameOf, textOf } from './fields';
import { interfaceNameOf } from './interfaces';
import * as say from './problems/device';
import * as shape from './problems/shape';
import type { WitnessIntent } from './intent';

/** A platform of the registry, as far as an intent can be wrong about it. */
export interface KnownPlatform {
  readonly id: string;
  readonly roles: readonly ('gateway' | 'server')[];
  /** That were tried, as people write them. */
  readonly versions?: readonly string[];
  /** The command that prints it on a device. */
  readonly versionBy?: string;
  /** Nothing below it will do. */
  readonly oldest?: string;
  /** What comes after it isn't known: `1` is followed by 2. */
  readonly newest?: string;
  /** What a virtual IP is that says no kind. Default ip-alias. */
  readonly virtualIp?: VirtualIp['kind'];
  /** Whether it has CARP, so that a group's settings are asked for. Default true. */
  readonly carp?: boolean;
  /** Whether a server leads its own public addresses back to itself. Default true. */
  readonly ownPublic?: boolean;
  /** Whether it gives way to a delivery of another. Absent: it doesn't. */
  readonly givesWay?: object;
}

/** A first packet that must stay allowed, complete. */
export type Witness = Readonly<Required<WitnessIntent>>;

export interface DeviceParts {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  readonly version: string;
  readonly whenClosed: 'cut' | 'finish';
  readonly adopt?: string;
}

/** An id of Terraform's: it has digits, and no word that somebody takes for an answer has. */
const LEASE = /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

const FOR_MANY = 'Defaults.on says it for many';

/** What gateways and servers have in common. Undefined when something was wrong. */
export function deviceOf(
  fields: Fields,
  role: 'gateway' | 'server',
  platforms: readonly KnownPlatform[],
): DeviceParts | undefined {
  const device = fields.name('device');
  const owner = ownerOf(fields);
  const platform = platformOf(fields);
  const of = platforms.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
  const known = platform === undefined || of.includes(platform);
  if (!known) fields.at('platform').add(say.unknownPlatform(fields.at('platform').where, platform, role, of));
  const version = versionOf(fields, platforms, platform);
  const whenClosed = fields.choiceOr('whenClosed', ['cut', 'finish'] as const, 'cut');
  const adopt = fields.optionalText('adopt', 'a lease');
  if (adopt !== undefined && !LEASE.test(adopt)) fields.at('adopt').add(say.badLease(fields.at('adopt').where));
  if (
    device === undefined ||
    owner === undefined ||
    platform === undefined ||
    version === undefined ||
    whenClosed === undefined
  )
    return undefined;
  return { device, owner, platform, version, whenClosed, ...(adopt === undefined ? {} : { adopt }) };
}

const ownerOf = (fields: Fields): string | undefined =>
  fields.needed('owner', `a name such as "web-1"; ${FOR_MANY}`, nameOf);
const platformOf = (fields: Fields): string | undefined =>
  fields.needed('platform', `the name of a platform; ${FOR_MANY}`, (value, at) =>
    textOf(value, at, 'the name of a platform'),
  );

/** Checks what is said of many devices at once. Which platforms there are, depends on the device. */
export function checkDeviceDefaults(fields: Fields, platforms: readonly KnownPlatform[]): void {
  if (fields.has('owner')) ownerOf(fields);
  if (fields.has('platform')) platformOf(fields);
  if (fields.has('version')) versionOf(fields, platforms, fields.raw('platform'));
}

function versionOf(fields: Fields, platforms: readonly KnownPlatform[], platform: unknown): string | undefined {
  const {
    versions: tried = [],
    versionBy,
    oldest,
    newest,
  }: Partial<KnownPlatform> = platforms.find(({ id }) => id === platform) ?? {};
  const wanted = `the version of the platform, ${versionBy === undefined ? 'such as "1.0.6"' : `as "${versionBy}" prints it on the device`}`;
  const version = fields.needed('version', `${wanted}; ${FOR_MANY}`, (value, at) => textOf(value, at, wanted, 40));
  if (version === undefined) return undefined;
  const at = fields.at('version');
  const known = { tried, wanted };
  if (!/^\d+(\.\d+){1,4}([-+~_]?[A-Za-z0-9.]+)?$/.test(version))
    return at.add(say.badVersion(at.where, version, known));
  if (oldest !== undefined && comparedVersions(version, oldest) < 0)
    return at.add(say.oldVersion(at.where, version, oldest, known));
  if (newest !== undefined && comparedVersions(version, newest) > 0)
    return at.add(say.newVersion(at.where, version, newest, known));
  return version;
}

/** `arriving`: the interfaces by which it may come when nobody says which. */
export function witnessesOf(fields: Fields, names: readonly string[], arriving: readonly string[]): readonly Witness[] {
  if (!fields.has('witnesses')) return [];
  const read = (entry: unknown, at: Place): Witness | undefined => witnessOf(entry, at, names, arriving);
  const none = 'At least one, or no "witnesses" at all.';
  return entriesOf(fields.raw('witnesses'), fields.at('witnesses'), 'A list: [{ from, to, port }]', none, read, 100);
}

function witnessOf(
  value: unknown,
  place: Place,
  names: readonly string[],
  arriving: readonly string[],
): Witness | undefined {
  const fields = Fields.of(value, place, 'An object: { from, to, port }', [
    'arrives',
    'from',
    'to',
    'protocol',
    'port',
  ]);
  if (!fields) return undefined;
  const arrives = arrivesBy(fields, place, names, arriving);
  const from = fields.needed('from', 'an address', addressOf);
  const to = fields.needed('to', 'an address', addressOf);
  const protocol = fields.choiceOr('protocol', ['tcp', 'udp'] as const, 'tcp');
  const port = fields.whole('port', 1, 65535);
  if (arrives === undefined || from === undefined || to === undefined || protocol === undefined || port === undefined)
    return undefined;
  if (familyOf(from) !== familyOf(to)) return place.add(say.mixedFamilies(place.where));
  return { arrives, from: printAddress(from), to: printAddress(to), protocol, port };
}

function arrivesBy(
  fields: Fields,
  place: Place,
  names: readonly string[],
  arriving: readonly string[],
): string | undefined {
  if (!fields.has('arrives')) return arriving.length === 1 ? arriving[0] : place.add(say.witnessInterface(place.where));
  const text = textOf(fields.raw('arrives'), fields.at('arrives'), 'The name of an interface, as text');
  if (text === undefined) return undefined;
  const name = interfaceNameOf(text, fields.at('arrives'));
  if (name === undefined || names.includes(name)) return name;
  return place.add(shape.unknownName(fields.at('arrives').where, 'interface', name, names));
}
