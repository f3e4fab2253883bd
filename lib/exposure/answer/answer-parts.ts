// Finds the parts of the answer to a question of `exposure`: which of the asked packets pass, by service, destination
// and interface. Parts with the same answer are one.
import { ReachabilityQuery, getQueriedPackets, limitToQuery } from '../../reachability/reachability-query';
import { ReachabilityEntry, describeService, listReachability } from '../../reachability/reachability-list';
import { coversEvery } from '../../reachability/print-packets';
import { isWide, toRows } from '../../reachability/reachability-rows';
import { FAMILIES, FAMILY_NAME, FAMILY_RANGE, Family, getFamily, printRange, splitPairs } from '../../net/address';
import { Device, LINK_LOCAL, LOOPBACK, getLocalAddresses, toEntryKey } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { ALL_PORTS } from '../../net/packet';
import { Range, contains, covers, mergeRanges, subtractRanges, toSingleRange } from '../../net/range';
import { PLACEHOLDER_ADDRESSES } from '../facts/assumed-devices';
import {
  NEVER_ROUTED,
  SectionExposure,
  createWording,
  hasUnknownAddresses,
  isFromLoopback,
} from '../report/device-report';
import { ANSWERS, Answer } from '../report/answers';
import { StartSide } from '../report/exposure-report-types';
import { printServiceList } from '../report/print-services';
import {
  AskedSection,
  PassingEntry,
  coversAsked,
  getAskedDestinations,
  reachesAllAsked,
} from './covers-asked-destinations';

/** The same answer for some of the asked packets. */
export interface AnswerPart {
  readonly answer: Answer;
  /** The services that it is about; empty: all that were asked. */
  readonly services: string;
  /** `only`: the sources that pass, or outbound the destinations. `yes`: the exceptions. `cannotTell`: as `only`; empty: any. */
  readonly addresses: readonly string[];
  /** Where the packets go, if other asked packets have another answer: `to 203.0.113.10`; else empty. */
  readonly to: string;
  /** The way of the packets, if others have another answer: `by IPv4`, `by eth0`; else empty. */
  readonly by: string;
  readonly translatedDestination: string;
  readonly excepts: readonly string[];
  readonly reasons: readonly string[];
  /** The entries of the part; empty for `no`. */
  readonly entries: readonly PassingEntry[];
  /** The asked packets of the part, for `no`. */
  readonly denied: readonly AskedSection[];
  /** The interfaces, if other interfaces have another answer. */
  readonly interfaceKeys: readonly string[];
}

type PartContent = Omit<AnswerPart, 'to' | 'by' | 'denied' | 'interfaceKeys'>;

/** Destinations that share an answer: one address, every address of a family, or a list in words. */
interface Target {
  readonly family: Family;
  /** The destinations in words; empty if they are all that were asked of the family. */
  readonly label: string;
  /** Stands behind the label: `if that is its own address`. */
  readonly condition: string;
  readonly ranges: readonly Range[];
  readonly entries: readonly PassingEntry[];
}

const MAX_COMPARED_ADDRESSES = 2000;
const MAX_COMPARED_ENTRIES = 60;

/** The most items of a list in one line. */
const MAX_LISTED = 3;
export const shortenList = (items: readonly string[]): string =>
  `${items.slice(0, MAX_LISTED).join(', ')}${items.length > MAX_LISTED ? ` and ${items.length - MAX_LISTED} more` : ''}`;

/**
 * Returns the parts of the answer on packets to these sections from one side; the worst first. Empty if none of the
 * asked packets can be among them. `goesOut`: the device sends them itself.
 */
