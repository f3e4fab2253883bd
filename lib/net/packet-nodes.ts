import { FAMILIES, FAMILY_RANGE, Family } from './address';
import { AXIS, AddressAxis, FAMILY_NUMBER, addresses, greatest, numbers } from './axes';
import { NumberRange } from './device';
import { childAt, firstOf } from './diagram';
import { NOTHING, Node, NodeBuilder } from './node';
import { ALL_PORTS, Block, Cell, Packet } from './packet';

export const ofFamily = (root: Node, family: Family): Node =>
  root.axis === AXIS.family ? childAt(root, FAMILY_NUMBER[family]) : root;

export function familyNode(family: Family, below: Node): Node {
  const out = new NodeBuilder(AXIS.family, greatest(AXIS.family));
  out.add(FAMILY_NUMBER[family], FAMILY_NUMBER[family], below);
  return out.finish();
}

export function eachFamily(root: Node, change: (node: Node, family: Family) => Node): Node {
  return firstOf(
    FAMILIES.map((family) => {
      const below = ofFamily(root, family);
      return below === NOTHING ? NOTHING : familyNode(family, change(below, family));
    }),
    greatest,
  );
}

export function blockNode(value: Node, block: Block): Node {
  let below = value;
  if (block.sourcePort) below = numbers('sourcePort', block.sourcePort, below);
  if (block.port) below = numbers('port', block.port, below);
  if (block.originalPort) below = numbers('originalPort', block.originalPort, below);
  if (block.protocol) below = numbers('protocol', block.protocol, below);
  const wanted = block.family ? [block.family] : FAMILIES;
  return firstOf(
    wanted.map((family) => {
      let node = below;
      if (block.source) node = addresses('source', family, block.source, node);
      if (node !== NOTHING && block.originalDestination)
        node = addresses('originalDestination', family, block.originalDestination, node);
      if (node !== NOTHING && block.destination) node = addresses('destination', family, block.destination, node);
      return node === NOTHING ? NOTHING : familyNode(family, node);
    }),
    greatest,
  );
}

export function* numberCells<V>(
  node: Node,
  above: Pick<Cell<V>, 'family' | 'destination' | 'originalDestination' | 'source'>,
): Generator<Cell<V>> {
  const axes = ['protocol', 'originalPort', 'port', 'sourcePort'] as const;
  const chosen: Record<(typeof axes)[number], NumberRange> = {
    protocol: { first: 0, last: 255 },
    originalPort: ALL_PORTS,
    port: ALL_PORTS,
    sourcePort: ALL_PORTS,
  };
  function* walk(at: Node, level: number): Generator<Cell<V>> {
    const axis = axes[level];
    if (axis === undefined) {
      if (at !== NOTHING) yield { ...above, ...chosen, value: at.value as V };
      return;
    }
    if (at.axis !== AXIS[axis]) {
      chosen[axis] = { first: 0, last: greatest(AXIS[axis]) };
      yield* walk(at, level + 1);
      return;
    }
    for (let i = 0; i < at.firsts.length; i++) {
      chosen[axis] = { first: at.firsts[i]!, last: at.lasts[i]! };
      yield* walk(at.children[i]!, level + 1);
    }
  }
  yield* walk(node, 0);
}

/** The packet's place on every axis, by the axis' index. */
export function packetWords(packet: Packet, family: Family): number[] {
  const placed: number[] = [];
  placed[AXIS.family] = FAMILY_NUMBER[family];
  const place = (axis: AddressAxis, address: bigint): void => {
    const relative = address - FAMILY_RANGE[family].first;
    const count = family === 'ip' ? 1 : 4;
    for (let word = 0; word < count; word++)
      placed[AXIS[axis] + word] = Number((relative >> BigInt(32 * (count - 1 - word))) & 0xffff_ffffn);
  };
  place('destination', packet.destination);
  place('originalDestination', packet.originalDestination ?? packet.destination);
  place('source', packet.source);
  placed[AXIS.protocol] = packet.protocol;
  placed[AXIS.originalPort] = packet.originalPort ?? packet.port;
  placed[AXIS.port] = packet.port;
  placed[AXIS.sourcePort] = packet.sourcePort;
  return placed;
}
