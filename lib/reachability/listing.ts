import { FAMILY_NAME, Family, pairsApart, printRange } from '../net/address';
import { joinedNumbers } from '../net/axes';
import { NumberRange, Vantage, countOf, entryOf, sameEntry, vantageKey } from '../net/device';
import { groupBy } from '../net/group-by';
import { keyText, remembered } from '../net/interned';
import { ALL_PORTS, Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, contains } from '../net/range';
import { CLIENTS, CLIENT_PORT } from './client';
import { Exposure, KEPT, Rewrite, Translation, Verdict, View } from './exposure';
import { rewritten } from './print';
import { Row, isWide, packetsOf, rowsOf } from './rows';
import {
  closedPorts,
  isEvery,
  leftOut,
  limited,
  printAddresses,
  printDestinations,
  printNumbers,
  printService,
  typesOf,
} from './words';

/** One line of a list: what passes, from whom, and where it ends. */
export interface Entry {
  readonly verdict: 'allowed' | 'unknown';
  /** Why it is unknown. */
  readonly because: string;
  /** Addresses, prefixes, or words for all of them. */
  readonly to: readonly string[];
  /** `tcp 25,465`, `icmp echo-request`, `all protocols`. */
  readonly service: string;
  /** What listens there as a rule: `mysql`. */
  readonly names: readonly string[];
  readonly from: string;
  /** Where it ends if that is elsewhere: `10.0.0.10 port 22`. Empty: where it was sent to. */
  readonly becomes: string;
  /** What its source becomes. Empty: it is kept, or not told at this vantage. */
  readonly seenAs: string;
  readonly vantages: readonly Vantage[];
  /** Of which it is: words stand for the addresses of both. */
  readonly families: readonly Family[];
  /** One packet of it, at the first of its vantages. */
  readonly packet: Packet;
  /** What `to`, `service` and `from` say in words. */
  readonly packets: Packets;
}

type Packets = Omit<Row<unknown>, 'value'>;

/** How a list says what it can't know by itself. */
export interface Wording {
  /** Words for destinations, or undefined to print them. */
  destinations(ranges: readonly Range[], family: Family): string | undefined;
  address(address: bigint): string;
  services(row: Pick<Row<unknown>, 'protocols' | 'ports'>): readonly string[];
  /** Whether a vantage's translated sources are told. */
  tellsSources(vantage: Vantage): boolean;
}

interface Outcome {
  readonly verdict: Verdict;
  readonly destination: Rewrite;
  /** `plus`: so much further on than where each was sent to. */
  readonly port: Translation['port'] | { readonly plus: number };
  readonly source: Rewrite;
}

/** What the views let through, each line once with the vantages that it holds for. */
export function listed({ views }: Exposure, wording: Wording): readonly Entry[] {
  const lines = new Map<
    string,
    Map<Family, { readonly entry: Omit<Entry, 'vantages' | 'families'>; readonly at: Vantage[] }>
  >();
  for (const view of views) {
    for (const row of linesOf(view, wording.tellsSources(view.vantage))) {
      const entry = entryOfRow(row, wording);
      const key = JSON.stringify({ ...entry, packet: undefined, packets: undefined });
      const alike = lines.get(key) ?? new Map<Family, { entry: typeof entry; at: Vantage[] }>();
      lines.set(key, alike);
      const known = alike.get(row.family);
      if (!known) alike.set(row.family, { entry, at: [view.vantage] });
      else if (!known.at.some((one) => vantageKey(one) === vantageKey(view.vantage))) known.at.push(view.vantage);
    }
  }
  // What comes by one interface in one family, and by another in the other, is not what comes by both in both.
  return [...lines.values()].flatMap((alike) =>
    [...groupBy([...alike], ([, { at }]) => at.map(vantageKey).join('|')).values()].map((group): Entry => {
      const [[, { entry, at }]] = group;
      const families = group.map(([family]) => family);
      return { ...entry, families, to: inFamilies(entry.to, families), vantages: everyWay(at, views) };
    }),
  );
}