export function listAnswerParts(
  parts: readonly AskedSection[],
  side: StartSide,
  { toOthersOnly }: { readonly toOthersOnly: boolean },
): readonly AnswerPart[] {
  const relevant = parts.filter(({ views }) => views.length > 0);
  const goesOut = isOutbound(side);
  const passing = relevant.flatMap((part): readonly PassingEntry[] =>
    listReachability(limitToQuery({ views: part.views }, part.query), createWording(part.section))
      .filter((entry) => !isFromLoopback(entry) && !(toOthersOnly && isOwnAddress(part.section, entry)))
      .map((entry) => ({ part, entry })),
  );
  const interfaceKeys = [
    ...new Set(relevant.flatMap(({ views }) => views.map(({ startLocation }) => toEntryKey(startLocation)))),
  ];
  const answeredInterfaces = interfaceKeys.map((interfaceKey) => ({
    interfaceKey,
    parts: listPartsOfInterface(
      relevant.map((part) => selectInterface(part, interfaceKey)).filter(({ views }) => views.length > 0),
      passing.filter(({ entry }) => entry.startLocations.some((location) => toEntryKey(location) === interfaceKey)),
      goesOut,
    ),
  }));
  const perInterface = dropClosedInterfaces(
    answeredInterfaces.filter(({ parts: interfaceParts }) => interfaceParts.length > 0),
    relevant,
  );
  const groups = [
    ...groupBy(perInterface, ({ parts: interfaceParts }) => JSON.stringify(interfaceParts.map(toKey))).values(),
  ];
  return groups
    .flatMap((group) => {
      const isAll = group.length === perInterface.length;
      const keys = group.map(({ interfaceKey }) => interfaceKey);
      return group[0].parts.map((part, index): AnswerPart => ({
        ...part,
        denied: group.flatMap(({ parts: interfaceParts }) => interfaceParts[index]!.denied),
        interfaceKeys: isAll ? [] : keys,
      }));
    })
    .sort((a, b) => ANSWERS.indexOf(a.answer) - ANSWERS.indexOf(b.answer));
}

/** In a stack each device has its own destinations: no interface of another device lets them in, and that says nothing. */
function dropClosedInterfaces<T extends { readonly parts: readonly AnswerPart[] }>(
  answeredInterfaces: readonly T[],
  sections: readonly AskedSection[],
): readonly T[] {
  const open = answeredInterfaces.filter(({ parts }) => parts.some(({ answer }) => answer !== 'no'));
  const isStack = sections.every(({ section: { scope } }) => scope === 'device' || scope === 'end to end');
  return isStack && open.length > 0 ? open : answeredInterfaces;
}

/** Returns whether the device sends the packets itself, so that their destinations tell them apart. */
export const isOutbound = (side: StartSide): boolean => side === 'self' || side === 'localhost';

const selectInterface = (part: AskedSection, interfaceKey: string): AskedSection => ({
  ...part,
  views: part.views.filter(({ startLocation }) => toEntryKey(startLocation) === interfaceKey),
});

/** Returns a key of the words of a part: parts with the same key read the same. */
const toKey = ({ answer, services, addresses, to, by, translatedDestination, excepts, reasons }: AnswerPart): string =>
  JSON.stringify([answer, services, addresses, to, by, translatedDestination, excepts, reasons]);

function listPartsOfInterface(
  parts: readonly AskedSection[],
  passing: readonly PassingEntry[],
  goesOut: boolean,
): readonly AnswerPart[] {
  const targets = listTargets(parts, passing, goesOut);
  const answered = targets.map((target) => ({ target, contents: listContents(target, goesOut) }));
  const groups = mergeFamilies(
    [
      ...groupBy(answered, ({ target, contents }) =>
        JSON.stringify([target.family, contents.map(toContentKey)]),
      ).values(),
    ].map((group) => ({ targets: group.map(({ target }) => target), contents: group[0].contents })),
    targets,
  );
  return groups.flatMap(({ targets: groupTargets, contents }) => {
    const { to, by } = describeTargets(groupTargets, targets);
    return contents.map((content): AnswerPart => ({
      ...content,
      entries: groupTargets.flatMap(({ entries }) =>
        entries.filter((passingEntry) => content.entries.some(({ entry }) => isSameKind(entry, passingEntry.entry))),
      ),
      to,
      by,
      denied:
        content.answer === 'no'
          ? groupTargets.flatMap((target) => parts.map((part) => limitToTarget(part, target)))
          : [],
      interfaceKeys: [],
    }));
  });
}

