import { NumberRange } from '../net/device';
import { Outbound } from '../policy/policy';
import { PRESETS } from './data/presets';
import { OUTBOUND_SERVICES, OutboundPort } from './data/services';
import { Fields, Place, entriesOf, isToken, textOf } from './fields';
import { PORT_PROTOCOLS, PROTOCOLS, numbersOf, portsOf, printPorts, rangeOfText } from './ports';
import { joinedNumbers } from '../net/axes';
import { point } from '../net/range';
import * as say from './problems/openings';
import { near } from './services';
import { Sets, SettledSources, sourcesOf } from './sources';

const ASKED =
  'A name ("licence"), a port ("2089/tcp"), or an object such as { ports: 2089, protocol: "tcp", sourcePorts: [4, 1020] }';

/** Connections that the server may open. Not set: anywhere, since closing them is a wish of its own. */
export function outboundOf(value: unknown, place: Place, sets: Sets): 'anywhere' | readonly Outbound[] | undefined {
  if (value === undefined || value === 'anywhere') return 'anywhere';
  const before = place.problems.length;
  const seen = new Set<unknown>();
  const read = (entry: unknown, at: Place): readonly Outbound[] | undefined => {
    if (typeof entry === 'string' && seen.has(entry)) return at.add(say.twice(at.where, entry));
    seen.add(entry);
    return entryOf(entry, at, sets);
  };
  const some = '\'anywhere\', or at least ["licence", "dns", "https"].';
  const out = entriesOf(value, place, "'anywhere' or a list of names and ports", some, read, 1000);
  return place.problems.length === before ? out : undefined;
}

function entryOf(value: unknown, place: Place, sets: Sets): readonly Outbound[] {
  if (typeof value === 'string' || isToken(value)) {
    const text = textOf(value, place, ASKED);
    return text === undefined ? [] : named(text, place, 'anywhere');
  }
  const fields = Fields.of(value, place, ASKED, ['service', 'ports', 'protocol', 'to', 'sourcePorts', 'because']);
  if (!fields) return [];
  const to = fields.given('to', (value, at) => sourcesOf(value, at, sets), 'anywhere');
  if (fields.has('service')) {
    for (const other of ['ports', 'protocol', 'sourcePorts', 'because']) {
      if (fields.has(other)) place.add(say.withoutEffect(place.where, other, 'a service by name'));
    }
    const name = fields.text('service', 'the name of a service');
    return name === undefined || to === undefined ? [] : named(name, place, to);
  }
  const protocol = fields.choice('protocol', PORT_PROTOCOLS);
  const ports = fields.needed('ports', 'the ports to reach', portsOf);
  const sourcePorts = fields.given('sourcePorts', sourcePortsOf, 'all');
  const because = fields.has('because')
    ? fields.optionalText('because', 'a few words', 120)
    : `${printPorts(ports ?? [])}/${protocol}`;
  if (
    protocol === undefined ||
    ports === undefined ||
    to === undefined ||
    sourcePorts === undefined ||
    because === undefined
  )
    return [];
  return [{ protocol: PROTOCOLS[protocol], ports, sourcePorts, destinations: to, because }];
}

const sourcePortsOf = (value: unknown, place: Place): readonly NumberRange[] | undefined =>
  numbersOf(
    value,
    place,
    'A list of ports: [4, 1020]',
    'At least one port, or leave it out for all.',
    [1, 65535],
    1000,
  );

function named(name: string, place: Place, to: SettledSources): readonly Outbound[] {
  const service = OUTBOUND_SERVICES.get(name);
  if (service) return outbounds(service, to, name);
  const preset = PRESETS.get(name);
  if (preset && preset.outbound.length > 0)
    return preset.outbound.flatMap(([part, ports]) => outbounds(ports, to, `${name}: ${part}`));
  const raw = /^(\d+(?:-\d+)?)\/(tcp|udp|dccp|sctp|udplite)$/.exec(name);
  if (raw) {
    const range = rangeOfText(raw[1]!, place);
    const protocol = PROTOCOLS[raw[2] as keyof typeof PROTOCOLS];
    return range ? [{ protocol, ports: [range], sourcePorts: 'all', destinations: to, because: name }] : [];
  }
  const names = [
    ...OUTBOUND_SERVICES.keys(),
    ...[...PRESETS].filter(([, one]) => one.outbound.length > 0).map(([one]) => one),
  ];
  return place.add(say.unknownService(place.where, name, near(name, names), 'licence')) ?? [];
}

/** One entry per protocol and source ports. */
function outbounds(ports: readonly OutboundPort[], destinations: SettledSources, because: string): readonly Outbound[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const own = ports.filter((port) => port.protocol === protocol);
    const bound = own.flatMap((port): Outbound[] =>
      port.from ? [entry(protocol, [port], joinedNumbers(port.from.map(point)))] : [],
    );
    const free = own.filter((port) => !port.from);
    return free.length > 0 ? [entry(protocol, free, 'all'), ...bound] : bound;
  });

  function entry(
    protocol: 'tcp' | 'udp',
    some: readonly OutboundPort[],
    sourcePorts: Outbound['sourcePorts'],
  ): Outbound {
    return { protocol: PROTOCOLS[protocol], ports: joinedNumbers(some), sourcePorts, destinations, because };
  }
}
