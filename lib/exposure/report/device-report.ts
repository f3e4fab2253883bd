// Creates the part of an exposure report on one device: sections by destination with the entries of reachable services,
// limited to the question. The names and roles of interfaces, and packets that no router passes on, are decided here,
// too.

import { ReachabilityQuery, limitToQuery, getQueriedPackets } from '../../reachability/reachability-query';
import { Reachability } from '../../reachability/reachability';
import { ReachabilityEntry, ListWording, listReachability } from '../../reachability/reachability-list';
import { isWide } from '../../reachability/reachability-rows';
import { printDestinations, printPacket } from '../../reachability/print-packets';
import { FAMILY_RANGE, Family, printAddress, printRange, parseRange } from '../../net/address';
import { Device, LINK_LOCAL, LOOPBACK, StartLocation } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, covers, subtractRanges } from '../../net/range';
import { escapeForDisplay } from '../../problems/problem';
import { PacketExplanation } from '../../parse/config-parser';
import { OTHER_INTERFACES } from '../facts/device-facts';
import { nameLeasedAddress, nameLeasedAddresses } from '../facts/leased-addresses';
import { UnknownAddresses } from '../facts/evaluate-unmanaged';
import { getTranslatedHost } from './translated-services';
import { DeviceReport, EntryReport, SectionReport, EntryStart } from './exposure-report-types';
import { listSamplePackets, listBoundaryPackets } from './sample-packets';
import { getServiceNames } from './service-names';
import { SourceFile, printFileLine } from './source-files';
import { isPlaceholder } from '../facts/assumed-devices';
import { StartSide } from './exposure-report-types';

/** An exposure, and how the report presents it. */
export interface SectionExposure {
  readonly scope: SectionReport['scope'];
  readonly title: string;
  readonly reachability: Reachability;
  readonly device: Device;
  readonly hostNames?: SectionReport['hostNames'];
  /** Families whose addresses aren't known; undefined if all are. */
  readonly unknownAddresses?: UnknownAddresses;
  /** Packets from outside to public addresses of other hosts behind the device. */
  readonly reachabilityBehind?: Reachability;
  /** Returns the packets that can be part of it at a start location; default: everything. */
  packetsAt?(startLocation: StartLocation): PacketSet;
  /** For a server that is also reported end to end: packets to it past the gateways. */
  readonly bypassPackets?: PacketSet;
  /**
   * For a server: its networks inside. Packets with a source there come from inside, even if it has one interface for
   * all.
   */
  readonly trustedNetworks?: readonly Range[];
  /**
   * Returns why a packet has its verdict. `endsHere`: for rules of an unknown device, whether the packet ends there by
   * the assumption that lets it through.
   */
  explain(
    startLocation: StartLocation,
    packet: Packet,
  ): (PacketExplanation & { readonly endsHere?: boolean }) | undefined;
}

/** Interfaces that let in everything while others don't. No fact tells whether the internet is behind them. */
export interface WideOpenInterfaces {
  readonly names: ReadonlySet<string>;
  /** The interfaces in words: `wg0, if it leads to the internet`. */
  readonly words: string;
  /** The names of the other interfaces. */
  readonly others: string;
}

export interface DeviceExposure extends Pick<
  DeviceReport,
  | 'name'
  | 'format'
  | 'knownFacts'
  | 'assumptions'
  | 'wideningAssumptions'
  | 'possibleUplinks'
  | 'limits'
  | 'ignoredLines'
  | 'findings'
> {
  readonly sections: readonly SectionExposure[];
  /** The files of the text, in order; undefined if it is no file. */
  readonly files?: readonly SourceFile[] | undefined;
  /** Whether the answer may lie in what the text leaves out. `assumptions` of the report says what that is. */
  readonly isIncomplete: boolean;
  /** Interfaces that may not lead to the internet and that let in everything; undefined if there are none. */
  readonly wideOpenInterfaces?: WideOpenInterfaces | undefined;
}

const MAX_DESTINATIONS = 50;
const MAX_EXPLAINED_ENTRIES = 60;