const isSameKind = (entry: ReachabilityEntry, other: ReachabilityEntry): boolean =>
  entry === other ||
  (entry.disposition === other.disposition &&
    entry.service === other.service &&
    entry.translatedDestination === other.translatedDestination);

const limitToTarget = (part: AskedSection, { family, ranges }: Target): AskedSection => ({
  ...part,
  query: { ...part.query, to: ranges.length > 0 ? ranges : (part.query.to ?? [FAMILY_RANGE[family]]) },
});

type TargetGroup = { readonly targets: readonly Target[]; readonly contents: readonly PartContent[] };

/**
 * Merges the groups of both families if each family has one group, and these differ only in the sources: sources name
 * their family themselves.
 */
function mergeFamilies(groups: readonly TargetGroup[], targets: readonly Target[]): readonly TargetGroup[] {
  const [ipv4Groups, ipv6Groups] = FAMILIES.map((family) =>
    groups.filter(({ targets: groupTargets }) => groupTargets[0]!.family === family),
  );
  const areMerged = new Set<TargetGroup>();
  const merged = ipv4Groups!.flatMap((group): readonly TargetGroup[] => {
    const twin = ipv6Groups!.find(
      (other) => !areMerged.has(other) && isAlike(group, other) && isWhole(group, targets) === isWhole(other, targets),
    );
    if (!twin) return [group];
    areMerged.add(twin);
    return [joinGroups(group, twin)];
  });
  return [...merged, ...ipv6Groups!.filter((group) => !areMerged.has(group))];
}

/** Returns whether a group has every destination of its family, so that words for the family stand for it. */
const isWhole = ({ targets: [first, ...more] }: TargetGroup, targets: readonly Target[]): boolean =>
  [first!, ...more].some(({ label }) => label === '') ||
  targets.filter(({ family }) => family === first!.family).length === more.length + 1;

function isAlike(group: TargetGroup, other: TargetGroup): boolean {
  const isOnlyListed = ({ contents }: TargetGroup): boolean => contents.every(({ answer }) => answer === 'only');
  const isClosed = ({ contents }: TargetGroup): boolean => contents.every(({ answer }) => answer === 'no');
  if ((isOnlyListed(group) && isClosed(other)) || (isClosed(group) && isOnlyListed(other))) return true;
  const toFamilyKey = ({ contents }: TargetGroup): string =>
    JSON.stringify(contents.map((content) => toContentKey({ ...content, addresses: [] })));
  return toFamilyKey(group) === toFamilyKey(other);
}

function joinGroups(group: TargetGroup, twin: TargetGroup): TargetGroup {
  const isClosed = (contents: readonly PartContent[]): boolean => contents.every(({ answer }) => answer === 'no');
  const targets = [...group.targets, ...twin.targets];
  if (isClosed(group.contents)) return { targets, contents: twin.contents };
  if (isClosed(twin.contents)) return { targets, contents: group.contents };
  return {
    targets,
    contents: group.contents.map((content, index) => ({
      ...content,
      addresses: [...new Set([...content.addresses, ...twin.contents[index]!.addresses])],
    })),
  };
}

const toContentKey = ({
  answer,
  services,
  addresses,
  translatedDestination,
  excepts,
  reasons,
}: Omit<PartContent, 'entries'>): string =>
  JSON.stringify([answer, services, addresses, translatedDestination, excepts, reasons]);

/** Destinations besides those that rules name. */
export const OTHER_ADDRESSES = 'to its other addresses';

