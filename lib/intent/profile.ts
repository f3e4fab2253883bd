// Compiles a firewall profile to allow rules, once for all hosts that have it.

import { toSingleRange } from '../net/range';
import { AllowRule, AllowRules, OutboundRule } from '../policy/policy';
import { Problem } from '../problems/problem';
import { IntentFields, IntentLocation, runGuarded, isToken, parseList, parseText } from './fields';
import type { CpanelFirewallProfileIntent } from './intent';
import { managementSchema, profileSchema, servicesSchema } from './intent-schemas';
import { parsePortRangeText, refuseLocalPorts } from './ports';
import { parseOutbound } from './outbound';
import * as say from './problems/service-problems';
import * as shape from './problems/field-problems';
import { ICMP, ICMPV6, selectFamilySources } from './protocols';
import { FallbackSources, parseServiceEntries } from './service-entries';
import { SourceSetMap, ResolvedSources, parseSourceList, parseSourceSets, parseSources } from './sources';

/** A compiled profile. Its `allowRules` are one object, which all its hosts share. */
export interface Profile {
  readonly name: string;
  /** Undefined when the profile has problems. */
  readonly allowRules: AllowRules | undefined;
  readonly outbound: 'anywhere' | readonly OutboundRule[];
  readonly problems: readonly Problem[];
}

const CPANEL_VERSIONS = ['112'];

/** Locations of the fields that aren't written in the profile itself, by key. */
type ProfileFieldLocations = Readonly<Record<string, string>>;

const profileCache = new WeakMap<object, Profile>();

/** Compiles a profile once per object, however many hosts have it. Problems have the first caller's `where`. */
export function compileProfile(
  where: string,
  intent: CpanelFirewallProfileIntent,
  fieldLocations: ProfileFieldLocations = {},
): Profile {
  const key: unknown = intent;
  if (typeof key !== 'object' || key === null) return createProfile(where, intent, fieldLocations);
  const cachedProfile = profileCache.get(key);
  if (cachedProfile) return cachedProfile;
  const profile = createProfile(where, intent, fieldLocations);
  profileCache.set(key, profile);
  return profile;
}

function createProfile(where: string, intent: unknown, fieldLocations: ProfileFieldLocations): Profile {
  const problems: Problem[] = [];
  const location = new IntentLocation(where, problems);
  let parsedProfile: Omit<Profile, 'problems'> | undefined;
  runGuarded(location, () => (parsedProfile = parseProfile(intent, location, fieldLocations)));
  return {
    name: parsedProfile?.name ?? 'profile',
    allowRules: problems.length === 0 ? parsedProfile?.allowRules : undefined,
    outbound: parsedProfile?.outbound ?? 'anywhere',
    problems,
  };
}

function parseProfile(
  intent: unknown,
  location: IntentLocation,
  fieldLocations: ProfileFieldLocations,
): Omit<Profile, 'problems'> | undefined {
  const fields = IntentFields.parse(intent, location, profileSchema, 'An object with name, services and management', {
    isNested: false,
  })?.overrideLocations(fieldLocations);
  if (!fields) return undefined;
  const name = fields.parseName('name');
  const version = fields.has('cpanelVersion')
    ? fields.parseOptionalText('cpanelVersion', '"112"')
    : fields.getDefault('cpanelVersion');
  if (version !== undefined && !CPANEL_VERSIONS.includes(version)) {
    location.report(
      say.describeUnknownCpanelVersion(fields.getLocation('cpanelVersion').where, version, CPANEL_VERSIONS),
    );
  }
  const sourceSets = parseSourceSets(fields.getValue('sourceSets'), fields.getLocation('sourceSets'));
  const sources: FallbackSources = fields.has('sources')
    ? (parseSources(fields.getValue('sources'), fields.getLocation('sources'), sourceSets) ?? 'problem')
    : 'unset';
  const management = parseManagement(fields, location, sourceSets);
  const context = { sets: sourceSets, sources, management: management?.sources ?? ('problem' as const) };
  const services = parseServiceList(fields, 'services', true).flatMap((list) =>
    parseServiceEntries(list, fields.getLocation('services'), context),
  );
  const extra = parseServiceList(fields, 'extra', false).flatMap((list) =>
    parseServiceEntries(list, fields.getLocation('extra'), context),
  );
  const blocked = fields.parseOptional(
    'blocked',
    (value, fieldLocation) =>
      parseSourceList(
        value,
        fieldLocation,
        sourceSets,
        'Nothing: who is not listed has no access anyway.',
        'a list of prefixes and names of source sets',
      ),
    [],
  );
  const outbound = parseProfileOutbound(fields, sourceSets);
  const entries: AllowRule[] = [
    ...(management?.allowRules ?? []),
    ...services,
    ...extra,
    ...parsePing(fields, sourceSets),
  ];
  return {
    name: name ?? 'profile',
    allowRules: { name: name ?? 'profile', entries, blocked: blocked ?? [] },
    outbound,
  };
}

