// Turns a reachability into the list of entries that reports print: service, sources, destinations and translation,
// in as few lines as possible.

import { FAMILY_NAME, Family, splitPairs, printRange } from '../net/address';
import { mergeNumbers } from '../net/axis-nodes';
import { NumberRange, StartLocation, countNumbers, toEntryLocation, isSameEntry, toLocationKey } from '../net/device';
import { groupBy } from '../net/group-by';
import { toKey, memoize } from '../net/intern-tables';
import { ALL_PORTS, Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, contains } from '../net/range';
import { CLIENT_ADDRESSES, CLIENT_PORT } from './client-packet';
import { Reachability, KEPT, Rewrite, Translation, Disposition, ReachabilityView } from './reachability';
import { printRewrite } from './print-reachability';
import { ReachabilityRow, isWide, toPacketSet, toRows } from './reachability-rows';
import {
  findClosedPorts,
  coversEvery,
  listMissingNumbers,
  limitList,
  printAddresses,
  printDestinations,
  printNumbers,
  printService,
  findIcmpTypes,
} from './print-packets';

/** One line of a list: what passes, from which sources, and where it ends. */
export interface ReachabilityEntry {
  readonly disposition: 'allowed' | 'unknown';
  /** The reason if it is unknown. */
  readonly reason: string;
  /** Why some clients may be kept out although it is allowed; empty if none may be. */
  readonly except: string;
  /** Addresses, prefixes, or words for all of them. */
  readonly destinations: readonly string[];
  /** `tcp 25,465`, `icmp echo-request`, `all protocols`. */
  readonly service: string;
  /** Services that usually listen there: `mysql`. */
  readonly serviceNames: readonly string[];
  readonly sources: string;
  /** The translated destination if it differs: `10.0.0.10 port 22`. Empty: the packet arrives where it was sent to. */
  readonly translatedDestination: string;
  /** The translated source. Empty: it is kept, or not shown at this start location. */
  readonly translatedSource: string;
  readonly startLocations: readonly StartLocation[];
  /** The address families of the line: words stand for the addresses of both. */
  readonly families: readonly Family[];
  /** One packet of the line, at its first start location. */
  readonly packet: Packet;
  /** The packets that `to`, `service` and `from` describe in words. */
  readonly packets: RowPackets;
}

type RowPackets = Omit<ReachabilityRow<unknown>, 'value'>;

/** Words of a list that depend on the report. */
export interface ListWording {
  /** Words for destinations, or undefined to print them. */
  destinations(ranges: readonly Range[], family: Family): string | undefined;
  address(address: bigint): string;
  /** Returns printed sources with the names of addresses that have one. */
  sources?(text: string): string;
  services(row: Pick<ReachabilityRow<unknown>, 'protocols' | 'ports'>): readonly string[];
  /** Whether translated sources of a start location are shown. */
  tellsSources(vantage: StartLocation): boolean;
}

interface ListedOutcome {
  readonly disposition: Disposition;
  readonly destination: Rewrite;
  /** `plus`: the distance that each port is moved by. */
  readonly port: Translation['port'] | { readonly plus: number };
  readonly source: Rewrite;
}

/** Returns the packets that the views let through, each line once with the start locations that it holds for. */
export function listReachability({ views }: Reachability, wording: ListWording): readonly ReachabilityEntry[] {
  const lines = new Map<
    string,
    Map<
      Family,
      { readonly entry: Omit<ReachabilityEntry, 'startLocations' | 'families'>; readonly at: StartLocation[] }
    >
  >();
  for (const view of views) {
    for (const row of listRows(view, wording.tellsSources(view.startLocation))) {
      const entry = toEntry(row, wording);
      const key = JSON.stringify({ ...entry, packet: undefined, packets: undefined });
      const byFamily = lines.get(key) ?? new Map<Family, { entry: typeof entry; at: StartLocation[] }>();
      lines.set(key, byFamily);
      const earlier = byFamily.get(row.family);
      if (!earlier) byFamily.set(row.family, { entry, at: [view.startLocation] });
      else if (!earlier.at.some((location) => toLocationKey(location) === toLocationKey(view.startLocation)))
        earlier.at.push(view.startLocation);
    }
  }
  // Start locations may differ per family: IPv4 by one interface and IPv6 by another must not become both by both.
  return [...lines.values()].flatMap((byFamily) =>
    [...groupBy([...byFamily], ([, { at: locations }]) => locations.map(toLocationKey).join('|')).values()].map(
      (group): ReachabilityEntry => {
        const [[, { entry, at: locations }]] = group;
        const families = group.map(([family]) => family);
        return {
          ...entry,
          families,
          destinations: addFamilyNames(entry.destinations, families),
          startLocations: mergeUplinks(locations, views),
        };
      },
    ),
  );
}