/** Returns where the packets of some targets go, in the words that tell them from the others. */
function describeTargets(groupTargets: readonly Target[], all: readonly Target[]): Pick<AnswerPart, 'to' | 'by'> {
  const families = FAMILIES.filter((family) => groupTargets.some((target) => target.family === family));
  const isOneFamily = families.length === 1 && all.some(({ family }) => family !== families[0]);
  const words = groupTargets
    .filter(({ ranges, label }) => ranges.length === 0 && label !== '')
    .map(({ label }) => label);
  if (words.length > 0 && words.length === groupTargets.length) return { to: `to ${shortenList(words)}`, by: '' };
  if (groupTargets.length === all.length) return { to: '', by: '' };
  const isWholeFamily = families.every((family) =>
    all.every((target) => target.family !== family || groupTargets.includes(target)),
  );
  const hasMain = groupTargets.some(({ label }) => label === '');
  if (isWholeFamily || hasMain)
    return {
      to: isWholeFamily || groupTargets.every(({ ranges }) => ranges.length === 0) ? '' : OTHER_ADDRESSES,
      by: isOneFamily ? `by ${FAMILY_NAME[families[0]!]}` : '',
    };
  const ranges = splitPairs(mergeRanges(groupTargets.flatMap((target) => target.ranges)));
  const labels = ranges.length > 0 ? ranges.map(printRange) : groupTargets.map(({ label }) => label);
  const condition = groupTargets.find((target) => target.condition !== '')?.condition ?? '';
  const conditionText =
    condition === '' ? '' : groupTargets.length > 1 ? ', if these are its own addresses' : `, ${condition}`;
  return { to: `to ${shortenList(labels)}${conditionText}`, by: '' };
}

/** Returns the destinations that may have different answers. */
function listTargets(
  parts: readonly AskedSection[],
  passing: readonly PassingEntry[],
  goesOut: boolean,
): readonly Target[] {
  const families = FAMILIES.filter((family) =>
    parts.some((part) => getAskedFamilies(part.query).includes(family) && hasPackets(part, family)),
  );
  const selectFamily = (family: Family): readonly PassingEntry[] =>
    passing.filter(({ entry }) => entry.families.includes(family));
  const toMain = (family: Family): Target => ({
    family,
    label: '',
    condition: '',
    ranges: [],
    entries: selectFamily(family),
  });
  if (goesOut) return families.map(toMain);
  const hostParts = parts.filter(({ section: { scope } }) => scope === 'host');
  if (hostParts.length === 0)
    return families.flatMap((family) => listTargetsInWords(parts, selectFamily(family), family, passing.length > 0));
  const ownAddresses = families.flatMap((family) =>
    listOwnAddresses(
      hostParts,
      selectFamily(family).filter(
        ({ part: { section }, entry }) => section.scope === 'host' || isOwnAddress(section, entry),
      ),
      family,
    ),
  );
  // An uplink without a told address, as of DHCP: all that comes to the device is meant.
  const hasNoAddresses = ownAddresses.length === 0 && hostParts.every(({ query }) => query.to === undefined);
  return hasNoAddresses ? families.map(toMain) : ownAddresses;
}

const getAskedFamilies = ({ to, from }: ReachabilityQuery): readonly Family[] =>
  FAMILIES.filter((family) =>
    [to, from].every((ranges) => ranges === undefined || ranges.some(({ first }) => getFamily(first) === family)),
  );

/** Returns whether packets of a family may be among those of a section. */
const hasPackets = ({ section, query, views }: AskedSection, family: Family): boolean =>
  views.some(
    ({ startLocation }) =>
      !getQueriedPackets({ ...query, to: query.to ?? [FAMILY_RANGE[family]] }).intersect(
        section.packetsAt?.(startLocation) ?? getQueriedPackets({}),
      ).isEmpty,
  );

