// PacketMap, an exact map from packets to values, and PacketSet, a set of packets. Both are decision diagrams with
// operations such as union, intersection and address translation.

/*
 * lib/net: addresses, ports, packets, and sets of packets.
 * In: text of addresses and prefixes, ranges, blocks of packets, and the facts of a device.
 * Out: PacketMap and PacketSet, which answer exactly what holds for which packet, and the step budget of all work.
 * The folder imports no other folder: it knows no rules, no platforms, no policies and no messages for users.
 */
import { FAMILIES, FAMILY_RANGE, Family, getFamily } from './address';
import { AXIS, AddressAxis, getAxisEnd, listAddressBranches, joinAddressBranches, getAxisMax } from './axis-nodes';
import { subtractNodes, getChild, uniteAll, uniteNodes, mergeNodes, intersectNodes } from './node-operations';
import { collectBoundaries } from './axis-boundaries';
import { groupBy } from './group-by';
import { LEAF_AXIS, EMPTY_NODE, DiagramNode, getLeaf } from './diagram-node';
import { mapLeaves, collectValues } from './leaf-values';
import { Renumbering, renumberNode } from './renumbering';
import { PacketBlock, PacketCell, AddressMove, Packet, getFirstPacket } from './packet';
import {
  createBlockNode,
  mapFamilies,
  createFamilyNode,
  listNumberCells,
  selectFamily,
  toAxisValues,
} from './packet-nodes';
import { Range } from './range';
import { MemberChange, EquivalenceClasses, expandClasses } from './expand-classes';
import {
  dropAxes,
  replaceLeaves,
  moveDestination,
  matchOriginalPort,
  setPort,
  rewriteFromAxis,
  moveSource,
} from './rewrite-nodes';

export type PacketSet = PacketMap<true>;

/**
 * An exact, immutable partial function from packets to values. Equal maps share one object inside, so `equals` costs
 * nothing. Values are told apart by identity: intern objects. A set of packets is a map to `true`.
 */
export class PacketMap<V> {
  private constructor(private readonly root: DiagramNode) {}

  static createEmpty<V>(): PacketMap<V> {
    return new PacketMap<V>(EMPTY_NODE);
  }

  static createConstant<V>(value: V): PacketMap<V> {
    return PacketMap.create(value, {});
  }

  static create<V>(value: V, block: PacketBlock): PacketMap<V> {
    return new PacketMap<V>(createBlockNode(getLeaf(value), block));
  }

  static createSet(block: PacketBlock): PacketSet {
    return PacketMap.create<true>(true, block);
  }

  /** Returns a map with a value for each range of one address axis. The ranges are disjoint, in any order. */
  static createAlong<V>(
    axis: AddressAxis,
    entries: readonly { readonly range: Range; readonly value: V }[],
  ): PacketMap<V> {
    const ascending = [...entries].sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
    const branches = ascending.map(({ range, value }) => ({ range, below: getLeaf(value) }));
    return new PacketMap<V>(
      uniteAll(
        FAMILIES.map((family) => {
          const familyBranches = branches.filter(({ range }) => getFamily(range.first) === family);
          const node = familyBranches.length === 0 ? EMPTY_NODE : joinAddressBranches(axis, family, familyBranches);
          return node === EMPTY_NODE ? EMPTY_NODE : createFamilyNode(family, node);
        }),
        getAxisMax,
      ),
    );
  }

  static readonly ALL: PacketSet = PacketMap.createSet({});
  static readonly NONE: PacketSet = PacketMap.createEmpty<true>();

  /** Returns the first of many maps that is defined for a packet. It is the way to build from a long list of rules. */
  static mergeFirst<V>(maps: readonly PacketMap<V>[]): PacketMap<V> {
    return new PacketMap<V>(
      uniteAll(
        maps.map(({ root }) => root),
        getAxisMax,
      ),
    );
  }

  get isEmpty(): boolean {
    return this.root === EMPTY_NODE;
  }

  equals(other: PacketMap<V>): boolean {
    return this.root === other.root;
  }

  /** Returns this map where it is defined, else the other. For sets: the union. */
  unite(other: PacketMap<V>): PacketMap<V> {
    return new PacketMap<V>(uniteNodes(this.root, other.root, getAxisMax));
  }