/** Adds the family to words that could stand for the addresses of both; addresses tell their family themselves. */
const addFamilyNames = (to: readonly string[], families: readonly Family[]): readonly string[] =>
  families.length === 1 && !/^([0-9a-f]*[:.]|any IPv|the leased )/.test(to[0] ?? '')
    ? to.map((text) => `${text} by ${FAMILY_NAME[families[0]!]}`)
    : to;

/** Merges start locations that differ only in the interface that packets leave by, if all of them are there. */
function mergeUplinks(locations: readonly StartLocation[], views: Reachability['views']): readonly StartLocation[] {
  const countEntries = (list: readonly StartLocation[], location: StartLocation): number =>
    list.filter((other) => isSameEntry(other, location)).length;
  const viewLocations = views.map(({ startLocation }) => startLocation);
  const merged = locations.map((location) =>
    countEntries(locations, location) === countEntries(viewLocations, location) ? toEntryLocation(location) : location,
  );
  return merged.filter(
    (location, i) => merged.findIndex((other) => toLocationKey(other) === toLocationKey(location)) === i,
  );
}

/**
 * Returns the rows of a view: first packets that pass, whatever their translation, in as few rows as possible; then
 * translated packets, by their translation. A row without its translated packets is shown that way if it stays one row.
 */
function listRows(view: ReachabilityView, sources: boolean): readonly ReachabilityRow<ListedOutcome>[] {
  const outcomes = computeOutcomes(view, sources);
  const untranslated = outcomes.select(isUntranslated);
  const passing = toRows(view.dispositions.map((disposition) => toOutcome(disposition))).flatMap((row) =>
    limitRow(row, untranslated),
  );
  return [...passing, ...mergeShiftedPorts(toRows(outcomes.subtract(untranslated)))];
}

function limitRow(row: ReachabilityRow<ListedOutcome>, staying: PacketSet): readonly ReachabilityRow<ListedOutcome>[] {
  const packets = toPacketSet(row);
  const remaining = packets.intersect(staying);
  if (remaining.isEmpty || remaining.equals(packets)) return remaining.isEmpty ? [] : [row];
  const [single, ...more] = toRows(remaining);
  if (more.length > 0) return [row];
  // If a row covers nearly the whole address space, the few missing addresses are in rows of their own.
  const destinations = isWide(row.destinations, row.family) ? row.destinations : single!.destinations;
  return [{ ...single!, destinations, value: row.value }];
}

/** Merges neighbouring ports that are translated by one distance into one line: `8000-8010` to `9000-9010`. */
function mergeShiftedPorts(rows: readonly ReachabilityRow<ListedOutcome>[]): readonly ReachabilityRow<ListedOutcome>[] {
  const normalizeRow = (row: ReachabilityRow<ListedOutcome>, plus = findPortShift(row)): object =>
    plus === undefined ? row : { ...row, ports: plus, value: { ...row.value, port: plus } };
  const groups = groupBy(rows, (row) => toKey(normalizeRow(row)));
  return [...groups.values()].flatMap((group) => {
    const plus = findPortShift(group[0]!);
    if (plus === undefined || group.length === 1) return group;
    return mergeNumbers(group.flatMap(({ ports }) => ports)).map((range) => {
      const [first, more] = group.filter(
        ({ ports: [port] }) => range.first <= port!.first && port!.first <= range.last,
      );
      return more ? { ...first!, ports: [range], value: { ...first!.value, port: { plus } } } : first!;
    });
  });
}

function findPortShift({ ports, value: { port } }: ReachabilityRow<ListedOutcome>): number | undefined {
  const [single, ...more] = ports;
  return typeof port === 'number' && more.length === 0 && single!.first === single!.last && port !== single!.first
    ? port - single!.first
    : undefined;
}

const isUntranslated = ({ destination, port, source }: ListedOutcome): boolean =>
  destination.is === 'kept' && port === 'kept' && source.is === 'kept';

/** Dispositions are interned, and so is the outcome of each. */
const toOutcome = memoize((disposition: Disposition): ListedOutcome => ({
  disposition,
  destination: KEPT,
  port: 'kept',
  source: KEPT,
}));

function computeOutcomes(view: ReachabilityView, sources: boolean): PacketMap<ListedOutcome> {
  const interned = new Map<string, ListedOutcome>();
  return view.dispositions.merge(view.translations, (disposition, translation) => {
    if (!disposition) return undefined;
    const { destination = KEPT, port = 'kept', source = KEPT } = translation ?? {};
    const created: ListedOutcome = { disposition, destination, port, source: sources ? source : KEPT };
    if (isUntranslated(created)) return toOutcome(disposition);
    const key = toKey(created);
    const existing = interned.get(key);
    if (!existing) interned.set(key, created);
    return existing ?? created;
  });
}

