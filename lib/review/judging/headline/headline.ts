// Creates the headline of a review, one line: what opens, closes or moves for the internet, else inside, and how many
// objections, unknowns and warnings there are.

import { printCount } from '../../../reachability/print-packets';
import { groupBy } from '../../../net/group-by';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../../net/private-networks';
import { countAddresses, Range, toSingleRange } from '../../../net/range';
import { PLAN_STEP_BUDGET, runWithinBudget } from '../../../net/step-budget';
import { Change, Review } from '../../review';
import { AfterChange } from '../check-after-change';
import { groupServicesByHost, widenSources } from './group-services';
import { DevicePhrase, joinPhrases } from './device-phrases';
import { OTHER_SOURCE_VERBS, describeSourceChanges } from './source-changes';
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
import { TranslationChange } from '../../../reachability/translation-changes';
import { printRange } from '../../../net/address';

/** The parts of a headline besides the blocks. */
interface HeadlineInputs extends Pick<Review, 'objections' | 'unknown'> {
  readonly warnings: AfterChange['warnings'];
  /** The review rules that were enforced, and how they differ from those before. Undefined: none were given. */
  readonly policy: Review['rules'];
  /** The number of devices that can't be judged. */
  readonly notJudged: number;
  readonly devices: readonly DevicePhrase[];
  /** Public addresses whose host changes. */
  readonly addresses: readonly DevicePhrase[];
}

/**
 * Returns one line for a reader with half a minute: what changes for the internet, else what changes at all, and
 * whether there are objections.
 */
