// Turns a map from packets to values into few rows of hosts, sources and ports, as people read them.

import { FAMILY_RANGE, Family } from '../net/address';
import { mergeNumbers } from '../net/axis-nodes';
import { NumberRange } from '../net/device';
import { groupBy } from '../net/group-by';
import { ALL_PORTS, PacketCell } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, compareValues, mergeRanges, isSameRange } from '../net/range';

/**
 * One row of a table: packets to these hosts, from these sources, to these ports have this value. Rows of one value may
 * overlap: a source that reaches everything has a row of its own, and is in the other rows again.
 */
export interface ReachabilityRow<V> {
  readonly family: Family;
  readonly destinations: readonly Range[];
  readonly sources: readonly Range[];
  readonly protocols: readonly NumberRange[];
  readonly ports: readonly NumberRange[];
  readonly sourcePorts: readonly NumberRange[];
  readonly value: V;
}

type RowAtom<V> = Pick<PacketCell<V>, 'protocol' | 'port' | 'sourcePort' | 'value'>;

/**
 * Returns a map as rows for people. Hosts with equal rules share rows, and ports that are open to the same sources
 * share a row, so that one more open port changes one row. Canonical: equal maps give equal rows, in one order.
 */
export function toRows<V>(map: PacketMap<V>): readonly ReachabilityRow<V>[] {
  const rows = map
    .groupAlong('destination')
    .flatMap(({ family, ranges, below }) =>
      groupSources(below, family).map((row) => ({ ...row, family, destinations: ranges })),
    );
  return rows.sort(compareRows);
}

/** Returns the packets of a row: every combination of its values. */
export const toPacketSet = ({
  family,
  destinations,
  sources,
  protocols,
  ports,
  sourcePorts,
}: ReachabilityRow<unknown>): PacketSet =>
  PacketMap.createSet({
    family,
    destination: destinations,
    source: sources,
    protocol: protocols,
    port: ports,
    sourcePort: sourcePorts,
  });

/** Sorts rows: single hosts before the rest of the world, then by protocol and port. */
const compareRows = (a: ReachabilityRow<unknown>, b: ReachabilityRow<unknown>): number =>
  Number(isWide(a.destinations, a.family)) - Number(isWide(b.destinations, b.family)) ||
  compareValues(a.destinations[0]!.first, b.destinations[0]!.first) ||
  compareValues(a.protocols[0]!.first, b.protocols[0]!.first) ||
  compareValues(a.ports[0]!.first, b.ports[0]!.first) ||
  compareValues(a.sources[0]!.first, b.sources[0]!.first);

/**
 * Returns whether the ranges are a large part of the address space, as the rest of the world is when hosts are taken
 * out.
 */
export const isWide = (ranges: readonly Range[], family: Family): boolean =>
  ranges.some(({ first, last }) => (last - first) * 16n > FAMILY_RANGE[family].last - FAMILY_RANGE[family].first);

type SourceRow<V> = Omit<ReachabilityRow<V>, 'family' | 'destinations'>;

