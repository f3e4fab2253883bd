// Parses truth files (`exposure.txt`), and finds the packets at the edges of their lines.

import { Address, FAMILY_RANGE, getFamily, parseAddress, parsePrefix, toRange } from '../../lib/net/address';
import { NumberRange } from '../../lib/net/device';
import { PROTOCOL, Packet } from '../../lib/net/packet';
import { Range, contains } from '../../lib/net/range';

/** One line of a truth file: these packets pass. */
export interface Passing {
  readonly destinations: readonly Range[];
  readonly sources: readonly Range[];
  readonly protocols: readonly number[] | 'all';
  /** Or types of ICMP. */
  readonly ports: readonly NumberRange[] | 'all';
  readonly sourcePorts: readonly NumberRange[] | 'all';
}

/** A truth file that was written by hand: its lines by start location, as `the internet by eth0`. */
export function truthIn(text: string): ReadonlyMap<string, readonly Passing[]> {
  const places = new Map<string, Passing[]>();
  let lines: Passing[] | undefined;
  for (const line of text.split('\n')) {
    const from = /^ {2}from (.+)$/.exec(line)?.[1];
    if (from !== undefined) places.set(from, (lines = []));
    else if (line.startsWith('    ')) lines!.push(passing(line.trim()));
  }
  return places;
}

const TYPES: Readonly<Record<string, number>> = {
  'mld-listener-query': 130,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'nd-neighbor-advert': 136,
};

function passing(line: string): Passing {
  const parts =
    /^(.+?) (?:all protocols|([a-z]+[a-z0-9]*(?:\/[a-z0-9]+)*)(?: types?)?(?: ((?!source|from)\S+))?(?: source port (\S+))?) from (.+)$/.exec(
      line,
    );
  if (!parts) throw new Error(`not a line of a truth: ${line}`);
  const [, destinations, protocols, ports, sourcePorts, sources] = parts;
  const isV4 = protocols === 'icmp';
  return {
    destinations: addresses(destinations!),
    sources: addresses(sources!),
    protocols: protocols?.split('/').map(numberOf) ?? 'all',
    ports:
      ports
        ?.split(',')
        .map((one) => numbers(one === 'echo-request' ? (isV4 ? '8' : '128') : String(TYPES[one] ?? one))) ?? 'all',
    sourcePorts: sourcePorts?.split(',').map(numbers) ?? 'all',
  };
}

function numberOf(protocol: string): number {
  const known = new Map<string, number>(Object.entries(PROTOCOL)).get(protocol);
  if (known === undefined) throw new Error(`no protocol: ${protocol}`);
  return known;
}

function numbers(text: string): NumberRange {
  const parts = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (!parts) throw new Error(`no number and no range: ${text}`);
  return { first: Number(parts[1]), last: Number(parts[2] ?? parts[1]) };
}

const ALL: Readonly<Record<string, readonly Range[]>> = {
  anywhere: [FAMILY_RANGE.ip, FAMILY_RANGE.ip6],
  'any IPv4': [FAMILY_RANGE.ip],
  'any IPv6': [FAMILY_RANGE.ip6],
};

function addresses(text: string): readonly Range[] {
  const [of, but] = text.split(' but ') as [string, string | undefined];
  if (but === undefined) return ALL[of] ?? of.split(', ').map(range);
  return addresses(but).reduce<readonly Range[]>(
    (left, hole) =>
      left.flatMap(({ first, last }) => [
        ...(first < hole.first ? [{ first, last: last < hole.first ? last : hole.first - 1n }] : []),
        ...(hole.last < last ? [{ first: first > hole.last ? first : hole.last + 1n, last }] : []),
      ]),
    ALL[of]!,
  );
}

function range(text: string): Range {
  const [first, last] = text.split('-').map(parseAddress);
  if (first !== undefined && text.includes('-')) return { first, last: last! };
  return first === undefined ? toRange(parsePrefix(text)!) : { first, last: first };
}

/** Whether the packet passes. */
export const passes = (
  lines: readonly Passing[],
  { destination, source, protocol, port, sourcePort }: Packet,
): boolean =>
  lines.some(
    (line) =>
      isAmong(line.destinations, destination) &&
      isAmong(line.sources, source) &&
      (line.protocols === 'all' || line.protocols.includes(protocol)) &&
      (line.ports === 'all' || line.ports.some(({ first, last }) => first <= port && port <= last)) &&
      (line.sourcePorts === 'all' ||
        line.sourcePorts.some(({ first, last }) => first <= sourcePort && sourcePort <= last)),
  );

const isAmong = (ranges: readonly Range[], address: Address): boolean => ranges.some((one) => contains(one, address));

/** The first and last values of lines, and their neighbours. */
export const edgesOf = (ranges: readonly Range[]): readonly Address[] =>
  [
    ...new Set(
      ranges.flatMap(({ first, last }) =>
        [first - 1n, first, last, last + 1n]
          .filter((one) => FAMILY_RANGE.ip.first <= one && one <= FAMILY_RANGE.ip6.last)
          .filter((one) => getFamily(one as Address) === getFamily(first as Address)),
      ),
    ),
  ].map((one) => one as Address);
