// Creates the sections of a device in an exposure report, in full and in brief, for its text, Markdown and HTML.
import { printShortLists, isShortened, printFullLists } from './shorten-entry';
import { limitList } from '../../reachability/print-packets';
import { summarizeEntries } from './headline';
import { ReportSection, RichText, printQuantity } from '../../report/report-document';
import {
  DeviceReport,
  EntryReport,
  SIDES,
  SectionReport,
  StartSide,
  isFromOutside,
} from '../report/exposure-report-types';
import { pickNames, nameServices } from '../report/service-names';
import { START_TEXT, IF_IT_FORWARDS } from '../report/section-titles';

/** The most rows of a section. A question narrows a longer list. */
const MAX_ROWS = 200;
/** The most lines of the text that a row names. More are counted. */
const MAX_LINES = 3;
/** The most remarks on a first screen besides errors, which all stand there. Of the rest only the codes stand there. */
const MAX_REMARKS = 2;

/** Returns the sections below a device's name, for people. */
export const createSections = (device: DeviceReport, filterText: string): readonly ReportSection[] => [
  ...createAnswerSections(device, filterText),
  createListSection('Given and assumed', listPremises(device)),
  createLimitSection(device),
];

const createAnswerSections = (device: DeviceReport, filterText: string): readonly ReportSection[] => [
  createNothingSection(device, filterText),
  createListSection('Worth a look', device.findings.map(printRemark)),
  ...createBlocks(device, SIDES),
];

const createLimitSection = ({ limits }: DeviceReport): ReportSection => createListSection('Not in the text', limits);

/** A device's part of a report. */
interface DeviceView {
  readonly sections: readonly (ReportSection | string)[];
  /** Counts of what the view leaves out. */
  readonly omissions: readonly string[];
}

export const createFullView = (device: DeviceReport, filterText: string): DeviceView => ({
  sections: [...createAnswerSections(device, filterText), ...listPremises(device), createLimitSection(device)],
  omissions: [],
});

/**
 * Returns what decides first: what comes from the internet, what is wrong with it, and by what it may be wrong itself.
 * For a question, returns all of the answer and what it rests on, and nothing on the rest of the server.
 */
export function createBriefView(fullDevice: DeviceReport, filterText: string): DeviceView {
  const isOverview = filterText === '';
  const [device, possibleEntries] = isOverview ? splitPossible(fullDevice) : [fullDevice, []];
  const outside = isOverview ? createBlocks(device, ['outside'], true) : [];
  // If nothing comes from the internet, what comes from elsewhere is the answer.
  const [sides, blocks] =
    outside.length > 0 ? [['outside'] as const, outside] : [SIDES, createBlocks(device, SIDES, isOverview)];
  const otherSections = createBlocks(
    fullDevice,
    SIDES.filter((side) => !sides.some((item) => item === side)),
  );
  const premises = isOverview ? listUncertainties(device) : listPremises(device);
  const separateRows = isOverview ? countRows(createBlocks(device, sides)) - countRows(blocks) : 0;
  const urgentFindings = device.findings.filter(({ severity }) => isOverview && severity !== 'note');
  const errors = urgentFindings.filter(({ severity }) => severity === 'error').length;
  const remarks = createListSection('Worth a look', urgentFindings.map(printRemark));
  return {
    sections: [
      createNothingSection(device, filterText),
      {
        ...remarks,
        items: remarks.items.map((item, index) => ({ ...item, code: urgentFindings[index]!.code })),
        maxItems: Math.max(errors, MAX_REMARKS),
        elsewhere: 'by --all',
      },
      ...blocks,
      ...(possibleEntries.length === 0 ? [] : [`To other hosts${IF_IT_FORWARDS}: ${printOneLine(possibleEntries)}`]),
      ...premises,
    ],
    omissions: [
      ...printCount(listPremises(device).length - premises.length, 'line', 'that it rests on'),
      ...printCount(separateRows, 'line', 'of what one device lets through by itself'),
      ...printCount(countRows(otherSections), 'line', 'of what starts elsewhere'),
      ...(possibleEntries.length < 2 ? [] : printCount(possibleEntries.length, 'line', 'to other hosts')),
      ...printCount(isOverview ? countShortened(device, sides) : 0, 'list', 'in full'),
      ...(isOverview
        ? printCount(device.findings.length - urgentFindings.length, 'note', '')
        : printCount(device.findings.length, 'line', 'worth a look')),
      ...printCount(device.limits.length, 'limit', 'of the text'),
    ],
  };
}

/**
 * Separates what the internet may reach at other hosts from what it reaches at the server. No fact tells whether the
 * server forwards.
 */
function splitPossible(device: DeviceReport): readonly [DeviceReport, readonly EntryReport[]] {
  const isPossible = ({ title }: SectionReport): boolean => title.endsWith(IF_IT_FORWARDS);
  const certainSections = device.sections.filter((section) => !isPossible(section));
  if (!certainSections.some(({ entries }) => entries.some(isFromOutside))) return [device, []];
  return [
    { ...device, sections: certainSections },
    device.sections.filter(isPossible).flatMap(({ entries }) => entries.filter(isFromOutside)),
  ];
}

