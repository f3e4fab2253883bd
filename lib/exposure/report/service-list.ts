import { Entry, serviceWords } from '../../reachability/listing';
import { EVERYTHING, isEvery, printService } from '../../reachability/words';
import { joinedNumbers, numbersWithout } from '../../net/axes';
import { NumberRange, countOf, holdsNumber } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { point } from '../../net/range';

/** More is no line any more. */
const MOST = { parts: 10, ports: 24, protocols: 6 };

/** Of all 256: where more are open whole, what isn't is said. */
const NEARLY_ALL = 200;
const PROTOCOLS: readonly number[] = Array.from({ length: 256 }, (_, number) => number);
const ALL: readonly NumberRange[] = [ALL_PORTS];

type Served = Pick<Entry, 'service' | 'packets'>;

/** Which ports of each protocol. */
type Ports = ReadonlyMap<number, readonly NumberRange[]>;

/**
 * `tcp 22`, `tcp 25,80` and `icmp` are `tcp 22,25,80; icmp`; all but a few are `everything but tcp 22`. `known`: what is said of each already,
 * and is left out.
 */
export function services<T extends Served>(
  served: readonly T[],
  known: (of: T) => readonly Served[] = () => [],
): string {
  const whole = served.filter(({ packets }) => isEvery(packets.sourcePorts, ALL_PORTS.last));
  const others = served.filter((one) => !whole.includes(one)).map(({ service }) => service);
  const open = new Map(
    PROTOCOLS.flatMap((one): readonly (readonly [number, readonly NumberRange[]])[] => {
      const ports = whole.flatMap((its) =>
        numbersWithout(
          portsOf(its, one),
          known(its).flatMap((other) => portsOf(other, one)),
        ),
      );
      return ports.length === 0 ? [] : [[one, joinedNumbers(ports)]];
    }),
  );
  const closed = new Map(
    PROTOCOLS.map((one) => [one, numbersWithout(ALL, open.get(one) ?? [])] as const).filter(
      ([, ports]) => ports.length > 0,
    ),
  );
  if (closed.size === 0) return EVERYTHING;
  const listed = PROTOCOLS.length - closed.size > NEARLY_ALL ? allBut(closed, open) : partsOf(open);
  return firstOf([...listed, ...new Set(others)], MOST.parts);
}

const portsOf = ({ packets }: Served, protocol: number): readonly NumberRange[] =>
  holdsNumber(packets.protocols, protocol) && isEvery(packets.sourcePorts, ALL_PORTS.last) ? packets.ports : [];

/** Of a protocol with more ports closed than open those that are open: nobody reads `everything but tcp all but 22`. */
function allBut(closed: Ports, open: Ports): readonly string[] {
  const few = new Map([...open].filter(([, ports]) => 2 * countOf(ports) < countOf(ALL)));
  const others = new Map([...closed].map(([protocol, ports]) => [protocol, few.has(protocol) ? ALL : ports]));
  return [...partsOf(few), `everything but ${partsOf(others).join(', ')}`];
}

/** TCP and UDP first, then what else has ports or types, alike together, then what has none. */
function partsOf(ports: Ports): readonly string[] {
  const known = [...ports].map(([protocol, ranges]) => ({ protocol, ranges, isAll: isEvery(ranges, ALL_PORTS.last) }));
  const isFirst = ({ protocol }: { readonly protocol: number }): boolean =>
    protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;
  const parted = known.filter(({ isAll }) => !isAll);
  const some = [...parted.filter(isFirst), ...parted.filter((one) => !isFirst(one))];
  const alike = groupBy(some, ({ protocol, ranges }) =>
    JSON.stringify([protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp ? protocol : '', ranges]),
  );
  const all = known.filter(({ isAll }) => isAll).map(({ protocol }) => protocol);
  return [
    ...[...alike.values()].map((group) =>
      shortPorts(
        serviceWords({
          protocols: rangesOf(group.map((one) => one.protocol)),
          ports: group[0].ranges,
          sourcePorts: ALL,
        }),
      ),
    ),
    ...(all.length === 0 ? [] : [shortNames(printService(rangesOf(all), ALL, ALL))]),
  ];
}

const rangesOf = (numbers: readonly number[]): readonly NumberRange[] => joinedNumbers(numbers.map(point));

/** Of a long list of ports the first ones. */
function shortPorts(service: string): string {
  const [, before = '', ports = ''] = /^(.* )([\d,-]+)$/.exec(service) ?? [];
  const list = ports.split(',');
  return list.length > MOST.ports
    ? `${before}${list.slice(0, MOST.ports - 4).join()} and ${list.length - MOST.ports + 4} more`
    : service;
}

function shortNames(names: string): string {
  const list = names.split('/');
  return list.length > MOST.protocols
    ? `${list.slice(0, MOST.protocols - 2).join('/')} and ${list.length - MOST.protocols + 2} more protocols`
    : names;
}

/** More than so many are no line any more. */
export const firstOf = (all: readonly string[], most: number): string =>
  [...all.slice(0, most), ...(all.length > most ? ['…'] : [])].join('; ');
