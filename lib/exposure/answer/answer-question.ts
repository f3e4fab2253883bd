// Answers a question to `exposure` (such as `mysql`) in one line: from where the packets pass, and which lines of the
// rules decide.
import { ReachabilityQuery, limitToQuery, getQueriedPackets } from '../../reachability/reachability-query';
import { ReachabilityEntry, listReachability, describeService } from '../../reachability/reachability-list';
import { printAddresses } from '../../reachability/print-packets';
import { FAMILIES, FAMILY_NAME, getFamily, splitPairs } from '../../net/address';
import { toEntryKey } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { toRows } from '../../reachability/reachability-rows';
import { DecisionSource } from '../../parse/config-parser';
import { ExposureQuestion } from './question';
import { findEntryFamily, coversBothFamilies } from '../report/entry-family';
import { SIDES, StartSide } from '../report/exposure-report-types';
import { listSamplePackets, listBoundaryPackets } from '../report/sample-packets';
import { joinFirst, printServiceList } from '../report/print-services';
import { AskedSection, PassingEntry, coversAsked, reachesAllAsked } from './covers-asked-destinations';
import { printDecidingLines } from './deciding-lines';
import {
  DeviceExposure,
  SectionExposure,
  printInterface,
  hasUnknownAddresses,
  isFromLoopback,
  selectPackets,
  getSide,
  createWording,
} from '../report/device-report';
import { START_TEXT, describeTarget } from '../report/section-titles';

/** The most items that the one-line answer shows. The lists below it have the rest. */
const MAX_SHOWN = { details: 2, explained: 6, destinations: 3, length: 70 };

interface AnswerClause {
  readonly place: string;
  readonly sides: readonly StartSide[];
  readonly text: string;
}

/** Returns the answer in one line: the question (`mysql`), and for each way in whether it passes and what decides. */
export function answerQuestion(
  { sections }: DeviceExposure,
  { subject, words, interfaces, ask: createAsk }: ExposureQuestion,
): string {
  if (sections.length === 0) return `${subject}: UNKNOWN (no rules are told)`;
  const ask = ({ device }: SectionExposure): ReachabilityQuery => createAsk(device);
  const placeTexts = [...new Set(sections.map((item) => describePlace(item, ask(item))))].sort(
    (a, b) => rankPlace(a) - rankPlace(b),
  );
  const clauses = placeTexts.flatMap((placeText) =>
    createClauses(
      placeText,
      sections.filter((item) => describePlace(item, ask(item)) === placeText),
      ask,
    ),
  );
  if (clauses.length === 0) return `${words}: nothing comes that way`;
  const hasSources = ask(sections[0]!).from !== undefined;
  // An operator who names an interface knows what is behind it.
  const viaInterfaces = interfaces.length === 0 ? undefined : `by ${interfaces.join(', ')}`;
  return clauses
    .map(({ place: placeText, sides, text: answerText }, index) => {
      const sourceText =
        viaInterfaces && sides.length > 0 ? viaInterfaces : sides.map((side) => START_TEXT[side]).join(' and ');
      const locationTexts = [
        placeText,
        sourceText === '' ? '' : hasSources ? `arriving ${sourceText}` : sourceText,
      ].filter((item) => item !== '');
      if (index > 0) return `${locationTexts.join(placeText.includes('if ') ? ', ' : ' ')}: ${answerText}`;
      const comma = hasSources || placeText.includes('if ') || (placeText !== '' && subject.startsWith('to '));
      return `${[subject, ...locationTexts].join(comma ? ', ' : ' ')}: ${answerText}`;
    })
    .join('; ');
}

/** Returns the order of places: through a firewall first, then the server itself, then other hosts. */
const rankPlace = (placeText: string): number =>
  placeText === 'through it' ? 0 : placeText === '' || /itself$|^if that is this/.test(placeText) ? 1 : 2;

function describePlace(section: SectionExposure, { to }: ReachabilityQuery): string {
  const placeText = describeTarget(section);
  if (to === undefined) return placeText;
  if (!to.some(({ first }) => hasUnknownAddresses(section, getFamily(first))))
    return placeText.startsWith('to other hosts') ? 'through this server' : placeText;
  return section.scope === 'host'
    ? 'if that is this server'
    : section.scope === 'through'
      ? 'if that is another host and this one forwards'
      : placeText;
}

/** Returns the clauses of a place, by side. Sides with the same answer share one clause. */
function createClauses(
  placeText: string,
  sections: readonly SectionExposure[],
  ask: (section: SectionExposure) => ReachabilityQuery,
): readonly AnswerClause[] {
  const sideTexts = SIDES.flatMap((side) => {
    const answerText = answerSide(side, sections, ask);
    return answerText === undefined ? [] : [{ side, text: answerText }];
  });
  const texts = [...new Set(sideTexts.map(({ text: answerText }) => answerText))];
  const isEnteringOnly = sideTexts.every(({ side }) => side === 'outside' || side === 'inside');
  return texts.map((answerText) => {
    const sides = sideTexts.filter((clause) => clause.text === answerText).map(({ side }) => side);
    return {
      place: placeText,
      sides: placeText !== '' && isEnteringOnly && texts.length === 1 ? [] : sides,
      text: answerText,
    };
  });
}

