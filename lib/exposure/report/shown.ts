import { Ask, answering, askedPackets } from '../../reachability/ask';
import { Exposure } from '../../reachability/exposure';
import { Entry, Wording, listed } from '../../reachability/listing';
import { isWide } from '../../reachability/rows';
import { printPacket } from '../../reachability/words';
import { FAMILY_RANGE, Family, printAddress, printRange, rangeOf } from '../../net/address';
import { Device, LINK_LOCAL, LOOPBACK, Vantage } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, covers, without } from '../../net/range';
import { printable } from '../../problems/problem';
import { Explanation } from '../../parse/reader';
import { OTHERS } from '../facts/facts';
import { Anonymous } from '../facts/read';
import { hostLedTo } from './leads-to';
import { DeviceReport, EntryReport, SectionReport, Way } from './report';
import { samples, spread } from './samples';
import { serviceNames } from './service-names';
import { isStandIn } from '../facts/suppositions';
import { Side } from './report';

/** An exposure, and how it is told. */
export interface Told {
  readonly about: SectionReport['about'];
  readonly title: string;
  readonly exposure: Exposure;
  readonly device: Device;
  readonly places?: SectionReport['places'];
  /** Where its addresses of some family are not known. */
  readonly anonymous?: Anonymous;
  /** What comes from outside for public addresses of others behind it. */
  readonly behind?: Exposure;
  /** What can be part of it at a vantage; default: everything. */
  packetsAt?(vantage: Vantage): PacketSet;
  /** Of a server that is told end to end as well: what comes to it past the gateways. */
  readonly besides?: PacketSet;
  /** Of a server: its networks inside. What has a source there comes from inside, by the one interface that it may have for all. */
  readonly inside?: readonly Range[];
  /** `endsHere`: of rules whose device nobody told, where it ends by the guess that lets it through. */
  explain(vantage: Vantage, packet: Packet): (Explanation & { readonly endsHere?: boolean }) | undefined;
}

/** Interfaces of which nobody told whether the internet is behind them, and that let in everything where others don't. */
export interface WideOpen {
  readonly names: ReadonlySet<string>;
  /** `wg0, if it leads to the internet`. */
  readonly words: string;
  /** The others, by their names. */
  readonly others: string;
}

export interface Reported extends Pick<
  DeviceReport,
  'name' | 'form' | 'given' | 'assumed' | 'supposed' | 'perhapsUplinks' | 'limits' | 'leftOut' | 'remarks'
> {
  readonly told: readonly Told[];
  /** What it leaves out may be the answer; `assumed` says what that is. */
  readonly untold: boolean;
  /** What only some interfaces let in that may not lead to the internet. */
  readonly wide?: WideOpen | undefined;
}

const MOST_DESTINATIONS = 50;
const MOST_EXPLAINED = 60;

/** One device of a report: what of it is asked for. */
export function shown(reported: Reported, ask: (of: Told) => Ask, asked: boolean): DeviceReport {
  const { told, name, form, given, assumed, supposed, perhapsUplinks, limits, leftOut, remarks } = reported;
  const sections = told.map((one) => ({
    about: one.about,
    title: one.title,
    ...(one.places ? { places: one.places } : {}),
    entries: ordered(listed(answering(one.exposure, ask(one)), wordingOf(one)), one).map((entry, at) =>
      entryReport(entry, one, at < MOST_EXPLAINED),
    ),
  }));
  const empty = sections.every(({ entries }) => entries.length === 0);
  return {
    name,
    form,
    given,
    assumed,
    supposed,
    perhapsUplinks,
    limits,
    leftOut,
    remarks,
    sections: sections.filter(({ entries }) => entries.length > 0),
    nothing: empty ? whyNot(told, ask, asked) : [],
  };
}

/** The server itself before single addresses; what is known before what isn't; loopback last, where it isn't the same as the rest. */
function ordered(entries: readonly Entry[], { anonymous }: Told): readonly Entry[] {
  const words = ({ becomes, service, from, verdict }: Entry): string => [becomes, service, from, verdict].join('|');
  const general = new Set(entries.filter(({ to }) => isWords(to)).map(words));
  const place = (one: Entry): number =>
    (isOnTheWire(one) ? 4 : isWords(one.to) ? 0 : 2) + (one.verdict === 'unknown' ? 1 : 0);
  return entries
    .filter((one) => !isFromLoopback(one) && (!anonymous || !isOnTheWire(one) || !general.has(words(one))))
    .map((entry, at) => ({ entry, at }))
    .sort((a, b) => place(a.entry) - place(b.entry) || a.at - b.at)
    .map(({ entry }) => entry);
}

