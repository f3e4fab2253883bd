import { Family } from '../../net/address';
import { joinedNumbers } from '../../net/axes';
import { NumberRange } from '../../net/device';
import { Interned, Pairs } from '../../net/interned';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Block } from '../../net/packet';
import { Range, joined, overlap } from '../../net/range';

type AxisName =
  'source' | 'destination' | 'originalDestination' | 'protocol' | 'originalPort' | 'port' | 'sourcePort' | 'family';

/** What one axis has to be. Interned by what made it, so that rules which say the same share it. */
export interface Constraint {
  readonly id: number;
  readonly axis: AxisName;
  readonly addresses?: readonly Range[];
  readonly numbers?: readonly NumberRange[];
  readonly family?: Family;
  readonly isEmpty: boolean;
}

let nextId = 1;

export const addressConstraint = (
  axis: 'source' | 'destination' | 'originalDestination',
  ranges: readonly Range[],
): Constraint => {
  const addresses = joined(ranges);
  return { id: nextId++, axis, addresses, isEmpty: addresses.length === 0 };
};
export const numberConstraint = (
  axis: 'protocol' | 'originalPort' | 'port' | 'sourcePort',
  ranges: readonly NumberRange[],
): Constraint => {
  const numbers = joinedNumbers(ranges);
  return { id: nextId++, axis, numbers, isEmpty: numbers.length === 0 };
};
export const FAMILY_CONSTRAINT: Readonly<Record<Family, Constraint>> = {
  ip: { id: nextId++, axis: 'family', family: 'ip', isEmpty: false },
  ip6: { id: nextId++, axis: 'family', family: 'ip6', isEmpty: false },
};

export function complementOf(ranges: readonly NumberRange[], greatest: number): readonly NumberRange[] {
  const out: NumberRange[] = [];
  let from = 0;
  for (const { first, last } of joinedNumbers(ranges)) {
    if (first > from) out.push({ first: from, last: first - 1 });
    from = last + 1;
  }
  if (from <= greatest) out.push({ first: from, last: greatest });
  return out;
}

/** A box by its axes, and sets that it is cut with. Undefined instead of one: nothing. */
export interface Region {
  readonly box: ReadonlyMap<AxisName, Constraint>;
  readonly sets: readonly PacketSet[];
}

export const EVERYWHERE: Region = { box: new Map(), sets: [] };
export const boxOf = (...constraints: readonly Constraint[]): Region | undefined =>
  meet([{ box: new Map(), sets: [] }, ...constraints.map((one) => ({ box: new Map([[one.axis, one]]), sets: [] }))]);
export const inSet = (set: PacketSet): Region | undefined =>
  set.isEmpty ? undefined : { box: new Map(), sets: [set] };

const meetings = new Pairs<Constraint, Constraint, Constraint>();

function both(a: Constraint, b: Constraint): Constraint {
  if (a === b) return a;
  const [low, high] = a.id < b.id ? [a, b] : [b, a];
  return meetings.of(low, high, () => overlapping(a, b));
}

function overlapping(a: Constraint, b: Constraint): Constraint {
  if (a.addresses && b.addresses) {
    const other = b.addresses;
    return addressConstraint(
      a.axis as 'source',
      a.addresses.flatMap((x) => other.flatMap((y) => overlap(x, y) ?? [])),
    );
  }
  if (a.numbers && b.numbers) {
    const other = b.numbers;
    const ranges = a.numbers.flatMap((x) =>
      other.flatMap((y) => {
        const [first, last] = [Math.max(x.first, y.first), Math.min(x.last, y.last)];
        return first <= last ? [{ first, last }] : [];
      }),
    );
    return numberConstraint(a.axis as 'port', ranges);
  }
  return { ...a, id: nextId++, isEmpty: a.family !== b.family };
}

/** The region common to all, or undefined. */
export function meet(regions: readonly (Region | undefined)[]): Region | undefined {
  const box = new Map<AxisName, Constraint>();
  const sets: PacketSet[] = [];
  for (const region of regions) {
    if (!region) return undefined;
    for (const [axis, constraint] of region.box) {
      const known = box.get(axis);
      const met = known ? both(known, constraint) : constraint;
      if (met.isEmpty) return undefined;
      box.set(axis, met);
    }
    for (const set of region.sets) sets.push(set);
  }
  return { box, sets };
}

