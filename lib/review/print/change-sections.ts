// Renders the sections of a review on changes: one for each kind (opens, closes, moves), and one on the deciding lines.
// Other printers take its words for a change and its tone.

import { groupBy } from '../../net/group-by';
import { ReportItem, ReportSection, RichText, joinItems, printNumber } from '../../report/report-document';
import { Change, Review } from '../review';
import { MergedChange, describeSide, mergeChanges } from './merged-changes';

/** The title and the counted word of each kind of change, in reading order. */
export const CHANGE_KINDS: readonly {
  readonly kind: Change['kind'];
  readonly title: string;
  readonly counted: string;
}[] = [
  { kind: 'unknown', title: 'Cannot be decided', counted: 'undecided' },
  { kind: 'opened', title: 'Opens', counted: 'opened' },
  { kind: 'moved', title: 'Translated elsewhere', counted: 'moved' },
  { kind: 'closed', title: 'Closes', counted: 'closed' },
  { kind: 'identity', title: 'Translated to another source', counted: 'translated to another source' },
];

/** The number of changes of a kind that are printed in full. Each further change gets one line, or a row on a page. */
const MAX_FULL_CHANGES = 25;

/** Returns the sections on changes: one for each kind, and one on the deciding lines. */
export function renderChangeSections(review: Review): readonly ReportSection[] {
  const decidingLines = new DecidingLines();
  const changesByKind = CHANGE_KINDS.map(({ kind }) => mergeChanges(review, kind));
  const countUnlisted = (changeKind: Change['kind']): number =>
    Math.max(0, review.counts[changeKind] - review.changes.filter(({ kind }) => kind === changeKind).length);
  const jsonNote = `the JSON output has the worst ${printNumber(review.changes.length)} changes and counts the others`;
  // With one gateway, its name would only repeat in each row.
  const gateways = new Set(
    changesByKind.flat().flatMap(({ scope, device }) => (scope === 'end to end' ? [device] : [])),
  );
  const sections = CHANGE_KINDS.map((section, index): ReportSection => {
    const unlistedCount = countUnlisted(section.kind);
    return {
      ...renderChangeSection(
        section,
        changesByKind[index]!,
        { unlistedCount, hasSeveralGateways: gateways.size > 1 },
        decidingLines,
      ),
      ...(unlistedCount > 0 ? { elsewhere: jsonNote } : {}),
    };
  });
  return [...sections, renderDecidingSection(changesByKind.flat())];
}

/** Kinds whose first rows stand unfolded on a page, because each lets a sender reach something new. */
const OPEN_KINDS: readonly Change['kind'][] = ['unknown', 'opened', 'moved'];

/**
 * Returns the section of one kind. `left`: the number of changes that the review counts and doesn't list. `bySeveral`:
 * whether end-to-end changes go through more than one gateway.
 */
function renderChangeSection(
  { kind, title }: (typeof CHANGE_KINDS)[number],
  changes: readonly MergedChange[],
  { unlistedCount, hasSeveralGateways }: { readonly unlistedCount: number; readonly hasSeveralGateways: boolean },
  decidingLines: DecidingLines,
): ReportSection {
  const briefChanges = changes.slice(MAX_FULL_CHANGES);
  const briefItem: ReportItem = {
    words: `${printNumber(briefChanges.length)} more, in brief`,
    tone: 'title',
    children: briefChanges.map((change) => ({
      words: [...renderDestinations(change), ` from ${describeSide(change)}: ${describeOutcome(change)}`],
      tone: getTone(change),
    })),
  };
  const outcomeColumns =
    kind === 'moved' || kind === 'identity' ? ['Was', 'Becomes'] : [kind === 'closed' ? 'Reached' : 'Reaches'];
  return {
    title,
    folded: title,
    items: [
      ...groupChanges(changes.slice(0, MAX_FULL_CHANGES)).map((change) => renderGroup(change, decidingLines)),
      ...(briefChanges.length > 0 ? [briefItem] : []),
    ],
    omittedCount: unlistedCount,
    table: {
      columns: ['Port', 'Address', 'Side', 'From', ...outcomeColumns, 'Why'],
      rows: changes.map((change) => renderRow(change, hasSeveralGateways)),
      omittedCount: unlistedCount,
      openRows: OPEN_KINDS.includes(kind) ? MAX_FULL_CHANGES : 0,
    },
  };
}

