import { NumberRange } from '../../net/device';
import { PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { Change, Review } from '../review';
import { Block, isOutside } from './blocks';
import { counted } from './words';

/** One line for who has half a minute: what opens to the internet, else what changes at all, and whether anybody objects. */
export function headlineOf(
  blocks: readonly Block[],
  counts: Readonly<Record<Change['kind'], number>>,
  said: Pick<Review, 'objections' | 'unknown'>,
): string {
  const parts = [
    opening('opened', blocks),
    opening('closed', blocks),
    counts.moved > 0 ? `${counted(counts.moved, 'row')} led elsewhere` : '',
    counts.identity > 0 ? `${counted(counts.identity, 'row')} seen as another source` : '',
    counts.unknown > 0 ? `${counted(counts.unknown, 'row')} undecided` : '',
  ].filter((part) => part !== '');
  return [
    parts.length === 0 ? 'nothing that is reachable changes' : parts.join(', '),
    said.objections.length > 0 ? counted(said.objections.length, 'objection') : '',
    said.unknown.length > 0 ? `${said.unknown.length} unknown` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

const VERBS = { opened: 'open', closed: 'close' } as const;

/** `2 ports open to the internet on 1 address`. */
function opening(kind: 'opened' | 'closed', blocks: readonly Block[]): string {
  const mine = blocks.filter((block) => block.kind === kind);
  const outside = mine.filter(isOutside);
  const chosen = outside.length > 0 ? outside : mine;
  if (chosen.length === 0) return '';
  const all = PacketMap.first(chosen.map(({ packets }) => packets));
  const groups = all.groups('destination');
  const addresses = groups.reduce((sum, { ranges }) => ranges.reduce((some, { first, last }) => some + last - first + 1n, sum), 0n);
  const services = groups.map(({ below }) => below);
  const ports = portsIn(services);
  const verb = `${VERBS[kind]}${ports === 1 ? 's' : ''}`;
  const what = ports === undefined ? `more than ports ${VERBS[kind]}` : `${counted(ports, 'port')} ${verb}`;
  const where = addresses > 65_536n ? 'many addresses' : counted(Number(addresses), 'address', 'addresses');
  return `${what} ${outside.length > 0 ? `${kind === 'opened' ? 'to' : 'for'} the internet` : 'inside'} on ${where}`;
}

/** How many different ports of TCP, UDP and their like; undefined where other protocols, or all of them, are among the packets. */
function portsIn(all: readonly PacketMap<true>[]): number | undefined {
  const found = new Map<number, NumberRange[]>();
  for (const packets of all) {
    for (const { below } of packets.groups('source')) {
      for (const { protocol, port } of below.cells()) {
        if (protocol.first !== protocol.last || !PROTOCOLS_WITH_PORTS.includes(protocol.first)) return undefined;
        found.set(protocol.first, [...(found.get(protocol.first) ?? []), port]);
      }
    }
  }
  return [...found.values()].reduce((sum, ranges) => sum + sizeOf(ranges), 0);
}

function sizeOf(ranges: readonly NumberRange[]): number {
  let [size, next] = [0, 0];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    size += Math.max(0, last - Math.max(first, next) + 1);
    next = Math.max(next, last + 1);
  }
  return size;
}
