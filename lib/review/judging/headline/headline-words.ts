// The words of a headline: sources, addresses, services and ports of a change, in as much detail as fits. Also selects
// packets that any address may send, and compares sets of them.

import { NumberRange, countNumbers, toNumberRanges } from '../../../net/device';
import { isWide, toRows } from '../../../reachability/reachability-rows';
import { ALL_PROTOCOLS_TEXT, printCount, printService } from '../../../reachability/print-packets';
import { isPrivate } from '../../../lint/addresses';
import { splitPairs, printRange } from '../../../net/address';
import { mergeNumbers } from '../../../net/axis-nodes';
import { ALL_PORTS, PROTOCOL, PROTOCOLS_WITH_PORTS } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, mergeRanges, toSingleRange, countAddresses } from '../../../net/range';

/**
 * Returns up to two sources in words. They must have the same at each address: else one would seem to get what the
 * other gets. Undefined: there are more, or they differ.
 */
export function findSourceNames(packets: PacketSet): string | undefined {
  const sourceRanges = packets
    .groupAlong('destination')
    .flatMap(({ below }) => below.groupAlong('source').map(({ ranges }) => ranges));
  const [firstRanges = []] = sourceRanges;
  const names = firstRanges.map(printRange).join(' and ');
  return firstRanges.length > 2 || sourceRanges.some((ranges) => ranges.map(printRange).join(' and ') !== names)
    ? undefined
    : names;
}

export const arePacketsEqual = (packets: PacketSet, otherPackets: PacketSet): boolean =>
  !packets.isEmpty && packets.subtract(otherPackets).isEmpty && otherPackets.subtract(packets).isEmpty;

/** Returns the packets of services that any source may reach, with all their sources. */
export function selectForAnybody(packets: PacketSet): PacketSet {
  const services = packets.groupAlong('destination').flatMap(({ family, ranges, below }) =>
    below
      .groupAlong('source')
      .filter((group) => isWide(group.ranges, group.family))
      .flatMap((group) =>
        [...group.below.listCells()].map(({ protocol, port }) =>
          PacketMap.createSet({ family, destination: ranges, protocol: [protocol], port: [port] }),
        ),
      ),
  );
  return services.length === 0 ? PacketMap.NONE : packets.intersect(PacketMap.mergeFirst(services));
}

export const listDestinations = (packets: PacketSet): readonly Range[] =>
  mergeRanges(packets.groupAlong('destination').flatMap(({ ranges }) => ranges));

export const listSources = (packets: PacketSet): readonly Range[] =>
  mergeRanges(
    packets
      .groupAlong('destination')
      .flatMap(({ below }) => below.groupAlong('source').flatMap(({ ranges }) => ranges)),
  );

/**
 * Returns addresses in words: two are named, the public one first. A filter behind the translation, such as pf's, sees
 * the inside address, so both may be there. `holdsForEach`: whether the sentence holds for each of the addresses.
 */
export function describeAddresses(ranges: readonly Range[], holdsForEach = true): string {
  const count = countAddresses(ranges);
  if (count > 65_536n) return 'many addresses';
  const privateRanges = ranges.filter(({ first }) => isPrivate(first));
  const publicRanges = ranges.filter(({ first }) => !isPrivate(first));
  if (count <= 2n)
    return splitPairs([...publicRanges, ...privateRanges])
      .map(printRange)
      .join(holdsForEach ? ' and ' : ' or ');
  if (!holdsForEach) return `one or another of ${describeAddresses(ranges)}`;
  if (publicRanges.length === 0 || privateRanges.length === 0) return printCount(Number(count), 'address', 'addresses');
  return `${countAddresses(publicRanges)} public and ${printCount(Number(countAddresses(privateRanges)), 'private address', 'private addresses')}`;
}

/** How much detail a headline gives: with many items, less of each. */
export interface DetailLevel {
  readonly longest: number;
  /** The number of parts, each with services of its own, that are printed separately. */
  readonly parts: number;
}
export const FULL_DETAIL: DetailLevel = { longest: 32, parts: 3 };
export const BRIEF_DETAIL: DetailLevel = { longest: 16, parts: 1 };

/** The number of ports of one protocol above which they are "most ports". */
const MOST_PORTS_THRESHOLD = 32_768;

