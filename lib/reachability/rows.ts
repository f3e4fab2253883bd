import { FAMILY_RANGE, Family } from '../net/address';
import { joinedNumbers } from '../net/axes';
import { NumberRange } from '../net/device';
import { groupBy } from '../net/group-by';
import { ALL_PORTS, Cell } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, compared, joined, sameRange } from '../net/range';

/**
 * One line of a table: these hosts, for these sources and ports, get this value. Rows of one value may overlap: who
 * gets everything has a row of their own, and stands in the others again.
 */
export interface Row<V> {
  readonly family: Family;
  readonly destinations: readonly Range[];
  readonly sources: readonly Range[];
  readonly protocols: readonly NumberRange[];
  readonly ports: readonly NumberRange[];
  readonly sourcePorts: readonly NumberRange[];
  readonly value: V;
}

type Atom<V> = Pick<Cell<V>, 'protocol' | 'port' | 'sourcePort' | 'value'>;

/**
 * A map as rows for people: hosts that are treated alike share rows, and ports that are open to the same sources share
 * one, so that one more open port changes one row. Canonical: equal maps give equal rows, in one order.
 */
export function rowsOf<V>(map: PacketMap<V>): readonly Row<V>[] {
  const rows = map
    .groups('destination')
    .flatMap(({ family, ranges, below }) =>
      portRows(below, family).map((row) => ({ ...row, family, destinations: ranges })),
    );
  return rows.sort(byPlace);
}

/** The packets of a row: every combination of what it lists. */
export const packetsOf = ({ family, destinations, sources, protocols, ports, sourcePorts }: Row<unknown>): PacketSet =>
  PacketMap.set({
    family,
    destination: destinations,
    source: sources,
    protocol: protocols,
    port: ports,
    sourcePort: sourcePorts,
  });

/** Single hosts before what is left of the world, then by protocol and port. */
const byPlace = (a: Row<unknown>, b: Row<unknown>): number =>
  Number(isWide(a.destinations, a.family)) - Number(isWide(b.destinations, b.family)) ||
  compared(a.destinations[0]!.first, b.destinations[0]!.first) ||
  compared(a.protocols[0]!.first, b.protocols[0]!.first) ||
  compared(a.ports[0]!.first, b.ports[0]!.first) ||
  compared(a.sources[0]!.first, b.sources[0]!.first);

/** Much of the world: what is left of it when hosts are taken out. */
export const isWide = (ranges: readonly Range[], family: Family): boolean =>
  ranges.some(({ first, last }) => (last - first) * 16n > FAMILY_RANGE[family].last - FAMILY_RANGE[family].first);

type Below<V> = Omit<Row<V>, 'family' | 'destinations'>;

/** The sources of each block of ports, where the map has the ports of each block of sources. */
function portRows<V>(below: PacketMap<V>, family: Family): readonly Below<V>[] {
  const groups = below.groups('source').filter((group) => group.family === family);
  const cells = groups.flatMap(({ ranges, below: rest }) =>
    [...rest.cells()].filter((cell) => cell.family === family).map((cell) => ({ ranges, cell })),
  );
  const cut = {
    protocol: boundaries(cells.map(({ cell }) => cell.protocol)),
    port: boundaries(cells.map(({ cell }) => cell.port)),
    sourcePort: boundaries(cells.map(({ cell }) => cell.sourcePort)),
  };
  const values = new Map<V, number>();
  const atoms = new Map<string, { atom: Atom<V>; ranges: Range[] }>();
  for (const { ranges, cell } of cells) {
    if (!values.has(cell.value)) values.set(cell.value, values.size);
    for (const protocol of pieces(cell.protocol, cut.protocol)) {
      for (const port of pieces(cell.port, cut.port)) {
        for (const sourcePort of pieces(cell.sourcePort, cut.sourcePort)) {
          const key = `${protocol.first} ${port.first} ${sourcePort.first} ${values.get(cell.value)}`;
          const known = atoms.get(key);
          if (known) known.ranges.push(...ranges);
          else atoms.set(key, { atom: { protocol, port, sourcePort, value: cell.value }, ranges: [...ranges] });
        }
      }
    }
  }
  let rows: readonly Below<V>[] = [...atoms.values()].map(({ atom, ranges }) => ({
    sources: joined(ranges),
    protocols: [atom.protocol],
    ports: [atom.port],
    sourcePorts: [atom.sourcePort],
    value: atom.value,
  }));
  for (const axis of ['sourcePorts', 'ports', 'protocols'] as const) rows = merged(rows, axis, values);
  const everything = new Map<V, Range[]>();
  for (const { ranges, below: rest } of groups) {
    const [only, ...more] = [...rest.cells()].filter((cell) => cell.family === family);
    if (only && more.length === 0 && isWhole(only))
      everything.set(only.value, [...(everything.get(only.value) ?? []), ...ranges]);
  }
  const whole = [...everything].map(([value, ranges]): Below<V> => ({
    sources: joined(ranges),
    protocols: [ALL_PROTOCOLS],
    ports: [ALL_PORTS],
    sourcePorts: [ALL_PORTS],
    value,
  }));
  return [
    ...whole,
    ...rows.filter(
      (row) => !whole.some((other) => other.value === row.value && sameRanges(other.sources, row.sources)),
    ),
  ];
}

const ALL_PROTOCOLS: NumberRange = { first: 0, last: 255 };

/** Whether it is every port, or every type. */
export const isAllPorts = ([only, ...more]: readonly NumberRange[]): boolean =>
  only!.first === 0 && only!.last === ALL_PORTS.last && more.length === 0;

/** Whether a row is of every protocol and port. */
export const isOfEverything = ({ protocols: [only], ports, sourcePorts }: Row<unknown>): boolean =>
  only!.first === 0 && only!.last === ALL_PROTOCOLS.last && isAllPorts(ports) && isAllPorts(sourcePorts);

const isWhole = ({ protocol, port, sourcePort }: Atom<unknown>): boolean =>
  [protocol, port, sourcePort].every(
    ({ first, last }, i) => first === 0 && last === (i === 0 ? ALL_PROTOCOLS : ALL_PORTS).last,
  );

const sameRanges = (a: readonly Range[], b: readonly Range[]): boolean =>
  a.length === b.length && a.every((range, i) => sameRange(range, b[i]!));

/** Rows that differ on one axis only become one. */
function merged<V>(
  rows: readonly Below<V>[],
  axis: 'ports' | 'sourcePorts' | 'protocols',
  values: ReadonlyMap<V, number>,
): readonly Below<V>[] {
  const said = (ranges: readonly (Range | NumberRange)[]): string =>
    ranges.map(({ first, last }) => `${first}-${last}`).join();
  const others = (['ports', 'sourcePorts', 'protocols'] as const).filter((name) => name !== axis);
  const alike = groupBy(rows, (row) =>
    [values.get(row.value), said(row.sources), ...others.map((name) => said(row[name]))].join('|'),
  );
  return [...alike.values()].map((group) => ({
    ...group[0],
    [axis]: joinedNumbers(group.flatMap((row) => row[axis])),
  }));
}

function boundaries(ranges: readonly NumberRange[]): readonly number[] {
  return [...new Set(ranges.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
}

function pieces(range: NumberRange, cuts: readonly number[]): readonly NumberRange[] {
  const inner = cuts.filter((cut) => cut > range.first && cut <= range.last);
  return [range.first, ...inner].map((first, i) => ({ first, last: (inner[i] ?? range.last + 1) - 1 }));
}
