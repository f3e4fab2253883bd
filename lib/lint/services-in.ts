import { FAMILY_RANGE, Family, printRange } from '../net/address';
import { joinedNumbers } from '../net/axes';
import { ALL_PORTS, PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, joined, point, without } from '../net/range';
import { isAnybody, printSome, printSomePorts, some } from './addresses';

/** `tcp 22, 80 from 192.0.2.7; udp 53 from anywhere but 192.0.2.0/24`. */
export function printPackets(packets: PacketSet): string {
  const sources = new Map<string, string[]>();
  for (const { family, ranges, below } of packets.groups('destination').flatMap((one) => one.below.groups('source'))) {
    const services = servicesIn(below);
    sources.set(services, [...(sources.get(services) ?? []), printSources(ranges, family)]);
  }
  return [...sources].map(([services, from]) => `${services} from ${[...new Set(from)].join(' and ')}`).join('; ');
}

function printSources(ranges: readonly Range[], family: Family): string {
  if (!isAnybody(ranges, family)) return printSome(ranges);
  const others = without([FAMILY_RANGE[family]], joined(ranges));
  return others.length === 0 ? 'anywhere' : `anywhere but ${some(others.map(printRange))}`;
}

/** `tcp 22, 80, every udp port`. */
export function servicesIn(packets: PacketSet): string {
  return (['tcp', 'udp'] as const)
    .flatMap((name) => {
      const protocol = [point(PROTOCOL[name])];
      const ports = joinedNumbers([...packets.within(PacketMap.set({ protocol })).cells()].map(({ port }) => port));
      if (ports.length === 0) return [];
      const isAll = ports.length === 1 && ports[0]!.first <= 1 && ports[0]!.last === ALL_PORTS.last;
      return isAll ? `every ${name} port` : `${name} ${printSomePorts(ports, MOST_PORTS)}`;
    })
    .join(', ');
}

const MOST_PORTS = 6;
