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
import { MemberChange, EquivalenceClasses, expandClasses } from './equivalence-classes';
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
 * An exact, immutable partial function from packets to values. Two that say the same are the same object inside, so
 * `equals` costs nothing. Values are told apart by identity: intern objects. A set of packets is a map to `true`.
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

  /** A value for each range of one address axis; the ranges are disjoint, in any order. */
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

  /** The first of many that is defined; the way to build from a long list of rules. */
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

  /** This where it is defined, else the other. For sets: the union. */
  unite(other: PacketMap<V>): PacketMap<V> {
    return new PacketMap<V>(uniteNodes(this.root, other.root, getAxisMax));
  }

  /** This where the other is defined. For sets: the intersection. */
  intersect(other: PacketMap<unknown>): PacketMap<V> {
    return new PacketMap<V>(intersectNodes(this.root, other.root, getAxisMax));
  }

  /** This where the other is not defined. */
  subtract(other: PacketMap<unknown>): PacketMap<V> {
    return new PacketMap<V>(subtractNodes(this.root, other.root, getAxisMax));
  }

  /** Other values; undefined where `change` says undefined. */
  map<W>(change: (value: V) => W | undefined): PacketMap<W> {
    return new PacketMap<W>(mapLeaves(this.root, (value) => change(value as V)));
  }

  /** Pointwise, where at least one is defined; `join(undefined, undefined)` is never asked. */
  merge<W, R>(other: PacketMap<W>, join: (a: V | undefined, b: W | undefined) => R | undefined): PacketMap<R> {
    const resolveLeaf = (x: DiagramNode, y: DiagramNode): DiagramNode | undefined => {
      if (x === EMPTY_NODE && y === EMPTY_NODE) return EMPTY_NODE;
      if (x.axis !== LEAF_AXIS || y.axis !== LEAF_AXIS) return undefined;
      const value = join(x === EMPTY_NODE ? undefined : (x.value as V), y === EMPTY_NODE ? undefined : (y.value as W));
      return value === undefined ? EMPTY_NODE : getLeaf(value);
    };
    return new PacketMap<R>(mergeNodes(this.root, other.root, resolveLeaf, getAxisMax, 'any'));
  }

  /** The packets for which `wanted` holds. */
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

  /** In place of each value, the map that `choose` gives for it, where that value stood. */
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
   * This map as packets see it that are rewritten before they come to it: the value for a packet is this map's value
   * for the rewritten packet, whose original destination (and port) are the packet's own. Defined only for what is
   * moved. The `from` of the moves are disjoint. `port` sets the destination port.
   */
  translateDestination(moves: readonly AddressMove[], port?: number): PacketMap<V> {
    return new PacketMap<V>(mapFamilies(this.root, (node, family) => moveDestination(node, family, moves, port)));
  }

  /** As `afterDestination`, for packets whose destination stays and whose port is set. */
  translatePort(port: number): PacketMap<V> {
    return new PacketMap<V>(setPort(this.root, port));
  }

  /** As `afterDestination`, for the source; nothing remembers the original one. */
  translateSource(moves: readonly AddressMove[]): PacketMap<V> {
    return new PacketMap<V>(mapFamilies(this.root, (node, family) => moveSource(node, family, moves)));
  }

  /** For packets that were not translated: the original destination and port are the packet's own. */
  selectUntranslated(): PacketMap<V> {
    const identityMoves = FAMILIES.map((family) => ({ from: FAMILY_RANGE[family], to: FAMILY_RANGE[family] }));
    return new PacketMap<V>(matchOriginalPort(this.translateDestination(identityMoves).root));
  }

  /** Other values that may depend on where they stand along one address axis. Called with single addresses where the map tells them apart. */
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
   * At each of some addresses of one axis what the map says at the address that stands in for it, there with other values where `change` is
   * given.
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

  /** The same with other addresses. Throws NotTold. */
  renumber(renumbering: Renumbering): PacketMap<V> {
    return new PacketMap<V>(mapFamilies(this.root, (node, family) => renumberNode(node, family, renumbering)));
  }

  /** For sets: the packets that are in it with some value on that axis, whichever they have. */
  dropAxis(axis: 'destination' | 'source' | 'sourcePort'): PacketMap<V> {
    return new PacketMap<V>(dropAxes(this.root, AXIS[axis], getAxisEnd(axis)));
  }

  /**
   * Groups along one address axis: the ranges that share what stands below them, each group with the map cut to its
   * first range. What is told apart only before that axis is kept apart by the caller.
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

  /** For packets of one family, the values of an axis from which on it may say something else, and the least of all. */
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

  /** Some packet for which it is defined. */
  pickPacket(): { readonly packet: Packet; readonly value: V } | undefined {
    const [cell] = this.listCells();
    return cell && { packet: getFirstPacket(cell), value: cell.value };
  }
}