/** Returns the changes grouped by kind, addresses, side, device, scope and evidence. */
const groupChanges = (changes: readonly MergedChange[]): readonly (readonly [MergedChange, ...MergedChange[]])[] => [
  ...groupBy(changes, (change) =>
    JSON.stringify([
      change.kind,
      renderDestinations(change),
      describeSide(change),
      change.device,
      change.scope,
      change.evidence,
    ]),
  ).values(),
];

function renderGroup(group: readonly [MergedChange, ...MergedChange[]], decidingLines: DecidingLines): ReportItem {
  const reason = describeReason(group[0]);
  // A reason that all changes of a group share stands once.
  const isSameReason = group.length > 1 && group.every((change) => describeReason(change) === reason);
  return {
    words: renderHeading(group[0]),
    tone: 'title',
    fields: isSameReason ? [['why', reason]] : [],
    children: group.map((change) => ({
      words: describeOutcome(change),
      tone: getTone(change),
      fields: [
        ['why', isSameReason ? '' : describeReason(change)],
        ['packet', change.examplePacket],
        ...decidingLines.listUnprinted(change).map((words) => ['decided by', words] as const),
      ],
    })),
  };
}

/** Returns the heading of a group of changes. */
const renderHeading = (change: MergedChange): Exclude<RichText, string> => {
  const { device, scope, evidence } = change;
  return [
    ...renderDestinations(change),
    ` from ${describeSide(change)} (${device}, ${scope}${evidence === 'generated config' ? '' : `, ${evidence}`})`,
  ];
};

/** Returns `tcp 3306 from anywhere, reaches 10.0.0.10 of web1`. */
function describeOutcome(change: Change): string {
  const { kind, service, destinationHost, hostBefore, hostAfter } = change;
  const [outcomeBefore, outcomeAfter] = [hostBefore ?? '?', hostAfter ?? '?'];
  const changeWords =
    kind === 'identity'
      ? `: leaves ${outcomeAfter.startsWith('untranslated') ? '' : 'as '}${outcomeAfter} (was: ${outcomeBefore})`
      : `: was ${outcomeBefore}, becomes ${outcomeAfter}`;
  const changeNote = hostBefore === undefined && hostAfter === undefined ? '' : changeWords;
  const reachedWords =
    changeNote === '' ? `, ${kind === 'closed' ? 'reached' : 'reaches'} ${destinationHost || 'several hosts'}` : '';
  return `${service} from ${describeSources(change)}${reachedWords}${changeNote}`;
}

export const getTone = ({ kind, fromInternet }: Change): ReportItem['tone'] & string =>
  kind === 'unknown' ? 'unsure' : kind === 'opened' && fromInternet ? 'bad' : kind === 'closed' ? 'good' : 'plain';

function renderRow(change: MergedChange, hasSeveralGateways: boolean): readonly RichText[] {
  const { kind, scope, device, fromInternet, service, destinationHost, hostBefore, hostAfter } = change;
  const gatewayWords =
    scope === 'one device' ? `${device} alone` : hasSeveralGateways ? `through ${device}` : undefined;
  return [
    [{ exact: service, strong: true }],
    renderDestinations(change),
    [
      ...(fromInternet ? [{ sign: '🌐 ' } as const] : []),
      describeSide(change),
      ...(gatewayWords === undefined ? [] : [{ sign: '\n' } as const, gatewayWords]),
    ],
    describeSources(change),
    ...(kind === 'moved' || kind === 'identity'
      ? [hostBefore ?? '', hostAfter ?? '']
      : [destinationHost || 'several hosts']),
    describeReason(change),
  ];
}

