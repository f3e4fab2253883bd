// Parses the fields that gateways and servers share (device, owner, platform, version, health checks and others), and
// checks them against the platforms of the registry.

import { getFamily, printAddress } from '../net/address';
import { parseUsableAddress } from './addresses';
import { VirtualIp } from '../policy/policy';
import { compareVersions } from '../policy/compare-versions';
import type { z } from 'zod';
import { IntentFields, IntentLocation, parseName, parseText } from './fields';
import { deviceSchema, healthCheckSchema } from './intent-schemas';
import { parseInterfaceName } from './interfaces';
import * as say from './problems/device-problems';
import * as shape from './problems/field-problems';
import type { HealthCheckIntent } from './intent';

/** The facts about a platform of the registry against which intents are checked. */
export interface KnownPlatform {
  readonly id: string;
  readonly roles: readonly ('gateway' | 'server')[];
  /** Tested versions, as people write them. */
  readonly versions?: readonly string[];
  /** The command that prints the version on a device. */
  readonly versionCommand?: string;
  /** The oldest version that is accepted. Undefined: there is no such limit. */
  readonly oldest?: string;
  /** The newest version that is accepted: `1` is followed by 2. Undefined: there is no such limit. */
  readonly newest?: string;
  /** The kind of a virtual IP that says none. Default ip-alias. */
  readonly virtualIp?: VirtualIp['kind'];
  /** Whether the platform has CARP, so that a group's settings are required. Default true. */
  readonly carp?: boolean;
  /** Whether a server translates its own public addresses back to itself. Default true. */
  readonly ownPublic?: boolean;
  /** Present if the platform gives way to a delivery of another one. */
  readonly givesWay?: object;
}

/** A first packet that must stay allowed, with every default chosen. */
export interface ResolvedHealthCheck extends Readonly<Required<Omit<HealthCheckIntent, 'interface'>>> {
  readonly arrives: string;
}

export interface DeviceFields {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  readonly version: string;
  readonly establishedSessions: 'terminate' | 'keep';
  readonly adopt?: string;
}

/** An id of Terraform's. It has digits, unlike the words that people write in its place. */
const OWNER_TOKEN_PATTERN = /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

const DEFAULTS_HINT = 'Defaults.on says it for many';

/** Parses the fields that gateways and servers share. Returns undefined if a field is missing or wrong. */
export function parseDeviceFields(
  fields: IntentFields<typeof deviceSchema>,
  role: 'gateway' | 'server',
  platforms: readonly KnownPlatform[],
): DeviceFields | undefined {
  const device = fields.parseName('device');
  const owner = parseOwner(fields);
  const platform = parsePlatform(fields);
  const platformIds = platforms.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
  const isKnown = platform === undefined || platformIds.includes(platform);
  if (!isKnown)
    fields
      .getLocation('platform')
      .report(say.describeUnknownPlatform(fields.getLocation('platform').where, platform, role, platformIds));
  const version = parseVersion(fields, platforms, platform);
  const establishedSessions = fields.parseOptionalChoice('establishedSessions');
  const adopt = fields.parseOptionalText('adopt', 'an owner token');
  if (adopt !== undefined && !OWNER_TOKEN_PATTERN.test(adopt))
    fields.getLocation('adopt').report(say.describeBadOwnerToken(fields.getLocation('adopt').where));
  if (
    device === undefined ||
    owner === undefined ||
    platform === undefined ||
    version === undefined ||
    establishedSessions === undefined
  )
    return undefined;

  return { device, owner, platform, version, establishedSessions, ...(adopt === undefined ? {} : { adopt }) };
}

/** The fields that gateways, servers and defaults have. */
type SharedFields = IntentFields<z.ZodObject<Record<'owner' | 'platform' | 'version', z.ZodType>>>;

const parseOwner = (fields: SharedFields): string | undefined =>
  fields.parseRequired('owner', `a name such as "web-1"; ${DEFAULTS_HINT}`, parseName);
const parsePlatform = (fields: SharedFields): string | undefined =>
  fields.parseRequired('platform', `the name of a platform; ${DEFAULTS_HINT}`, (value, fieldLocation) =>
    parseText(value, fieldLocation, 'the name of a platform'),
  );