/** Words stand for the addresses of both families; addresses say theirs themselves. */
const inFamilies = (to: readonly string[], families: readonly Family[]): readonly string[] =>
  families.length === 1 && !/^([0-9a-f]*[:.]|any IPv)/.test(to[0] ?? '')
    ? to.map((text) => `${text} by ${FAMILY_NAME[families[0]!]}`)
    : to;

/** A vantage whichever way out the device takes, where every way says the same. */
function everyWay(at: readonly Vantage[], views: Exposure['views']): readonly Vantage[] {
  const ways = (list: readonly Vantage[], one: Vantage): number => list.filter((other) => sameEntry(other, one)).length;
  const all = views.map(({ vantage }) => vantage);
  const found = at.map((one) => (ways(at, one) === ways(all, one) ? entryOf(one) : one));
  return found.filter((one, i) => found.findIndex((other) => vantageKey(other) === vantageKey(one)) === i);
}

/**
 * What passes, whatever becomes of it, as few lines; then what is led elsewhere, by where it is led to. What of a line is led elsewhere stands
 * among the latter alone, where the line is none more for it.
 */
function linesOf(view: View, sources: boolean): readonly Row<Outcome>[] {
  const outcomes = outcomesOf(view, sources);
  const staying = outcomes.where(isStaying);
  const whole = rowsOf(view.verdicts.map((verdict) => outcomeOf(verdict))).flatMap((row) => within(row, staying));
  return [...whole, ...shifted(rowsOf(outcomes.apartFrom(staying)))];
}

function within(row: Row<Outcome>, staying: PacketSet): readonly Row<Outcome>[] {
  const all = packetsOf(row);
  const left = all.within(staying);
  if (left.isEmpty || left.equals(all)) return left.isEmpty ? [] : [row];
  const [only, ...more] = rowsOf(left);
  if (more.length > 0) return [row];
  // Of nearly the whole world the few that aren't in it are said by their own lines.
  const destinations = isWide(row.destinations, row.family) ? row.destinations : only!.destinations;
  return [{ ...only!, destinations, value: row.value }];
}

/** Neighbouring ports that are led equally far on are one line: `8000-8010` to `9000-9010`. */
function shifted(rows: readonly Row<Outcome>[]): readonly Row<Outcome>[] {
  const apart = (row: Row<Outcome>, plus = plusOf(row)): object =>
    plus === undefined ? row : { ...row, ports: plus, value: { ...row.value, port: plus } };
  const alike = groupBy(rows, (row) => keyText(apart(row)));
  return [...alike.values()].flatMap((group) => {
    const plus = plusOf(group[0]!);
    if (plus === undefined || group.length === 1) return group;
    return joinedNumbers(group.flatMap(({ ports }) => ports)).map((range) => {
      const [first, more] = group.filter(
        ({ ports: [port] }) => range.first <= port!.first && port!.first <= range.last,
      );
      return more ? { ...first!, ports: [range], value: { ...first!.value, port: { plus } } } : first!;
    });
  });
}

function plusOf({ ports, value: { port } }: Row<Outcome>): number | undefined {
  const [only, ...more] = ports;
  return typeof port === 'number' && more.length === 0 && only!.first === only!.last && port !== only!.first
    ? port - only!.first
    : undefined;
}

const isStaying = ({ destination, port, source }: Outcome): boolean =>
  destination.is === 'kept' && port === 'kept' && source.is === 'kept';

/** Verdicts are interned, and so is what stands for each. */
const outcomeOf = remembered((verdict: Verdict): Outcome => ({
  verdict,
  destination: KEPT,
  port: 'kept',
  source: KEPT,
}));

function outcomesOf(view: View, sources: boolean): PacketMap<Outcome> {
  const known = new Map<string, Outcome>();
  return view.verdicts.with(view.translations, (verdict, translation) => {
    if (!verdict) return undefined;
    const { destination = KEPT, port = 'kept', source = KEPT } = translation ?? {};
    const made: Outcome = { verdict, destination, port, source: sources ? source : KEPT };
    if (isStaying(made)) return outcomeOf(verdict);
    const key = keyText(made);
    const found = known.get(key);
    if (!found) known.set(key, made);
    return found ?? made;
  });
}