/** Returns a change in one sentence. `about` identifies the change, so it holds no counts. */
export function describeChange(change: Change): { readonly subject: string; readonly sentence: string } {
  const { destinations, destinationCount, startLocation, scope, evidence } = change;
  const unlistedCount = destinationCount - destinations.length;
  const description = ` from ${startLocation}: ${describeOutcome(change)}`;
  const listedDestinations = destinations.join(', ');
  return {
    subject: listedDestinations + description,
    sentence: `${listedDestinations}${unlistedCount > 0 ? ` and ${printNumber(unlistedCount)} more` : ''}${description} (${scope}, ${evidence}): ${describeReason(change)}`,
  };
}

const renderDestinations = ({ destinations, destinationCount }: Change): Exclude<RichText, string> =>
  joinItems(
    destinations.map((text) => ({ exact: text })),
    destinationCount,
  );

/** Returns the sources, shortened: the first prefixes of hundreds are enough for a reader. */
function describeSources({ kind, sources, unchangedSources }: Change): string {
  if (unchangedSources === undefined) return shortenSources(sources);
  if (kind === 'closed') return `${shortenSources(sources)} (stays open for ${shortenSources(unchangedSources)})`;
  return `${shortenSources(describeOpenedSources({ sources, unchangedSources }))} (${shortenSources(unchangedSources)} had it before)`;
}

/** Returns the sources without the exception of those that had it before, because no rule keeps those out. */
export const describeOpenedSources = ({
  sources,
  unchangedSources,
}: Pick<Change, 'sources' | 'unchangedSources'>): string =>
  unchangedSources !== undefined && sources === `anywhere but ${unchangedSources}` ? 'anywhere' : sources;

function shortenSources(sources: string): string {
  if (sources.length <= 300) return sources;
  const head = sources.slice(0, 300);
  return `${head.slice(0, Math.max(head.lastIndexOf(', '), 100))}, and more`;
}

/** Returns the allow rule's reason, and the mappings that the reason doesn't name. */
function describeReason({ reason, mappings }: Change): string {
  // A profile may have the same name as a mapping, so only names after `mapping` count.
  const namedMappings = new Set([...reason.matchAll(/\bmapping ([\p{L}\p{N}_-]+)/gu)].map(([, name]) => name));
  const unnamedMappings = mappings.filter((name) => !namedMappings.has(name));
  const moreWords = unnamedMappings.length > 20 ? ` and ${printNumber(unnamedMappings.length - 20)} more` : '';
  return [reason, unnamedMappings.length === 0 ? '' : `mapping ${unnamedMappings.slice(0, 20).join(', ')}${moreWords}`]
    .filter((words) => words !== '')
    .join('; ');
}

function renderDecidingSection(changes: readonly MergedChange[]): ReportSection {
  const decidingLines = new DecidingLines();
  const title = 'A packet of each change, and the lines that decide it';
  const items = groupChanges(changes).map((group) => ({
    words: [`${CHANGE_KINDS.find(({ kind }) => kind === group[0].kind)!.title}: `, ...renderHeading(group[0])],
    children: group.map((change) => ({
      words: [{ exact: change.service }, `: ${change.examplePacket}`],
      children: decidingLines.listUnprinted(change).map((words) => ({ words })),
    })),
  }));
  return { title, folded: title, items, beside: true };
}

/**
 * The deciding lines that are already printed. Few lines decide many changes, so each is printed once, and then by its
 * number.
 */
class DecidingLines {
  private readonly printedKeys = new Set<string>();

  listUnprinted({ decidingLines }: Change): readonly RichText[] {
    const toKey = ({ device, number, text }: Change['decidingLines'][number]): string =>
      JSON.stringify([device, number, text]);
    const newLines = decidingLines.filter((line) => !this.printedKeys.has(toKey(line)));
    const printedLines = decidingLines.filter((line) => this.printedKeys.has(toKey(line)));
    for (const line of newLines) this.printedKeys.add(toKey(line));
    const references = [...groupBy(printedLines, ({ device }) => device).values()].map(
      ([first, ...moreLines]) =>
        `${first.device} line${moreLines.length > 0 ? 's' : ''} ${[first, ...moreLines].map(({ number }) => number).join(', ')}`,
    );
    return [
      ...newLines.map(({ device, number, text }) => [`${device} line ${number}: `, { exact: text }]),
      ...(references.length > 0 ? [`${references.join('; ')}, as above`] : []),
    ];
  }
}
