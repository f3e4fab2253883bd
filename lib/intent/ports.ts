import { NumberRange, holdsNumber } from '../net/device';
import { joinedNumbers, numbersWithout } from '../net/axes';
import { point } from '../net/range';
import { LOCAL_PORTS_112 } from './data/cpanel-ports-112';
import { Place, entriesOf, isToken, textOf, wholeOf } from './fields';
import * as say from './problems/openings';
import * as shape from './problems/shape';

export const PROTOCOLS = { tcp: 6, udp: 17, dccp: 33, sctp: 132, udplite: 136 } as const;
type PortProtocol = keyof typeof PROTOCOLS;
export const PORT_PROTOCOLS = Object.keys(PROTOCOLS) as readonly PortProtocol[];

/** `443`, `'443'`, `'49152-65534'`, or a list of them, as ascending ranges without overlap. */
export function portsOf(value: unknown, place: Place): readonly NumberRange[] | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65535) return [point(value)];
  const before = place.problems.length;
  const entries: readonly (readonly [unknown, Place])[] = Array.isArray(value)
    ? listed(value, place)
    : [[value, place]];
  const ranges = entries.flatMap(([entry, at]) => {
    const range = portRangeOf(entry, at);
    return range ? [range] : [];
  });
  return place.problems.length === before ? joinedNumbers(ranges) : undefined;
}

/** Whether ports are written with their protocols: `8443/tcp`. */
export const haveProtocols = (value: unknown): boolean =>
  (Array.isArray(value) ? value : [value]).some((entry) => typeof entry === 'string' && entry.includes('/'));

/** `'8443/tcp'`, or a list of such: the ports of each protocol. */
export function portsByProtocol(
  value: unknown,
  place: Place,
): readonly (readonly [PortProtocol, readonly NumberRange[]])[] | undefined {
  const before = place.problems.length;
  const entries: readonly (readonly [unknown, Place])[] = Array.isArray(value)
    ? listed(value, place)
    : [[value, place]];
  const found = entries.flatMap(([entry, at]): readonly (readonly [PortProtocol, NumberRange])[] => {
    const text = textOf(typeof entry === 'number' ? `${entry}` : entry, at, 'A port with its protocol ("8443/tcp")');
    if (text === undefined) return [];
    if (text.includes(',')) return at.add({ ...say.severalServices(at.where, text), code: 'intent/bad-port' }) ?? [];
    const [ports = '', protocol, ...more] = text.split('/');
    const known = more.length === 0 ? PORT_PROTOCOLS.find((one) => one === protocol) : undefined;
    if (!known) {
      const turned = PORT_PROTOCOLS.some((one) => one === ports)
        ? `"${protocol}/${ports}".`
        : `"${ports}/tcp" or "${ports}/udp".`;
      return at.add(say.protocolMissing(at.where, text, turned)) ?? [];
    }
    const range = rangeOfText(ports, at);
    return range ? [[known, range]] : [];
  });
  if (place.problems.length > before) return undefined;
  return PORT_PROTOCOLS.flatMap((protocol) => {
    const own = found.flatMap(([of, range]) => (of === protocol ? [range] : []));
    return own.length === 0 ? [] : [[protocol, joinedNumbers(own)] as const];
  });
}

/** A list of single numbers, as ascending ranges without overlap. */
export function numbersOf(
  value: unknown,
  place: Place,
  wanted: string,
  empty: string,
  [first, last]: readonly [number, number],
  most: number,
): readonly NumberRange[] | undefined {
  const before = place.problems.length;
  const numbers = entriesOf(value, place, wanted, empty, (entry, at) => wholeOf(entry, at, first, last), most);
  return place.problems.length === before ? joinedNumbers(numbers.map(point)) : undefined;
}

function listed(value: readonly unknown[], place: Place): readonly (readonly [unknown, Place])[] {
  if (value.length === 0) place.add(shape.emptyList(place.where, 'At least one port; all of them are "1-65535".'));
  if (value.length > 1000) return place.add(shape.tooLong(place.where, 'ports', value.length, 1000)) ?? [];
  return Array.from(value, (entry, index) => [entry, place.at(index)] as const);
}

function portRangeOf(value: unknown, place: Place): NumberRange | undefined {
  if (isToken(value)) return place.add(shape.unknownAtSynth(place.where));
  if (typeof value === 'number') return rangeOf(value, value, `${value}`, place);
  const text = textOf(value, place, 'A port (443) or a range of ports ("49152-65534")');
  return text === undefined ? undefined : rangeOfText(text, place);
}

export function rangeOfText(text: string, place: Place): NumberRange | undefined {
  const parts = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!parts || /^0\d|-0\d/.test(text)) return place.add(say.badPort(place.where, shape.quoted(text)));
  const first = Number(parts[1]);
  return rangeOf(first, parts[2] === undefined ? first : Number(parts[2]), text, place);
}

function rangeOf(first: number, last: number, text: string, place: Place): NumberRange | undefined {
  if (first === 0) return place.add(say.portZero(place.where, text, last));
  if (!Number.isInteger(first) || first < 0 || first > 65535 || last > 65535)
    return place.add(say.badPort(place.where, text));
  if (last < first) return place.add(say.reversedRange(place.where, text, `${last}-${first}`));
  return { first, last };
}

export const printPorts = (ranges: readonly NumberRange[]): string =>
  ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');

const [FIRST_LOCAL, LAST_LOCAL] = [Math.min(...LOCAL_PORTS_112), Math.max(...LOCAL_PORTS_112)];

/** Whether ports may be opened at all: some must stay local to the server. `behind` them stood the protocol. */
export function refuseLocalPorts(ranges: readonly NumberRange[], place: Place, behind = ''): boolean {
  if (!ranges.some(({ first, last }) => first <= LAST_LOCAL && FIRST_LOCAL <= last)) return false;
  const local = LOCAL_PORTS_112.filter((port) => holdsNumber(ranges, port));
  if (local.length === 0) return false;
  const rest = numbersWithout(ranges, local.map(point)).map((one) => `${printPorts([one])}${behind}`);
  place.add(say.localPort(place.where, printPorts(ranges), local, rest.join(', ')));
  return true;
}
