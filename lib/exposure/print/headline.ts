// Prints the headline of an exposure report without a question: which services are open to the internet, and what is
// unknown.
import { listReachability } from '../../reachability/reachability-list';
import { ALL_PROTOCOLS_TEXT } from '../../reachability/print-packets';
import { FAMILIES, FAMILY_NAME, Family, printAddress } from '../../net/address';
import { getLocalAddresses, toLocationKey } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { PRIVATE_NETWORKS } from '../../net/private-networks';
import { Range, subtractRanges } from '../../net/range';
import { escapeForDisplay } from '../../problems/problem';
import { describeDeciders, selectAnswering } from '../answer/answer-question';
import { hasDifferentServices } from '../report/compare-addresses';
import { ExposureQuestion } from '../answer/question';
import { TranslatedEntry, getTranslatedHost, describeTranslatedServices } from '../report/translated-services';
import { findEntryFamily } from '../report/entry-family';
import { DeviceReport, EntryReport, SIDES, isFromOutside } from '../report/exposure-report-types';
import { joinFirst, printServiceList } from '../report/print-services';
import {
  DeviceExposure,
  SectionExposure,
  hasUnknownAddresses,
  isUnroutable,
  getRole,
  createWording,
} from '../report/device-report';
import { START_TEXT, isFirewallTransit } from '../report/section-titles';
import { selectByInterface } from '../report/wide-open-interfaces';

/** The most files that the headline answers. More are answered in the lists alone. */
const MAX_ANSWERED_FILES = 4;
/** The most reasons for unknown that fit in a line. */
const MAX_REASONS = 2;

/**
 * Returns in one line which ports are open. It must not suggest that everything is known.
 */
export function printHeadline(
  devices: readonly DeviceReport[],
  evaluated: readonly DeviceExposure[],
  question: ExposureQuestion,
): string {
  // Lines belong to one text, and the operator wants to know whose port is open.
  if (evaluated.length > 1 && evaluated.length <= MAX_ANSWERED_FILES)
    return evaluated
      .map((device, index) => `${device.name}: ${printHeadline([devices[index]!], [device], question)}`)
      .join(' ');
  const answerText = printOverview(devices, evaluated, question.words);
  return [answerText, ...(answerText.includes('UNKNOWN') ? [] : describeUnknown(devices))].join(' ');
}

/** Returns what is unknown beside the headline's subject, by where it comes from. */
function describeUnknown(devices: readonly DeviceReport[]): readonly string[] {
  const unknownEntries = devices.flatMap(({ sections }) =>
    sections.flatMap(({ scope, entries }) =>
      entries.flatMap((entry) => {
        if (entry.disposition !== 'unknown') return [];
        const [side = 'outside'] = SIDES.filter((knownSide) => entry.starts.some((start) => start.side === knownSide));
        return [{ entry, where: side === 'outside' && scope === 'through' ? 'to other hosts' : START_TEXT[side] }];
      }),
    ),
  );
  return [...groupBy(unknownEntries, ({ where }) => where)].map(
    ([where, group]) => `UNKNOWN ${where}: ${printServiceList(group.map(({ entry }) => entry))}.`,
  );
}

type SummaryEntry = Pick<EntryReport, 'disposition' | 'service' | 'sources' | 'destinations' | 'reason' | 'except'> &
  TranslatedEntry &
  Pick<EntryReport, 'packets' | 'families'> & { readonly starts?: EntryReport['starts'] };

function printOverview(devices: readonly DeviceReport[], evaluated: readonly DeviceExposure[], words: string): string {
  const routedEntries =
    words === '' ? listRoutedEntries(evaluated.flatMap(({ sections: sectionExposures }) => sectionExposures)) : [];
  return `${summarizeOpen(devices, evaluated, words)}${routedEntries.length === 0 ? '' : ` To public addresses behind it: ${summarizeEntries(routedEntries, false, '')}`}`;
}

/**
 * Returns what a device forwards from the internet to hosts with public addresses of their own. Composed gateways are
 * reported end to end instead.
 */
function listRoutedEntries(sections: readonly SectionExposure[]): readonly SummaryEntry[] {
  if (sections.some(({ scope }) => scope === 'end to end')) return [];
  return sections.flatMap((section) => {
    if (section.scope !== 'through' || isFirewallTransit(section) || section.reachabilityBehind === undefined)
      return [];
    return listOutsideEntries({ ...section, reachability: section.reachabilityBehind });
  });
}