/** Returns the addresses of the device itself, and those that the rules name and that may be its own. */
function listOwnAddresses(
  parts: readonly AskedSection[],
  entries: readonly PassingEntry[],
  family: Family,
): readonly Target[] {
  return parts.flatMap(({ section, query }): readonly Target[] => {
    // An entry of both families has words for its destinations, and the packets of one family.
    const getEntriesAt = (address: bigint): readonly PassingEntry[] =>
      entries.filter(
        ({ entry: { packets } }) =>
          packets.family !== family || packets.destinations.some((range) => contains(range, address)),
      );
    if (!hasUnknownAddresses(section, family))
      return listRoutedAddresses(section.device, family)
        .filter((address) => query.to === undefined || query.to.some((range) => contains(range, address)))
        .map((address) => ({
          family,
          label: printRange(toSingleRange(address)),
          condition: '',
          ranges: [toSingleRange(address)],
          entries: getEntriesAt(address),
        }));
    const placeholder = PLACEHOLDER_ADDRESSES.find(({ address }) => getFamily(address) === family)!.address;
    const mainEntries = getEntriesAt(placeholder);
    if (query.to !== undefined) {
      const askedRanges = query.to.filter(({ first }) => getFamily(first) === family);
      return listSegments(askedRanges, entries, family).map((range) => ({
        family,
        label: printRange(range),
        condition: '',
        ranges: [range],
        entries: getEntriesAt(range.first),
      }));
    }
    const everyAddress = [FAMILY_RANGE[family]];
    const wide = mainEntries.filter(({ entry }) => isWide(entry.packets.destinations, family));
    const named = entries.flatMap(({ entry: { packets } }) =>
      packets.family === family && !packets.destinations.some((range) => contains(range, placeholder))
        ? packets.destinations
        : wide.length > 0 && packets.family === family
          ? subtractRanges(everyAddress, packets.destinations)
          : [],
    );
    const separate = subtractRanges(mergeRanges(named), [
      ...NEVER_ROUTED,
      ...LOOPBACK,
      ...(section.unknownAddresses?.wordless ?? []),
    ]);
    return [
      { family, label: '', condition: '', ranges: [toSingleRange(placeholder)], entries: mainEntries },
      ...listSegments(separate, entries, family).map((range): Target => ({
        family,
        label: printRange(range),
        condition: range.first === range.last ? 'if that is its own address' : 'if these are its own addresses',
        ranges: [range],
        entries: getEntriesAt(range.first),
      })),
    ];
  });
}

const listRoutedAddresses = (device: Device, family: Family): readonly bigint[] =>
  getLocalAddresses(device)
    .filter(
      (address) =>
        getFamily(address) === family && ![...LOOPBACK, LINK_LOCAL].some((range) => contains(range, address)),
    )
    .slice(0, MAX_COMPARED_ADDRESSES);

/** Returns the ranges, split where some entry begins or ends. */
function listSegments(ranges: readonly Range[], entries: readonly PassingEntry[], family: Family): readonly Range[] {
  const boundaries = [
    ...new Set(
      entries.flatMap(({ entry: { packets } }) =>
        packets.family === family ? packets.destinations.flatMap(({ first, last }) => [first, last + 1n]) : [],
      ),
    ),
  ]
    .slice(0, MAX_COMPARED_ADDRESSES)
    .sort((a, b) => (a < b ? -1 : 1));
  return mergeRanges(ranges).flatMap((range) => {
    const cuts = [range.first, ...boundaries.filter((at) => range.first < at && at <= range.last), range.last + 1n];
    return cuts.slice(0, -1).map((first, index) => ({ first, last: cuts[index + 1]! - 1n }));
  });
}

/** Returns the destinations of entries to other hosts, as the list prints them. */
function listTargetsInWords(
  parts: readonly AskedSection[],
  entries: readonly PassingEntry[],
  family: Family,
  hasEntries: boolean,
): readonly Target[] {
  const isMain = (passingEntry: PassingEntry): boolean =>
    coversAsked(passingEntry.entry, passingEntry.part.section, passingEntry.part.query) ||
    reachesAllAsked(passingEntry, entries);
  const mainEntries = entries.filter(isMain);
  const otherTargets = [
    ...groupBy(
      entries.filter((passingEntry) => !mainEntries.includes(passingEntry)),
      ({ entry }) => entry.destinations.join(),
    ).values(),
  ].map((group): Target => ({
    family,
    label: shortenList(group[0].entry.destinations),
    condition: '',
    ranges: [],
    entries: group,
  }));
  // Entries name where they go. A family without entries is worth a word only where any address may be meant.
  const isSilent =
    mainEntries.length === 0 &&
    (otherTargets.length > 0 || (hasEntries && parts.some(({ section: { scope } }) => scope !== 'through')));
  return [
    ...(isSilent ? [] : [{ family, label: '', condition: '', ranges: [], entries: mainEntries }]),
    ...otherTargets,
  ];
}

