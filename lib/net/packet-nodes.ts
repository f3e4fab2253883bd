// Builds the decision diagram of a block of packets for PacketMap, selects and changes the parts of a diagram by
// family, and lists the cells.

import { FAMILIES, FAMILY_RANGE, Family } from './address';
import { AXIS, AddressAxis, FAMILY_NUMBER, createAddressNode, getAxisMax, createNumberNode } from './axis-nodes';
import { NumberRange } from './device';
import { getChild, uniteAll } from './node-operations';
import { EMPTY_NODE, DiagramNode, NodeBuilder } from './diagram-node';
import { ALL_PORTS, PacketBlock, PacketCell, Packet } from './packet';

export const selectFamily = (root: DiagramNode, family: Family): DiagramNode =>
  root.axis === AXIS.family ? getChild(root, FAMILY_NUMBER[family]) : root;

export function createFamilyNode(family: Family, below: DiagramNode): DiagramNode {
  const builder = new NodeBuilder(AXIS.family, getAxisMax(AXIS.family));
  builder.add(FAMILY_NUMBER[family], FAMILY_NUMBER[family], below);
  return builder.finish();
}

export function mapFamilies(
  root: DiagramNode,
  change: (node: DiagramNode, family: Family) => DiagramNode,
): DiagramNode {
  return uniteAll(
    FAMILIES.map((family) => {
      const below = selectFamily(root, family);
      return below === EMPTY_NODE ? EMPTY_NODE : createFamilyNode(family, change(below, family));
    }),
    getAxisMax,
  );
}

export function createBlockNode(value: DiagramNode, block: PacketBlock): DiagramNode {
  let below = value;
  if (block.sourcePort) below = createNumberNode('sourcePort', block.sourcePort, below);
  if (block.port) below = createNumberNode('port', block.port, below);
  if (block.originalPort) below = createNumberNode('originalPort', block.originalPort, below);
  if (block.protocol) below = createNumberNode('protocol', block.protocol, below);
  const families = block.family ? [block.family] : FAMILIES;
  return uniteAll(
    families.map((family) => {
      let node = below;
      if (block.source) node = createAddressNode('source', family, block.source, node);
      if (node !== EMPTY_NODE && block.originalDestination)
        node = createAddressNode('originalDestination', family, block.originalDestination, node);
      if (node !== EMPTY_NODE && block.destination)
        node = createAddressNode('destination', family, block.destination, node);
      return node === EMPTY_NODE ? EMPTY_NODE : createFamilyNode(family, node);
    }),
    getAxisMax,
  );
}

export function* listNumberCells<V>(
  node: DiagramNode,
  above: Pick<PacketCell<V>, 'family' | 'destination' | 'originalDestination' | 'source'>,
): Generator<PacketCell<V>> {
  const axes = ['protocol', 'originalPort', 'port', 'sourcePort'] as const;
  const ranges: Record<(typeof axes)[number], NumberRange> = {
    protocol: { first: 0, last: 255 },
    originalPort: ALL_PORTS,
    port: ALL_PORTS,
    sourcePort: ALL_PORTS,
  };
  function* walk(current: DiagramNode, level: number): Generator<PacketCell<V>> {
    const axis = axes[level];
    if (axis === undefined) {
      if (current !== EMPTY_NODE) yield { ...above, ...ranges, value: current.value as V };
      return;
    }
    if (current.axis !== AXIS[axis]) {
      ranges[axis] = { first: 0, last: getAxisMax(AXIS[axis]) };
      yield* walk(current, level + 1);
      return;
    }
    for (let i = 0; i < current.firsts.length; i++) {
      ranges[axis] = { first: current.firsts[i]!, last: current.lasts[i]! };
      yield* walk(current.children[i]!, level + 1);
    }
  }
  yield* walk(node, 0);
}

/** Returns the packet's value on every axis, by the index of the axis. */
export function toAxisValues(packet: Packet, family: Family): number[] {
  const values: number[] = [];
  values[AXIS.family] = FAMILY_NUMBER[family];
  const setAddress = (axis: AddressAxis, address: bigint): void => {
    const relative = address - FAMILY_RANGE[family].first;
    const count = family === 'ip' ? 1 : 4;
    for (let word = 0; word < count; word++)
      values[AXIS[axis] + word] = Number((relative >> BigInt(32 * (count - 1 - word))) & 0xffff_ffffn);
  };
  setAddress('destination', packet.destination);
  setAddress('originalDestination', packet.originalDestination ?? packet.destination);
  setAddress('source', packet.source);
  values[AXIS.protocol] = packet.protocol;
  values[AXIS.originalPort] = packet.originalPort ?? packet.port;
  values[AXIS.port] = packet.port;
  values[AXIS.sourcePort] = packet.sourcePort;
  return values;
}