function printOneLine(entries: readonly EntryReport[]): string {
  const [entry, ...moreEntries] = entries;
  if (!entry || moreEntries.length > 0) return summarizeEntries(entries, false, '');
  return `${createCells({ entry, interfaces: '' }, true)
    .filter((cell) => cell !== '')
    .join(' ')}.`;
}

const countRows = (sections: readonly ReportSection[]): number =>
  sections.reduce((total, { items, omittedCount = 0 }) => total + items.length + omittedCount, 0);

/**
 * Returns by what an overview may be wrong. Assumptions that only show too much are left out, unless an interface that
 * may lead in lets in what others don't.
 */
function listUncertainties(device: DeviceReport): readonly string[] {
  const harmless = differsByUplink(device)
    ? device.wideningAssumptions.filter((sentence) => !device.possibleUplinks.includes(sentence))
    : device.wideningAssumptions;
  return listPremises({
    ...device,
    knownFacts: [],
    assumptions: device.assumptions.filter((sentence) => !harmless.includes(sentence)),
  });
}

const differsByUplink = ({ sections }: DeviceReport): boolean =>
  sections.some(({ entries }) => {
    const outside = entries.map(({ starts }) => listStartNames(starts.filter(({ side }) => side === 'outside')).join());
    return new Set(outside.filter((names) => names !== '')).size > 1;
  });

const printCount = (count: number, noun: string, qualifier: string): readonly string[] =>
  count === 0 ? [] : [`${printQuantity(count, noun)} ${qualifier}`.trimEnd()];

const printRemark = ({ code, severity, what }: DeviceReport['findings'][number]): string =>
  `${severity} ${code}: ${what}`;

const createNothingSection = (device: DeviceReport, filterText: string): ReportSection =>
  createListSection(
    filterText === '' ? 'Nothing is let through' : `Nothing is let through: ${filterText}`,
    device.deniedReasons,
  );

const createListSection = (title: string, lines: readonly string[]): ReportSection => ({
  title,
  items: lines.map((words) => ({ words })),
});

function createTableSection(heading: string, rows: readonly SectionRow[], isBrief: boolean): ReportSection {
  const visibleRows = rows.slice(0, MAX_ROWS);
  const omitted = rows.length - visibleRows.length;
  const explained = visibleRows.some(({ entry }) => getCaveat(entry) !== '');
  return {
    title: heading,
    omittedCount: omitted,
    elsewhere: 'ask with --to, --port or --from',
    items: visibleRows.map((row) => ({ words: row.entry.service, cells: createCells(row, isBrief) })),
    table: {
      columns: ['', 'packets', 'service', 'to', 'from', 'ends at', 'by', ...(explained ? ['why'] : [])],
      rows: visibleRows.map((row) => [...createColumns(row), ...(explained ? [getCaveat(row.entry)] : [])]),
      omittedCount: omitted,
    },
  };
}

function createCells({ entry, interfaces: startText }: SectionRow, isBrief: boolean): readonly string[] {
  const { disposition, packets } = entry;
  const { service, to, from } = isBrief ? printShortLists(entry) : printFullLists(entry);
  const endText = printEnd(entry);
  const locationNote = [startText === '' ? '' : `by ${startText}`, isBrief ? '' : printDecidingLines(entry)]
    .filter((text) => text !== '')
    .join('; ');
  return [
    `${disposition === 'unknown' ? 'UNKNOWN ' : ''}${service}`,
    pickNames(nameServices(packets.protocols, packets.ports)).join(', '),
    printDestination(to),
    `from ${from}${endText === '' ? '' : ` -> ${endText}`}${printReason(entry)}`,
    locationNote === '' ? '' : `[${locationNote}]`,
  ];
}

/**
 * Returns the columns of a table that may be forwarded. Its lists are short: thousands of banned addresses would hide
 * the rest.
 */
function createColumns({ entry, interfaces: startText }: SectionRow): readonly RichText[] {
  const { to, from } = printShortLists(entry);
  return [
    entry.disposition === 'unknown' ? [{ strong: 'UNKNOWN' }] : entry.except === '' ? 'open' : 'open, but',
    entry.service,
    nameServices(entry.packets.protocols, entry.packets.ports).join(', '),
    to,
    from,
    // The reason for unknown has a column of its own.
    printEnd(entry).replace(` (${entry.reason})`, ''),
    [startText, printDecidingLines(entry)].filter((text) => text !== '').join('; '),
  ];
}

/** Returns the reason, unless the entry's end names it already, or the exception. */
const printReason = (entry: EntryReport): string =>
  entry.except !== ''
    ? `, but ${entry.except}`
    : entry.reason === '' || printEnd(entry).includes(entry.reason)
      ? ''
      : `: ${entry.reason}`;

const getCaveat = ({ reason, except }: EntryReport): string => reason || except;