function summarizeOpen(devices: readonly DeviceReport[], evaluated: readonly DeviceExposure[], words: string): string {
  const isFiltered = words !== '';
  const sections = devices.flatMap((item) => (devices.length > 1 ? addFileName(item) : item.sections));
  const isComposed = sections.some(({ scope }) => scope === 'end to end');
  const isAnswer = (item: Pick<SectionExposure, 'scope' | 'title'>): boolean =>
    item.scope === 'host' ||
    isFirewallTransit(item) ||
    item.scope === 'end to end' ||
    (item.scope === 'device' && !isComposed);
  const sectionExposures = evaluated.flatMap((item) => selectAnswering(item.sections));
  // A forwarded entry comes to an address that the device answers for, and goes to others. If the device's addresses
  // are unknown, it counts as coming to the device itself.
  const ownAddresses = new Set(sectionExposures.flatMap(({ device }) => getLocalAddresses(device).map(printAddress)));
  const isForwarded = (entry: EntryReport): boolean => {
    const host = getTranslatedHost(entry.translatedDestination);
    return (
      host !== '' &&
      !ownAddresses.has(host) &&
      !sectionExposures.some((item) => hasUnknownAddresses(item, entry.packets.family))
    );
  };
  const bypassEntries = sectionExposures
    .filter((item) => isComposed && item.bypassPackets !== undefined)
    .flatMap(listOutsideEntries);
  const entries: readonly SummaryEntry[] = isFiltered
    ? sections.flatMap((item) => item.entries)
    : [
        ...sections.flatMap((item) =>
          item.entries.filter(
            (entry) =>
              isFromOutside(entry) &&
              !isUnroutable(entry) &&
              (isAnswer(item) || (item.scope === 'through' && isForwarded(entry))),
          ),
        ),
        ...bypassEntries,
      ];
  const decidingSections = sectionExposures.filter((item) => isAnswer(item) || item.bypassPackets);
  const [{ wideOpenInterfaces: wideInterfaces } = {}] = isFiltered || evaluated.length > 1 ? [] : evaluated;
  if (!wideInterfaces)
    return printOpen(
      isFiltered ? `Let through ${escapeForDisplay(words)}` : 'Open to the internet',
      entries,
      isFiltered,
      decidingSections,
    );
  const otherEntries = entries.filter(({ starts = [] }) =>
    starts.some(
      ({ side, startLocation }) =>
        side === 'outside' && !(startLocation.kind === 'interface' && wideInterfaces.names.has(startLocation.name)),
    ),
  );
  const otherSections = decidingSections.map((item) => selectByInterface(item, wideInterfaces));
  const reason = describeDeciders(
    decidingSections.map((item) => selectByInterface(item, wideInterfaces, true)),
    'allowed',
  );
  return `${printOpen(`Open to the internet by ${wideInterfaces.others}`, otherEntries, isFiltered, otherSections)} By ${wideInterfaces.words}: ${ALL_PROTOCOLS_TEXT}${reason}.`;
}

function printOpen(
  label: string,
  entries: readonly SummaryEntry[],
  isFiltered: boolean,
  sections: readonly SectionExposure[],
): string {
  const printReason = (verdict: 'allowed' | 'denied'): string =>
    isFiltered ? '' : describeDeciders(sections, verdict);
  if (entries.length === 0) return `${label}: nothing${printReason('denied')}.`;
  const [ip, ip6] = FAMILIES.map((family) => entries.filter((item) => (findEntryFamily(item) ?? family) === family));
  const familyTexts = [ip!, ip6!].map((familyEntries) => printServiceList(selectOpen(familyEntries, isFiltered)));
  const differBy = (test: (item: string) => boolean): boolean => test(familyTexts[0]!) !== test(familyTexts[1]!);
  // A filter for IPv4 alone leaves everything open by IPv6, which says nothing about what it filters.
  const isPerFamily =
    differBy((item) => item === ALL_PROTOCOLS_TEXT) ||
    (familyTexts.every((item) => item !== '') && differBy((item) => NEARLY_ALL_SERVICES.test(item)));
  if (isPerFamily && ip!.length > 0 && ip6!.length > 0)
    return `${label} by IPv4: ${summarizeEntries(ip!, isFiltered, '')} By IPv6: ${summarizeEntries(ip6!, isFiltered, '')}`;
  const openEntries = selectOpen(entries, isFiltered);
  const addressNote = hasDifferentServices(openEntries) ? ', on one address or another' : '';
  // A question may ask for addresses of one family alone.
  const closedFamily = isFiltered ? undefined : FAMILIES.find((_, index) => [ip, ip6][index]!.length === 0);
  if (closedFamily !== undefined && NEARLY_ALL_SERVICES.test(printServiceList(openEntries)))
    return `${label} by ${FAMILY_NAME[closedFamily === 'ip' ? 'ip6' : 'ip']}${addressNote}: ${summarizeEntries(entries, isFiltered, '')} By ${FAMILY_NAME[closedFamily]}: nothing.`;
  return `${label}${addressNote}: ${summarizeEntries(entries, isFiltered, printServiceList(openEntries) === ALL_PROTOCOLS_TEXT ? printReason('allowed') : '')}`;
}

