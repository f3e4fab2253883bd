// Parses the question of `exposure` (options such as --service, --from, --to) to packets and start locations.

import { ReachabilityQuery } from '../../reachability/reachability-query';
import {
  getNetwork,
  parseInterfaceAddress,
  parsePrefix,
  toRange,
  printAddress,
  printPrefix,
  printRange,
} from '../../net/address';
import { Device, StartLocation, toNumberRanges } from '../../net/device';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { PORT_NAMES, getPorts, isPortName } from '../../net/port-names';
import { Range } from '../../net/range';
import { Problem, refuseIfAny } from '../../problems/problem';
import { findNearestWord } from '../../problems/find-nearest-word';
import { explainBadAddress } from '../../problems/explain-bad-address';
import { PORT_PROTOCOLS, SERVICE_NAMES, findServicePackets } from '../../intent/service-packets';
import { addLeasedDestinations } from '../facts/leased-addresses';
import { StartSide } from '../report/exposure-report-types';
import { START_TEXT } from '../report/section-titles';

/** The options of a question, as the operator writes them. */
export interface ExposureOptions {
  readonly to?: readonly string[];
  readonly port?: readonly string[];
  readonly service?: readonly string[];
  /** Addresses and prefixes; or `internet` alone. */
  readonly from?: readonly string[];
  /** `outside`, `inside`, `server`, `localhost`, or the name of an interface. */
  readonly start?: readonly string[];
}

export interface ExposureQuestion {
  readonly words: string;
  /** The asked packets in words, without their start location; empty means all packets. */
  readonly subject: string;
  /** Interfaces that the question names. Some device must have each of them. */
  readonly interfaces: readonly string[];
  /** Whether the question asks only for packets from the internet. */
  readonly onlyOutside: boolean;
  /** Returns the query for one device. Its start locations depend on the roles of the device. */
  ask(device: Device): ReachabilityQuery;
}

/** The value of `from` that stands for every sender outside. */
export const INTERNET_SOURCE = 'internet';

/**
 * Returns the question that the options mean.
 * @throws Refusal with everything that can't be meant
 */
export function parseQuestion({
  to,
  port,
  service,
  from: sources,
  start: startNames,
}: ExposureOptions): ExposureQuestion {
  const problems: Problem[] = [];
  const sourceTexts = sources?.filter((text) => text !== INTERNET_SOURCE);
  const fromInternet = sourceTexts !== undefined && sourceTexts.length < sources!.length;
  if (fromInternet && (startNames || sourceTexts.length > 0)) problems.push(INTERNET_NOT_ALONE);
  const startPlaces = fromInternet ? ['outside'] : startNames;
  const parseAddresses = (texts: readonly string[] | undefined, optionName: string): readonly Range[] | undefined =>
    texts?.flatMap((text) => {
      if (text === 'anywhere') return [];
      const prefix = parsePrefix(text);
      if (!prefix) problems.push(createNoAddressProblem(optionName, text));
      return prefix ? [toRange(prefix)] : [];
    });
  const services = [
    ...(port ?? []).map((text) => parsePort(text) ?? addProblem(problems, createNoPortProblem(text))),
    ...(service ?? []).map((text) => parseServiceName(text) ?? addProblem(problems, createNoServiceProblem(text))),
  ];
  const destinations = parseAddresses(to, '--to');
  const sourceRanges = parseAddresses(sourceTexts, '--from');
  refuseIfAny(problems);
  const serviceNames = [...(port ? [`port ${port.join(', ')}`] : []), ...(service ? [service.join(', ')] : [])];
  const subject = [
    ...(serviceNames.length > 0 ? [serviceNames.join(', ')] : []),
    ...(destinations && destinations.length > 0 ? [`to ${destinations.map(printRange).join(', ')}`] : []),
    ...(sourceRanges && sourceRanges.length > 0 ? [`from ${sourceRanges.map(printRange).join(', ')}`] : []),
  ].join(' ');
  const words = [...(subject === '' ? [] : [subject]), ...(startPlaces ?? []).map(printStartName)].join(', ');
  return {
    words,
    subject,
    interfaces: (startPlaces ?? []).filter((startName) => !SIDE_BY_NAME.has(startName)),
    onlyOutside: startPlaces !== undefined && startPlaces.every((name) => name === 'outside'),
    ask: (device) => ({
      ...(destinations && destinations.length > 0 ? { to: addLeasedDestinations(destinations, device) } : {}),
      ...(sourceRanges && sourceRanges.length > 0 ? { from: sourceRanges } : {}),
      ...(services.length > 0 ? { services } : {}),
      matchesStart: (start) => (startPlaces ?? ['outside', 'inside']).some((name) => matchesStart(start, name, device)),
    }),
  };
}