/** Returns the sources of each block of ports; the map has the ports of each block of sources. */
function groupSources<V>(below: PacketMap<V>, family: Family): readonly SourceRow<V>[] {
  const groups = below.groupAlong('source').filter((group) => group.family === family);
  const cells = groups.flatMap(({ ranges, below: child }) =>
    [...child.listCells()].filter((cell) => cell.family === family).map((cell) => ({ ranges, cell })),
  );
  const cuts = {
    protocol: listBoundaries(cells.map(({ cell }) => cell.protocol)),
    port: listBoundaries(cells.map(({ cell }) => cell.port)),
    sourcePort: listBoundaries(cells.map(({ cell }) => cell.sourcePort)),
  };
  const values = new Map<V, number>();
  const atoms = new Map<string, { atom: RowAtom<V>; ranges: Range[] }>();
  for (const { ranges, cell } of cells) {
    if (!values.has(cell.value)) values.set(cell.value, values.size);
    for (const protocol of splitRange(cell.protocol, cuts.protocol)) {
      for (const port of splitRange(cell.port, cuts.port)) {
        for (const sourcePort of splitRange(cell.sourcePort, cuts.sourcePort)) {
          const key = `${protocol.first} ${port.first} ${sourcePort.first} ${values.get(cell.value)}`;
          const earlier = atoms.get(key);
          if (earlier) earlier.ranges.push(...ranges);
          else atoms.set(key, { atom: { protocol, port, sourcePort, value: cell.value }, ranges: [...ranges] });
        }
      }
    }
  }
  let rows: readonly SourceRow<V>[] = [...atoms.values()].map(({ atom, ranges }) => ({
    sources: mergeRanges(ranges),
    protocols: [atom.protocol],
    ports: [atom.port],
    sourcePorts: [atom.sourcePort],
    value: atom.value,
  }));
  for (const axis of ['sourcePorts', 'ports', 'protocols'] as const) rows = mergeRows(rows, axis, values);
  const everything = new Map<V, Range[]>();
  for (const { ranges, below: child } of groups) {
    const [single, ...more] = [...child.listCells()].filter((cell) => cell.family === family);
    if (single && more.length === 0 && isWholeCell(single))
      everything.set(single.value, [...(everything.get(single.value) ?? []), ...ranges]);
  }
  const completeRows = [...everything].map(([value, ranges]): SourceRow<V> => ({
    sources: mergeRanges(ranges),
    protocols: [ALL_PROTOCOLS],
    ports: [ALL_PORTS],
    sourcePorts: [ALL_PORTS],
    value,
  }));
  return [
    ...completeRows,
    ...rows.filter(
      (row) => !completeRows.some((other) => other.value === row.value && isSameRanges(other.sources, row.sources)),
    ),
  ];
}

const ALL_PROTOCOLS: NumberRange = { first: 0, last: 255 };

/** Returns whether the ranges are all ports, or all types. */
export const isAllPorts = ([range, ...more]: readonly NumberRange[]): boolean =>
  range!.first === 0 && range!.last === ALL_PORTS.last && more.length === 0;

/** Returns whether a row covers every protocol and port. */
export const coversEverything = ({
  protocols: [protocolRange],
  ports,
  sourcePorts,
}: ReachabilityRow<unknown>): boolean =>
  protocolRange!.first === 0 &&
  protocolRange!.last === ALL_PROTOCOLS.last &&
  isAllPorts(ports) &&
  isAllPorts(sourcePorts);

const isWholeCell = ({ protocol, port, sourcePort }: RowAtom<unknown>): boolean =>
  [protocol, port, sourcePort].every(
    ({ first, last }, i) => first === 0 && last === (i === 0 ? ALL_PROTOCOLS : ALL_PORTS).last,
  );

const isSameRanges = (a: readonly Range[], b: readonly Range[]): boolean =>
  a.length === b.length && a.every((range, i) => isSameRange(range, b[i]!));

/** Merges rows that differ only on one axis. */
function mergeRows<V>(
  rows: readonly SourceRow<V>[],
  axis: 'ports' | 'sourcePorts' | 'protocols',
  values: ReadonlyMap<V, number>,
): readonly SourceRow<V>[] {
  const printRanges = (ranges: readonly (Range | NumberRange)[]): string =>
    ranges.map(({ first, last }) => `${first}-${last}`).join();
  const otherAxes = (['ports', 'sourcePorts', 'protocols'] as const).filter((name) => name !== axis);
  const groups = groupBy(rows, (row) =>
    [values.get(row.value), printRanges(row.sources), ...otherAxes.map((name) => printRanges(row[name]))].join('|'),
  );
  return [...groups.values()].map((group) => ({
    ...group[0],
    [axis]: mergeNumbers(group.flatMap((row) => row[axis])),
  }));
}

function listBoundaries(ranges: readonly NumberRange[]): readonly number[] {
  return [...new Set(ranges.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
}

function splitRange(range: NumberRange, cuts: readonly number[]): readonly NumberRange[] {
  const inner = cuts.filter((cut) => cut > range.first && cut <= range.last);
  return [range.first, ...inner].map((first, i) => ({ first, last: (inner[i] ?? range.last + 1) - 1 }));
}