/** Returns one device of a report, limited to the question. */
export function createDeviceReport(
  device: DeviceExposure,
  ask: (section: SectionExposure) => ReachabilityQuery,
  isFiltered: boolean,
): DeviceReport {
  const {
    sections: sectionExposures,
    name,
    format,
    knownFacts,
    assumptions,
    wideningAssumptions,
    possibleUplinks,
    limits,
    ignoredLines,
    findings,
  } = device;
  const sections = sectionExposures.map((section) => ({
    scope: section.scope,
    title: section.title,
    ...(section.hostNames ? { hostNames: section.hostNames } : {}),
    entries: sortEntries(
      listReachability(limitToQuery(section.reachability, ask(section)), createWording(section)),
      section,
    ).map((entry, index) => createEntryReport(entry, section, index < MAX_EXPLAINED_ENTRIES)),
  }));
  const isEmpty = sections.every(({ entries }) => entries.length === 0);
  return {
    name,
    format,
    knownFacts,
    assumptions,
    wideningAssumptions,
    possibleUplinks,
    limits,
    ignoredLines,
    findings,
    sections: sections.filter(({ entries }) => entries.length > 0),
    deniedReasons: isEmpty ? explainDenied(sectionExposures, ask, isFiltered) : [],
  };
}

/**
 * Returns entries in order: the server itself before single addresses, allowed before unknown, and loopback last.
 * Loopback is left out if it repeats the rest.
 */
function sortEntries(
  entries: readonly ReachabilityEntry[],
  { unknownAddresses }: SectionExposure,
): readonly ReachabilityEntry[] {
  const getKey = ({ translatedDestination, service, sources, disposition }: ReachabilityEntry): string =>
    [translatedDestination, service, sources, disposition].join('|');
  const generalKeys = new Set(entries.filter(({ destinations }) => isDescription(destinations)).map(getKey));
  const getRank = (entry: ReachabilityEntry): number =>
    (isUnroutable(entry) ? 4 : isDescription(entry.destinations) ? 0 : 2) + (entry.disposition === 'unknown' ? 1 : 0);
  return entries
    .filter(
      (entry) =>
        !isFromLoopback(entry) && (!unknownAddresses || !isUnroutable(entry) || !generalKeys.has(getKey(entry))),
    )
    .map((entry, index) => ({ entry, at: index }))
    .sort((a, b) => getRank(a.entry) - getRank(b.entry) || a.at - b.at)
    .map(({ entry }) => entry);
}

/**
 * Returns whether all sources are loopback and come by an interface. A kernel drops such packets before any rule for
 * itself and others. Source: ip_route_input_slow and ip6_rcv_core in Linux, ip_input in FreeBSD.
 */
export const isFromLoopback = ({ packets: { sources }, startLocations }: ReachabilityEntry): boolean =>
  startLocations.every(({ kind }) => kind === 'interface') && isWithin(sources, LOOPBACK);

const isDescription = (destinations: readonly string[]): boolean =>
  !/^([0-9a-f]*[:.]|the leased )/.test(destinations[0] ?? '');
/**
 * Returns whether all destinations are loopback, groups or link-local addresses, which no packet from another network
 * reaches.
 */
export const isUnroutable = ({ packets }: Pick<ReachabilityEntry, 'packets'>): boolean =>
  isWithin(packets.destinations, UNROUTABLE);
/**
 * Ranges with none of a device's own addresses, or with none worth a word: groups, broadcast on a wire, and link-local
 * addresses.
 */
export const NEVER_ROUTED: readonly Range[] = [
  ...['224.0.0.0/4', '255.255.255.255/32', 'ff00::/8', '169.254.0.0/16'].map(parseRange),
  LINK_LOCAL,
];
const UNROUTABLE: readonly Range[] = [...LOOPBACK, ...NEVER_ROUTED];

const isWithin = (ranges: readonly Range[], outerRanges: readonly Range[]): boolean =>
  ranges.every((range) => outerRanges.some((outerRange) => covers(outerRange, range)));

function createEntryReport(entry: ReachabilityEntry, section: SectionExposure, isExplained: boolean): EntryReport {
  const { scope, unknownAddresses, device, explain, bypassPackets, trustedNetworks } = section;
  const { packet, packets, families, startLocations, destinations, ...words } = entry;
  const isFromInside = trustedNetworks !== undefined && isWithin(packets.sources, trustedNetworks);
  const starts = startLocations
    .map((item) => createEntryStart(item, device))
    .map((start) => (isFromInside ? { ...start, side: toInside(start.side) } : start));
  const { samples: probes, isComplete } = listBoundaryPackets(entry);
  const explainedStarts = isExplained ? startLocations.slice(0, 4) : [];
  const explanations = explainedStarts.flatMap((startLocation) => probes.map((item) => explain(startLocation, item)));
  const lines = explanations.flatMap(listDecidingLines);
  return {
    disposition: words.disposition,
    reason: escapeForDisplay(words.reason),
    except: escapeForDisplay(words.except),
    fromInternet: startLocations.some((item) => getSide(item, device) === 'outside'),
    startLocations: startLocations.map((item) => printStart(item, device)),
    destinations:
      scope === 'host' && hasUnknownAddresses(section, packets.family)
        ? describeOwnership(entry, explanations)
        : destinations.slice(0, MAX_DESTINATIONS),
    destinationCount: destinations.length,
    service: words.service,
    serviceNames: words.serviceNames,
    sources: words.sources,
    translatedDestination: escapeForDisplay(words.translatedDestination),
    translatedSource: escapeForDisplay(words.translatedSource),
    packets,
    families,
    starts,
    bypassesGateways:
      bypassPackets !== undefined &&
      !bypassPackets.intersect(PacketMap.createSet({ destination: packets.destinations })).isEmpty,
    examplePacket:
      unknownAddresses && isPlaceholder(packet.destination) ? '' : nameLeasedAddresses(printPacket(packet), device),
    hasAllLines: isComplete && explainedStarts.length === startLocations.length,
    decidingLines: [...new Map(lines.map((line) => [`${line.file} ${line.number} ${line.text}`, line])).values()]
      .slice(0, 20)
      .map(({ file = '', number, text }) => ({
        file: escapeForDisplay(file),
        number,
        text: escapeForDisplay(text.trim()),
      })),
  };
}