function blockOf(box: ReadonlyMap<AxisName, Constraint>): Block {
  const block: Record<string, unknown> = {};
  for (const [axis, { addresses, numbers, family }] of box) block[axis] = addresses ?? numbers ?? family;
  return block;
}

/** Long lists are turned into sets once, however many rules name them. */
const LONG = 24;
const sets = new WeakMap<Constraint, PacketSet>();

function setOf(constraint: Constraint): PacketSet {
  let set = sets.get(constraint);
  if (!set) sets.set(constraint, (set = PacketMap.set(blockOf(new Map([[constraint.axis, constraint]])))));
  return set;
}

export function mapOver<V>(value: V, region: Region | undefined): PacketMap<V> {
  if (!region) return PacketMap.nothing<V>();
  const short = new Map<AxisName, Constraint>();
  const long: PacketSet[] = [];
  for (const [axis, constraint] of region.box) {
    if ((constraint.addresses ?? constraint.numbers ?? []).length > LONG) long.push(setOf(constraint));
    else short.set(axis, constraint);
  }
  let map = PacketMap.of(value, blockOf(short));
  for (const set of long) map = map.within(set);
  for (const set of region.sets) map = map.within(set);
  return map;
}

export const setOver = (region: Region | undefined): PacketSet => mapOver<true>(true, region);

/**
 * Many regions with one value: what differs in one axis only becomes one region, so that a rule per port and host costs
 * no more than a set of ports and a set of hosts.
 */
export function union<V>(value: V, regions: readonly (Region | undefined)[]): PacketMap<V> {
  const odd: PacketMap<V>[] = [];
  let boxes: ReadonlyMap<AxisName, Constraint>[] = [];
  for (const region of regions) {
    if (!region) continue;
    if (region.sets.length > 0) odd.push(mapOver(value, region));
    else boxes.push(region.box);
  }
  for (const axis of ['port', 'sourcePort', 'destination', 'source', 'originalDestination', 'protocol'] as const)
    boxes = joinAlong(axis, boxes);
  return PacketMap.first([...boxes.map((box) => mapOver(value, { box, sets: [] })), ...odd]);
}

function joinAlong(
  axis: Exclude<AxisName, 'family' | 'originalPort'>,
  boxes: ReadonlyMap<AxisName, Constraint>[],
): ReadonlyMap<AxisName, Constraint>[] {
  if (boxes.length < 2) return boxes;
  const alike = new Map<string, { box: ReadonlyMap<AxisName, Constraint>; constraints: Set<Constraint> }>();
  const out: ReadonlyMap<AxisName, Constraint>[] = [];
  for (const box of boxes) {
    const own = box.get(axis);
    if (!own) {
      out.push(box);
      continue;
    }
    const key = keyWithout(axis, box);
    const group = alike.get(key);
    if (group) group.constraints.add(own);
    else alike.set(key, { box, constraints: new Set([own]) });
  }
  for (const { box, constraints } of alike.values()) {
    if (constraints.size === 1) out.push(box);
    else out.push(new Map([...box, [axis, joinedConstraint(axis, constraints)]]));
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

function keyWithout(axis: AxisName, box: ReadonlyMap<AxisName, Constraint>): string {
  let key = '';
  for (const one of AXES) {
    const constraint = one === axis ? undefined : box.get(one);
    key += constraint ? `${constraint.id},` : ',';
  }
  return key;
}

/** By the ids of what it joins: hosts with the same ports share one list of ports. */
const joins = new Interned<string, Constraint>();

function joinedConstraint(axis: AxisName, constraints: ReadonlySet<Constraint>): Constraint {
  const ids = [...constraints]
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .join(',');
  const all = [...constraints];
  return joins.of(ids, () =>
    all[0]!.addresses
      ? addressConstraint(
          axis as 'source',
          all.flatMap(({ addresses }) => addresses ?? []),
        )
      : numberConstraint(
          axis as 'port',
          all.flatMap(({ numbers }) => numbers ?? []),
        ),
  );
}
