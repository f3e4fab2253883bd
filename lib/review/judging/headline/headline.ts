import { printCount } from '../../../reachability/print-packets';
import { groupBy } from '../../../net/group-by';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../../net/private-networks';
import { countAddresses } from '../../../net/range';
import { PLAN_STEP_BUDGET, runWithinBudget } from '../../../net/step-budget';
import { Change, Review } from '../../review';
import { AfterChange } from '../check-after-change';
import { groupServicesByHost, widenSources } from './group-services';
import { DevicePhrase, joinPhrases } from './device-phrases';
import { OTHER_SOURCE_VERBS, describeSourceChanges } from './source-changes';
import { describeMovedTarget } from './moved-target';
import { describeSending } from './device-sending';
import { HeadlineBlock } from './headline-block';
import {
  BRIEF_DETAIL,
  DetailLevel,
  FULL_DETAIL,
  NEEDED_BY_IPV6,
  describeAddresses,
  arePacketsEqual,
  listDestinations,
  selectForAnybody,
  describeServices,
  findSourceNames,
} from './headline-words';

/** What else a headline is made of than blocks. */
interface HeadlineInputs extends Pick<Review, 'objections' | 'unknown'> {
  readonly warnings: AfterChange['warnings'];
  /** The review rules that were enforced, if any, and how they differ from those before. */
  readonly policy: Review['policy'];
  /** How many devices nothing can be said of. */
  readonly notJudged: number;
  readonly devices: readonly DevicePhrase[];
}