const toInside = (side: StartSide): StartSide => (side === 'outside' ? 'inside' : side);

/** Returns the lines of rules, and of other parts of the text that decide. */
function listDecidingLines(explanation: PacketExplanation | undefined): PacketExplanation['lines'] {
  const { lines = [], decisionSources = [] } = explanation ?? {};
  const jumpLines = decisionSources.flatMap(({ jump }) => jump ?? []);
  const otherLines = decisionSources.flatMap(({ description, line, file }) =>
    description === undefined || line === undefined
      ? []
      : [{ number: line, text: description, ...(file === undefined ? {} : { file }) }],
  );
  return [
    ...jumpLines,
    ...lines,
    ...otherLines.filter(
      ({ number, file }) => !lines.some((ruleLine) => ruleLine.number === number && ruleLine.file === file),
    ),
  ];
}

/**
 * Returns destinations that rules name, with a condition: no fact tells whether the server has them. A packet that is
 * translated to an address and let in for it is let in if the server has that address.
 */
function describeOwnership(
  entry: ReachabilityEntry,
  explanations: readonly ReturnType<SectionExposure['explain']>[],
): readonly string[] {
  const listedDestinations = entry.destinations.slice(0, MAX_DESTINATIONS);
  if (isDescription(listedDestinations) || isWithin(entry.packets.destinations, [LINK_LOCAL]))
    return listedDestinations;
  const translatedHost = getTranslatedHost(entry.translatedDestination);
  const endsHere =
    translatedHost === '' || listedDestinations.includes(translatedHost)
      ? [false]
      : explanations.map((explanation) => explanation?.endsHere);
  const condition =
    endsHere.length > 0 && endsHere.every((isHere) => isHere)
      ? printOwnCondition(translatedHost, /[-/]/.test(translatedHost))
      : printOwnCondition(
          `${listedDestinations.length === 1 ? 'that' : 'these'}${endsHere.length === 0 || endsHere.includes(true) ? ` or ${translatedHost}` : ''}`,
          listedDestinations.length > 1,
        );
  return [
    ...listedDestinations.slice(0, -1),
    `${listedDestinations.at(-1)} (${isUnroutable(entry) ? 'by neighbours on its own wire' : condition})`,
  ];
}

const printOwnCondition = (subject: string, isPlural: boolean): string =>
  `if ${subject} ${isPlural ? 'are its own addresses' : 'is its own address'}`;

export const hasUnknownAddresses = (
  { unknownAddresses }: Pick<SectionExposure, 'unknownAddresses'>,
  family: Family,
): boolean => unknownAddresses?.families.includes(family) ?? false;

export const getRole = (startLocation: StartLocation, device: Device): string =>
  startLocation.kind === 'interface'
    ? (device.interfaces.find(({ name }) => name === startLocation.name)?.role ?? 'outside')
    : startLocation.kind;

export function getSide(startLocation: StartLocation, device: Device): StartSide {
  const role = getRole(startLocation, device);
  return role === 'outside' || role === 'self' || role === 'localhost' ? role : 'inside';
}

const createEntryStart = (startLocation: StartLocation, device: Device): EntryStart => ({
  startLocation,
  side: getSide(startLocation, device),
  interfaces: printPath(startLocation, device),
});

function printPath(startLocation: StartLocation, device: Device): string {
  if (startLocation.kind === 'localhost') return 'localhost';
  const leaving = startLocation.uplink === undefined ? undefined : escapeForDisplay(startLocation.uplink);
  if (startLocation.kind === 'self') return leaving ?? 'the server itself';
  return `${printInterface(startLocation, device)}${leaving === undefined ? '' : `, leaving by ${leaving}`}`;
}

