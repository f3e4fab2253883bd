import { FAMILIES, FAMILY_RANGE, Family, familyOf } from './address';
import { AXIS, AddressAxis, afterAxis, alongAddresses, fromAddresses, greatest } from './axes';
import { apartFrom, childAt, firstOf, otherwise, walkTogether, within } from './diagram';
import { edgesAlong } from './edges';
import { groupBy } from './group-by';
import { LEAF_AXIS, NOTHING, Node, leaf } from './node';
import { mapLeaves, valuesOf } from './leaves';
import { Numbering, renumberedNode } from './numbering';
import { Block, Cell, Move, Packet, firstPacketOf } from './packet';
import { blockNode, eachFamily, familyNode, numberCells, ofFamily, packetWords } from './packet-nodes';
import { Range } from './range';
import { Change, Stands, stoodIn } from './standing-in';
import { anyBetween, composed, destinationMoved, portOriginal, portSet, rebuilt, sourceMoved } from './rewrite';

export type PacketSet = PacketMap<true>;

/**
 * An exact, immutable partial function from packets to values. Two that say the same are the same object inside, so
 * `equals` costs nothing. Values are told apart by identity: intern objects. A set of packets is a map to `true`.
 */
export class PacketMap<V> {
  private constructor(private readonly root: Node) {}

  static nothing<V>(): PacketMap<V> {
    return new PacketMap<V>(NOTHING);
  }

  static everywhere<V>(value: V): PacketMap<V> {
    return PacketMap.of(value, {});
  }

  static of<V>(value: V, block: Block): PacketMap<V> {
    return new PacketMap<V>(blockNode(leaf(value), block));
  }

  static set(block: Block): PacketSet {
    return PacketMap.of<true>(true, block);
  }

  /** A value for each range of one address axis; the ranges are disjoint, in any order. */
  static along<V>(axis: AddressAxis, entries: readonly { readonly range: Range; readonly value: V }[]): PacketMap<V> {
    const ascending = [...entries].sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
    const stretches = ascending.map(({ range, value }) => ({ range, below: leaf(value) }));
    return new PacketMap<V>(
      firstOf(
        FAMILIES.map((family) => {
          const mine = stretches.filter(({ range }) => familyOf(range.first) === family);
          const node = mine.length === 0 ? NOTHING : fromAddresses(axis, family, mine);
          return node === NOTHING ? NOTHING : familyNode(family, node);
        }),
        greatest,
      ),
    );
  }

  static readonly ALL: PacketSet = PacketMap.set({});
  static readonly NONE: PacketSet = PacketMap.nothing<true>();

  /** The first of many that is defined; the way to build from a long list of rules. */
  static first<V>(maps: readonly PacketMap<V>[]): PacketMap<V> {
    return new PacketMap<V>(
      firstOf(
        maps.map(({ root }) => root),
        greatest,
      ),
    );
  }

  get isEmpty(): boolean {
    return this.root === NOTHING;
  }

  equals(other: PacketMap<V>): boolean {
    return this.root === other.root;
  }

  /** This where it is defined, else the other. For sets: the union. */
  or(other: PacketMap<V>): PacketMap<V> {
    return new PacketMap<V>(otherwise(this.root, other.root, greatest));
  }

  /** This where the other is defined. For sets: the intersection. */
  within(other: PacketMap<unknown>): PacketMap<V> {
    return new PacketMap<V>(within(this.root, other.root, greatest));
  }

  /** This where the other is not defined. */
  apartFrom(other: PacketMap<unknown>): PacketMap<V> {
    return new PacketMap<V>(apartFrom(this.root, other.root, greatest));
  }

  /** Other values; undefined where `change` says undefined. */
  map<W>(change: (value: V) => W | undefined): PacketMap<W> {
    return new PacketMap<W>(mapLeaves(this.root, (value) => change(value as V)));
  }

  /** Pointwise, where at least one is defined; `join(undefined, undefined)` is never asked. */
  with<W, R>(other: PacketMap<W>, join: (a: V | undefined, b: W | undefined) => R | undefined): PacketMap<R> {
    const settle = (x: Node, y: Node): Node | undefined => {
      if (x === NOTHING && y === NOTHING) return NOTHING;
      if (x.axis !== LEAF_AXIS || y.axis !== LEAF_AXIS) return undefined;
      const value = join(x === NOTHING ? undefined : (x.value as V), y === NOTHING ? undefined : (y.value as W));
      return value === undefined ? NOTHING : leaf(value);
    };
    return new PacketMap<R>(walkTogether(this.root, other.root, settle, greatest, 'any'));
  }

  /** The packets for which `wanted` holds. */
  where(wanted: (value: V) => boolean): PacketSet {
    return this.map<true>((value) => (wanted(value) ? true : undefined));
  }

  get domain(): PacketSet {
    return this.map<true>(() => true);
  }

  /** Every distinct value. */
  get values(): readonly V[] {
    return valuesOf(this.root) as V[];
  }