/** Returns the destination without what the heading says already. */
const printDestination = (destinationText: string): string => {
  const family = /^(?:this server|any other host)( by IPv[46])?$/.exec(destinationText);
  return family ? (family[1] ?? '').trim() : `to ${destinationText}`;
};

const countShortened = ({ sections }: DeviceReport, sides: readonly StartSide[]): number =>
  sections
    .flatMap(({ entries }) => entries)
    .filter((entry) => isShortened(entry) && entry.starts.some(({ side }) => sides.includes(side))).length;

interface SectionRow {
  readonly entry: EntryReport;
  /** Interfaces, unless all that the heading names are meant. */
  readonly interfaces: string;
}

const HEADINGS: Readonly<Record<SectionReport['scope'], (title: string, from: string) => string>> = {
  host: (title, sourceText) => `Reachable ${sourceText}, ${title.replace(/^to /, 'on ')}`,
  through: (title, sourceText) => `Let through ${sourceText}, ${title.replace('through it, ', '')}`,
  self: (title) => `Sent by ${title.replace(/^what | sends$/g, '')}`,
  device: (title, sourceText) => `Let through ${sourceText}: ${title}`,
  'end to end': (title, sourceText) => `Reachable ${sourceText}, ${title}`,
};

/** Returns a key of an entry without its packets, which its words describe. */
const serializeEntry = (entry: EntryReport): string => JSON.stringify({ ...entry, packets: undefined });

/**
 * Returns the sections: from outside first, and among these what ends on the server first. If gateways are reported end
 * to end, a single device is no answer except for what comes past them.
 */
function createBlocks(
  { sections }: DeviceReport,
  sides: readonly StartSide[],
  isBrief = false,
): readonly ReportSection[] {
  // An entry of a gateway is shown once if it is the same end to end.
  const composed = new Set(
    sections.filter(({ scope }) => scope === 'end to end').flatMap(({ entries }) => entries.map(serializeEntry)),
  );
  return sides.flatMap((side) =>
    sections.flatMap(({ scope, title, entries }) => {
      const listStarts = ({ starts: entryStarts }: EntryReport): readonly string[] =>
        listStartNames(entryStarts.filter((start) => start.side === side));
      const allStarts = new Set(entries.flatMap(listStarts));
      const sharedStart = allStarts.size === 1 && scope !== 'self' ? ` by ${[...allStarts].join('')}` : '';
      const sourceText = `${START_TEXT[side]}${side === 'localhost' || side === 'self' ? '' : sharedStart}`;
      const createBlock = (suffix: string, blockEntries: readonly EntryReport[]): readonly ReportSection[] => {
        const rows = blockEntries.flatMap((entry) => {
          const entryStarts = listStarts(entry);
          return entryStarts.length === 0
            ? []
            : [{ entry, interfaces: entryStarts.length === allStarts.size ? '' : entryStarts.join(', ') }];
        });
        return rows.length === 0
          ? []
          : [createTableSection(HEADINGS[scope](title, `${sourceText}${suffix}`), rows, isBrief)];
      };
      if (scope !== 'device' || composed.size === 0) return createBlock('', entries);
      const bypassEntries = entries.filter(({ bypassesGateways }) => bypassesGateways);
      const standalone = entries.filter(
        (entry) => !bypassEntries.includes(entry) && !composed.has(serializeEntry(entry)),
      );
      return [
        ...createBlock(', past the gateways', bypassEntries),
        ...(isBrief ? [] : createBlock(', by itself', standalone)),
      ];
    }),
  );
}

const listStartNames = (starts: EntryReport['starts']): readonly string[] =>
  starts.map(({ interfaces: label }) => label);

/** Returns what a report rests on, one line each. */
const listPremises = ({ knownFacts, assumptions, ignoredLines }: DeviceReport): readonly string[] => [
  ...knownFacts.map((sentence) => `given: ${sentence}`),
  ...assumptions.map((sentence) => `assumed: ${sentence}`),
  ...ignoredLines.map((sentence) => `left out: ${sentence}`),
];

/** Returns where an entry ends: `10.0.0.10 port 22, source translated to 203.0.113.10`. */
const printEnd = ({ translatedDestination, translatedSource }: EntryReport): string =>
  [translatedDestination, translatedSource === '' ? '' : `source translated to ${translatedSource}`]
    .filter((text) => text !== '')
    .join(', ');

const printDecidingLines = ({ decidingLines, hasAllLines }: EntryReport): string => {
  const numbers = [
    ...new Set(decidingLines.map(({ file, number }) => (file === '' ? `${number}` : `${file}:${number}`))),
  ];
  const hasFiles = decidingLines.some(({ file }) => file !== '');
  const shownNumbers = hasAllLines
    ? limitList(numbers, MAX_LINES)
    : [...numbers.slice(0, MAX_LINES), ...(numbers.length > MAX_LINES ? ['…'] : [])];
  const label = hasFiles ? '' : numbers.length > 1 ? 'lines ' : 'line ';
  return numbers.length === 0 ? '' : `${label}${shownNumbers.join(', ')}`;
};