/** A kernel drops it before any rule of those for itself and others. Source: ip_route_input_slow and ip6_rcv_core in Linux, ip_input in FreeBSD. */
export const isFromLoopback = ({ packets: { sources }, vantages }: Entry): boolean =>
  vantages.every(({ kind }) => kind === 'interface') && isWithin(sources, LOOPBACK);

const isWords = (to: readonly string[]): boolean => !/^[0-9a-f]*[:.]/.test(to[0] ?? '');
/** Loopback, groups and link-local addresses, which nothing from another network reaches. */
export const isOnTheWire = ({ packets }: Pick<Entry, 'packets'>): boolean =>
  isWithin(packets.destinations, ON_THE_WIRE);
/** Its own addresses are none of these, or not worth a word: groups, everybody on a wire, and what a link has for itself. */
export const NEVER_ROUTED: readonly Range[] = [
  ...['224.0.0.0/4', '255.255.255.255/32', 'ff00::/8', '169.254.0.0/16'].map(rangeOf),
  LINK_LOCAL,
];
const ON_THE_WIRE: readonly Range[] = [...LOOPBACK, ...NEVER_ROUTED];

const isWithin = (ranges: readonly Range[], within: readonly Range[]): boolean =>
  ranges.every((one) => within.some((its) => covers(its, one)));

function entryReport(entry: Entry, told: Told, explained: boolean): EntryReport {
  const { about, anonymous, device, explain, besides, inside } = told;
  const { packet, packets, families, vantages, to, ...words } = entry;
  const isFromInside = inside !== undefined && isWithin(packets.sources, inside);
  const ways = vantages
    .map((one) => wayOf(one, device))
    .map((way) => (isFromInside ? { ...way, side: insideOf(way.side) } : way));
  const { some, all } = spread(entry);
  const asked = explained ? vantages.slice(0, 4) : [];
  const explanations = asked.flatMap((vantage) => some.map((one) => explain(vantage, one)));
  const lines = explanations.flatMap(linesOf);
  return {
    verdict: words.verdict,
    because: printable(words.because),
    outside: vantages.some((one) => sideOf(one, device) === 'outside'),
    vantages: vantages.map((one) => vantageWords(one, device)),
    to:
      about === 'host' && isAnonymous(told, packets.family)
        ? ifOwn(entry, explanations)
        : to.slice(0, MOST_DESTINATIONS),
    toCount: to.length,
    service: words.service,
    names: words.names,
    from: words.from,
    becomes: printable(words.becomes),
    seenAs: printable(words.seenAs),
    packets,
    families,
    ways,
    pastGateways:
      besides !== undefined && !besides.within(PacketMap.set({ destination: packets.destinations })).isEmpty,
    witness: anonymous && isStandIn(packet.destination) ? '' : printPacket(packet),
    allLines: all && asked.length === vantages.length,
    lines: [...new Map(lines.map((line) => [`${line.number} ${line.text}`, line])).values()]
      .slice(0, 20)
      .map(({ number, text }) => ({ number, text: printable(text.trim()) })),
  };
}

const insideOf = (side: Side): Side => (side === 'outside' ? 'inside' : side);

/** Of rules, and of what settles it without being one. */
function linesOf(explanation: Explanation | undefined): Explanation['lines'] {
  const { lines = [], settledBy = [] } = explanation ?? {};
  const others = settledBy.flatMap(({ words, line }) =>
    words === undefined || line === undefined ? [] : [{ number: line, text: words }],
  );
  return [...lines, ...others.filter(({ number }) => !lines.some((one) => one.number === number))];
}

/** Rules name them; whether the server has them nobody told. What is led to an address and let in for that one is let in where the server has it. */
function ifOwn(entry: Entry, explanations: readonly ReturnType<Told['explain']>[]): readonly string[] {
  const to = entry.to.slice(0, MOST_DESTINATIONS);
  if (isWords(to) || isWithin(entry.packets.destinations, [LINK_LOCAL])) return to;
  const led = hostLedTo(entry);
  const ends = led === '' || to.includes(led) ? [false] : explanations.map((one) => one?.endsHere);
  const own =
    ends.length > 0 && ends.every((here) => here)
      ? areOwn(led, /[-/]/.test(led))
      : areOwn(
          `${to.length === 1 ? 'that' : 'these'}${ends.length === 0 || ends.includes(true) ? ` or ${led}` : ''}`,
          to.length > 1,
        );
  return [...to.slice(0, -1), `${to.at(-1)} (${isOnTheWire(entry) ? 'by neighbours on its own wire' : own})`];
}

const areOwn = (who: string, several: boolean): string =>
  `if ${who} ${several ? 'are its own addresses' : 'is its own address'}`;

