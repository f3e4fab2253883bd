// Parses a list of services in an intent (names, presets, ports, protocols, objects) to allow rules with ports and
// sources.

import { NumberRange } from '../net/device';
import { Problem } from '../problems/problem';
import { AllowRule } from '../policy/policy';
import { PRESETS } from './data/presets';
import { SERVICES, ServicePort } from './data/services';
import { countEdits } from '../problems/find-nearest-word';
import { IntentFields, IntentLocation, isToken, parseText } from './fields';
import { portProtocolSchema, serviceFieldsSchema } from './intent-schemas';
import {
  PORT_PROTOCOL_NAMES,
  PORT_PROTOCOL_NUMBERS,
  hasProtocols,
  parsePortsByProtocol,
  parsePorts,
  printPorts,
  parsePortRangeText,
  refuseLocalPorts,
} from './ports';
import { mergeNumbers } from '../net/axis-nodes';
import * as say from './problems/service-problems';
import * as shape from './problems/field-problems';
import { parseProtocolEntry } from './protocols';
import { SourceAudience, SourceSetMap, ResolvedSources, parseSources } from './sources';

/** The sources of a service that names none. `problem`: they are wrong and already reported. */
export type FallbackSources = ResolvedSources | 'unset' | 'problem';

interface ServiceContext {
  readonly sets: SourceSetMap;
  readonly sources: FallbackSources;
  /** Sources of the management. `unset`: there is no management, as on a mapping. */
  readonly management: FallbackSources;
}

const EXPECTED_SERVICE =
  'A service ("https"), a port ("8443/tcp"), or an object such as { ports: [8443], protocol: "tcp", from: "anywhere" }';

type ServiceFields = IntentFields<typeof serviceFieldsSchema>;

/** Returns the allow rules of one entry of `services`, `extra`, `open` or `answers`. Returns none for a wrong entry. */
function parseServiceEntry(value: unknown, location: IntentLocation, context: ServiceContext): readonly AllowRule[] {
  if (typeof value === 'string' || isToken(value)) {
    const text = parseText(value, location, EXPECTED_SERVICE);
    return text === undefined ? [] : createServiceRules(text, location, context, undefined);
  }
  const fields = IntentFields.parse(value, location, serviceFieldsSchema, EXPECTED_SERVICE);
  if (!fields) return [];
  const explicitSources = fields.has('from')
    ? (parseSources(
        fields.getValue('from'),
        fields.getLocation('from'),
        context.sets,
        getAudience(fields.getValue('service')),
      ) ?? 'problem')
    : undefined;
  if (fields.has('service')) {
    for (const otherField of ['ports', 'protocol', 'types', 'reason']) {
      if (fields.has(otherField))
        location.report(shape.describeExactlyOne(location.where, 'service', otherField, true));
    }
    const name = fields.parseText('service', 'the name of a service');
    return name === undefined ? [] : createServiceRules(name, location, context, explicitSources);
  }
  const because = fields.parseOptionalText('reason', 'a few words');
  const sources =
    explicitSources ??
    (context.sources === 'unset' ? reportUnsetSources(location, describePorts(fields), context) : context.sources);
  if (!fields.has('ports')) return parseProtocolEntry(fields, location, sources, because);
  if (fields.has('types'))
    location.report(say.describeFieldWithoutEffect(location.where, 'types', 'an entry with ports'));
  return (parseEntryPorts(fields) ?? []).flatMap(([protocol, ports]): AllowRule[] => {
    if (refuseLocalPorts(ports, fields.getLocation('ports')) || sources === 'problem') return [];
    const explicitSources = {
      protocol: PORT_PROTOCOL_NUMBERS[protocol],
      ports,
      sources: sources as ResolvedSources,
      management: false,
    };
    return [{ ...explicitSources, origin: because ?? `${printPorts(ports)}/${protocol}` }];
  });
}

/** Parses ports beside one `protocol`, or ports that each have their own. */
function parseEntryPorts(fields: ServiceFields): ReturnType<typeof parsePortsByProtocol> {
  const [value, location] = [fields.getValue('ports'), fields.getLocation('ports')];
  if (!fields.has('protocol') && hasProtocols(value)) return parsePortsByProtocol(value, location);
  const protocol = fields.parseChoiceOf('protocol', portProtocolSchema);
  const ports = parsePorts(value, location);
  return protocol === undefined || ports === undefined ? undefined : [[protocol, ports]];
}

