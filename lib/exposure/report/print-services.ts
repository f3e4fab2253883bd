// Prints the services of several exposure entries as one list: `tcp 22,25,80; icmp`, or `everything but tcp 22`.
import { ReachabilityEntry, describeService } from '../../reachability/reachability-list';
import { ALL_PROTOCOLS_TEXT, coversEvery, printService } from '../../reachability/print-packets';
import { mergeNumbers, subtractNumbers } from '../../net/axis-nodes';
import { NumberRange, countNumbers, containsNumber } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { toSingleRange } from '../../net/range';

/** The most items that fit in a line. */
const MAX_SHOWN = { parts: 10, ports: 24, protocols: 6 };

/** The number of open protocols, of 256, above which the closed ones are named instead. */
const NEARLY_ALL_PROTOCOLS = 200;
const ALL_PROTOCOLS: readonly number[] = Array.from({ length: 256 }, (_, number) => number);
const ALL_PORT_RANGES: readonly NumberRange[] = [ALL_PORTS];

type ServedEntry = Pick<ReachabilityEntry, 'service' | 'packets'>;

/** The open or closed ports of each protocol. */
type PortsByProtocol = ReadonlyMap<number, readonly NumberRange[]>;

/**
 * Returns services as one list: `tcp 22`, `tcp 25,80` and `icmp` become `tcp 22,25,80; icmp`; all but a few become
 * `everything but tcp 22`. `getListed` returns what is listed already for an entry, and is left out.
 */
export function printServiceList<T extends ServedEntry>(
  entries: readonly T[],
  getListed: (entry: T) => readonly ServedEntry[] = () => [],
): string {
  const anySourcePort = entries.filter(({ packets }) => coversEvery(packets.sourcePorts, ALL_PORTS.last));
  const otherServices = entries.filter((item) => !anySourcePort.includes(item)).map(({ service }) => service);
  const openPorts = new Map(
    ALL_PROTOCOLS.flatMap((item): readonly (readonly [number, readonly NumberRange[]])[] => {
      const ports = anySourcePort.flatMap((entry) =>
        subtractNumbers(
          getPorts(entry, item),
          getListed(entry).flatMap((listedEntry) => getPorts(listedEntry, item)),
        ),
      );
      return ports.length === 0 ? [] : [[item, mergeNumbers(ports)]];
    }),
  );
  const closedPorts = new Map(
    ALL_PROTOCOLS.map((item) => [item, subtractNumbers(ALL_PORT_RANGES, openPorts.get(item) ?? [])] as const).filter(
      ([, ports]) => ports.length > 0,
    ),
  );
  if (closedPorts.size === 0) return ALL_PROTOCOLS_TEXT;
  const parts =
    ALL_PROTOCOLS.length - closedPorts.size > NEARLY_ALL_PROTOCOLS
      ? printAllBut(closedPorts, openPorts)
      : listServiceParts(openPorts);
  return joinFirst([...parts, ...new Set(otherServices)], MAX_SHOWN.parts);
}

const getPorts = ({ packets }: ServedEntry, protocol: number): readonly NumberRange[] =>
  containsNumber(packets.protocols, protocol) && coversEvery(packets.sourcePorts, ALL_PORTS.last) ? packets.ports : [];

/**
 * Returns a list of everything with its exceptions. A protocol with more closed ports than open ones shows the open
 * ones: `everything but tcp all but 22` can't be understood.
 */
function printAllBut(closedPorts: PortsByProtocol, openPorts: PortsByProtocol): readonly string[] {
  const mostlyClosed = new Map(
    [...openPorts].filter(([, ports]) => 2 * countNumbers(ports) < countNumbers(ALL_PORT_RANGES)),
  );
  const exceptions = new Map(
    [...closedPorts].map(([protocol, ports]) => [protocol, mostlyClosed.has(protocol) ? ALL_PORT_RANGES : ports]),
  );
  return [...listServiceParts(mostlyClosed), `everything but ${listServiceParts(exceptions).join(', ')}`];
}

/**
 * Returns the parts of a list: TCP and UDP first, then other protocols with ports or types, equal ones together, then
 * protocols without.
 */
function listServiceParts(ports: PortsByProtocol): readonly string[] {
  const protocols = [...ports].map(([protocol, ranges]) => ({
    protocol,
    ranges,
    isAll: coversEvery(ranges, ALL_PORTS.last),
  }));
  const isTcpOrUdp = ({ protocol }: { readonly protocol: number }): boolean =>
    protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;
  const partlyOpen = protocols.filter(({ isAll }) => !isAll);
  const sortedEntries = [...partlyOpen.filter(isTcpOrUdp), ...partlyOpen.filter((entry) => !isTcpOrUdp(entry))];
  const groups = groupBy(sortedEntries, ({ protocol, ranges }) =>
    JSON.stringify([protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp ? protocol : '', ranges]),
  );
  const fullProtocols = protocols.filter(({ isAll }) => isAll).map(({ protocol }) => protocol);
  return [
    ...[...groups.values()].map((group) =>
      shortenPorts(
        describeService({
          protocols: toRanges(group.map((entry) => entry.protocol)),
          ports: group[0].ranges,
          sourcePorts: ALL_PORT_RANGES,
        }),
      ),
    ),
    ...(fullProtocols.length === 0
      ? []
      : [shortenNames(printService(toRanges(fullProtocols), ALL_PORT_RANGES, ALL_PORT_RANGES))]),
  ];
}

const toRanges = (numbers: readonly number[]): readonly NumberRange[] => mergeNumbers(numbers.map(toSingleRange));

/** Returns a service with only the first ports of a long list. */
function shortenPorts(service: string): string {
  const [, before = '', ports = ''] = /^(.* )([\d,-]+)$/.exec(service) ?? [];
  const list = ports.split(',');
  return list.length > MAX_SHOWN.ports
    ? `${before}${list.slice(0, MAX_SHOWN.ports - 4).join()} and ${list.length - MAX_SHOWN.ports + 4} more`
    : service;
}

function shortenNames(names: string): string {
  const list = names.split('/');
  return list.length > MAX_SHOWN.protocols
    ? `${list.slice(0, MAX_SHOWN.protocols - 2).join('/')} and ${list.length - MAX_SHOWN.protocols + 2} more protocols`
    : names;
}

/** Returns the first `max` parts as text, with `…` if there are more. */
export const joinFirst = (parts: readonly string[], max: number): string =>
  [...parts.slice(0, max), ...(parts.length > max ? ['…'] : [])].join('; ');
