// Prints addresses, ports, protocols, ICMP types and packets for people: `anywhere but 10.0.0.0/8`, `tcp 25,465`, `icmp
// echo-request`. Used by reports, reviews, lint and the driver.

import { FAMILY_RANGE, Family, getFamily, printAddress, printRange } from '../net/address';
import { NumberRange, countNumbers, toNumberRanges } from '../net/device';
import { ALL_PORTS, PROTOCOL, PROTOCOLS_WITH_PORTS, Packet } from '../net/packet';
import { Range, mergeRanges, countAddresses, subtractRanges } from '../net/range';

export const PROTOCOL_NAMES = new Map<number, string>(Object.entries(PROTOCOL).map(([name, number]) => [number, name]));

/** Names of ICMP types in the words of nft(8). Source: IANA, ICMP and ICMPv6 parameters. */
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

/** The name of all packets. */
export const ALL_PROTOCOLS_TEXT = 'all protocols';
export const ANY_ADDRESS_TEXT: Readonly<Record<Family, string>> = { ip: 'any IPv4', ip6: 'any IPv6' };

/**
 * Prints addresses for people: as prefixes where possible, and as exceptions if that is shorter. `splitRanges`: splits
 * a range into several.
 */
export function printAddresses(
  ranges: readonly Range[],
  family: Family,
  anywhere = 'anywhere',
  splitRanges = (unsplit: readonly Range[]): readonly Range[] => unsplit,
): string {
  const familyRange = FAMILY_RANGE[family];
  const holes = subtractRanges([familyRange], ranges);
  if (holes.length === 0) return anywhere;
  const isMajority = countAddresses(ranges) * 2n > familyRange.last - familyRange.first;
  return isMajority
    ? `${anywhere} but ${splitRanges(holes).map(printRange).join(', ')}`
    : splitRanges(mergeRanges(ranges)).map(printRange).join(', ');
}

export const printDestinations = (ranges: readonly Range[], family: Family): string =>
  printAddresses(ranges, family, ANY_ADDRESS_TEXT[family]);

export const printNumbers = (ranges: readonly NumberRange[]): string =>
  ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');

/** Returns whether the ranges cover every number up to `last`. */
export const coversEvery = (ranges: readonly NumberRange[], last: number): boolean =>
  ranges.length === 1 && ranges[0]!.first === 0 && ranges[0]!.last === last;

/** Returns the names of ICMP types if the protocol has types in place of ports. */
export const findIcmpTypes = ([protocol, ...more]: readonly NumberRange[]):
  Readonly<Record<number, string>> | undefined =>
  protocol && more.length === 0 && protocol.first === protocol.last ? ICMP_TYPES[protocol.first] : undefined;

/** `tcp 25,465`, `icmp echo-request`, `gre`, `all protocols`. */
export function printService(
  protocols: readonly NumberRange[],
  ports: readonly NumberRange[],
  sourcePorts: readonly NumberRange[],
): string {
  const name = coversEvery(protocols, 255) ? ALL_PROTOCOLS_TEXT : protocols.flatMap(nameProtocols).join('/');
  const types = findIcmpTypes(protocols);
  const port = coversEvery(ports, ALL_PORTS.last)
    ? ''
    : types
      ? printIcmpTypes(ports, types)
      : ` ${printNumbers(ports)}`;
  const source = coversEvery(sourcePorts, ALL_PORTS.last)
    ? ''
    : types
      ? ` code ${printNumbers(sourcePorts)}`
      : ` source port ${printNumbers(sourcePorts)}`;
  return `${name}${port}${source}`;
}

const nameProtocols = ({ first, last }: NumberRange): string[] =>
  last - first > 8
    ? [`protocols ${first}-${last}`]
    : Array.from({ length: last - first + 1 }, (_, i) => PROTOCOL_NAMES.get(first + i) ?? `protocol ${first + i}`);

/** A type has eight bits. If most types are listed, the missing ones are printed. */
function printIcmpTypes(types: readonly NumberRange[], names: Readonly<Record<number, string>>): string {
  const validTypes = types.flatMap(({ first, last }) => (first > 255 ? [] : [{ first, last: Math.min(last, 255) }]));
  if (validTypes.length === 0) return ` types ${printNumbers(types)}`;
  const [prefix, printed] =
    countNumbers(validTypes) > 128 ? [' all but', listMissingNumbers(validTypes, 255)] : ['', validTypes];
  return printed.length === 0 ? '' : `${prefix} ${printed.map((range) => nameIcmpTypes(range, names)).join(',')}`;
}

/** Returns the numbers from 0 to `last` that are not in the ranges. */
export function listMissingNumbers(ranges: readonly NumberRange[], last: number): readonly NumberRange[] {
  const ends = [...ranges.map((range) => range.first - 1), last];
  const starts = [0, ...ranges.map((range) => range.last + 1)];
  return starts.flatMap((first, index) => (first <= ends[index]! ? [{ first, last: ends[index]! }] : []));
}

/**
 * Returns the closed ports if nearly all are open and the closed ones are the shorter list; otherwise an empty list.
 */
export function findClosedPorts(ports: readonly NumberRange[]): readonly NumberRange[] {
  const closed = listMissingNumbers(ports, ALL_PORTS.last);
  const isShorter = `all but ${printNumbers(closed)}`.length <= printNumbers(ports).length;
  return countNumbers(ports) > 50_000 && ports.length > 1 && isShorter ? closed : [];
}

function nameIcmpTypes({ first, last }: NumberRange, names: Readonly<Record<number, string>>): string {
  const typeNames = Array.from(
    { length: Math.min(last - first + 1, 9) },
    (_, i) => names[first + i] ?? (first === last ? `type ${first}` : undefined),
  );
  return typeNames.length < 9 && !typeNames.includes(undefined) ? typeNames.join(',') : `types ${first}-${last}`;
}

/** Returns the first items of a list, then how many more there are. */
export const limitList = (items: readonly string[], limit: number): readonly string[] =>
  items.length <= limit ? items : [...items.slice(0, limit), `and ${items.length - limit} more`];

export const printCount = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count} ${count === 1 ? singular : plural}`;

/** `198.51.100.7 port 40000 to 203.0.113.10 tcp 3306`. */
export function printPacket({ source, destination, protocol, port, sourcePort }: Packet): string {
  const hasPorts = PROTOCOLS_WITH_PORTS.includes(protocol);
  const isIcmp = protocol === (getFamily(destination) === 'ip' ? PROTOCOL.icmp : PROTOCOL.icmpv6);
  const service = printService(toNumberRanges(protocol), hasPorts || isIcmp ? toNumberRanges(port) : [ALL_PORTS], [
    ALL_PORTS,
  ]);
  return `${printAddress(source)}${hasPorts ? ` port ${sourcePort}` : ''} to ${printAddress(destination)} ${service}`;
}

/** Prints sources in the words of a diagram: `anywhere but A, B, and 3 more` becomes `anybody but A and 4 more`. */
export function printSenders(sources: string): string {
  const [first = '', ...following] = sources.replace(/^anywhere/, 'anybody').split(', ');
  const [, moreCount] = /^and ([\d,]+) more$/.exec(following.at(-1) ?? '') ?? [];
  const more =
    moreCount === undefined ? following.length : following.length - 1 + Number(moreCount.replaceAll(',', ''));
  return more === 0 ? first : `${first} and ${more} more`;
}