/** Prefixes each reason with the file whose lines it names. */
const addFileName = ({ name, sections }: DeviceReport): DeviceReport['sections'] =>
  sections.map((section) => ({
    ...section,
    entries: section.entries.map((entry) => ({
      ...entry,
      reason: entry.reason === '' ? '' : `${name}: ${entry.reason}`,
      except: entry.except === '' ? '' : `${name}: ${entry.except}`,
    })),
  }));

const NEARLY_ALL_SERVICES = /^all protocols$|everything but /;

function listOutsideEntries(section: SectionExposure): readonly SummaryEntry[] {
  const views = section.reachability.views.filter(
    ({ startLocation }) => getRole(startLocation, section.device) === 'outside',
  );
  return listReachability({ views }, createWording(section));
}

const isOpenToAnyone = ({ disposition, sources }: SummaryEntry, isFiltered: boolean): boolean =>
  disposition === 'allowed' && (isFiltered || sources.startsWith('anywhere'));
const selectOpen = (entries: readonly SummaryEntry[], isFiltered: boolean): readonly SummaryEntry[] =>
  entries.filter((entry) => isOpenToAnyone(entry, isFiltered));

/** Returns what entries open to every source, what to some sources, and what is unknown. */
export function summarizeEntries(allEntries: readonly SummaryEntry[], isFiltered: boolean, reasonNote: string): string {
  const entries = dropPrivateExceptions(allEntries, isFiltered);
  const openEntries = selectOpen(entries, isFiltered);
  const openServices = printServiceList(openEntries);
  const restrictedEntries = entries.filter(
    (otherEntry) => otherEntry.disposition === 'allowed' && !isOpenToAnyone(otherEntry, isFiltered),
  );
  const restrictedServices = printServiceList(restrictedEntries, (entry) =>
    openEntries.filter((otherEntry) => coversEntry(otherEntry, entry)),
  );
  // Sources that get everything also get what every source gets.
  const sourceServices = NEARLY_ALL_SERVICES.test(restrictedServices)
    ? printServiceList(restrictedEntries)
    : restrictedServices;
  const allowed = entries.some(({ disposition }) => disposition === 'allowed');
  const translatedText = isFiltered ? '' : describeTranslatedServices(openEntries);
  return [
    `${openServices !== '' ? openServices : allowed ? 'nothing for every source' : 'nothing for sure'}${reasonNote}.`,
    ...(translatedText === '' ? [] : [`Translated to ${translatedText}.`]),
    ...(sourceServices === '' ? [] : [`For some sources only: ${sourceServices}.`]),
    ...summarizeExceptions(entries),
    ...summarizeUnknown(entries, isFiltered),
  ].join(' ');
}

/**
 * Returns the entries without those for private sources that a list may keep out, if all other sources get the same.
 * No host in the internet has such a source.
 */
function dropPrivateExceptions(entries: readonly SummaryEntry[], isFiltered: boolean): readonly SummaryEntry[] {
  if (isFiltered) return entries;
  const getKey = ({ service, destinations, translatedDestination, families }: SummaryEntry): string =>
    [service, destinations.join(), translatedDestination, families.join()].join('|');
  const openKeys = new Set(
    selectOpen(entries, isFiltered)
      .filter(({ except }) => except === '')
      .map(getKey),
  );
  return entries.filter(
    (entry) =>
      entry.except === '' || !areContained(entry.packets.sources, PRIVATE_NETWORKS) || !openKeys.has(getKey(entry)),
  );
}