const getAudience = (name: unknown): SourceAudience =>
  typeof name === 'string' &&
  (SERVICES.get(name)?.administrative || PRESETS.get(name)?.inbound.every(([, part]) => part.administrative))
    ? 'listed'
    : 'everybody';

const describePorts = (fields: ServiceFields): string => {
  const ports = fields.getValue('ports');
  return typeof ports === 'string' || typeof ports === 'number' ? `${ports}` : 'these ports';
};

const ADMINISTRATIVE_PORTS = [...SERVICES.values()].flatMap(({ administrative, ports }) =>
  administrative ? ports : [],
);

/** Whether a service is written as ports that an administrative service has: `22/tcp`, `20-25`. */
function isForOperators(service: string): boolean {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?/.exec(service) ?? [];
  return (
    first !== undefined && ADMINISTRATIVE_PORTS.some((port) => Number(first) <= port.last && port.first <= Number(last))
  );
}

function reportUnsetSources(location: IntentLocation, service: string, context: ServiceContext): 'problem' {
  const audience = isForOperators(service) ? 'operators' : context.management !== 'unset' ? 'profile' : 'mapping';
  location.report(say.describeUnsetSources(location.where, service, audience));
  return 'problem';
}

function createServiceRules(
  name: string,
  location: IntentLocation,
  context: ServiceContext,
  explicitSources: ResolvedSources | 'problem' | undefined,
): readonly AllowRule[] {
  const service = SERVICES.get(name);
  const preset = PRESETS.get(name);
  // dns and ftp are both services and presets. Both open the same.
  if (service) {
    const sources =
      explicitSources ??
      (service.administrative
        ? reportUnsetAdministrators(location, name)
        : resolveFallbackSources(location, name, context));
    return sources === 'problem' ? [] : createPortRules(service.ports, sources, name);
  }
  if (!preset) return parsePortService(name, location, context, explicitSources);
  const isOnlyAdministrative = preset.inbound.every(([, part]) => part.administrative);
  const otherSources = isOnlyAdministrative
    ? 'problem'
    : (explicitSources ?? resolveFallbackSources(location, name, context));
  const administratorSources = !preset.inbound.some(([, part]) => part.administrative)
    ? 'problem'
    : isOnlyAdministrative && explicitSources
      ? explicitSources
      : preset.administrators === 'listed' || context.management === 'unset'
        ? reportUnsetAdministrators(location, name)
        : context.management;
  return preset.inbound.flatMap(([part, { ports, administrative }]) => {
    const sources = administrative ? administratorSources : otherSources;
    return sources === 'problem' ? [] : createPortRules(ports, sources, `${name}: ${part}`);
  });
}

function reportUnsetAdministrators(location: IntentLocation, name: string): 'problem' {
  location.report(say.describeUnsetAdministrators(location.where, name));
  return 'problem';
}

const resolveFallbackSources = (
  location: IntentLocation,
  name: string,
  context: ServiceContext,
): ResolvedSources | 'problem' =>
  context.sources === 'unset' ? reportUnsetSources(location, name, context) : context.sources;

function parsePortService(
  text: string,
  location: IntentLocation,
  context: ServiceContext,
  explicitSources: ResolvedSources | 'problem' | undefined,
): readonly AllowRule[] {
  const [ports = '', protocol, ...extraParts] = text.split('/');
  if (/^\d+(-\d+)?$/.test(text))
    return location.report(say.describeMissingProtocol(location.where, text, `"${text}/tcp" or "${text}/udp".`)) ?? [];
  if (protocol === undefined || extraParts.length > 0 || !/^\d+(-\d+)?$/.test(ports)) {
    const suggestion = normalizePortNotation(text);
    if (suggestion !== undefined)
      return location.report(say.describeMissingProtocol(location.where, text, `"${suggestion}".`)) ?? [];
    if (/^(ping|icmp|icmpv6|gre|esp|ah)$/i.test(text))
      return location.report(say.describeServiceWithoutPorts(location.where, text)) ?? [];
    return (
      location.report(
        explainOtherNotation(text, location) ??
          say.describeUnknownService(location.where, text, findNearServices(text)),
      ) ?? []
    );
  }
  const protocolName = PORT_PROTOCOL_NAMES.find((name) => name === protocol);
  if (!protocolName) {
    const lowerCaseName = PORT_PROTOCOL_NAMES.find((name) => name === protocol.toLowerCase());
    return (
      location.report(
        say.describeMissingProtocol(
          location.where,
          text,
          lowerCaseName ? `"${ports}/${lowerCaseName}".` : `"${ports}/tcp" or "${ports}/udp".`,
        ),
      ) ?? []
    );
  }
  const range = parsePortRangeText(ports, location);
  if (!range || refuseLocalPorts([range], location, `/${protocolName}`)) return [];
  const sources = explicitSources ?? resolveFallbackSources(location, text, context);
  return sources === 'problem'
    ? []
    : [{ protocol: PORT_PROTOCOL_NUMBERS[protocolName], ports: [range], sources, management: false, origin: text }];
}

