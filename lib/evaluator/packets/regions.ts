// Regions: sets of packets as a box of one constraint per axis (source, destination, protocol, port ...) and packet
// sets. Intersects regions, and converts them into packet sets.
import { Family } from '../../net/address';
import { mergeNumbers } from '../../net/axis-nodes';
import { NumberRange } from '../../net/device';
import { InternTable, PairInternTable } from '../../net/intern-tables';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { PacketBlock } from '../../net/packet';
import { Range, mergeRanges, intersectRanges } from '../../net/range';

type AxisName =
  'source' | 'destination' | 'originalDestination' | 'protocol' | 'originalPort' | 'port' | 'sourcePort' | 'family';

/**
 * A condition on one axis. `id` tells constraints apart: the intersection of two and the union of several are computed
 * once.
 */
export interface Constraint {
  readonly id: number;
  readonly axis: AxisName;
  readonly addresses?: readonly Range[];
  readonly numbers?: readonly NumberRange[];
  readonly family?: Family;
  readonly isEmpty: boolean;
}

let nextId = 1;

export const createAddressConstraint = (
  axis: 'source' | 'destination' | 'originalDestination',
  ranges: readonly Range[],
): Constraint => {
  const addresses = mergeRanges(ranges);
  return { id: nextId++, axis, addresses, isEmpty: addresses.length === 0 };
};
export const createNumberConstraint = (
  axis: 'protocol' | 'originalPort' | 'port' | 'sourcePort',
  ranges: readonly NumberRange[],
): Constraint => {
  const numbers = mergeNumbers(ranges);
  return { id: nextId++, axis, numbers, isEmpty: numbers.length === 0 };
};
export const FAMILY_CONSTRAINT: Readonly<Record<Family, Constraint>> = {
  ip: { id: nextId++, axis: 'family', family: 'ip', isEmpty: false },
  ip6: { id: nextId++, axis: 'family', family: 'ip6', isEmpty: false },
};

export function invertNumberRanges(ranges: readonly NumberRange[], maxNumber: number): readonly NumberRange[] {
  const out: NumberRange[] = [];
  let from = 0;
  for (const { first, last } of mergeNumbers(ranges)) {
    if (first > from) out.push({ first: from, last: first - 1 });
    from = last + 1;
  }
  if (from <= maxNumber) out.push({ first: from, last: maxNumber });
  return out;
}

/** A box of constraints by axis, and sets that cut it. Undefined instead of a region: no packet. */
export interface Region {
  readonly box: ReadonlyMap<AxisName, Constraint>;
  readonly sets: readonly PacketSet[];
}

export const EVERYWHERE: Region = { box: new Map(), sets: [] };
export const createRegion = (...constraints: readonly Constraint[]): Region | undefined =>
  intersectRegions([
    { box: new Map(), sets: [] },
    ...constraints.map((constraint) => ({ box: new Map([[constraint.axis, constraint]]), sets: [] })),
  ]);
export const createSetRegion = (set: PacketSet): Region | undefined =>
  set.isEmpty ? undefined : { box: new Map(), sets: [set] };

const intersections = new PairInternTable<Constraint, Constraint, Constraint>();

function intersectConstraints(a: Constraint, b: Constraint): Constraint {
  if (a === b) return a;
  const [low, high] = a.id < b.id ? [a, b] : [b, a];
  return intersections.getOrCreate(low, high, () => intersectValues(a, b));
}

function intersectValues(a: Constraint, b: Constraint): Constraint {
  if (a.addresses && b.addresses) {
    const otherRanges = b.addresses;
    return createAddressConstraint(
      a.axis as 'source',
      a.addresses.flatMap((x) => otherRanges.flatMap((y) => intersectRanges(x, y) ?? [])),
    );
  }
  if (a.numbers && b.numbers) {
    const otherRanges = b.numbers;
    const ranges = a.numbers.flatMap((x) =>
      otherRanges.flatMap((y) => {
        const [first, last] = [Math.max(x.first, y.first), Math.min(x.last, y.last)];
        return first <= last ? [{ first, last }] : [];
      }),
    );
    return createNumberConstraint(a.axis as 'port', ranges);
  }
  return { ...a, id: nextId++, isEmpty: a.family !== b.family };
}

/** Returns the region common to all, or undefined if there is none. */
export function intersectRegions(regions: readonly (Region | undefined)[]): Region | undefined {
  const box = new Map<AxisName, Constraint>();
  const sets: PacketSet[] = [];
  for (const region of regions) {
    if (!region) return undefined;
    for (const [axis, constraint] of region.box) {
      const axisConstraint = box.get(axis);
      const intersection = axisConstraint ? intersectConstraints(axisConstraint, constraint) : constraint;
      if (intersection.isEmpty) return undefined;
      box.set(axis, intersection);
    }
    for (const set of region.sets) sets.push(set);
  }
  return { box, sets };
}