/** Returns the answers on one target: for services that are open to all, unknown, open to some, or else closed. */
function listContents({ family, entries }: Target, goesOut: boolean): readonly PartContent[] {
  const allowed = entries.filter(({ entry }) => entry.disposition === 'allowed');
  const unknown = entries.filter(({ entry }) => entry.disposition === 'unknown');
  // Entries of more services count for these, too.
  const addCovering = (group: readonly PassingEntry[]): readonly PassingEntry[] => [
    ...group,
    ...allowed
      .slice(0, MAX_COMPARED_ENTRIES)
      .filter(
        (other) => !group.includes(other) && other.entry.except === '' && listNewServices(group, [other.entry]) === '',
      ),
  ];
  const isFull = (group: readonly PassingEntry[]): boolean => isOpenToAll(group, family, goesOut);
  const byService = [...groupBy(allowed, ({ entry }) => entry.service).values()];
  const isFullGroup = (group: readonly PassingEntry[]): boolean => isFull(group) || isFull(addCovering(group));
  const openEntries = byService.filter(isFullGroup).flat();
  const limitedGroups = byService.filter((group) => !openEntries.includes(group[0]));
  const wideEntries = openEntries.filter((passingEntry) => isFull([passingEntry]));
  const mainEntries = wideEntries.length > 0 ? wideEntries : openEntries;
  const openContents = [...groupBy(mainEntries, ({ entry }) => printTarget(entry)).values()].map((group): PartContent =>
    createContent('yes', group, listHoles(addCovering(group), family, goesOut)),
  );
  const covered = openEntries.map(({ entry }) => entry);
  const isNew = (group: readonly PassingEntry[]): boolean => listNewServices(group, covered) !== '';
  const unknownEntries = unknown.filter((passingEntry) => isNew([passingEntry]));
  const unknownContents =
    unknownEntries.length === 0
      ? []
      : [
          createContent(
            'cannotTell',
            unknownEntries,
            isFull(unknownEntries) ? [] : listAddresses(unknownEntries, family, goesOut),
          ),
        ];
  const limitedContents = [
    ...groupBy(limitedGroups.filter(isNew), (group) =>
      JSON.stringify([listAddresses(group, family, goesOut), printTarget(group[0].entry)]),
    ).values(),
  ].map((groups): PartContent => {
    const group = groups.flat();
    const content = createContent('only', group, listAddresses(group, family, goesOut));
    return content.services === '' && covered.length === 0
      ? content
      : { ...content, services: listNewServices(group, covered) };
  });
  const contents = [...openContents, ...unknownContents, ...limitedContents];
  return contents.length > 0 ? contents : [createContent('no', [], [])];
}

/** Returns the services of entries without those of other entries. */
const listNewServices = (entries: readonly PassingEntry[], others: readonly ReachabilityEntry[]): string =>
  printServiceList(
    entries.map(({ entry }) => entry),
    () => others,
  ).replaceAll('; ', ', ');

const printTarget = ({ translatedDestination, reason }: ReachabilityEntry): string =>
  translatedDestination === `UNKNOWN (${reason})` ? '' : translatedDestination;

const createContent = (
  answer: Answer,
  entries: readonly PassingEntry[],
  addresses: readonly string[],
): PartContent => ({
  answer,
  services: describeAskedServices(entries),
  addresses,
  translatedDestination: answer === 'cannotTell' || entries.length === 0 ? '' : printTarget(entries[0]!.entry),
  excepts: [...new Set(entries.flatMap(({ entry }) => entry.except || []))],
  reasons: [...new Set(entries.flatMap(({ entry }) => entry.reason || []))],
  entries,
});