  /** Returns this map where the other is defined. For sets: the intersection. */
  intersect(other: PacketMap<unknown>): PacketMap<V> {
    return new PacketMap<V>(intersectNodes(this.root, other.root, getAxisMax));
  }

  /** Returns this map where the other is not defined. */
  subtract(other: PacketMap<unknown>): PacketMap<V> {
    return new PacketMap<V>(subtractNodes(this.root, other.root, getAxisMax));
  }

  /** Returns a map with changed values. It is undefined where `change` returns undefined. */
  map<W>(change: (value: V) => W | undefined): PacketMap<W> {
    return new PacketMap<W>(mapLeaves(this.root, (value) => change(value as V)));
  }

  /** Joins both maps packet by packet, where at least one is defined. `join(undefined, undefined)` is never called. */
  merge<W, R>(other: PacketMap<W>, join: (a: V | undefined, b: W | undefined) => R | undefined): PacketMap<R> {
    const resolveLeaf = (x: DiagramNode, y: DiagramNode): DiagramNode | undefined => {
      if (x === EMPTY_NODE && y === EMPTY_NODE) return EMPTY_NODE;
      if (x.axis !== LEAF_AXIS || y.axis !== LEAF_AXIS) return undefined;
      const value = join(x === EMPTY_NODE ? undefined : (x.value as V), y === EMPTY_NODE ? undefined : (y.value as W));
      return value === undefined ? EMPTY_NODE : getLeaf(value);
    };
    return new PacketMap<R>(mergeNodes(this.root, other.root, resolveLeaf, getAxisMax, 'any'));
  }

  /** Returns the packets for whose value `matches` holds. */
  select(matches: (value: V) => boolean): PacketSet {
    return this.map<true>((value) => (matches(value) ? true : undefined));
  }

  get domain(): PacketSet {
    return this.map<true>(() => true);
  }

  /** Every distinct value. */
  get values(): readonly V[] {
    return collectValues(this.root) as V[];
  }

  findValue(packet: Packet): V | undefined {
    const family = getFamily(packet.destination);
    const axisValues = toAxisValues(packet, family);
    let node = this.root;
    while (node.axis !== LEAF_AXIS) node = getChild(node, axisValues[node.axis] ?? 0);
    return node === EMPTY_NODE ? undefined : (node.value as V);
  }

  /**
   * Returns the map in which each value is replaced by the map that `chooseMap` returns for it, limited to the packets
   * that had the value.
   */
  replaceValues<W>(chooseMap: (value: V) => PacketMap<W>): PacketMap<W> {
    const roots = new Map<DiagramNode, DiagramNode>();
    const getRoot = (leafNode: DiagramNode): DiagramNode => {
      let root = roots.get(leafNode);
      if (!root) roots.set(leafNode, (root = chooseMap(leafNode.value as V).root));
      return root;
    };
    return new PacketMap<W>(
      mapFamilies(this.root, (node, family) =>
        replaceLeaves(node, (leafNode) => selectFamily(getRoot(leafNode), family)),
      ),
    );
  }

  /**
   * Returns this map for packets that are rewritten before they reach it. The value for a packet is this map's value
   * for the rewritten packet, whose original destination (and port) are the packet's own. The result is defined only
   * for packets that are moved. The `from` of the moves are disjoint. `port` sets the destination port.
   */
  translateDestination(moves: readonly AddressMove[], port?: number): PacketMap<V> {
    return new PacketMap<V>(mapFamilies(this.root, (node, family) => moveDestination(node, family, moves, port)));
  }

  /** Does what translateDestination does, for packets whose destination stays and whose port is set. */
  translatePort(port: number): PacketMap<V> {
    return new PacketMap<V>(setPort(this.root, port));
  }

  /** Does what translateDestination does, for the source. Nothing remembers the original source. */
  translateSource(moves: readonly AddressMove[]): PacketMap<V> {
    return new PacketMap<V>(mapFamilies(this.root, (node, family) => moveSource(node, family, moves)));
  }