  at(packet: Packet): V | undefined {
    const family = familyOf(packet.destination);
    const placed = packetWords(packet, family);
    let node = this.root;
    while (node.axis !== LEAF_AXIS) node = childAt(node, placed[node.axis] ?? 0);
    return node === NOTHING ? undefined : (node.value as V);
  }

  /** In place of each value, the map that `choose` gives for it, where that value stood. */
  compose<W>(choose: (value: V) => PacketMap<W>): PacketMap<W> {
    const chosen = new Map<Node, Node>();
    const choice = (leafNode: Node): Node => {
      let root = chosen.get(leafNode);
      if (!root) chosen.set(leafNode, (root = choose(leafNode.value as V).root));
      return root;
    };
    return new PacketMap<W>(
      eachFamily(this.root, (node, family) => composed(node, (leafNode) => ofFamily(choice(leafNode), family))),
    );
  }

  /**
   * This map as packets see it that are rewritten before they come to it: the value for a packet is this map's value
   * for the rewritten packet, whose original destination (and port) are the packet's own. Defined only for what is
   * moved. The `from` of the moves are disjoint. `port` sets the destination port.
   */
  afterDestination(moves: readonly Move[], port?: number): PacketMap<V> {
    return new PacketMap<V>(eachFamily(this.root, (node, family) => destinationMoved(node, family, moves, port)));
  }

  /** As `afterDestination`, for packets whose destination stays and whose port is set. */
  afterPort(port: number): PacketMap<V> {
    return new PacketMap<V>(portSet(this.root, port));
  }

  /** As `afterDestination`, for the source; nothing remembers the original one. */
  afterSource(moves: readonly Move[]): PacketMap<V> {
    return new PacketMap<V>(eachFamily(this.root, (node, family) => sourceMoved(node, family, moves)));
  }

  /** For packets that were not translated: the original destination and port are the packet's own. */
  untranslated(): PacketMap<V> {
    const whole = FAMILIES.map((family) => ({ from: FAMILY_RANGE[family], to: FAMILY_RANGE[family] }));
    return new PacketMap<V>(portOriginal(this.afterDestination(whole).root));
  }

  /** Other values that may depend on where they stand along one address axis. Called with single addresses where the map tells them apart. */
  mapAlong<W>(axis: AddressAxis, change: (value: V, range: Range) => W): PacketMap<W> {
    return new PacketMap<W>(
      eachFamily(this.root, (top, family) => {
        return rebuilt(top, AXIS[axis], (node) =>
          fromAddresses(
            axis,
            family,
            alongAddresses(axis, family, node).map(({ range, below }) => ({
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
  standingIn<A extends bigint>(axis: AddressAxis, stands: Stands<A>, change?: Change<V, A>): PacketMap<V> {
    const root = eachFamily(this.root, (top, family) =>
      family === 'ip6'
        ? top
        : rebuilt(top, AXIS[axis], (node) => (node.axis > AXIS[axis] ? node : stoodIn(node, stands, change))),
    );
    return new PacketMap<V>(root);
  }

  /** The same with other addresses. Throws NotTold. */
  renumbered(numbering: Numbering): PacketMap<V> {
    return new PacketMap<V>(eachFamily(this.root, (node, family) => renumberedNode(node, family, numbering)));
  }

  /** For sets: the packets that are in it with some value on that axis, whichever they have. */
  anyAlong(axis: 'destination' | 'source' | 'sourcePort'): PacketMap<V> {
    return new PacketMap<V>(anyBetween(this.root, AXIS[axis], afterAxis(axis)));
  }

  /**
   * Groups along one address axis: the ranges that share what stands below them, each group with the map cut to its
   * first range. What is told apart only before that axis is kept apart by the caller.
   */
  groups(
    axis: 'destination' | 'source',
  ): readonly { readonly family: Family; readonly ranges: readonly Range[]; readonly below: PacketMap<V> }[] {
    const out: { family: Family; ranges: Range[]; below: PacketMap<V> }[] = [];
    eachFamily(this.root, (node, family) => {
      const alike = groupBy(alongAddresses(axis, family, node), ({ below }) => below);
      for (const [below, stretches] of alike)
        out.push({
          family,
          ranges: stretches.map(({ range }) => range),
          below: new PacketMap<V>(familyNode(family, below)),
        });
      return NOTHING;
    });
    return out;
  }

  /** For packets of one family, the values of an axis from which on it may say something else, and the least of all. */
  edges(axis: 'destination' | 'source' | 'sourcePort', family: Family): ReadonlySet<bigint> {
    return edgesAlong(axis, family, ofFamily(this.root, family));
  }

  /** Every cell, in ascending order of the axes. Costly for large maps: for printing and tests. */
  *cells(): Generator<Cell<V>> {
    for (const family of FAMILIES) {
      for (const destination of alongAddresses('destination', family, ofFamily(this.root, family))) {
        for (const original of alongAddresses('originalDestination', family, destination.below)) {
          for (const source of alongAddresses('source', family, original.below)) {
            yield* numberCells<V>(source.below, {
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
  sample(): { readonly packet: Packet; readonly value: V } | undefined {
    const [cell] = this.cells();
    return cell && { packet: firstPacketOf(cell), value: cell.value };
  }
}