/** Returns a start location in words: `the internet by eth0`, `the server itself, leaving by eth0`. */
function printStart(startLocation: StartLocation, device: Device): string {
  const path = printPath(startLocation, device);
  const role = getRole(startLocation, device);
  if (startLocation.kind === 'interface') return `${role === 'outside' ? 'the internet' : role} by ${path}`;
  return startLocation.kind === 'self' && startLocation.uplink !== undefined
    ? `the server itself, leaving by ${path}`
    : path;
}

export function printInterface(startLocation: StartLocation, device: Device): string {
  if (startLocation.kind !== 'interface') return startLocation.kind;
  return startLocation.name === OTHER_INTERFACES
    ? device.interfaces.length === 1
      ? 'any interface'
      : 'any other interface'
    : escapeForDisplay(startLocation.name);
}

export const createWording = ({ scope, unknownAddresses, device }: SectionExposure): ListWording => ({
  destinations(ranges, family) {
    if (!unknownAddresses?.families.includes(family)) {
      return device.leasedAddresses && isWide(ranges, family)
        ? nameLeasedAddresses(printDestinations(ranges, family), device)
        : undefined;
    }
    const [range] = ranges;
    if (scope === 'host' && ranges.length === 1 && range!.first === range!.last && isPlaceholder(range!.first))
      return 'this server';
    if (!isWide(ranges, family)) return undefined;
    const host = scope === 'host' ? 'this server' : 'any other host';
    const exceptions = subtractRanges(
      [FAMILY_RANGE[family]],
      [...ranges, ...unknownAddresses.wordless, ...NEVER_ROUTED],
    );
    return exceptions.length === 0
      ? host
      : `${host} but ${exceptions.length > 4 ? `${exceptions.length} ranges` : exceptions.map(printRange).join(', ')}`;
  },
  address: (address) =>
    unknownAddresses && isPlaceholder(address)
      ? 'this server'
      : (nameLeasedAddress(device, address) ?? printAddress(address)),
  sources: (text) => nameLeasedAddresses(text, device),
  services: ({ protocols, ports }) => getServiceNames(protocols, ports),
  tellsSources: (startLocation) => startLocation.kind === 'self',
});

/** Returns the asked packets that can be part of a section at a start location. */
export const selectPackets = (
  section: SectionExposure,
  ask: ReachabilityQuery,
  startLocation: StartLocation,
): PacketSet => getQueriedPackets(ask).intersect(section.packetsAt?.(startLocation) ?? PacketMap.ALL);

const NOT_FORWARDING = 'the device does not forward';

/** Returns for each way in why one of the asked packets doesn't pass. */
function explainDenied(
  sections: readonly SectionExposure[],
  getAsk: (section: SectionExposure) => ReachabilityQuery,
  isFiltered: boolean,
): readonly string[] {
  if (!isFiltered) return ['nothing is reachable'];
  const reasons = sections.flatMap((section) => {
    const { reachability, device, explain, unknownAddresses } = section;
    const ask = getAsk(section);
    return reachability.views
      .filter(({ startLocation }) => startLocation.kind === 'interface' && (ask.matchesStart?.(startLocation) ?? true))
      .flatMap(({ startLocation }) => {
        const [packet] = listSamplePackets(
          selectPackets(section, ask, startLocation),
          unknownAddresses?.families ?? [],
        );
        const explanation = packet && explain(startLocation, packet);
        if (!packet || !explanation || explanation.disposition !== 'denied') return [];
        const packetText =
          unknownAddresses && isPlaceholder(packet.destination)
            ? printPacket(packet).replace(` ${printAddress(packet.destination)} `, ' this server ')
            : nameLeasedAddresses(printPacket(packet), device);
        const [decider] = explanation.decisionSources;
        const text = decider?.textName === undefined ? '' : `${decider.textName}: `;
        const place = decider?.line === undefined ? '' : printFileLine(decider.line, decider.file);
        const isNamed = decider?.description === undefined || place === '' || explanation.reason.includes(place);
        const jump = decider?.jump && `, by the jump of ${printFileLine(decider.jump.number, decider.jump.file)}`;
        return [
          `${packetText} from ${printStart(startLocation, device)}: ${text}${escapeForDisplay(explanation.reason)}${isNamed ? '' : `, ${place}`}${jump ?? ''}`,
        ];
      });
  });
  // For a device whose addresses aren't asked about, only the missing forwarding can be named.
  const specific = reasons.filter((line) => !line.endsWith(NOT_FORWARDING));
  return [...new Set(specific.length > 0 ? specific : reasons)].slice(0, 20);
}