export function describeServices(
  packets: PacketSet,
  { longest: maxCharacters }: DetailLevel,
): { readonly words: string; readonly isSingular: boolean } {
  const { ports, otherProtocols } = collectPorts(packets.groupAlong('destination').map(({ below }) => below));
  const portServices = [...ports].map(([protocol, portRanges]) =>
    printService([toSingleRange(protocol)], mergeNumbers(portRanges), [ALL_PORTS]),
  );
  const names =
    otherProtocols.length === 0
      ? portServices
      : [...new Set(toRows(packets).map((row) => printService(row.protocols, row.ports, [ALL_PORTS])))];
  const words = names.join(' and ');
  if (packets.subtract(NEEDED_BY_IPV6).isEmpty) return { words: 'the ICMP that IPv6 needs', isSingular: true };
  const counts = [...ports.values()].map((ranges) => countNumbers(mergeNumbers(ranges)));
  const count = counts.reduce((total, portCount) => total + portCount, 0);
  if (words.length <= maxCharacters)
    return { words, isSingular: names.length === 1 && count <= 1 && words !== ALL_PROTOCOLS_TEXT };
  const isIcmp = otherProtocols.every(
    (range) => ICMP_PROTOCOLS.includes(range.first) && ICMP_PROTOCOLS.includes(range.last),
  );
  if (count === 0) return { words: isIcmp ? 'ICMP' : 'protocols without ports', isSingular: isIcmp };
  const manyWords = counts.some((portCount) => portCount > MOST_PORTS_THRESHOLD)
    ? 'most ports'
    : describeManyPorts(ports);
  const portWords = portServices.join(' and ');
  const otherWords = otherProtocols.length === 0 ? '' : isIcmp ? ' and ICMP' : ' and other protocols';
  // A reader looks for a single port by its number.
  return {
    words: (count === 1 || portWords.length + otherWords.length <= maxCharacters ? portWords : manyWords) + otherWords,
    isSingular: count === 1 && otherProtocols.length === 0,
  };
}

/** A range of this width, such as passive FTP's, would hide the other services in the count of ports. */
const WIDE_RANGE_PORTS = 1_000;

function describeManyPorts(ports: ReadonlyMap<number, readonly NumberRange[]>): string {
  const portRanges = [...ports].flatMap(([protocol, ranges]) =>
    mergeNumbers(ranges).map((range) => ({ protocol, range })),
  );
  const [wideRange, ...otherWideRanges] = portRanges.filter(({ range }) => countNumbers([range]) >= WIDE_RANGE_PORTS);
  const count = countNumbers(portRanges.map(({ range }) => range));
  if (!wideRange || otherWideRanges.length > 0) return printCount(count, 'port');
  return `${printCount(count - countNumbers([wideRange.range]), 'port')} and ${printService([toSingleRange(wideRange.protocol)], [wideRange.range], [ALL_PORTS])}`;
}

const ICMP_PROTOCOLS: readonly number[] = [PROTOCOL.icmp, PROTOCOL.icmpv6];

/**
 * Error messages, group membership, neighbour discovery and address detection: without them IPv6 doesn't work. Source:
 * RFC 4890, 4.4.1.
 */
export const NEEDED_BY_IPV6 = PacketMap.createSet({
  family: 'ip6',
  protocol: toNumberRanges(PROTOCOL.icmpv6),
  port: [...toNumberRanges(1, 2, 3, 4), { first: 130, last: 136 }, ...toNumberRanges(143)],
});

/** Returns the ports of protocols that have ports, and the ranges of other protocols, which may be all of them. */
function collectPorts(packetSets: readonly PacketSet[]): {
  readonly ports: ReadonlyMap<number, readonly NumberRange[]>;
  readonly otherProtocols: readonly NumberRange[];
} {
  const ports = new Map<number, NumberRange[]>();
  const otherProtocols: NumberRange[] = [];
  for (const packets of packetSets) {
    for (const { below } of packets.groupAlong('source')) {
      for (const { protocol, port } of below.listCells()) {
        if (protocol.first !== protocol.last || !PROTOCOLS_WITH_PORTS.includes(protocol.first))
          otherProtocols.push(protocol);
        else ports.set(protocol.first, [...(ports.get(protocol.first) ?? []), port]);
      }
    }
  }
  return { ports, otherProtocols };
}