/** One line for who has half a minute: what changes for the internet, else what changes at all, and whether anybody objects. */
export function createHeadline(
  blocks: readonly HeadlineBlock[],
  counts: Readonly<Record<Change['kind'], number>>,
  inputs: HeadlineInputs,
): string {
  const changes = [
    // Each was judged for itself: all of them in one line may be too much.
    ...runWithinBudget(
      PLAN_STEP_BUDGET,
      () => [...describeReachable(blocks), describeSourceChanges(blocks)],
      () => [...REACH_KINDS, 'identity' as const].map((kind) => describeRowCount(kind, counts[kind])),
    ),
    counts.unknown > 0 ? `${printCount(counts.unknown, 'change')} undecided` : '',
    inputs.notJudged > 0 ? `${printCount(inputs.notJudged, 'device')} can not be judged` : '',
  ].filter((part) => part !== '');
  const hasNothingNew = inputs.objections.length + inputs.unknown.length + inputs.warnings.fresh === 0;
  const changeWords = [
    ...joinPhrases(inputs.devices),
    ...(changes.length === 0 ? [describeUnchanged(inputs.unknown)] : changes),
  ].join(', ');
  return [
    inputs.unknown.some(({ code }) => OUT_OF_DATE_CODES.includes(code))
      ? `the plan is out of date, and says: ${changeWords}`
      : changeWords,
    describeObjections(inputs.objections),
    inputs.unknown.length > 0 ? `${inputs.unknown.length} unknown` : '',
    inputs.warnings.fresh > 0 ? printCount(inputs.warnings.fresh, 'new warning') : '',
    // Beside what is worse nobody takes it for all that there is.
    hasNothingNew && inputs.warnings.stood > 0 ? `${printCount(inputs.warnings.stood, 'warning')} as before` : '',
    // Whoever reads that nothing is objected to takes it for the team's word.
    inputs.policy === undefined
      ? 'no review rules were given'
      : inputs.policy.changed.length > 0
        ? 'the review rules change'
        : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** Whoever reads of an objection beside what changes takes it for one to that. */
function describeObjections(objections: Review['objections']): string {
  const stoodCount = objections.filter((objection) => objection.stood === true).length;
  const newCount = objections.length - stoodCount;
  if (newCount === 0) return stoodCount === 0 ? '' : `${printCount(stoodCount, 'objection')} as before`;
  return `${printCount(newCount, 'objection')}${stoodCount === 0 ? '' : ` and ${stoodCount} as before`}`;
}

/** A plan that holds a part says of the rest nothing. */
const describeUnchanged = (unknown: Review['unknown']): string =>
  unknown.every(({ code }) => OUT_OF_DATE_CODES.includes(code))
    ? 'nothing that is reachable changes'
    : 'nothing that is reachable is known to change';

/** Whoever reads what another change does takes it for this one's. */
const OUT_OF_DATE_CODES: readonly string[] = ['cli/sources-newer', 'cli/stale-plan'];

const REACH_KINDS = ['opened', 'closed', 'moved'] as const;
type ReachKind = (typeof REACH_KINDS)[number];

interface KindWords {
  readonly verb: readonly [ofSeveral: string, ofOne: string];
  /** Whom it is about: anybody in the internet, who reaches a private address, and some. */
  readonly anybody: string;
  readonly reaching: string;
  readonly some: string;
}

const CLOSING_WORDS = { anybody: 'for the internet', reaching: 'for whoever reaches', some: 'listed sources' };
const KIND_WORDS: Readonly<Record<ReachKind, KindWords>> = {
  opened: {
    verb: ['open', 'opens'],
    anybody: 'to the internet',
    reaching: 'to whoever reaches',
    some: 'listed sources',
  },
  closed: { verb: ['close', 'closes'], ...CLOSING_WORDS },
  moved: { verb: ['lead', 'leads'], ...CLOSING_WORDS },
};

const describeRowCount = (kind: ReachKind | 'identity', rows: number): string =>
  rows === 0
    ? ''
    : `${printCount(rows, 'row')} ${kind === 'identity' ? OTHER_SOURCE_VERBS[rows === 1 ? 1 : 0] : getVerb(kind, rows === 1)}`;

/** `place`: where it leads. */
const getVerb = (kind: ReachKind, isSingular: boolean, target = 'elsewhere'): string =>
  [KIND_WORDS[kind].verb[isSingular ? 1 : 0], ...(kind === 'moved' ? [target] : [])].join(' ');

/** So that whoever has half a minute reads it to its end. */
const MAX_CHARACTERS = 320;

function describeReachable(blocks: readonly HeadlineBlock[]): readonly string[] {
  const fullPhrases = describeWithDetail(FULL_DETAIL, blocks);
  return fullPhrases.join(', ').length <= MAX_CHARACTERS ? fullPhrases : describeWithDetail(BRIEF_DETAIL, blocks);
}

/** What changes for the internet, and that there is more; where nothing does, what changes inside. */
function describeWithDetail(detail: DetailLevel, blocks: readonly HeadlineBlock[]): readonly string[] {
  const selectPackets = (kind: ReachKind, outside: boolean): PacketSet => {
    const allPackets = PacketMap.mergeFirst(
      blocks
        .filter((block) => block.kind === kind && block.outside === outside && block.sender === undefined)
        .map(({ packets }) => packets),
    );
    // What comes and goes with whatever opens by IPv6 says nothing beside that.
    const otherPackets = allPackets.subtract(NEEDED_BY_IPV6);
    return otherPackets.isEmpty ? allPackets : otherPackets;
  };
  const allPackets = REACH_KINDS.map((kind) => ({
    kind,
    internet: selectPackets(kind, true),
    inside: selectPackets(kind, false),
  }));
  const listGateways = (kind: ReachKind): readonly string[] =>
    blocks
      .filter((block) => block.kind === kind && block.outside && block.sender === undefined)
      .map(({ device }) => device);
  const entryWord = listGateways('opened').some((device) => listGateways('closed').includes(device))
    ? 'interface'
    : 'gateway';
  const sendingBlocks = blocks.filter(({ sender }) => sender !== undefined);
  if (allPackets.every(({ internet: internetPackets }) => internetPackets.isEmpty)) {
    const [opened, closed] = allPackets.map(({ inside: insidePackets }) => insidePackets) as [PacketSet, PacketSet];
    const sendPhrases = describeSending(sendingBlocks, detail);
    if (arePacketsEqual(opened, closed))
      return [describeOtherEntry(splitInside(opened), opened, entryWord, detail), ...sendPhrases];
    return [
      ...allPackets.map(({ kind, inside: insidePackets }) =>
        printPhrases(kind, splitInside(insidePackets), detail, describeMovedTarget(blocks, false)),
      ),
      ...sendPhrases,
    ];
  }
  const [opened, closed] = allPackets.map(({ internet: internetPackets }) => internetPackets) as [PacketSet, PacketSet];
  const replacement = describeReplacement(opened, closed, entryWord, detail);
  const keptPackets = PacketMap.mergeFirst(blocks.map((block) => block.kept));
  return [
    replacement ?? '',
    ...allPackets.map(({ kind, internet: internetPackets }) =>
      replacement !== undefined && kind !== 'moved'
        ? ''
        : printPhrases(
            kind,
            splitBySender(kind, internetPackets, kind === 'closed' ? keptPackets : PacketMap.NONE),
            detail,
            describeMovedTarget(blocks, true),
          ),
    ),
    allPackets.some(
      ({ internet: internetPackets, inside: insidePackets }) => !insidePackets.subtract(internetPackets).isEmpty,
    ) || sendingBlocks.some((block) => !isSendingChange(block))
      ? 'more changes inside'
      : '',
    ...describeSending(sendingBlocks.filter(isSendingChange), detail),
  ];
}

/** What a server may send counts where somebody reads of more: mail that leaves no longer, above all. */
const isSendingChange = ({ kind, fromKept }: HeadlineBlock): boolean => kind !== 'moved' && fromKept;

interface SenderPackets {
  readonly packets: PacketSet;
  /** Who sends them. */
  readonly whom: string;
  /** What stands between that and their address. */
  readonly at: 'on' | '';
}

/**
 * Whoever reads that SSH opens to the internet takes it for everybody's, and that it closes for listed sources, for all of these; and that it
 * closes for the internet, for whoever keeps it, too.
 */
function splitBySender(kind: ReachKind, allPackets: PacketSet, keptPackets: PacketSet): readonly SenderPackets[] {
  const { anybody: publicWords, reaching: privateWords, some: listedWords } = KIND_WORDS[kind];
  const publicPackets = selectForAnybody(allPackets);
  const listedPackets = allPackets.subtract(publicPackets);
  const otherKept = keptPackets.subtract(allPackets);
  const narrowedPackets = otherKept.isEmpty ? otherKept : publicPackets.intersect(widenSources(otherKept));
  const splitPrivate = (packets: PacketSet, exception: string): readonly SenderPackets[] => [
    // Nobody in the internet sends to a private address: a router in between has to lead there.
    { packets: packets.subtract(TO_PRIVATE), whom: `${publicWords}${exception}`, at: 'on' },
    { packets: packets.intersect(TO_PRIVATE), whom: privateWords, at: '' },
  ];
  return [
    ...splitPrivate(publicPackets.subtract(narrowedPackets), ''),
    ...splitPrivate(narrowedPackets, ` except ${findSourceNames(otherKept) ?? 'some sources'}`),
    { packets: listedPackets, whom: `for ${findSourceNames(listedPackets) ?? listedWords}`, at: 'on' },
  ];
}

/** Of whom a network of inside is, a reader knows; not that it is another one than before. */
function splitInside(allPackets: PacketSet): readonly SenderPackets[] {
  const publicPackets = selectForAnybody(allPackets);
  const listedPackets = allPackets.subtract(publicPackets);
  const sourceNames = findSourceNames(listedPackets);
  return [
    { packets: publicPackets, whom: 'inside', at: 'on' },
    { packets: listedPackets, whom: sourceNames === undefined ? 'inside' : `inside for ${sourceNames}`, at: 'on' },
  ];
}

const TO_PRIVATE = PacketMap.createSet({ destination: PRIVATE_NETWORKS });

/** What is told of the same services shares them. `place`: where it leads, if it leads elsewhere. */
function printPhrases(kind: ReachKind, senders: readonly SenderPackets[], detail: DetailLevel, target: string): string {
  const phraseParts = senders
    .filter(({ packets }) => !packets.isEmpty)
    .flatMap(({ packets, whom: senderWords, at: preposition }) => {
      const parts = groupServicesByHost(packets, detail);
      return (parts ?? [packets]).map((servicePackets) => {
        const { words: serviceWords, one: isSingular } = describeServices(servicePackets, detail);
        const addressWords = describeAddresses(listDestinations(servicePackets), parts !== undefined);
        return {
          what: `${serviceWords} ${getVerb(kind, isSingular, target)}`,
          whom: [senderWords, preposition, addressWords].filter((part) => part !== '').join(' '),
        };
      });
    });
  return [...groupBy(phraseParts, ({ what }) => what)]
    .map(([what, samePhrases]) => `${what} ${samePhrases.map(({ whom: senderWords }) => senderWords).join(' and ')}`)
    .join(', ');
}

/** One address that lets in what another did is one thing that changes, not two. */
function describeReplacement(
  opened: PacketSet,
  closed: PacketSet,
  entryWord: string,
  detail: DetailLevel,
): string | undefined {
  if (arePacketsEqual(opened, closed))
    return describeOtherEntry(splitBySender('opened', opened, PacketMap.NONE), opened, entryWord, detail);
  const [[openedGroup, ...otherOpened], [closedGroup, ...otherClosed]] = [
    opened.groupAlong('destination'),
    closed.groupAlong('destination'),
  ];
  if (
    !openedGroup ||
    !closedGroup ||
    otherOpened.length + otherClosed.length > 0 ||
    !openedGroup.below.equals(closedGroup.below)
  )
    return undefined;
  if (countAddresses(openedGroup.ranges) !== 1n || countAddresses(closedGroup.ranges) !== 1n) return undefined;
  // Whoever reaches one private address may not reach the other.
  if (![opened, closed].every((packets) => packets.intersect(TO_PRIVATE).isEmpty)) return undefined;
  const { what: description, one: isSingular } = joinSenders(splitBySender('opened', opened, PacketMap.NONE), detail);
  return `${description} ${getVerb('opened', isSingular)} on ${describeAddresses(openedGroup.ranges)} and ${getVerb('closed', isSingular)} on ${describeAddresses(closedGroup.ranges)}`;
}

/** By another gateway, above all. */
function describeOtherEntry(
  senders: readonly SenderPackets[],
  packets: PacketSet,
  entryWord: string,
  detail: DetailLevel,
): string {
  const { what: description, one: isSingular } = joinSenders(senders, detail);
  return `${description} ${isSingular ? 'comes' : 'come'} in by another ${entryWord} on ${describeAddresses(listDestinations(packets), packets.groupAlong('destination').length === 1)}`;
}

function joinSenders(
  senders: readonly SenderPackets[],
  detail: DetailLevel,
): { readonly what: string; readonly one: boolean } {
  const services = senders
    .filter(({ packets }) => !packets.isEmpty)
    .map(({ packets, whom: senderWords }) => ({ ...describeServices(packets, detail), whom: senderWords }));
  return {
    what: services.map(({ words, whom: senderWords }) => `${words} ${senderWords}`).join(' and '),
    one: services.length === 1 && services[0]!.one,
  };
}