  /** Returns the map for packets that were not translated: the original destination and port are the packet's own. */
  selectUntranslated(): PacketMap<V> {
    const identityMoves = FAMILIES.map((family) => ({ from: FAMILY_RANGE[family], to: FAMILY_RANGE[family] }));
    return new PacketMap<V>(matchOriginalPort(this.translateDestination(identityMoves).root));
  }

  /**
   * Returns a map with values that may depend on their range along one address axis. `change` is called with single
   * addresses where the map tells them apart.
   */
  mapAlong<W>(axis: AddressAxis, change: (value: V, range: Range) => W): PacketMap<W> {
    return new PacketMap<W>(
      mapFamilies(this.root, (familyRoot, family) => {
        return rewriteFromAxis(familyRoot, AXIS[axis], (node) =>
          joinAddressBranches(
            axis,
            family,
            listAddressBranches(axis, family, node).map(({ range, below }) => ({
              range,
              below: mapLeaves(below, (value) => change(value as V, range)),
            })),
          ),
        );
      }),
    );
  }

  /**
   * Returns the map in which each member of an equivalence class has the values of the class's representative. `change`
   * changes values for a member.
   */
  expandClasses<A extends bigint>(
    axis: AddressAxis,
    classes: EquivalenceClasses<A>,
    change?: MemberChange<V, A>,
  ): PacketMap<V> {
    const root = mapFamilies(this.root, (familyRoot, family) =>
      family === 'ip6'
        ? familyRoot
        : rewriteFromAxis(familyRoot, AXIS[axis], (node) =>
            node.axis > AXIS[axis] ? node : expandClasses(node, classes, change),
          ),
    );
    return new PacketMap<V>(root);
  }

  /**
   * Returns the map with other addresses.
   * @throws RenumberingError if the map tells apart addresses that the renumbering doesn't.
   */
  renumber(renumbering: Renumbering): PacketMap<V> {
    return new PacketMap<V>(mapFamilies(this.root, (node, family) => renumberNode(node, family, renumbering)));
  }

  /**
   * Returns, for sets, the packets that are in the set with some value on that axis. They may then have any value
   * there.
   */
  dropAxis(axis: 'destination' | 'source' | 'sourcePort'): PacketMap<V> {
    return new PacketMap<V>(dropAxes(this.root, AXIS[axis], getAxisEnd(axis)));
  }

  /**
   * Returns groups along one address axis. A group has the ranges that share what stands below them, and the map cut to
   * its first range. Differences before that axis are not kept: the caller keeps them apart.
   */
  groupAlong(
    axis: 'destination' | 'source',
  ): readonly { readonly family: Family; readonly ranges: readonly Range[]; readonly below: PacketMap<V> }[] {
    const groups: { family: Family; ranges: Range[]; below: PacketMap<V> }[] = [];
    mapFamilies(this.root, (node, family) => {
      const byChild = groupBy(listAddressBranches(axis, family, node), ({ below }) => below);
      for (const [below, branches] of byChild)
        groups.push({
          family,
          ranges: branches.map(({ range }) => range),
          below: new PacketMap<V>(createFamilyNode(family, below)),
        });
      return EMPTY_NODE;
    });
    return groups;
  }

  /** Returns, for packets of one family, the values of an axis at which the map may change, and the least value. */
  collectBoundaries(axis: 'destination' | 'source' | 'sourcePort', family: Family): ReadonlySet<bigint> {
    return collectBoundaries(axis, family, selectFamily(this.root, family));
  }

  /** Every cell, in ascending order of the axes. Costly for large maps: for printing and tests. */
  *listCells(): Generator<PacketCell<V>> {
    for (const family of FAMILIES) {
      for (const destination of listAddressBranches('destination', family, selectFamily(this.root, family))) {
        for (const original of listAddressBranches('originalDestination', family, destination.below)) {
          for (const source of listAddressBranches('source', family, original.below)) {
            yield* listNumberCells<V>(source.below, {
              family,
              destination: destination.range,
              originalDestination: original.range,
              source: source.range,
            });
          }
        }
      }
    }
  }

  /** Returns some packet for which the map is defined. */
  pickPacket(): { readonly packet: Packet; readonly value: V } | undefined {
    const [cell] = this.listCells();
    return cell && { packet: getFirstPacket(cell), value: cell.value };
  }
}