export function createHeadline(
  blocks: readonly HeadlineBlock[],
  counts: Readonly<Record<Change['kind'], number>>,
  inputs: HeadlineInputs,
): string {
  const changes = [
    ...joinPhrases(inputs.addresses),
    // Each group kept its step budget, but all blocks in one line may exceed it.
    ...runWithinBudget(
      PLAN_STEP_BUDGET,
      () => [...describeReachable(blocks, inputs.addresses.length > 0), describeSourceChanges(blocks)],
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
    // Old warnings are only worth a word where nothing new is reported.
    hasNothingNew && inputs.warnings.stood > 0 ? `${printCount(inputs.warnings.stood, 'warning')} as before` : '',
    // Without this, "nothing to object to" would read as the team's own rules.
    inputs.policy === undefined
      ? 'no review rules were given'
      : inputs.policy.changes.length > 0
        ? 'the review rules change'
        : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/**
 * Returns the counts of objections. Objections that predate this change are counted separately, so that a reader
 * doesn't take them for objections to the change.
 */
function describeObjections(objections: Review['objections']): string {
  const existingCount = objections.filter((objection) => objection.existedBefore === true).length;
  const newCount = objections.length - existingCount;
  if (newCount === 0) return existingCount === 0 ? '' : `${printCount(existingCount, 'objection')} as before`;
  return `${printCount(newCount, 'objection')}${existingCount === 0 ? '' : ` and ${existingCount} as before`}`;
}

/** Returns the phrase for no change. A plan that is incomplete says nothing about the rest. */
const describeUnchanged = (unknown: Review['unknown']): string =>
  unknown.every(({ code }) => OUT_OF_DATE_CODES.includes(code))
    ? 'nothing that is reachable changes'
    : 'nothing that is reachable is known to change';

/**
 * Codes of an out-of-date plan. The headline says so first, because the plan's changes may be those of another change.
 */
const OUT_OF_DATE_CODES: readonly string[] = ['cli/sources-newer', 'cli/stale-plan'];

const REACH_KINDS = ['opened', 'closed', 'moved'] as const;
type ReachKind = (typeof REACH_KINDS)[number];

interface KindWords {
  readonly verb: readonly [ofSeveral: string, ofOne: string];
  /** The senders: any source in the internet, senders that reach a private address, and listed sources. */
  readonly publicWords: string;
  readonly privateWords: string;
  readonly listedWords: string;
}

const CLOSING_WORDS = {
  publicWords: 'for the internet',
  privateWords: 'for every source that reaches',
  listedWords: 'listed sources',
};
const KIND_WORDS: Readonly<Record<ReachKind, KindWords>> = {
  opened: {
    verb: ['open', 'opens'],
    publicWords: 'to the internet',
    privateWords: 'to every source that reaches',
    listedWords: 'listed sources',
  },
  closed: { verb: ['close', 'closes'], ...CLOSING_WORDS },
  moved: { verb: ['are translated', 'is translated'], ...CLOSING_WORDS },
};

const describeRowCount = (kind: ReachKind | 'identity', rows: number): string =>
  rows === 0
    ? ''
    : `${printCount(rows, 'row')} ${kind === 'identity' ? OTHER_SOURCE_VERBS[rows === 1 ? 1 : 0] : getVerb(kind, rows === 1)}`;

/** Returns the verb of a kind. `target`: where a moved packet goes. */
const getVerb = (kind: ReachKind, isSingular: boolean, target = 'elsewhere'): string =>
  [KIND_WORDS[kind].verb[isSingular ? 1 : 0], ...(kind === 'moved' ? [target] : [])].join(' ');

/** The length of a headline that a reader with half a minute reads to its end. */
const MAX_CHARACTERS = 320;

function describeReachable(blocks: readonly HeadlineBlock[], addressesChange: boolean): readonly string[] {
  const fullPhrases = describeWithDetail(FULL_DETAIL, blocks, addressesChange);
  return fullPhrases.join(', ').length <= MAX_CHARACTERS
    ? fullPhrases
    : describeWithDetail(BRIEF_DETAIL, blocks, addressesChange);
}

/**
 * Returns phrases on what changes for the internet, and whether there is more. Where nothing changes for the internet,
 * and no public address has another host, the phrases are on what changes inside.
 */
function describeWithDetail(
  detail: DetailLevel,
  blocks: readonly HeadlineBlock[],
  addressesChange: boolean,
): readonly string[] {
  const selectPackets = (kind: ReachKind, outside: boolean): PacketSet => {
    const allPackets = PacketMap.mergeFirst(
      blocks
        .filter((block) => block.kind === kind && block.outside === outside && block.sender === undefined)
        .map(({ packets }) => packets),
    );
    // ICMP that IPv6 needs comes and goes with any other opening, so it stands alone only.
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
  if (!addressesChange && allPackets.every(({ internet: internetPackets }) => internetPackets.isEmpty)) {
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
  const keptPackets = PacketMap.mergeFirst(blocks.map((block) => block.stillAllowed));
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

/** Whether a server's sending belongs in a headline with other changes: above all, mail that no longer leaves. */
const isSendingChange = ({ kind, fromKept }: HeadlineBlock): boolean => kind !== 'moved' && fromKept;

interface SenderPackets {
  readonly packets: PacketSet;
  /** The senders in words. */
  readonly senderWords: string;
  /** The preposition between the senders and their address. */
  readonly at: 'on' | '';
}

/**
 * Splits the packets by sender. A phrase that SSH opens to the internet reads as open to all sources, and one that it
 * closes for listed sources as closed for all of these. A phrase that it closes for the internet would include the
 * sources that keep it, so they are named as an exception.
 */
function splitBySender(kind: ReachKind, allPackets: PacketSet, keptPackets: PacketSet): readonly SenderPackets[] {
  const { publicWords, privateWords, listedWords } = KIND_WORDS[kind];
  const publicPackets = selectForAnybody(allPackets);
  const listedPackets = allPackets.subtract(publicPackets);
  const otherKeptPackets = keptPackets.subtract(allPackets);
  const narrowedPackets = otherKeptPackets.isEmpty
    ? otherKeptPackets
    : publicPackets.intersect(widenSources(otherKeptPackets));
  const splitPrivate = (packets: PacketSet, exception: string): readonly SenderPackets[] => [
    // No host in the internet sends to a private address: a router in between has to forward there.
    { packets: packets.subtract(TO_PRIVATE), senderWords: `${publicWords}${exception}`, at: 'on' },
    { packets: packets.intersect(TO_PRIVATE), senderWords: privateWords, at: '' },
  ];
  return [
    ...splitPrivate(publicPackets.subtract(narrowedPackets), ''),
    ...splitPrivate(narrowedPackets, ` except ${findSourceNames(otherKeptPackets) ?? 'some sources'}`),
    { packets: listedPackets, senderWords: `for ${findSourceNames(listedPackets) ?? listedWords}`, at: 'on' },
  ];
}

/**
 * Splits inside packets by sender. A reader knows the hosts of an inside network, but not that the listed sources
 * change.
 */
function splitInside(allPackets: PacketSet): readonly SenderPackets[] {
  const publicPackets = selectForAnybody(allPackets);
  const listedPackets = allPackets.subtract(publicPackets);
  const sourceNames = findSourceNames(listedPackets);
  return [
    { packets: publicPackets, senderWords: 'inside', at: 'on' },
    {
      packets: listedPackets,
      senderWords: sourceNames === undefined ? 'inside' : `inside for ${sourceNames}`,
      at: 'on',
    },
  ];
}

const TO_PRIVATE = PacketMap.createSet({ destination: PRIVATE_NETWORKS });

/** Returns the phrases of a kind. Phrases with the same services share them. `target`: where a moved packet goes. */
function printPhrases(kind: ReachKind, senders: readonly SenderPackets[], detail: DetailLevel, target: string): string {
  const phraseParts = senders
    .filter(({ packets }) => !packets.isEmpty)
    .flatMap(({ packets, senderWords, at: preposition }) => {
      const parts = groupServicesByHost(packets, detail);
      return (parts ?? [packets]).map((servicePackets) => {
        const { words: serviceWords, isSingular } = describeServices(servicePackets, detail);
        const addressWords = describeAddresses(listDestinations(servicePackets), parts !== undefined);
        return {
          what: `${serviceWords} ${getVerb(kind, isSingular, target)}`,
          endText: [senderWords, preposition, addressWords].filter((part) => part !== '').join(' '),
        };
      });
    });
  return [...groupBy(phraseParts, ({ what }) => what)]
    .map(([what, samePhrases]) => `${what} ${samePhrases.map(({ endText }) => endText).join(' and ')}`)
    .join(', ');
}

/**
 * Returns one phrase for an address that replaces another one with the same services. Undefined: it is no such
 * replacement.
 */
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
  // A sender that reaches one private address may not reach the other.
  if (![opened, closed].every((packets) => packets.intersect(TO_PRIVATE).isEmpty)) return undefined;
  const { what: description, isSingular } = joinSenders(splitBySender('opened', opened, PacketMap.NONE), detail);
  return `${description} ${getVerb('opened', isSingular)} on ${describeAddresses(openedGroup.ranges)} and ${getVerb('closed', isSingular)} on ${describeAddresses(closedGroup.ranges)}`;
}

/** Returns the phrase on packets that come in by another gateway or interface. */
function describeOtherEntry(
  senders: readonly SenderPackets[],
  packets: PacketSet,
  entryWord: string,
  detail: DetailLevel,
): string {
  const { what: description, isSingular } = joinSenders(senders, detail);
  return `${description} ${isSingular ? 'comes' : 'come'} in by another ${entryWord} on ${describeAddresses(listDestinations(packets), packets.groupAlong('destination').length === 1)}`;
}

function joinSenders(
  senders: readonly SenderPackets[],
  detail: DetailLevel,
): { readonly what: string; readonly isSingular: boolean } {
  const services = senders
    .filter(({ packets }) => !packets.isEmpty)
    .map(({ packets, senderWords }) => ({ ...describeServices(packets, detail), senderWords }));
  return {
    what: services.map(({ words, senderWords }) => `${words} ${senderWords}`).join(' and '),
    isSingular: services.length === 1 && services[0]!.isSingular,
  };
}

/** Returns `to 10.0.0.11` where all moved packets are translated to that address; else `elsewhere`. */
function describeMovedTarget(blocks: readonly HeadlineBlock[], outside: boolean): string {
  const movedBlocks = blocks.filter(
    (block) => block.kind === 'moved' && block.outside === outside && block.sender === undefined,
  );
  const [target = '', ...otherTargets] = new Set(
    movedBlocks.flatMap(({ pairs }) =>
      pairs
        .groupAlong('destination')
        .flatMap(({ ranges, below }) => [...below.values].map((pair) => printTarget(ranges, pair))),
    ),
  );
  return target === '' || otherTargets.length > 0 ? 'elsewhere' : `to ${target}`;
}

/** Returns the new address. Empty where it isn't a single one, or only the port differs. */
function printTarget(destinations: readonly Range[], [before, { destination, port }]: TranslationChange): string {
  if (port !== 'kept' || destination === before.destination) return '';
  if (destination.is === 'set') return printRange(toSingleRange(destination.to));
  return destination.is === 'moved' && countAddresses(destinations) === 1n
    ? printRange(toSingleRange(destinations[0]!.first + destination.distance))
    : '';
}