const SIDE_BY_NAME: ReadonlyMap<string, StartSide> = new Map([
  ['outside', 'outside'],
  ['inside', 'inside'],
  ['server', 'self'],
  ['localhost', 'localhost'],
]);

/** Returns a start location in words: `from the internet`, `by eth0`. */
function printStartName(startName: string): string {
  const side = SIDE_BY_NAME.get(startName);
  return side === undefined ? `by ${startName}` : START_TEXT[side];
}

const addProblem = (problems: Problem[], problem: Problem): PacketSet => {
  problems.push(problem);
  return PacketMap.NONE;
};

/**
 * Returns whether a name means a start location. An interface without a known role counts as outside; `inside` means
 * every other role.
 */
function matchesStart(startLocation: StartLocation, name: string, device: Device): boolean {
  if (startLocation.kind === 'localhost') return name === 'localhost';
  if (startLocation.kind === 'self') return name === 'server';
  const role =
    device.interfaces.find((networkInterface) => networkInterface.name === startLocation.name)?.role ?? 'outside';
  return name === startLocation.name || (name === 'inside' ? role !== 'outside' : name === role);
}

/**
 * Returns the packets of `443`, `8000-8010` or `53/udp`; undefined if the text is no port. Without a protocol, all
 * protocols that have ports are meant.
 */
function parsePort(text: string): PacketSet | undefined {
  if (text.includes('/')) return /^\d/.test(text) ? findServicePackets(text) : undefined;
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last ?? first) };
  if (first === undefined || range.last > 65_535 || range.last < range.first) return undefined;
  return PacketMap.createSet({ protocol: toNumberRanges(...PROTOCOLS_WITH_PORTS), port: [range] });
}

function parseServiceName(text: string): PacketSet | undefined {
  const packets = /^\d/.test(text) ? undefined : findServicePackets(text);
  if (packets || !isPortName(text)) return packets;
  return PacketMap.mergeFirst(
    getPorts(text).map(({ protocol, first, last }) =>
      PacketMap.createSet({ protocol: toNumberRanges(PROTOCOL[protocol]), port: [{ first, last }] }),
    ),
  );
}

const INTERNET_NOT_ALONE: Problem = {
  code: 'review/internet-and-more',
  where: '--from',
  what: '"internet" is every source outside, so it stands alone: no address and no --start beside it.',
  instead: '--from internet; or --start outside --from 198.51.100.7 for one of them.',
};

function createNoAddressProblem(where: string, text: string): Problem {
  const interfaceAddress = text.includes('/') ? parseInterfaceAddress(text) : undefined;
  const network = interfaceAddress && printPrefix(getNetwork(interfaceAddress.address, interfaceAddress.length));
  const hint = explainBadAddress(text);
  return {
    code: 'review/no-address',
    where,
    what: network
      ? `"${text}" has host bits set, so it names a host and a network at once.`
      : `"${text}" is no address and no prefix${hint}.`,
    instead: network
      ? `${network} for the network, or ${printAddress(interfaceAddress.address)} for the host.`
      : `203.0.113.10, 203.0.113.0/24, 2001:db8::10${where === '--from' ? ', internet' : ''}${hint.includes('port') ? '; a port goes with --port' : ''}.`,
  };
}

const createNoPortProblem = (text: string): Problem => ({
  code: 'review/no-port',
  where: '--port',
  what: `"${text}" is no port${explainBadPort(text)}.`,
  instead: parseServiceName(text) ? `--service ${text}.` : '443, 8000-8010, 53/udp; names go with --service.',
});

function explainBadPort(text: string): string {
  const [, first = '', last = first, protocol] = /^(\d+)(?:-(\d+))?(?:\/(.*))?$/.exec(text) ?? [];
  if (first === '') return parseServiceName(text) ? ': it is the name of a service' : '';
  if (Math.max(Number(first), Number(last)) > 65_535) return ': they end at 65535';
  if (Number(last) < Number(first)) return ': it ends before it begins';
  if (protocol === undefined) return '';
  if (PORT_PROTOCOLS.some((name) => name === protocol)) return ': with a protocol they begin at 1';
  return `: the protocols that have ports are ${PORT_PROTOCOLS.join(', ')}`;
}

/** Every name that `service` accepts. */
export const KNOWN_SERVICES: readonly string[] = [...new Set([...SERVICE_NAMES, ...PORT_NAMES])].sort();

function createNoServiceProblem(text: string): Problem {
  const suggestion = findNearestWord(text, KNOWN_SERVICES);
  const isPort = parsePort(text) !== undefined;
  return {
    code: 'review/no-such-service',
    where: '--service',
    what: `No service is called "${text}"${isPort ? ': it is a port' : ''}.`,
    instead: isPort ? `--port ${text}.` : `${suggestion ?? KNOWN_SERVICES.join(', ')}; or a port with --port.`,
  };
}
