import { FAMILY_RANGE, Family, familyOf, printAddress, printRange } from '../net/address';
import { NumberRange, countOf, points } from '../net/device';
import { ALL_PORTS, PROTOCOL, PROTOCOLS_WITH_PORTS, Packet } from '../net/packet';
import { Range, joined, sizeOf, without } from '../net/range';

export const PROTOCOL_NAMES = new Map<number, string>(Object.entries(PROTOCOL).map(([name, number]) => [number, name]));

/** Names of types, as nft(8) has them. Source: IANA, ICMP and ICMPv6 parameters. */
const ICMP_TYPES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [PROTOCOL.icmp]: {
    0: 'echo-reply',
    3: 'destination-unreachable',
    8: 'echo-request',
    11: 'time-exceeded',
    12: 'parameter-problem',
  },
  [PROTOCOL.icmpv6]: {
    1: 'destination-unreachable',
    2: 'packet-too-big',
    3: 'time-exceeded',
    4: 'parameter-problem',
    128: 'echo-request',
    129: 'echo-reply',
    130: 'mld-listener-query',
    131: 'mld-listener-report',
    132: 'mld-listener-done',
    133: 'nd-router-solicit',
    134: 'nd-router-advert',
    135: 'nd-neighbor-solicit',
    136: 'nd-neighbor-advert',
    143: 'mld2-listener-report',
  },
};

/** Of all packets. */
export const EVERYTHING = 'all protocols';
export const ANY: Readonly<Record<Family, string>> = { ip: 'any IPv4', ip6: 'any IPv6' };

/** Addresses for people: prefixes where they are, and what is left out where that is shorter. `apart`: of what is one range several may be made. */
export function printAddresses(
  ranges: readonly Range[],
  family: Family,
  anywhere = 'anywhere',
  apart = (all: readonly Range[]): readonly Range[] => all,
): string {
  const whole = FAMILY_RANGE[family];
  const holes = without([whole], ranges);
  if (holes.length === 0) return anywhere;
  const most = sizeOf(ranges) * 2n > whole.last - whole.first;
  return most
    ? `${anywhere} but ${apart(holes).map(printRange).join(', ')}`
    : apart(joined(ranges)).map(printRange).join(', ');
}

export const printDestinations = (ranges: readonly Range[], family: Family): string =>
  printAddresses(ranges, family, ANY[family]);

export const printNumbers = (ranges: readonly NumberRange[]): string =>
  ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');

/** Whether it is every number up to the last. */
export const isEvery = (ranges: readonly NumberRange[], last: number): boolean =>
  ranges.length === 1 && ranges[0]!.first === 0 && ranges[0]!.last === last;

/** The names of types, where it is a protocol that has them in place of ports. */
export const typesOf = ([of, ...more]: readonly NumberRange[]): Readonly<Record<number, string>> | undefined =>
  of && more.length === 0 && of.first === of.last ? ICMP_TYPES[of.first] : undefined;

/** `tcp 25,465`, `icmp echo-request`, `gre`, `all protocols`. */
export function printService(
  protocols: readonly NumberRange[],
  ports: readonly NumberRange[],
  sourcePorts: readonly NumberRange[],
): string {
  const name = isEvery(protocols, 255) ? EVERYTHING : protocols.flatMap(protocolNames).join('/');
  const types = typesOf(protocols);
  const port = isEvery(ports, ALL_PORTS.last) ? '' : types ? typesIn(ports, types) : ` ${printNumbers(ports)}`;
  const source = isEvery(sourcePorts, ALL_PORTS.last)
    ? ''
    : types
      ? ` code ${printNumbers(sourcePorts)}`
      : ` source port ${printNumbers(sourcePorts)}`;
  return `${name}${port}${source}`;
}

const protocolNames = ({ first, last }: NumberRange): string[] =>
  last - first > 8
    ? [`protocols ${first}-${last}`]
    : Array.from({ length: last - first + 1 }, (_, i) => PROTOCOL_NAMES.get(first + i) ?? `protocol ${first + i}`);

/** A type has eight bits. Of most of them those are told that are left out. */
function typesIn(all: readonly NumberRange[], names: Readonly<Record<number, string>>): string {
  const some = all.flatMap(({ first, last }) => (first > 255 ? [] : [{ first, last: Math.min(last, 255) }]));
  if (some.length === 0) return ` types ${printNumbers(all)}`;
  const [words, told] = countOf(some) > 128 ? [' all but', leftOut(some, 255)] : ['', some];
  return told.length === 0 ? '' : `${words} ${told.map((range) => typeName(range, names)).join(',')}`;
}

/** What is not among them, up to `last`. */
export function leftOut(ranges: readonly NumberRange[], last: number): readonly NumberRange[] {
  const ends = [...ranges.map((one) => one.first - 1), last];
  const starts = [0, ...ranges.map((one) => one.last + 1)];
  return starts.flatMap((first, at) => (first <= ends[at]! ? [{ first, last: ends[at]! }] : []));
}

/** Of nearly all ports those that are left out, where they are the shorter list; else none. */
export function closedPorts(ports: readonly NumberRange[]): readonly NumberRange[] {
  const closed = leftOut(ports, ALL_PORTS.last);
  const isShorter = `all but ${printNumbers(closed)}`.length <= printNumbers(ports).length;
  return countOf(ports) > 50_000 && ports.length > 1 && isShorter ? closed : [];
}

function typeName({ first, last }: NumberRange, names: Readonly<Record<number, string>>): string {
  const each = Array.from(
    { length: Math.min(last - first + 1, 9) },
    (_, i) => names[first + i] ?? (first === last ? `type ${first}` : undefined),
  );
  return each.length < 9 && !each.includes(undefined) ? each.join(',') : `types ${first}-${last}`;
}

/** The first of a list; then how many more there are. */
export const limited = (items: readonly string[], most: number): readonly string[] =>
  items.length <= most ? items : [...items.slice(0, most), `and ${items.length - most} more`];

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** `198.51.100.7 port 40000 to 203.0.113.10 tcp 3306`. */
export function printPacket({ source, destination, protocol, port, sourcePort }: Packet): string {
  const hasPorts = PROTOCOLS_WITH_PORTS.includes(protocol);
  const isIcmp = protocol === (familyOf(destination) === 'ip' ? PROTOCOL.icmp : PROTOCOL.icmpv6);
  const service = printService(points(protocol), hasPorts || isIcmp ? points(port) : [ALL_PORTS], [ALL_PORTS]);
  return `${printAddress(source)}${hasPorts ? ` port ${sourcePort}` : ''} to ${printAddress(destination)} ${service}`;
}

/** `anywhere but A, B, and 3 more` in the words of a picture: `anybody but A and 4 more`. */
export function printWhom(sources: string): string {
  const [first = '', ...rest] = sources.replace(/^anywhere/, 'anybody').split(', ');
  const [, counted] = /^and ([\d,]+) more$/.exec(rest.at(-1) ?? '') ?? [];
  const more = counted === undefined ? rest.length : rest.length - 1 + Number(counted.replaceAll(',', ''));
  return more === 0 ? first : `${first} and ${more} more`;
}
