import { NumberRange, countOf, points } from '../../../net/device';
import { isWide, rowsOf } from '../../../reachability/rows';
import { EVERYTHING, counted, printService } from '../../../reachability/words';
import { isPrivate } from '../../../lint/addresses';
import { pairsApart, printRange } from '../../../net/address';
import { joinedNumbers } from '../../../net/axes';
import { ALL_PORTS, PROTOCOL, PROTOCOLS_WITH_PORTS } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, joined, point, sizeOf } from '../../../net/range';

/** One or two are named, where they get the same of each address: else one would be read as getting what the other gets. */
export function sourcesIn(packets: PacketSet): string | undefined {
  const alike = packets
    .groups('destination')
    .flatMap(({ below }) => below.groups('source').map(({ ranges }) => ranges));
  const [first = []] = alike;
  const names = first.map(printRange).join(' and ');
  return first.length > 2 || alike.some((ranges) => ranges.map(printRange).join(' and ') !== names) ? undefined : names;
}

export const areSame = (one: PacketSet, other: PacketSet): boolean =>
  !one.isEmpty && one.apartFrom(other).isEmpty && other.apartFrom(one).isEmpty;

/** Services that anybody gets, with whoever gets them. */
export function forAnybody(all: PacketSet): PacketSet {
  const services = all.groups('destination').flatMap(({ family, ranges, below }) =>
    below
      .groups('source')
      .filter((group) => isWide(group.ranges, group.family))
      .flatMap((group) =>
        [...group.below.cells()].map(({ protocol, port }) =>
          PacketMap.set({ family, destination: ranges, protocol: [protocol], port: [port] }),
        ),
      ),
  );
  return services.length === 0 ? PacketMap.NONE : all.within(PacketMap.first(services));
}

export const destinationsOf = (packets: PacketSet): readonly Range[] =>
  joined(packets.groups('destination').flatMap(({ ranges }) => ranges));

export const sourcesOf = (packets: PacketSet): readonly Range[] =>
  joined(packets.groups('destination').flatMap(({ below }) => below.groups('source').flatMap(({ ranges }) => ranges)));

/**
 * Two are named, the public one first: a filter behind the translation, as pf's, is asked with the inside address. `each`: whether what is said
 * holds for each of them.
 */
export function addressesIn(ranges: readonly Range[], each = true): string {
  const count = sizeOf(ranges);
  if (count > 65_536n) return 'many addresses';
  const hidden = ranges.filter(({ first }) => isPrivate(first));
  const open = ranges.filter(({ first }) => !isPrivate(first));
  if (count <= 2n)
    return pairsApart([...open, ...hidden])
      .map(printRange)
      .join(each ? ' and ' : ' or ');
  if (!each) return `one or another of ${addressesIn(ranges)}`;
  if (open.length === 0 || hidden.length === 0) return counted(Number(count), 'address', 'addresses');
  return `${sizeOf(open)} public and ${counted(Number(sizeOf(hidden)), 'private address', 'private addresses')}`;
}

/** Of what is said of services; of many things less is said of each. */
export interface Detail {
  readonly longest: number;
  /** Into so many addresses that have services of their own may be told each by itself. */
  readonly parts: number;
}
export const FULL: Detail = { longest: 32, parts: 3 };
export const BRIEF: Detail = { longest: 16, parts: 1 };

/** Of a protocol. */
const MOST_PORTS = 32_768;

export function servicesIn(all: PacketSet, { longest }: Detail): { readonly words: string; readonly one: boolean } {
  const { ports, others } = portsIn(all.groups('destination').map(({ below }) => below));
  const each = [...ports].map(([protocol, of]) => printService([point(protocol)], joinedNumbers(of), [ALL_PORTS]));
  const names =
    others.length === 0
      ? each
      : [...new Set(rowsOf(all).map((row) => printService(row.protocols, row.ports, [ALL_PORTS])))];
  const words = names.join(' and ');
  if (all.apartFrom(NEEDED_BY_IPV6).isEmpty) return { words: 'the ICMP that IPv6 needs', one: true };
  const counts = [...ports.values()].map((ranges) => countOf(joinedNumbers(ranges)));
  const count = counts.reduce((sum, one) => sum + one, 0);
  if (words.length <= longest) return { words, one: names.length === 1 && count <= 1 && words !== EVERYTHING };
  const isIcmp = others.every((one) => ICMP.includes(one.first) && ICMP.includes(one.last));
  if (count === 0) return { words: isIcmp ? 'ICMP' : 'protocols without ports', one: isIcmp };
  const many = counts.some((one) => one > MOST_PORTS) ? 'most ports' : manyPorts(ports);
  const named = each.join(' and ');
  const besides = others.length === 0 ? '' : isIcmp ? ' and ICMP' : ' and other protocols';
  // One that is opened is looked for by its number.
  return {
    words: (count === 1 || named.length + besides.length <= longest ? named : many) + besides,
    one: count === 1 && others.length === 0,
  };
}

/** Passive FTP's ports, for one, would hide the services in their number. */
const WIDE = 1_000;

function manyPorts(ports: ReadonlyMap<number, readonly NumberRange[]>): string {
  const all = [...ports].flatMap(([protocol, of]) => joinedNumbers(of).map((range) => ({ protocol, range })));
  const [wide, ...others] = all.filter(({ range }) => countOf([range]) >= WIDE);
  const count = countOf(all.map(({ range }) => range));
  if (!wide || others.length > 0) return counted(count, 'port');
  return `${counted(count - countOf([wide.range]), 'port')} and ${printService([point(wide.protocol)], [wide.range], [ALL_PORTS])}`;
}

const ICMP: readonly number[] = [PROTOCOL.icmp, PROTOCOL.icmpv6];

/** Errors, groups of neighbours, and who has an address: without them IPv6 doesn't work. Source: RFC 4890, 4.4.1. */
export const NEEDED_BY_IPV6 = PacketMap.set({
  family: 'ip6',
  protocol: points(PROTOCOL.icmpv6),
  port: [...points(1, 2, 3, 4), { first: 130, last: 136 }, ...points(143)],
});

/** The ports of TCP, UDP and their like, and what there is of other protocols, which may be all of them. */
function portsIn(all: readonly PacketSet[]): {
  readonly ports: ReadonlyMap<number, readonly NumberRange[]>;
  readonly others: readonly NumberRange[];
} {
  const ports = new Map<number, NumberRange[]>();
  const others: NumberRange[] = [];
  for (const packets of all) {
    for (const { below } of packets.groups('source')) {
      for (const { protocol, port } of below.cells()) {
        if (protocol.first !== protocol.last || !PROTOCOLS_WITH_PORTS.includes(protocol.first)) others.push(protocol);
        else ports.set(protocol.first, [...(ports.get(protocol.first) ?? []), port]);
      }
    }
  }
  return { ports, others };
}
