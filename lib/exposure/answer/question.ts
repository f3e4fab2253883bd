import { Ask } from '../../reachability/ask';
import {
  networkOf,
  parseInterfaceAddress,
  parsePrefix,
  prefixRange,
  printAddress,
  printPrefix,
  printRange,
} from '../../net/address';
import { Device, Vantage, points } from '../../net/device';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { PORT_NAMES, getPorts, isPortName } from '../../net/port-names';
import { Range } from '../../net/range';
import { Problem, refuseIfAny } from '../../problems/problem';
import { nearest } from '../../problems/nearest';
import { whyNoAddress } from '../../problems/no-address';
import { PORTED, SERVICE_NAMES, servicePackets } from '../../intent/service-packets';
import { Side } from '../report/report';
import { FROM } from '../report/titles';

/** What a person asks, as they write it. */
export interface Asking {
  readonly to?: readonly string[];
  readonly port?: readonly string[];
  readonly service?: readonly string[];
  /** Addresses, prefixes; or `internet` alone. */
  readonly from?: readonly string[];
  /** `outside`, `inside`, `server`, `localhost`, or the name of an interface. */
  readonly vantage?: readonly string[];
}

export interface Asked {
  readonly words: string;
  /** The packets that were asked about, in words, wherever they start; empty: all of them. */
  readonly subject: string;
  /** Interfaces that are named: some device has to have each. */
  readonly interfaces: readonly string[];
  /** Nobody is asked about but who comes from the internet. */
  readonly onlyOutside: boolean;
  /** The vantages depend on the device's roles. */
  ask(device: Device): Ask;
}

/** Anybody who comes in from outside, as an answer to `from`. */
export const INTERNET = 'internet';

/** Throws Refusal with everything that can't be meant. */
export function asked({ to, port, service, from: sources, vantage: places }: Asking): Asked {
  const problems: Problem[] = [];
  const from = sources?.filter((text) => text !== INTERNET);
  const fromInternet = from !== undefined && from.length < sources!.length;
  if (fromInternet && (places || from.length > 0)) problems.push(internetAlone);
  const vantage = fromInternet ? ['outside'] : places;
  const addresses = (texts: readonly string[] | undefined, where: string): readonly Range[] | undefined =>
    texts?.flatMap((text) => {
      if (text === 'anywhere') return [];
      const prefix = parsePrefix(text);
      if (!prefix) problems.push(noAddress(where, text));
      return prefix ? [prefixRange(prefix)] : [];
    });
  const services = [
    ...(port ?? []).map((text) => portPackets(text) ?? say(problems, noPort(text))),
    ...(service ?? []).map((text) => namedPackets(text) ?? say(problems, noService(text))),
  ];
  const destinations = addresses(to, '--to');
  const askers = addresses(from, '--from');
  refuseIfAny(problems);
  const subject = [
    ...(destinations && destinations.length > 0 ? [`to ${destinations.map(printRange).join(', ')}`] : []),
    ...(port ? [`port ${port.join(', ')}`] : []),
    ...(service ? [service.join(', ')] : []),
    ...(askers && askers.length > 0 ? [`from ${askers.map(printRange).join(', ')}`] : []),
  ].join(', ');
  const words = [...(subject === '' ? [] : [subject]), ...(vantage ?? []).map(startWords)].join(', ');
  return {
    words,
    subject,
    interfaces: (vantage ?? []).filter((place) => !PLACES.has(place)),
    onlyOutside: vantage !== undefined && vantage.every((name) => name === 'outside'),
    ask: (device) => ({
      ...(destinations && destinations.length > 0 ? { to: destinations } : {}),
      ...(askers && askers.length > 0 ? { from: askers } : {}),
      ...(services.length > 0 ? { services } : {}),
      vantage: (one) => (vantage ?? ['outside', 'inside']).some((name) => isAt(one, name, device)),
    }),
  };
}

const PLACES: ReadonlyMap<string, Side> = new Map([
  ['outside', 'outside'],
  ['inside', 'inside'],
  ['server', 'self'],
  ['localhost', 'localhost'],
]);