function toBlock(box: ReadonlyMap<AxisName, Constraint>): PacketBlock {
  const block: Record<string, unknown> = {};
  for (const [axis, { addresses, numbers, family }] of box) block[axis] = addresses ?? numbers ?? family;
  return block;
}

/**
 * The longest list that isn't turned into a set. A longer list is turned into a set once, however many rules name it.
 */
const MAX_SHORT_LIST = 24;
const constraintSets = new WeakMap<Constraint, PacketSet>();

function getConstraintSet(constraint: Constraint): PacketSet {
  let set = constraintSets.get(constraint);
  if (!set)
    constraintSets.set(constraint, (set = PacketMap.createSet(toBlock(new Map([[constraint.axis, constraint]])))));
  return set;
}

export function createPacketMap<V>(value: V, region: Region | undefined): PacketMap<V> {
  if (!region) return PacketMap.createEmpty<V>();
  const shortBox = new Map<AxisName, Constraint>();
  const longSets: PacketSet[] = [];
  for (const [axis, constraint] of region.box) {
    if ((constraint.addresses ?? constraint.numbers ?? []).length > MAX_SHORT_LIST)
      longSets.push(getConstraintSet(constraint));
    else shortBox.set(axis, constraint);
  }
  let map = PacketMap.create(value, toBlock(shortBox));
  for (const set of longSets) map = map.intersect(set);
  for (const set of region.sets) map = map.intersect(set);
  return map;
}

export const createPacketSet = (region: Region | undefined): PacketSet => createPacketMap<true>(true, region);

/**
 * Returns a map of many regions with one value. Regions that differ in one axis only become one, so that a rule per
 * port and host costs no more than a set of ports and a set of hosts.
 */
export function uniteRegions<V>(value: V, regions: readonly (Region | undefined)[]): PacketMap<V> {
  const setMaps: PacketMap<V>[] = [];
  let boxes: ReadonlyMap<AxisName, Constraint>[] = [];
  for (const region of regions) {
    if (!region) continue;
    if (region.sets.length > 0) setMaps.push(createPacketMap(value, region));
    else boxes.push(region.box);
  }
  for (const axis of ['port', 'sourcePort', 'destination', 'source', 'originalDestination', 'protocol'] as const)
    boxes = joinByAxis(axis, boxes);
  return PacketMap.mergeFirst([...boxes.map((box) => createPacketMap(value, { box, sets: [] })), ...setMaps]);
}

function joinByAxis(
  axis: Exclude<AxisName, 'family' | 'originalPort'>,
  boxes: ReadonlyMap<AxisName, Constraint>[],
): ReadonlyMap<AxisName, Constraint>[] {
  if (boxes.length < 2) return boxes;
  const groups = new Map<string, { box: ReadonlyMap<AxisName, Constraint>; constraints: Set<Constraint> }>();
  const out: ReadonlyMap<AxisName, Constraint>[] = [];
  for (const box of boxes) {
    const axisConstraint = box.get(axis);
    if (!axisConstraint) {
      out.push(box);
      continue;
    }
    const key = buildGroupKey(axis, box);
    const group = groups.get(key);
    if (group) group.constraints.add(axisConstraint);
    else groups.set(key, { box, constraints: new Set([axisConstraint]) });
  }
  for (const { box, constraints } of groups.values()) {
    if (constraints.size === 1) out.push(box);
    else out.push(new Map([...box, [axis, joinConstraints(axis, constraints)]]));
  }
  return out;
}

const AXES: readonly AxisName[] = [
  'family',
  'destination',
  'originalDestination',
  'source',
  'protocol',
  'originalPort',
  'port',
  'sourcePort',
];

function buildGroupKey(leftOutAxis: AxisName, box: ReadonlyMap<AxisName, Constraint>): string {
  let key = '';
  for (const boxAxis of AXES) {
    const constraint = boxAxis === leftOutAxis ? undefined : box.get(boxAxis);
    key += constraint ? `${constraint.id},` : ',';
  }
  return key;
}

/** Joined constraints by the ids of their parts: hosts with the same ports share one list of ports. */
const joinedConstraints = new InternTable<string, Constraint>();

function joinConstraints(axis: AxisName, constraints: ReadonlySet<Constraint>): Constraint {
  const ids = [...constraints]
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .join(',');
  const members = [...constraints];
  return joinedConstraints.getOrCreate(ids, () =>
    members[0]!.addresses
      ? createAddressConstraint(
          axis as 'source',
          members.flatMap(({ addresses }) => addresses ?? []),
        )
      : createNumberConstraint(
          axis as 'port',
          members.flatMap(({ numbers }) => numbers ?? []),
        ),
  );
}