/**
 * Returns whether `otherEntry` lets in at least the sources of `entry`, to the same addresses and by at least the same
 * ways.
 */
function coversEntry(otherEntry: SummaryEntry, entry: SummaryEntry): boolean {
  const getDestinationKey = ({ destinations }: SummaryEntry): string =>
    destinations.map((text) => text.replace(/ by IPv[46]$/, '')).join();
  const listStartKeys = ({ starts = [] }: SummaryEntry): readonly string[] =>
    starts.map(({ startLocation }) => toLocationKey(startLocation));
  return (
    // A client that a list may keep out is one of those that the others are open to.
    (entry.except !== '' ||
      otherEntry.sources === 'anywhere' ||
      (otherEntry.packets.family === entry.packets.family &&
        areContained(entry.packets.sources, otherEntry.packets.sources))) &&
    getDestinationKey(otherEntry) === getDestinationKey(entry) &&
    entry.families.every((family) => otherEntry.families.includes(family)) &&
    listStartKeys(entry).every((startKey) => listStartKeys(otherEntry).includes(startKey))
  );
}

const areContained = (ranges: readonly Range[], outerRanges: readonly Range[]): boolean =>
  subtractRanges(ranges, outerRanges).length === 0;

/** Returns for which open services some clients may be kept out, and why. */
function summarizeExceptions(entries: readonly SummaryEntry[]): readonly string[] {
  const excepted = entries.filter(({ except }) => except !== '');
  if (excepted.length === 0) return [];
  const reasons = printReasons(excepted.map(({ except }) => except));
  return [`Some clients may be kept out of ${printServiceList(excepted)}${reasons}.`];
}

/** Returns what is unknown, for which sources, and why. Families are separate if they differ. */
function summarizeUnknown(entries: readonly SummaryEntry[], isFiltered: boolean): readonly string[] {
  const allUnknownEntries = entries.filter(({ disposition }) => disposition === 'unknown');
  const isForAnyone = ({ sources }: SummaryEntry): boolean => isFiltered || sources.startsWith('anywhere');
  return [true, false].flatMap((isForAnySource) => {
    const unknownEntries = allUnknownEntries.filter((entry) => isForAnyone(entry) === isForAnySource);
    const families = [...groupBy(unknownEntries, findEntryFamily)].map(([family, familyEntries]) => ({
      family,
      mine: familyEntries,
      what: printServiceList(familyEntries),
    }));
    const areDifferent =
      families.length > 1 &&
      families.every(({ family }) => family !== undefined) &&
      new Set(families.map(({ what: serviceText }) => serviceText)).size > 1;
    const audience = isForAnySource ? '' : ' for some sources';
    const printUnknown = (familyEntries: readonly SummaryEntry[], family?: Family): string =>
      `UNKNOWN${audience}${family === undefined ? '' : ` by ${FAMILY_NAME[family]}`}: ${printServiceList(familyEntries)}${printReasons(familyEntries.map(({ reason }) => reason))}.`;
    if (areDifferent) return families.map(({ family, mine: familyEntries }) => printUnknown(familyEntries, family));
    const [firstFamily] = families;
    if (!firstFamily) return [];
    const isOneFamily = families.length === 1 && entries.some((entry) => findEntryFamily(entry) !== firstFamily.family);
    return [printUnknown(unknownEntries, isOneFamily ? firstFamily.family : undefined)];
  });
}

/**
 * Returns the reasons as text: ` (lines 25, 29: a limit may match or not)`; for one of several devices `web1: line 25:
 * …`.
 */
function printReasons(fullReasons: readonly string[]): string {
  const reasons = fullReasons.map((reason) => {
    const [, device = '', line, words = ''] = /^(?:([^]*?: )?line (\d+): )?([^]*)$/.exec(reason)!;
    return { device, line, words };
  });
  const texts = [...groupBy(reasons, ({ device, words }) => `${device}\n${words}`).values()]
    .filter(([{ words }]) => words !== '')
    .map((group) => {
      const [{ device, words }] = group;
      const lines = [...new Set(group.flatMap(({ line }) => line ?? []))];
      return escapeForDisplay(
        `${device}${lines.length === 0 ? '' : `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}: `}${words}`,
      );
    });
  return texts.length === 0 ? '' : ` (${joinFirst(texts, MAX_REASONS)})`;
}