function answerSide(
  side: StartSide,
  sections: readonly SectionExposure[],
  getAsk: (selectPassing: SectionExposure) => ReachabilityQuery,
): string | undefined {
  const parts = sections.map((item): AskedSection => {
    const query = getAsk(item);
    const views = item.reachability.views.filter(
      ({ startLocation }) =>
        getSide(startLocation, item.device) === side && (query.matchesStart?.(startLocation) ?? true),
    );
    return {
      section: item,
      query,
      views,
      interfaceCount: new Set(views.map(({ startLocation }) => toEntryKey(startLocation))).size,
    };
  });
  const lists = parts.map((part) => ({
    part,
    entries: listReachability(limitToQuery({ views: part.views }, part.query), createWording(part.section)).filter(
      (item) => !isFromLoopback(item),
    ),
  }));
  const selectPassing = (verdict: ReachabilityEntry['disposition']): readonly PassingEntry[] =>
    lists.flatMap(({ part, entries }) =>
      entries.filter((item) => item.disposition === verdict).map((entry) => ({ part, entry })),
    );
  const [allowedEntries, unknownEntries] = [selectPassing('allowed'), selectPassing('unknown')];
  if (allowedEntries.length + unknownEntries.length === 0)
    return describeDenied(parts) ?? (side === 'outside' ? describeUnrelated(parts) : undefined);
  return [
    allowedEntries.length === 0 ? '' : describeAllowed(allowedEntries),
    unknownEntries.length === 0 ? '' : describeUnknown(unknownEntries),
  ]
    .filter((item) => item !== '')
    .join(', ');
}

function describeAllowed(passingEntries: readonly PassingEntry[]): string {
  const deciders = printDeciders(
    passingEntries
      .slice(0, MAX_SHOWN.explained)
      .flatMap(({ part, entry }) =>
        listBoundaryPackets(entry).samples.flatMap(
          (packet) => part.section.explain(entry.startLocations[0]!, packet)?.decisionSources ?? [],
        ),
      ),
  );
  const exceptions = [...new Set(passingEntries.flatMap(({ entry }) => entry.except || []))];
  const caveat = exceptions.length === 0 ? '' : `, but ${joinFirst(exceptions, MAX_SHOWN.details)}`;
  return `let through${describePackets(passingEntries)}${deciders}${caveat}`;
}

function describeUnknown(passingEntries: readonly PassingEntry[]): string {
  const reasons = [...new Set(passingEntries.map(({ entry }) => entry.reason))];
  return `UNKNOWN${describePackets(passingEntries)} (${joinFirst(reasons, MAX_SHOWN.details)})`;
}

/** Returns which of the asked packets pass; empty if all do. Many kinds are summed up by service. */
function describePackets(passingEntries: readonly PassingEntry[]): string {
  const asksServices = passingEntries.every(({ part }) => part.query.services !== undefined);
  const details = mergeFamilies([...new Set(passingEntries.map(describeDetail))]);
  if (asksServices && details.length <= MAX_SHOWN.details)
    return details.map((text) => (text === '' ? '' : ` ${text}`)).join(' and');
  const familyTexts = FAMILIES.map((family) =>
    describeServices(passingEntries.filter(({ entry }) => (findEntryFamily(entry) ?? family) === family)),
  );
  const [ipv4Text, ipv6Text] = familyTexts;
  if (ipv4Text === ipv6Text || !passingEntries.some(({ part }) => coversBothFamilies(part.section, part.query)))
    return describeServices(passingEntries);
  return FAMILIES.flatMap((family, index) =>
    familyTexts[index] === '' ? [] : [` by ${FAMILY_NAME[family]}${familyTexts[index]}`],
  ).join(',');
}

function describeServices(passingEntries: readonly PassingEntry[]): string {
  const partialEntries = new Set(
    passingEntries.filter(
      (passingEntry) => !isSourceRestricted(passingEntry) && !reachesAllAsked(passingEntry, passingEntries),
    ),
  );
  const fullEntries = passingEntries.filter((passingEntry) => !partialEntries.has(passingEntry));
  const printServed = (entries: readonly PassingEntry[]): string => printServiceList(entries.map(({ entry }) => entry));
  const limitedServices = printServed(fullEntries.filter(isSourceRestricted));
  const openServices = printServed(fullEntries.filter((passingEntry) => !isSourceRestricted(passingEntry)));
  const partialServices = printServed([...partialEntries]);
  return [
    openServices === '' ? '' : ` ${openServices}`,
    limitedServices === ''
      ? ''
      : `${openServices === '' ? '' : ','} for some ${openServices === '' ? `only: ${limitedServices}` : `only ${limitedServices}`}`,
    partialServices === ''
      ? ''
      : `${openServices + limitedServices === '' ? '' : ','} for some destinations only: ${partialServices}`,
  ].join('');
}

const isSourceRestricted = ({ part: { query }, entry }: PassingEntry): boolean =>
  query.from === undefined && !entry.sources.startsWith('anywhere');

