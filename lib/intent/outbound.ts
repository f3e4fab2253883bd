// Parses `outbound` of a profile, the connections that a server may open: a list of service names, ports and objects.
// Returns outbound rules.

import { NumberRange } from '../net/device';
import { OutboundRule } from '../policy/policy';
import { PRESETS } from './data/presets';
import { OUTBOUND_SERVICES, OutboundPort } from './data/services';
import { IntentFields, IntentLocation, parseEntries, isToken, parseText } from './fields';
import { outboundFieldsSchema, profileSchema } from './intent-schemas';
import { PORT_PROTOCOL_NUMBERS, parseNumbers, parsePorts, printPorts, parsePortRangeText } from './ports';
import { mergeNumbers } from '../net/axis-nodes';
import { toSingleRange } from '../net/range';
import * as say from './problems/service-problems';
import { findNearServices } from './service-entries';
import { SourceSetMap, ResolvedSources, parseSources } from './sources';

const EXPECTED_OUTBOUND =
  'A name ("licence"), a port ("2089/tcp"), or an object such as { ports: 2089, protocol: "tcp", sourcePorts: [4, 1020] }';

/** Parses the connections that the server may open. Unset means anywhere: closing them needs an explicit list. */
export function parseOutbound(
  value: unknown,
  location: IntentLocation,
  sourceSets: SourceSetMap,
): 'anywhere' | readonly OutboundRule[] | undefined {
  if (value === undefined || value === 'anywhere') return 'anywhere';
  const initialProblemCount = location.problems.length;
  const usedEntries = new Set<unknown>();
  const parseEntry = (entry: unknown, entryLocation: IntentLocation): readonly OutboundRule[] | undefined => {
    if (typeof entry === 'string' && usedEntries.has(entry))
      return entryLocation.report(say.describeDuplicateService(entryLocation.where, entry));
    usedEntries.add(entry);
    return parseOutboundEntry(entry, entryLocation, sourceSets);
  };
  const adviceIfEmpty = '\'anywhere\', or at least ["licence", "dns", "https"].';
  const rules = parseEntries(
    value,
    location,
    profileSchema.shape.outbound,
    "'anywhere' or a list of names and ports",
    adviceIfEmpty,
    parseEntry,
  );
  return location.problems.length === initialProblemCount ? rules : undefined;
}

function parseOutboundEntry(
  value: unknown,
  location: IntentLocation,
  sourceSets: SourceSetMap,
): readonly OutboundRule[] {
  if (typeof value === 'string' || isToken(value)) {
    const text = parseText(value, location, EXPECTED_OUTBOUND);
    return text === undefined ? [] : resolveOutboundName(text, location, 'anywhere');
  }
  const fields = IntentFields.parse(value, location, outboundFieldsSchema, EXPECTED_OUTBOUND);
  if (!fields) return [];
  const destinations = fields.parseOptional(
    'to',
    (value, fieldLocation) => parseSources(value, fieldLocation, sourceSets),
    'anywhere' as const,
  );
  if (fields.has('service')) {
    for (const otherField of ['ports', 'protocol', 'sourcePorts', 'reason']) {
      if (fields.has(otherField))
        location.report(say.describeFieldWithoutEffect(location.where, otherField, 'a service by name'));
    }
    const name = fields.parseText('service', 'the name of a service');
    return name === undefined || destinations === undefined ? [] : resolveOutboundName(name, location, destinations);
  }
  const protocol = fields.parseChoice('protocol');
  const ports = fields.parseRequired('ports', 'the ports to reach', parsePorts);
  const sourcePorts = fields.parseOptional('sourcePorts', parseSourcePorts, 'all');
  const origin = fields.has('reason')
    ? fields.parseOptionalText('reason', 'a few words')
    : `${printPorts(ports ?? [])}/${protocol}`;
  if (
    protocol === undefined ||
    ports === undefined ||
    destinations === undefined ||
    sourcePorts === undefined ||
    origin === undefined
  )
    return [];
  return [{ protocol: PORT_PROTOCOL_NUMBERS[protocol], ports, sourcePorts, destinations, origin }];
}

const parseSourcePorts = (value: unknown, location: IntentLocation): readonly NumberRange[] | undefined =>
  parseNumbers(
    value,
    location,
    outboundFieldsSchema.shape.sourcePorts.unwrap(),
    'A list of ports: [4, 1020]',
    'At least one port, or leave it out for all.',
  );

function resolveOutboundName(
  name: string,
  location: IntentLocation,
  destinations: ResolvedSources,
): readonly OutboundRule[] {
  const service = OUTBOUND_SERVICES.get(name);
  if (service) return createOutboundRules(service, destinations, name);
  const preset = PRESETS.get(name);
  if (preset && preset.outbound.length > 0)
    return preset.outbound.flatMap(([partName, ports]) =>
      createOutboundRules(ports, destinations, `${name}: ${partName}`),
    );
  const portMatch = /^(\d+(?:-\d+)?)\/(tcp|udp|dccp|sctp|udplite)$/.exec(name);
  if (portMatch) {
    const range = parsePortRangeText(portMatch[1]!, location);
    const protocol = PORT_PROTOCOL_NUMBERS[portMatch[2] as keyof typeof PORT_PROTOCOL_NUMBERS];
    return range ? [{ protocol, ports: [range], sourcePorts: 'all', destinations, origin: name }] : [];
  }
  const names = [
    ...OUTBOUND_SERVICES.keys(),
    ...[...PRESETS].filter(([, presetEntry]) => presetEntry.outbound.length > 0).map(([presetEntry]) => presetEntry),
  ];
  return (
    location.report(say.describeUnknownService(location.where, name, findNearServices(name, names), 'licence')) ?? []
  );
}

/** Returns one rule per protocol and source ports. */
function createOutboundRules(
  ports: readonly OutboundPort[],
  destinations: ResolvedSources,
  origin: string,
): readonly OutboundRule[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const protocolPorts = ports.filter((port) => port.protocol === protocol);
    const boundRules = protocolPorts.flatMap((port): OutboundRule[] =>
      port.from ? [createRule(protocol, [port], mergeNumbers(port.from.map(toSingleRange)))] : [],
    );
    const unboundPorts = protocolPorts.filter((port) => !port.from);
    return unboundPorts.length > 0 ? [createRule(protocol, unboundPorts, 'all'), ...boundRules] : boundRules;
  });

  function createRule(
    protocol: 'tcp' | 'udp',
    rulePorts: readonly OutboundPort[],
    sourcePorts: OutboundRule['sourcePorts'],
  ): OutboundRule {
    return {
      protocol: PORT_PROTOCOL_NUMBERS[protocol],
      ports: mergeNumbers(rulePorts),
      sourcePorts,
      destinations,
      origin,
    };
  }
}