function entryOfRow(row: Row<Outcome>, wording: Wording): Omit<Entry, 'vantages' | 'families'> {
  const { value, ...packets } = row;
  const { verdict, destination, port, source } = value;
  const words = wording.destinations(row.destinations, row.family);
  const destinations = pairsApart(row.destinations);
  const to =
    words !== undefined
      ? [words]
      : isWide(row.destinations, row.family)
        ? [printDestinations(row.destinations, row.family)]
        : destinations.map((one) => named(one, wording));
  const where = becoming(destination, destinations, wording);
  const becomes = port === 'kept' ? where : `${where === '' ? 'the same' : where} port ${printPorts(port, row.ports)}`;
  return {
    verdict: verdict.is,
    because: verdict.is === 'unknown' ? verdict.because : '',
    to,
    service: serviceWords(row),
    names: wording.services(row),
    from: printAddresses(row.sources, row.family, 'anywhere', pairsApart),
    becomes,
    seenAs: becoming(source, pairsApart(row.sources), wording),
    packet: packetOf(row),
    packets,
  };
}

const printPorts = (port: number | { readonly plus: number }, sent: readonly NumberRange[]): string =>
  typeof port === 'number'
    ? `${port}`
    : printNumbers(sent.map(({ first, last }) => ({ first: first + port.plus, last: last + port.plus })));

/** As `printService`, and what is left out where that is shorter: `all protocols but tcp`, `tcp all but 21-22`. */
export function serviceWords({
  protocols,
  ports,
  sourcePorts,
}: Pick<Packets, 'protocols' | 'ports' | 'sourcePorts'>): string {
  const closed = leftOut(protocols, 255);
  const of = (some: readonly NumberRange[]): string => printService(some, ALL, ALL);
  if (closed.length > 0 && closed.length <= 3 && countOf(protocols) > 200)
    return `${printService([{ first: 0, last: 255 }], ports, sourcePorts)} but ${of(closed)}`;
  const but = closedPorts(ports);
  if (!typesOf(protocols) && but.length > 0 && isEvery(sourcePorts, ALL_PORTS.last))
    return `${of(protocols)} all but ${printNumbers(but)}`;
  return printService(protocols, ports, sourcePorts);
}

const ALL: readonly NumberRange[] = [ALL_PORTS];

const named = (range: Range, wording: Wording): string =>
  range.first === range.last ? wording.address(range.first) : printRange(range);

const becoming = (rewrite: Rewrite, ranges: readonly Range[], wording: Wording): string =>
  rewrite.is === 'kept'
    ? ''
    : limited(
        rewritten(rewrite, ranges, (range) => named(range, wording)),
        20,
      ).join(', ');

function packetOf({ sources, destinations, protocols, ports, sourcePorts, family }: Row<unknown>): Packet {
  const among = (ranges: readonly Range[], wanted: readonly bigint[]): bigint =>
    wanted.find((one) => ranges.some((range) => contains(range, one))) ?? ranges[0]!.first;
  const number = (ranges: Row<unknown>['ports'], wanted: number): number =>
    ranges.some(({ first, last }) => first <= wanted && wanted <= last)
      ? wanted
      : Math.max(ranges[0]!.first, Math.min(1, ranges[0]!.last));
  const wide = isWide(destinations, family)
    ? [family === 'ip' ? 0xcb00710an : (1n << 32n) + (0x20010db8n << 96n) + 10n]
    : [];
  return {
    source: among(sources, CLIENTS) as Packet['source'],
    destination: among(destinations, wide) as Packet['destination'],
    protocol: number(protocols, 6),
    port: number(ports, ports.length === 1 && ports[0]!.last === ALL_PORTS.last ? 443 : ports[0]!.first),
    sourcePort: number(sourcePorts, CLIENT_PORT),
  };
}