function describeDetail({ part: { section, query, interfaceCount }, entry }: PassingEntry): string {
  const startCount = new Set(entry.startLocations.map(toEntryKey)).size;
  const askedSources = printAskedSources(query);
  const family = findEntryFamily(entry);
  const showsFamily =
    coversAsked(entry, section, query) &&
    (/IPv[46]/.test(entry.destinations[0] ?? '') || coversBothFamilies(section, query));
  return [
    entry.service === findAskedService(getQueriedPackets(query)) ? '' : entry.service,
    entry.sources === askedSources
      ? ''
      : `from ${entry.sources.length > MAX_SHOWN.length ? summarizeSources(entry.sources) : entry.sources}`,
    // A listed address shows its family itself.
    askedSources === undefined && entry.sources.startsWith('anywhere') && family !== undefined && showsFamily
      ? FAMILY_NAME[family]
      : '',
    coversAsked(entry, section, query) ? '' : `to ${shortenList(entry.destinations)}`,
    entry.translatedDestination === '' || entry.translatedDestination === `UNKNOWN (${entry.reason})`
      ? ''
      : `translated to ${entry.translatedDestination}`,
    startCount === interfaceCount
      ? ''
      : startCount > MAX_SHOWN.destinations
        ? 'by some interfaces'
        : `by ${entry.startLocations.map((item) => printInterface(item, section.device)).join(', ')}`,
  ]
    .filter((item) => item !== '')
    .map((item) => (/^IPv[46]$/.test(item) ? `by ${item}` : item))
    .join(' ')
    .replace(/ translated to /, ', translated to ');
}

/** Returns the details without the family if they hold for both families. */
function mergeFamilies(details: readonly string[]): readonly string[] {
  const removeFamily = (text: string): string => text.replace(/ ?by IPv[46]/, '');
  const isInBoth = (text: string): boolean =>
    details.filter((otherText) => removeFamily(otherText) === removeFamily(text)).length > 1;
  return [...new Set(details.map((text) => (isInBoth(text) ? removeFamily(text) : text)))];
}

const summarizeSources = (sourceText: string): string =>
  sourceText.startsWith('anywhere but') ? 'anywhere but some sources' : 'some sources';
const shortenList = (list: readonly string[]): string =>
  `${list.slice(0, MAX_SHOWN.destinations).join(', ')}${list.length > MAX_SHOWN.destinations ? ` and ${list.length - MAX_SHOWN.destinations} more` : ''}`;

const findAskedService = (packets: PacketSet): string | undefined => {
  const serviceTexts = [...new Set(toRows(packets).map(describeService))];
  return serviceTexts.length === 1 ? serviceTexts[0] : undefined;
};
const printAskedSources = ({ from }: ReachabilityQuery): string | undefined =>
  from &&
  toRows(PacketMap.createSet({ source: from }))
    .map(({ sources, family }) => printAddresses(sources, family, 'anywhere', splitPairs))
    .join();
/** Returns the text on denied packets; undefined if no packet of the question can belong to these parts. */
function describeDenied(parts: readonly AskedSection[]): string | undefined {
  const relevantParts = parts.filter(({ section, query, views }) =>
    views.some(({ startLocation }) => !selectPackets(section, query, startLocation).isEmpty),
  );
  return relevantParts.length === 0
    ? undefined
    : `not let through${printDeciders(relevantParts.flatMap((part) => findDeciders(part, 'denied')))}`;
}

/** Returns a note on an address that the stack doesn't mention. Without it, silence would read as an answer. */
const describeUnrelated = (parts: readonly AskedSection[]): string | undefined =>
  parts.some(
    ({ section, query, views }) =>
      /^(device|end to end)$/.test(section.scope) && query.to !== undefined && views.length > 0,
  )
    ? 'nothing of this stack leads there'
    : undefined;

function findDeciders(
  { section, query, views }: Pick<AskedSection, 'section' | 'query' | 'views'>,
  verdict: 'allowed' | 'denied',
): readonly DecisionSource[] {
  return views.slice(0, MAX_SHOWN.explained).flatMap(({ startLocation }) =>
    listSamplePackets(selectPackets(section, query, startLocation), section.unknownAddresses?.families ?? []).flatMap(
      (packet) => {
        const explanation = section.explain(startLocation, packet);
        return explanation?.disposition === verdict ? explanation.decisionSources : [];
      },
    ),
  );
}

/** Returns what decides if everything from outside is let through, or nothing: ` (policy drop, line 3)`. */
export function describeDeciders(sections: readonly SectionExposure[], verdict: 'allowed' | 'denied'): string {
  const deciders = sections.flatMap((section) => {
    const views = section.reachability.views.filter(
      ({ startLocation }) => getSide(startLocation, section.device) === 'outside',
    );
    return findDeciders({ section, query: {}, views }, verdict);
  });
  return printDeciders(deciders);
}

const printDeciders = (deciders: readonly DecisionSource[]): string => {
  const text = printDecidingLines(deciders);
  return text === '' ? '' : ` (${text})`;
};
