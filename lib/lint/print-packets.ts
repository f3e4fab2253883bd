// Prints packet sets as short text for findings of lint: `tcp 22, 80 from 192.0.2.7`.

import { FAMILY_RANGE, Family, printRange } from '../net/address';
import { mergeNumbers } from '../net/axis-nodes';
import { ALL_PORTS, PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, mergeRanges, toSingleRange, subtractRanges } from '../net/range';
import { isInternetWide, printRangeList, printPortList, printList } from './addresses';

/** Returns packets as text: `tcp 22, 80 from 192.0.2.7; udp 53 from anywhere but 192.0.2.0/24`. */
export function printPackets(packets: PacketSet): string {
  const sources = new Map<string, string[]>();
  for (const { family, ranges, below } of packets
    .groupAlong('destination')
    .flatMap((group) => group.below.groupAlong('source'))) {
    const services = printServicePorts(below);
    sources.set(services, [...(sources.get(services) ?? []), printSources(ranges, family)]);
  }
  return [...sources]
    .map(([services, sourceTexts]) => `${services} from ${[...new Set(sourceTexts)].join(' and ')}`)
    .join('; ');
}

function printSources(ranges: readonly Range[], family: Family): string {
  if (!isInternetWide(ranges, family)) return printRangeList(ranges);
  const blockedRanges = subtractRanges([FAMILY_RANGE[family]], mergeRanges(ranges));
  return blockedRanges.length === 0 ? 'anywhere' : `anywhere but ${printList(blockedRanges.map(printRange))}`;
}

/** Returns ports as text: `tcp 22, 80, every udp port`. */
export function printServicePorts(packets: PacketSet): string {
  return (['tcp', 'udp'] as const)
    .flatMap((name) => {
      const protocol = [toSingleRange(PROTOCOL[name])];
      const ports = mergeNumbers(
        [...packets.intersect(PacketMap.createSet({ protocol })).listCells()].map(({ port }) => port),
      );
      if (ports.length === 0) return [];
      const isAll = ports.length === 1 && ports[0]!.first <= 1 && ports[0]!.last === ALL_PORTS.last;
      return isAll ? `every ${name} port` : `${name} ${printPortList(ports, MAX_PORTS)}`;
    })
    .join(', ');
}

const MAX_PORTS = 6;