function toEntry(
  row: ReachabilityRow<ListedOutcome>,
  wording: ListWording,
): Omit<ReachabilityEntry, 'startLocations' | 'families'> {
  const { value, ...packets } = row;
  const { disposition, destination, port, source } = value;
  const destinationName = wording.destinations(row.destinations, row.family);
  const destinations = splitPairs(row.destinations);
  const to =
    destinationName !== undefined
      ? [destinationName]
      : isWide(row.destinations, row.family)
        ? [printDestinations(row.destinations, row.family)]
        : destinations.map((range) => nameRange(range, wording));
  const target = describeRewrite(destination, destinations, wording);
  const translatedDestination =
    port === 'kept' ? target : `${target === '' ? 'the same' : target} port ${printPorts(port, row.ports)}`;
  return {
    disposition: disposition.is,
    reason: disposition.is === 'unknown' ? disposition.reason : '',
    except: disposition.is === 'allowed' ? (disposition.except ?? '') : '',
    destinations: to,
    service: describeService(row),
    serviceNames: wording.services(row),
    sources: (wording.sources ?? keepText)(printAddresses(row.sources, row.family, 'anywhere', splitPairs)),
    translatedDestination,
    translatedSource: describeRewrite(source, splitPairs(row.sources), wording),
    packet: pickPacket(row),
    packets,
  };
}

const keepText = (text: string): string => text;

const printPorts = (port: number | { readonly plus: number }, sent: readonly NumberRange[]): string =>
  typeof port === 'number'
    ? `${port}`
    : printNumbers(sent.map(({ first, last }) => ({ first: first + port.plus, last: last + port.plus })));

/**
 * Returns the words of `printService`, or exceptions if they are shorter: `all protocols but tcp`, `tcp all but 21-22`.
 */
export function describeService({
  protocols,
  ports,
  sourcePorts,
}: Pick<RowPackets, 'protocols' | 'ports' | 'sourcePorts'>): string {
  const closed = listMissingNumbers(protocols, 255);
  const printProtocols = (numbers: readonly NumberRange[]): string => printService(numbers, EVERY_PORT, EVERY_PORT);
  if (closed.length > 0 && closed.length <= 3 && countNumbers(protocols) > 200)
    return `${printService([{ first: 0, last: 255 }], ports, sourcePorts)} but ${printProtocols(closed)}`;
  const excepted = findClosedPorts(ports);
  if (!findIcmpTypes(protocols) && excepted.length > 0 && coversEvery(sourcePorts, ALL_PORTS.last))
    return `${printProtocols(protocols)} all but ${printNumbers(excepted)}`;
  return printService(protocols, ports, sourcePorts);
}

const EVERY_PORT: readonly NumberRange[] = [ALL_PORTS];

const nameRange = (range: Range, wording: ListWording): string =>
  range.first === range.last ? wording.address(range.first) : printRange(range);

const describeRewrite = (rewrite: Rewrite, ranges: readonly Range[], wording: ListWording): string =>
  rewrite.is === 'kept'
    ? ''
    : limitList(
        printRewrite(rewrite, ranges, (range) => nameRange(range, wording)),
        20,
      ).join(', ');

function pickPacket({
  sources,
  destinations,
  protocols,
  ports,
  sourcePorts,
  family,
}: ReachabilityRow<unknown>): Packet {
  const pickAddress = (ranges: readonly Range[], preferred: readonly bigint[]): bigint =>
    preferred.find((address) => ranges.some((range) => contains(range, address))) ?? ranges[0]!.first;
  const pickNumber = (ranges: ReachabilityRow<unknown>['ports'], preferred: number): number =>
    ranges.some(({ first, last }) => first <= preferred && preferred <= last)
      ? preferred
      : Math.max(ranges[0]!.first, Math.min(1, ranges[0]!.last));
  const documentationAddresses = isWide(destinations, family)
    ? [family === 'ip' ? 0xcb00710an : (1n << 32n) + (0x20010db8n << 96n) + 10n]
    : [];
  return {
    source: pickAddress(sources, CLIENT_ADDRESSES) as Packet['source'],
    destination: pickAddress(destinations, documentationAddresses) as Packet['destination'],
    protocol: pickNumber(protocols, 6),
    port: pickNumber(ports, ports.length === 1 && ports[0]!.last === ALL_PORTS.last ? 443 : ports[0]!.first),
    sourcePort: pickNumber(sourcePorts, CLIENT_PORT),
  };
}
