import { point } from '../net/range';
import { Opening, Openings, Outbound } from '../policy/policy';
import { Problem } from '../problems/problem';
import { Fields, Place, guarded, isToken, listOf, textOf } from './fields';
import type { CpanelFirewallProfileIntent } from './intent';
import { KEYS } from './keys';
import { rangeOfText, refuseLocalPorts } from './ports';
import { outboundOf as readOutbound } from './outbound';
import * as say from './problems/openings';
import * as shape from './problems/shape';
import { ICMP, ICMPV6, ofFamily } from './protocols';
import { Meant, openingListOf } from './services';
import { Sets, SettledSources, prefixesOf, sourceSetsOf, sourcesOf } from './sources';

/** A profile compiled. Its `openings` are one object for every host that has it. */
export interface Profile {
  readonly name: string;
  /** Undefined when the profile has problems. */
  readonly openings: Openings | undefined;
  readonly outbound: 'anywhere' | readonly Outbound[];
  readonly problems: readonly Problem[];
}

const CPANEL_VERSIONS = ['112'];

/** Fields that were written at another place than the profile. */
type Elsewhere = Readonly<Record<string, string>>;

const compiled = new WeakMap<object, Profile>();

/** Compiles a profile once per object, however many hosts have it. The first caller's `where` is the one reported. */
export function compileProfile(where: string, intent: CpanelFirewallProfileIntent, elsewhere: Elsewhere = {}): Profile {
  const key: unknown = intent;
  if (typeof key !== 'object' || key === null) return profileOf(where, intent, elsewhere);
  const known = compiled.get(key);
  if (known) return known;
  const profile = profileOf(where, intent, elsewhere);
  compiled.set(key, profile);
  return profile;
}

function profileOf(where: string, intent: unknown, elsewhere: Elsewhere): Profile {
  const problems: Problem[] = [];
  const place = new Place(where, problems);
  let whole: Omit<Profile, 'problems'> | undefined;
  guarded(place, () => (whole = wholeOf(intent, place, elsewhere)));
  return {
    name: whole?.name ?? 'profile',
    openings: problems.length === 0 ? whole?.openings : undefined,
    outbound: whole?.outbound ?? 'anywhere',
    problems,
  };
}

function wholeOf(intent: unknown, place: Place, elsewhere: Elsewhere): Omit<Profile, 'problems'> | undefined {
  const fields = Fields.of(
    intent,
    place,
    'An object with name, services and management',
    KEYS.profile,
    false,
  )?.writtenAt(elsewhere);
  if (!fields) return undefined;
  const name = fields.name('name');
  const version = fields.has('cpanelVersion') ? fields.optionalText('cpanelVersion', '"112"') : CPANEL_VERSIONS[0]!;
  if (version !== undefined && !CPANEL_VERSIONS.includes(version)) {
    place.add(say.unknownVersion(fields.at('cpanelVersion').where, version, CPANEL_VERSIONS));
  }
  const sets = sourceSetsOf(fields.raw('sourceSets'), fields.at('sourceSets'));
  const sources: Meant = fields.has('sources')
    ? (sourcesOf(fields.raw('sources'), fields.at('sources'), sets) ?? 'problem')
    : 'unset';
  const management = managementOf(fields, place, sets);
  const around = { sets, sources, management: management?.sources ?? ('problem' as const) };
  const services = listed(fields, 'services', true).flatMap((list) =>
    openingListOf(list, fields.at('services'), around),
  );
  const extra = listed(fields, 'extra', false).flatMap((list) => openingListOf(list, fields.at('extra'), around));
  const blocked = fields.given(
    'blocked',
    (value, at) =>
      prefixesOf(
        value,
        at,
        sets,
        'Nothing: who is not listed has no access anyway.',
        'a list of prefixes and names of source sets',
      ),
    [],
  );
  const outbound = outboundOf(fields, sets);
  const entries: Opening[] = [...(management?.opening ?? []), ...services, ...extra, ...pingOf(fields, sets)];
  return { name: name ?? 'profile', openings: { name: name ?? 'profile', entries, blocked: blocked ?? [] }, outbound };
}

const outboundOf = (fields: Fields, sets: Sets): Profile['outbound'] =>
  readOutbound(fields.raw('outbound'), fields.at('outbound'), sets) ?? 'anywhere';

function listed(fields: Fields, key: string, required: boolean): readonly (readonly unknown[])[] {
  if (required ? !fields.required(key, '["web", "mail"], for example') : !fields.has(key)) return [];
  const list = listOf(
    fields.raw(key),
    fields.at(key),
    shape.SERVICES,
    required
      ? '["web"], for example: a profile that opens nothing is not one.'
      : `At least one service, or no "${key}" at all.`,
    1000,
  );
  return list ? [list] : [];
}

const OPERATORS = "the operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to everybody";

interface Management {
  readonly sources: SettledSources | 'problem';
  readonly opening: readonly Opening[];
}

/** What a default of it is checked for: by which sets its sources are named, each profile says. */
export const managementFields = (fields: Fields): Fields | undefined =>
  Fields.of(
    fields.raw('management'),
    fields.at('management'),
    "An object: { from: ['198.51.100.0/24'], port: 22 }",
    KEYS.management,
  );

function managementOf(fields: Fields, place: Place, sets: Sets): Management | undefined {
  if (fields.isRefusedElsewhere('management')) return undefined;
  if (!fields.has('management')) return place.add(say.managementMissing(place.where));
  const own = managementFields(fields);
  if (!own) return undefined;
  const sources = own.required('from', OPERATORS)
    ? (sourcesOf(own.raw('from'), own.at('from'), sets, 'operators') ?? 'problem')
    : 'problem';
  const port = own.needed('port', '22, or where SSH listens', managementPort);
  if (sources === 'problem' || port === undefined) return { sources, opening: [] };
  return {
    sources,
    opening: [{ protocol: 6, ports: [point(port)], sources, management: true, because: 'management' }],
  };
}

const ONE_PORT = 'One TCP port: 22 or "22/tcp"';

/** One TCP port: `22` or `'22/tcp'`. */
function managementPort(value: unknown, place: Place): number | undefined {
  if (isToken(value)) return place.add(shape.unknownAtSynth(place.where));
  if (typeof value === 'number' && (!Number.isInteger(value) || value < 0 || value > 65_535))
    return place.add(say.badPort(place.where, `${value}`, ONE_PORT));
  const text =
    typeof value === 'string' ? textOf(value, place, 'A port') : typeof value === 'number' ? `${value}/tcp` : '';
  if (text === undefined) return undefined;
  const [, port] = /^(\d+)\/tcp$/.exec(text) ?? [];
  if (port === undefined) return place.add(shape.wrongType(place.where, value, ONE_PORT));
  const range = rangeOfText(port, place);
  return range === undefined || refuseLocalPorts([range], place) ? undefined : range.first;
}

function pingOf(fields: Fields, sets: Sets): readonly Opening[] {
  const value = fields.raw('ping');
  if (value === undefined || value === 'nobody') return [];
  const sources = sourcesOf(value, fields.at('ping'), sets);
  if (sources === undefined) return [];
  return (
    [
      [ICMP, 8],
      [ICMPV6, 128],
    ] as const
  ).flatMap(([protocol, type]): Opening[] => {
    const own = ofFamily(protocol, sources);
    return own === undefined
      ? []
      : [{ protocol, ports: [point(type)], sources: own, management: false, because: 'ping' }];
  });
}