/** Returns `443/tcp` for `tcp/443`, `tcp 443` as a review prints it, `443 /tcp` and `443tcp`. */
function normalizePortNotation(text: string): string | undefined {
  const [, first, second] = /^(tcp|udp|[\d-]+)\s*\/?\s*(tcp|udp|[\d-]+)$/.exec(text.trim().toLowerCase()) ?? [];
  const notations = [`${first}/${second}`, `${second}/${first}`];
  return notations.find((notation) => /^\d+(-\d+)?\/(tcp|udp)$/.test(notation));
}

/** Returns the problem of several services in one text, or of a range as iptables and csf write it. */
function explainOtherNotation(text: string, location: IntentLocation): Problem | undefined {
  if (text.includes(',')) return say.describeSeveralServices(location.where, text);
  const [, first, last, protocolSuffix] = /^(\d+):(\d+)(\/[a-z]+)?$/.exec(text) ?? [];
  return first === undefined
    ? undefined
    : say.describeUnknownService(location.where, text, [`${first}-${last}${protocolSuffix ?? '/tcp'}`]);
}

/** Names of protocols and programs that use a service of another name. */
const SERVICE_ALIASES: Readonly<Record<string, string>> = {
  sftp: 'ssh',
  scp: 'ssh',
  rsync: 'ssh',
  mariadb: 'mysql',
  ftps: 'ftp',
  ssl: 'https',
  tls: 'https',
};

function createPortRules(
  ports: readonly ServicePort[],
  sources: ResolvedSources,
  origin: string,
): readonly AllowRule[] {
  return (['tcp', 'udp'] as const).flatMap((protocol): AllowRule[] => {
    const ranges: readonly NumberRange[] = mergeNumbers(ports.filter((port) => port.protocol === protocol));
    return ranges.length === 0
      ? []
      : [{ protocol: PORT_PROTOCOL_NUMBERS[protocol], ports: ranges, sources, management: false, origin }];
  });
}

/**
 * Returns names that begin alike and names that are a few typing mistakes away, the nearest first. `imap` may mean
 * imaps or imap-plain, and only the user knows which.
 */
export function findNearServices(
  text: string,
  names: Iterable<string> = [...SERVICES.keys(), ...PRESETS.keys()],
): readonly string[] {
  const normalizedText = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (normalizedText.length < 3) return [];
  const aliasedService = Object.hasOwn(SERVICE_ALIASES, normalizedText) ? SERVICE_ALIASES[normalizedText]! : undefined;
  if (aliasedService !== undefined && [...names].includes(aliasedService)) return [aliasedService];
  const sameNames = [...new Set(names)].filter((name) => name.toLowerCase() === text.trim().toLowerCase());
  if (sameNames.length > 0) return sameNames;
  const maxEdits = normalizedText.length < 6 ? 1 : 2;
  return [...new Set(names)]
    .map((name) => {
      const normalizedName = name.replace(/[^a-z0-9]/g, '');
      const distance = countEdits(normalizedName, normalizedText);
      return {
        name,
        away: distance,
        isNear:
          normalizedName.startsWith(normalizedText) ||
          normalizedText.startsWith(normalizedName) ||
          distance <= maxEdits,
      };
    })
    .filter(({ isNear }) => isNear)
    .sort((a, b) => a.away - b.away)
    .map(({ name }) => name);
}

/** Parses several entries. Reports a text that stands twice. */
export function parseServiceEntries(
  entries: readonly unknown[],
  location: IntentLocation,
  context: ServiceContext,
): readonly AllowRule[] {
  const usedTexts = new Set<string>();
  return entries
    .map((entry, index) => {
      if (typeof entry === 'string') {
        if (usedTexts.has(entry))
          return location.report(say.describeDuplicateService(location.getChild(index).where, entry)) ?? [];
        usedTexts.add(entry);
      }
      return parseServiceEntry(entry, location.getChild(index), context);
    })
    .flat();
}
