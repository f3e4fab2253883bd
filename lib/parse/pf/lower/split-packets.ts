// Splits the packets that a translation of pf matches, by the network block or the port that they get, so that each
// part has one target.
import { FAMILY_RANGE, getFamily } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, mergeRanges, intersectRanges, toSingleRange } from '../../../net/range';
import { PfTargetPort } from '../model';

/** Beyond these limits, a target that is repeated over the matched packets isn't expanded. */
const MAX_BLOCKS = 256;
const MAX_PORTS = 2_048;

/**
 * Returns the networks of a network's size that contain the source, or the destination, of some packet. Undefined if
 * there are too many.
 */
export function splitIntoBlocks(
  axis: 'destination' | 'source',
  packets: PacketSet,
  network: Range,
): readonly Range[] | undefined {
  const size = network.last - network.first + 1n;
  const familyRange = FAMILY_RANGE[getFamily(network.first)];
  const blocks: Range[] = [];
  for (const range of listRanges(axis, packets)) {
    const overlapRange = intersectRanges(range, familyRange);
    if (!overlapRange) continue;
    for (
      let first = overlapRange.first - ((overlapRange.first - familyRange.first) % size);
      first <= overlapRange.last;
      first += size
    ) {
      if (blocks.at(-1)?.first === first) continue;
      if (blocks.length === MAX_BLOCKS) return undefined;
      blocks.push({ first, last: first + size - 1n });
    }
  }
  return blocks;
}

function listRanges(axis: 'destination' | 'source', packets: PacketSet): readonly Range[] {
  const groups = packets.groupAlong('destination');
  return mergeRanges(
    (axis === 'destination' ? groups : groups.flatMap(({ below }) => below.groupAlong('source'))).flatMap(
      ({ ranges }) => ranges,
    ),
  );
}

/** Splits packets by the port that they get: `unclear` if there are too many. */
export function splitByPort(
  packets: PacketSet,
  port: PfTargetPort | undefined,
): readonly { readonly packets: PacketSet; readonly port: number | undefined | 'unclear' }[] {
  if (!port) return [{ packets, port: undefined }];
  if (port.is === 'one') return [{ packets, port: port.port }];
  const { from, to } = port;
  // A range that maps onto itself changes nothing.
  if (to.first === from && packets.subtract(PacketMap.createSet({ port: [to] })).isEmpty)
    return [{ packets, port: undefined }];
  const ports = listPorts(packets);
  if (!ports) return [{ packets, port: 'unclear' }];
  const size = to.last - to.first + 1;
  return [...ports]
    .filter((packetPort) => packetPort >= from)
    .map((packetPort) => ({
      packets: packets.intersect(PacketMap.createSet({ port: [toSingleRange(packetPort)] })),
      port: to.first + ((packetPort - from) % size),
    }));
}

/** Returns the destination ports of the packets; undefined if there are too many. */
function listPorts(packets: PacketSet): ReadonlySet<number> | undefined {
  const ports = new Set<number>();
  for (const { below } of packets.groupAlong('destination'))
    for (const group of below.groupAlong('source'))
      for (const { port } of group.below.listCells())
        for (let i = port.first; i <= port.last; i++) {
          ports.add(i);
          if (ports.size > MAX_PORTS) return undefined;
        }
  return ports;
}