const parseProfileOutbound = (fields: IntentFields, sourceSets: SourceSetMap): Profile['outbound'] =>
  parseOutbound(fields.getValue('outbound'), fields.getLocation('outbound'), sourceSets) ?? 'anywhere';

function parseServiceList(fields: IntentFields, key: string, isRequired: boolean): readonly (readonly unknown[])[] {
  if (isRequired ? !fields.requireField(key, '["web", "mail"], for example') : !fields.has(key)) return [];
  const list = parseList(
    fields.getValue(key),
    fields.getLocation(key),
    servicesSchema,
    shape.EXPECTED_SERVICES,
    isRequired
      ? '["web"], for example: a profile that opens nothing is not one.'
      : `At least one service, or no "${key}" at all.`,
  );
  return list ? [list] : [];
}

const OPERATORS_ADVICE = "the operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to any source";

interface ParsedManagement {
  readonly sources: ResolvedSources | 'problem';
  readonly allowRules: readonly AllowRule[];
}

/**
 * Parses the object of `management`. Defaults are checked no further: the source sets that `from` may name are each
 * profile's own.
 */
export const parseManagementFields = (fields: IntentFields): IntentFields<typeof managementSchema> | undefined =>
  IntentFields.parse(
    fields.getValue('management'),
    fields.getLocation('management'),
    managementSchema,
    "An object: { from: ['198.51.100.0/24'], port: 22 }",
  );

function parseManagement(
  fields: IntentFields,
  location: IntentLocation,
  sourceSets: SourceSetMap,
): ParsedManagement | undefined {
  if (fields.isRefusedElsewhere('management')) return undefined;
  if (!fields.has('management')) return location.report(say.describeMissingManagement(location.where));
  const parsedFields = parseManagementFields(fields);
  if (!parsedFields) return undefined;
  const sources = parsedFields.requireField('from', OPERATORS_ADVICE)
    ? (parseSources(parsedFields.getValue('from'), parsedFields.getLocation('from'), sourceSets, 'operators') ??
      'problem')
    : 'problem';
  const port = parsedFields.parseRequired('port', '22, or where SSH listens', parseManagementPort);
  if (sources === 'problem' || port === undefined) return { sources, allowRules: [] };
  return {
    sources,
    allowRules: [{ protocol: 6, ports: [toSingleRange(port)], sources, management: true, origin: 'management' }],
  };
}

const EXPECTED_PORT = 'One TCP port: 22 or "22/tcp"';

/** Parses one TCP port: `22` or `'22/tcp'`. */
function parseManagementPort(value: unknown, location: IntentLocation): number | undefined {
  if (isToken(value)) return location.report(shape.describeUnknownAtSynth(location.where));
  if (typeof value === 'number' && (!Number.isInteger(value) || value < 0 || value > 65_535))
    return location.report(say.describeBadPort(location.where, `${value}`, EXPECTED_PORT));
  const text =
    typeof value === 'string' ? parseText(value, location, 'A port') : typeof value === 'number' ? `${value}/tcp` : '';
  if (text === undefined) return undefined;
  const [, port] = /^(\d+)\/tcp$/.exec(text) ?? [];
  if (port === undefined) return location.report(shape.describeWrongType(location.where, value, EXPECTED_PORT));
  const range = parsePortRangeText(port, location);
  return range === undefined || refuseLocalPorts([range], location) ? undefined : range.first;
}

function parsePing(fields: IntentFields, sourceSets: SourceSetMap): readonly AllowRule[] {
  const value = fields.getValue('ping');
  if (value === undefined || value === 'nobody') return [];
  const sources = parseSources(value, fields.getLocation('ping'), sourceSets);
  if (sources === undefined) return [];
  return (
    [
      [ICMP, 8],
      [ICMPV6, 128],
    ] as const
  ).flatMap(([protocol, type]): AllowRule[] => {
    const familySources = selectFamilySources(protocol, sources);
    return familySources === undefined
      ? []
      : [{ protocol, ports: [toSingleRange(type)], sources: familySources, management: false, origin: 'ping' }];
  });
}