export const isAnonymous = ({ anonymous }: Pick<Told, 'anonymous'>, family: Family): boolean =>
  anonymous?.families.includes(family) ?? false;

export const roleAt = (vantage: Vantage, device: Device): string =>
  vantage.kind === 'interface'
    ? (device.interfaces.find(({ name }) => name === vantage.name)?.role ?? 'outside')
    : vantage.kind;

export function sideOf(vantage: Vantage, device: Device): Side {
  const role = roleAt(vantage, device);
  return role === 'outside' || role === 'self' || role === 'localhost' ? role : 'inside';
}

const wayOf = (vantage: Vantage, device: Device): Way => ({
  vantage,
  side: sideOf(vantage, device),
  by: byWords(vantage, device),
});

function byWords(vantage: Vantage, device: Device): string {
  if (vantage.kind === 'localhost') return 'localhost';
  const leaving = vantage.leaving === undefined ? undefined : printable(vantage.leaving);
  if (vantage.kind === 'self') return leaving ?? 'the server itself';
  return `${interfaceWords(vantage, device)}${leaving === undefined ? '' : `, leaving by ${leaving}`}`;
}

/** `the internet by eth0`, `the server itself, leaving by eth0`. */
function vantageWords(vantage: Vantage, device: Device): string {
  const by = byWords(vantage, device);
  const role = roleAt(vantage, device);
  if (vantage.kind === 'interface') return `${role === 'outside' ? 'the internet' : role} by ${by}`;
  return vantage.kind === 'self' && vantage.leaving !== undefined ? `the server itself, leaving by ${by}` : by;
}

export function interfaceWords(vantage: Vantage, device: Device): string {
  if (vantage.kind !== 'interface') return vantage.kind;
  return vantage.name === OTHERS
    ? device.interfaces.length === 1
      ? 'any interface'
      : 'any other interface'
    : printable(vantage.name);
}

export const wordingOf = ({ about, anonymous }: Told): Wording => ({
  destinations(ranges, family) {
    if (!anonymous?.families.includes(family)) return undefined;
    const [only] = ranges;
    if (about === 'host' && ranges.length === 1 && only!.first === only!.last && isStandIn(only!.first))
      return 'this server';
    if (!isWide(ranges, family)) return undefined;
    const who = about === 'host' ? 'this server' : 'any other host';
    const holes = without([FAMILY_RANGE[family]], [...ranges, ...anonymous.wordless, ...NEVER_ROUTED]);
    return holes.length === 0
      ? who
      : `${who} but ${holes.length > 4 ? `${holes.length} ranges` : holes.map(printRange).join(', ')}`;
  },
  address: (address) => (anonymous && isStandIn(address) ? 'this server' : printAddress(address)),
  services: ({ protocols, ports }) => serviceNames(protocols, ports),
  tellsSources: (vantage) => vantage.kind === 'self',
});

/** What of the packets that are asked about can be part of it at a vantage. */
export const packetsAt = (told: Told, ask: Ask, vantage: Vantage): PacketSet =>
  askedPackets(ask).within(told.packetsAt?.(vantage) ?? PacketMap.ALL);

const NOT_ITS_OWN = 'the device does not forward';

/** For each way in, why one packet of what was asked for doesn't pass. */
function whyNot(told: readonly Told[], askOf: (of: Told) => Ask, asked: boolean): readonly string[] {
  if (!asked) return ['nothing is reachable'];
  const found = told.flatMap((one) => {
    const { exposure, device, explain, anonymous } = one;
    const ask = askOf(one);
    return exposure.views
      .filter(({ vantage }) => vantage.kind === 'interface' && (ask.vantage?.(vantage) ?? true))
      .flatMap(({ vantage }) => {
        const [packet] = samples(packetsAt(one, ask, vantage), anonymous?.families ?? []);
        const explanation = packet && explain(vantage, packet);
        if (!packet || !explanation || explanation.verdict !== 'denied') return [];
        const sent =
          anonymous && isStandIn(packet.destination)
            ? printPacket(packet).replace(` ${printAddress(packet.destination)} `, ' this server ')
            : printPacket(packet);
        const [settled] = explanation.settledBy;
        const text = settled?.of === undefined ? '' : `${settled.of}: `;
        const line = settled?.words !== undefined && settled.line !== undefined ? `, line ${settled.line}` : '';
        return [`${sent} from ${vantageWords(vantage, device)}: ${text}${printable(explanation.because)}${line}`];
      });
  });
  // Of a device whose addresses aren't asked about only that can be said.
  const telling = found.filter((line) => !line.endsWith(NOT_ITS_OWN));
  return [...new Set(telling.length > 0 ? telling : found)].slice(0, 20);
}