/** `from the internet`, `by eth0`. */
function startWords(place: string): string {
  const side = PLACES.get(place);
  return side === undefined ? `by ${place}` : FROM[side];
}

const say = (problems: Problem[], problem: Problem): PacketSet => {
  problems.push(problem);
  return PacketMap.NONE;
};

/** Of an interface that leads neither outside nor to a known role, nobody is kept out. */
function isAt(vantage: Vantage, name: string, device: Device): boolean {
  if (vantage.kind === 'localhost') return name === 'localhost';
  if (vantage.kind === 'self') return name === 'server';
  const role = device.interfaces.find((one) => one.name === vantage.name)?.role ?? 'outside';
  return name === vantage.name || (name === 'inside' ? role !== 'outside' : name === role);
}

/** `443`, `8000-8010`, `53/udp`. Without a protocol: of all that have ports. */
function portPackets(text: string): PacketSet | undefined {
  if (text.includes('/')) return /^\d/.test(text) ? servicePackets(text) : undefined;
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last ?? first) };
  if (first === undefined || range.last > 65_535 || range.last < range.first) return undefined;
  return PacketMap.set({ protocol: points(...PROTOCOLS_WITH_PORTS), port: [range] });
}

function namedPackets(text: string): PacketSet | undefined {
  const known = /^\d/.test(text) ? undefined : servicePackets(text);
  if (known || !isPortName(text)) return known;
  return PacketMap.first(
    getPorts(text).map(({ protocol, first, last }) =>
      PacketMap.set({ protocol: points(PROTOCOL[protocol]), port: [{ first, last }] }),
    ),
  );
}

const internetAlone: Problem = {
  code: 'review/internet-and-more',
  where: '--from',
  what: '"internet" is everybody who comes in from outside, so it stands alone: no address and no --vantage beside it.',
  instead: '--from internet; or --vantage outside --from 198.51.100.7 for one of them.',
};

function noAddress(where: string, text: string): Problem {
  const loose = text.includes('/') ? parseInterfaceAddress(text) : undefined;
  const network = loose && printPrefix(networkOf(loose.address, loose.length));
  const why = whyNoAddress(text);
  return {
    code: 'review/no-address',
    where,
    what: network
      ? `"${text}" has host bits set, so it names a host and a network at once.`
      : `"${text}" is no address and no prefix${why}.`,
    instead: network
      ? `${network} for the network, or ${printAddress(loose.address)} for the host.`
      : `203.0.113.10, 203.0.113.0/24, 2001:db8::10${where === '--from' ? ', internet' : ''}${why.includes('port') ? '; a port goes with --port' : ''}.`,
  };
}

const noPort = (text: string): Problem => ({
  code: 'review/no-port',
  where: '--port',
  what: `"${text}" is no port${whyNoPort(text)}.`,
  instead: namedPackets(text) ? `--service ${text}.` : '443, 8000-8010, 53/udp; names go with --service.',
});

function whyNoPort(text: string): string {
  const [, first = '', last = first, protocol] = /^(\d+)(?:-(\d+))?(?:\/(.*))?$/.exec(text) ?? [];
  if (first === '') return namedPackets(text) ? ': it is the name of a service' : '';
  if (Math.max(Number(first), Number(last)) > 65_535) return ': they end at 65535';
  if (Number(last) < Number(first)) return ': it ends before it begins';
  if (protocol === undefined) return '';
  if (PORTED.some((one) => one === protocol)) return ': with a protocol they begin at 1';
  return `: the protocols that have ports are ${PORTED.join(', ')}`;
}

/** Every name that `service` knows. */
export const ASKED_SERVICES: readonly string[] = [...new Set([...SERVICE_NAMES, ...PORT_NAMES])].sort();

function noService(text: string): Problem {
  const near = nearest(text, ASKED_SERVICES);
  const isPort = portPackets(text) !== undefined;
  return {
    code: 'review/no-such-service',
    where: '--service',
    what: `No service is called "${text}"${isPort ? ': it is a port' : ''}.`,
    instead: isPort ? `--port ${text}.` : `${near ?? ASKED_SERVICES.join(', ')}; or a port with --port.`,
  };
}