/** Returns the services of the entries; empty if they are all that were asked. */
function describeAskedServices(entries: readonly PassingEntry[]): string {
  const [first] = entries;
  if (!first) return '';
  const services = printServices(entries);
  const { services: askedServices } = first.part.query;
  if (askedServices === undefined) return services;
  const askedRows = toRows(getQueriedPackets({ services: askedServices })).map((row) => ({
    service: describeService(row),
    packets: row,
  }));
  return services === printServiceList(askedRows).replaceAll('; ', ', ') ? '' : services;
}

const printServices = (entries: readonly PassingEntry[]): string =>
  printServiceList(entries.map(({ entry }) => entry)).replaceAll('; ', ', ');

const getRanges = (entry: ReachabilityEntry, goesOut: boolean): readonly Range[] =>
  goesOut ? entry.packets.destinations : entry.packets.sources;

const joinRanges = (entries: readonly PassingEntry[], family: Family, goesOut: boolean): readonly Range[] =>
  mergeRanges(
    entries.flatMap(({ entry }) =>
      entry.families.includes(family) ? toFamily(getRanges(entry, goesOut), family) : [],
    ),
  );

/** Returns ranges of a family. An entry of both families has the ranges of one: every address, of the other as well. */
const toFamily = (ranges: readonly Range[], family: Family): readonly Range[] =>
  ranges.some(({ first }) => getFamily(first) === family) ? ranges : [FAMILY_RANGE[family]];

/** Returns the addresses that the question means at the other end: asked ones, or those of the whole internet. */
function getAskedPeers(
  { part: { section, query } }: PassingEntry,
  family: Family,
  goesOut: boolean,
): { readonly ranges: readonly Range[]; readonly isAsked: boolean } {
  const askedRanges = goesOut ? query.to : query.from;
  if (askedRanges) return { ranges: askedRanges.filter(({ first }) => getFamily(first) === family), isAsked: true };
  return {
    ranges: goesOut
      ? getAskedDestinations(section, query, family)
      : subtractRanges([FAMILY_RANGE[family]], [...NEVER_ROUTED, ...LOOPBACK]),
    isAsked: false,
  };
}

function isOpenToAll(entries: readonly PassingEntry[], family: Family, goesOut: boolean): boolean {
  // From the device to itself: an address of its own is as good as another.
  if (goesOut && entries[0]!.part.section.scope === 'host') return true;
  const { ranges, isAsked } = getAskedPeers(entries[0]!, family, goesOut);
  const reached = joinRanges(entries, family, goesOut);
  return isAsked ? subtractRanges(ranges, reached).length === 0 : isWide(reached, family);
}

const listAddresses = (entries: readonly PassingEntry[], family: Family, goesOut: boolean): readonly string[] =>
  splitPairs(joinRanges(entries, family, goesOut)).map(printRange);

const hasSourcePorts = ({ packets: { sourcePorts } }: ReachabilityEntry): boolean =>
  !coversEvery(sourcePorts, ALL_PORTS.last);

/** Returns the addresses that the entries leave out; none for single source ports, beside which others are open. */
const listHoles = (entries: readonly PassingEntry[], family: Family, goesOut: boolean): readonly string[] =>
  (goesOut && entries[0]!.part.section.scope === 'host') || entries.some(({ entry }) => hasSourcePorts(entry))
    ? []
    : splitPairs(
        subtractRanges(getAskedPeers(entries[0]!, family, goesOut).ranges, joinRanges(entries, family, goesOut)),
      ).map(printRange);

export const isOwnAddress = (section: SectionExposure, { packets }: Pick<ReachabilityEntry, 'packets'>): boolean => {
  const ownAddresses = getLocalAddresses(section.device);
  return packets.destinations.every((range) => ownAddresses.some((address) => covers(toSingleRange(address), range)));
};