/** Checks the device fields of defaults. Whether the platform exists isn't checked: that depends on the device. */
export function checkDeviceDefaults(fields: SharedFields, platforms: readonly KnownPlatform[]): void {
  if (fields.has('owner')) parseOwner(fields);
  if (fields.has('platform')) parsePlatform(fields);
  if (fields.has('version')) parseVersion(fields, platforms, fields.getValue('platform'));
}

function parseVersion(
  fields: IntentFields,
  platforms: readonly KnownPlatform[],
  platform: unknown,
): string | undefined {
  const {
    versions: testedVersions = [],
    versionCommand,
    oldest,
    newest,
  }: Partial<KnownPlatform> = platforms.find(({ id }) => id === platform) ?? {};
  const expected = `the version of the platform, ${versionCommand === undefined ? 'such as "1.0.6"' : `as "${versionCommand}" prints it on the device`}`;
  const version = fields.parseRequired('version', `${expected}; ${DEFAULTS_HINT}`, (value, fieldLocation) =>
    parseText(value, fieldLocation, expected, deviceSchema.shape.version),
  );
  if (version === undefined) return undefined;
  const fieldLocation = fields.getLocation('version');
  const versionAdvice = { triedVersions: testedVersions, requirement: expected };
  if (!/^\d+(\.\d+){1,4}([-+~_]?[A-Za-z0-9.]+)?$/.test(version))
    return fieldLocation.report(say.describeBadVersion(fieldLocation.where, version, versionAdvice));
  if (oldest !== undefined && compareVersions(version, oldest) < 0)
    return fieldLocation.report(say.describeOldVersion(fieldLocation.where, version, oldest, versionAdvice));
  if (newest !== undefined && compareVersions(version, newest) > 0)
    return fieldLocation.report(say.describeNewVersion(fieldLocation.where, version, newest, versionAdvice));
  return version;
}

/** Parses `healthChecks`. `arrivalInterfaces`: the interfaces by which a packet may arrive if it names none. */
export function parseHealthChecks(
  fields: IntentFields<typeof deviceSchema>,
  interfaceNames: readonly string[],
  arrivalInterfaces: readonly string[],
): readonly ResolvedHealthCheck[] {
  if (!fields.has('healthChecks')) return [];
  const parseEntry = (entry: unknown, entryLocation: IntentLocation): ResolvedHealthCheck | undefined =>
    parseHealthCheck(entry, entryLocation, interfaceNames, arrivalInterfaces);
  const adviceIfEmpty = 'At least one, or no "healthChecks" at all.';
  return fields.parseEntries('healthChecks', 'A list: [{ from, to, port }]', adviceIfEmpty, parseEntry);
}

function parseHealthCheck(
  value: unknown,
  location: IntentLocation,
  interfaceNames: readonly string[],
  arrivalInterfaces: readonly string[],
): ResolvedHealthCheck | undefined {
  const fields = IntentFields.parse(value, location, healthCheckSchema, 'An object: { from, to, port }');
  if (!fields) return undefined;
  const arrives = parseArrivalInterface(fields, location, interfaceNames, arrivalInterfaces);
  const from = fields.parseRequired('from', 'an address', parseUsableAddress);
  const to = fields.parseRequired('to', 'an address', parseUsableAddress);
  const protocol = fields.parseOptionalChoice('protocol');
  const port = fields.parseInteger('port');
  if (arrives === undefined || from === undefined || to === undefined || protocol === undefined || port === undefined)
    return undefined;
  if (getFamily(from) !== getFamily(to)) return location.report(say.describeMixedFamilies(location.where));
  return { arrives, from: printAddress(from), to: printAddress(to), protocol, port };
}

function parseArrivalInterface(
  fields: IntentFields<typeof healthCheckSchema>,
  location: IntentLocation,
  interfaceNames: readonly string[],
  arrivalInterfaces: readonly string[],
): string | undefined {
  if (!fields.has('interface'))
    return arrivalInterfaces.length === 1
      ? arrivalInterfaces[0]
      : location.report(say.describeUnsetArrival(location.where));
  const text = parseText(
    fields.getValue('interface'),
    fields.getLocation('interface'),
    'The name of an interface, as text',
  );
  if (text === undefined) return undefined;
  const name = parseInterfaceName(text, fields.getLocation('interface'));
  if (name === undefined || interfaceNames.includes(name)) return name;
  return location.report(
    shape.describeUnknownName(fields.getLocation('interface').where, 'interface', name, interfaceNames),
  );
}
