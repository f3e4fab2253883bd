import { FAMILY_RANGE, familyOf } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, joined, overlap, point } from '../../../net/range';
import { PfTargetPort } from '../model';

/** Past these, a rule whose target repeats itself over what it matches isn't followed. */
const MOST_BLOCKS = 256;
const MOST_PORTS = 2_048;

/** The networks of a network's size that some packet has as its source, or its destination. Undefined where these are too many. */
export function blocksOf(
  axis: 'destination' | 'source',
  packets: PacketSet,
  network: Range,
): readonly Range[] | undefined {
  const size = network.last - network.first + 1n;
  const whole = FAMILY_RANGE[familyOf(network.first)];
  const blocks: Range[] = [];
  for (const range of rangesOf(axis, packets)) {
    const mine = overlap(range, whole);
    if (!mine) continue;
    for (let first = mine.first - ((mine.first - whole.first) % size); first <= mine.last; first += size) {
      if (blocks.at(-1)?.first === first) continue;
      if (blocks.length === MOST_BLOCKS) return undefined;
      blocks.push({ first, last: first + size - 1n });
    }
  }
  return blocks;
}

function rangesOf(axis: 'destination' | 'source', packets: PacketSet): readonly Range[] {
  const groups = packets.groups('destination');
  return joined(
    (axis === 'destination' ? groups : groups.flatMap(({ below }) => below.groups('source'))).flatMap(
      ({ ranges }) => ranges,
    ),
  );
}

/** Packets by the port that they get: `unclear` where these are too many. */
export function byPorts(
  packets: PacketSet,
  port: PfTargetPort | undefined,
): readonly { readonly packets: PacketSet; readonly port: number | undefined | 'unclear' }[] {
  if (!port) return [{ packets, port: undefined }];
  if (port.is === 'one') return [{ packets, port: port.port }];
  const { from, to } = port;
  // A range onto itself sets nothing.
  if (to.first === from && packets.apartFrom(PacketMap.set({ port: [to] })).isEmpty)
    return [{ packets, port: undefined }];
  const all = portsOf(packets);
  if (!all) return [{ packets, port: 'unclear' }];
  const size = to.last - to.first + 1;
  return [...all]
    .filter((own) => own >= from)
    .map((own) => ({
      packets: packets.within(PacketMap.set({ port: [point(own)] })),
      port: to.first + ((own - from) % size),
    }));
}

/** Ports that some packet has as its destination's. */
function portsOf(packets: PacketSet): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const { below } of packets.groups('destination'))
    for (const one of below.groups('source'))
      for (const { port } of one.below.cells())
        for (let i = port.first; i <= port.last; i++) {
          found.add(i);
          if (found.size > MOST_PORTS) return undefined;
        }
  return found;
}
