// Describes the hosts in a review's rows: server names by address, the target of translated packets, the translation
// before and after, and the names of mappings.

import { Rewrite, Translation, ReachabilityView } from '../../reachability/reachability';
import { printRewrite } from '../../reachability/print-reachability';
import { ReachabilityRow, isWide, toPacketSet } from '../../reachability/reachability-rows';
import { splitPairs, printRange } from '../../net/address';
import { findByEntry } from '../../net/device';
import { Packet } from '../../net/packet';
import { Range, contains, countAddresses, toSingleRange } from '../../net/range';
import { ChangeBlock } from './change-blocks';
import { ScopedOwner, listServerAddresses, reachesServer } from './gateway-edges';
import { findMappings } from './mapping-index';
import { JudgedOwner, ReviewState } from './review-state';
import { MAX_LISTED, limitItems } from './address-words';

/** Prints a range as `10.0.0.10 of web1`. */
type HostPrinter = (range: Range) => string;

/** The names of the servers of a review, by address. */
export class ServerNames {
  private readonly servers = new Map<bigint, JudgedOwner[]>();

  constructor(servers: readonly ScopedOwner[]) {
    for (const { judgedOwner } of servers)
      for (const address of listServerAddresses(judgedOwner)) {
        const owners = this.servers.get(address);
        if (owners) owners.push(judgedOwner);
        else this.servers.set(address, [judgedOwner]);
      }
  }

  /**
   * Returns the names of the servers at an address, as this owner means it. Several sites use the same addresses. So an
   * address means the owner itself if it has it, else a server of its own plan, else a server behind it.
   */
  findAt(
    address: bigint,
    { owner: { judgedOwner }, servers }: Pick<ChangeBlock, 'owner' | 'servers'>,
  ): readonly string[] {
    const isReached = (owner: JudgedOwner): boolean =>
      judgedOwner.plannedOwner.role === 'server' || reachesServer({ servers }, { judgedOwner: owner });
    const owners = this.servers.get(address) ?? [];
    const nearOwners = [
      owners.filter((owner) => owner === judgedOwner),
      owners.filter(({ plan }) => plan === judgedOwner.plan),
      owners.filter(isReached),
    ].find(({ length }) => length > 0);
    return [...new Set(nearOwners?.map(({ plannedOwner }) => plannedOwner.device))];
  }

  /** Returns a printer of hosts for one block. */
  createHostPrinter(block: ChangeBlock): HostPrinter {
    return (range) => {
      const devices = range.first === range.last ? this.findAt(range.first, block) : [];
      return `${printRange(range)}${devices.length === 0 ? '' : ` of ${limitItems(devices).join(' or ')}`}`;
    };
  }
}

/** The number of hosts that a row names. */
const MAX_HOSTS = 6;

/**
 * Returns the targets of a row, in the state that allows it, in the order of its destinations. Empty where they can't
 * be told for each destination, or where each packet keeps its destination.
 */
export function describeReached(
  block: ChangeBlock,
  row: ReachabilityRow<unknown>,
  packet: Packet,
  state: ReviewState,
  printHost: HostPrinter,
): string {
  if (block.owner.judgedOwner.plannedOwner.role === 'server')
    return isSingleHost(row) && block.startLocation.kind !== 'self' ? printHost(row.destinations[0]!) : '';
  const view = findByEntry(state.reachability.views, block.startLocation);
  if (!view || row.destinations.length > MAX_LISTED) return '';
  const destinations =
    countAddresses(row.destinations) <= MAX_LISTED ? listSingleAddresses(row.destinations) : row.destinations;
  const descriptions = [
    ...new Set(destinations.map((range) => describeReachedRange(view, row, range, packet, state, printHost))),
  ];
  if (descriptions.includes('')) return '';
  return descriptions.length === 2 ? descriptions.join(' and ') : limitItems(descriptions, MAX_HOSTS).join(', ');
}

const listSingleAddresses = (ranges: readonly Range[]): readonly Range[] =>
  ranges.flatMap(({ first, last }) =>
    Array.from({ length: Number(last - first) + 1 }, (_, index) => toSingleRange(first + BigInt(index))),
  );

/** Returns the target of one destination of the row. */
function describeReachedRange(
  view: ReachabilityView,
  row: ReachabilityRow<unknown>,
  range: Range,
  packet: Packet,
  state: ReviewState,
  printHost: HostPrinter,
): string {
  const translations = view.translations.intersect(toPacketSet({ ...row, destinations: [range] })).values;
  const translation = contains(range, packet.destination) ? view.translations.findValue(packet) : translations[0];
  if (!translation) return '';
  const isSingleAddress = range.first === range.last;
  if (translation.destination.is === 'kept')
    return isLocal(range, state) ? 'the gateway itself' : isSingleAddress ? printHost(range) : '';
  const isUnambiguous =
    isSingleAddress || translations.every(({ destination }) => destination === translation.destination);
  return isUnambiguous ? describeDestination(translation, [range], printHost) : '';
}

const isSingleHost = ({ destinations }: ReachabilityRow<unknown>): boolean =>
  destinations.length === 1 && destinations[0]!.first === destinations[0]!.last;

const isLocal = ({ first, last }: Range, { device }: ReviewState): boolean =>
  first === last &&
  (device.localAddresses.some((address) => address === first) ||
    device.interfaces.some(({ addresses }) => addresses.some(({ address }) => address === first)));

function describeDestination(
  { destination, port }: Translation,
  ranges: readonly Range[],
  printHost: HostPrinter,
): string {
  return `${describeRewrite(destination, ranges, printHost, limitItems(ranges.map(printRange)).join(', '))}${port === 'kept' ? '' : ` port ${port}`}`;
}

const describeRewrite = (
  rewrite: Rewrite,
  ranges: readonly Range[],
  print: (range: Range) => string,
  untranslatedWords: string,
): string =>
  rewrite.is === 'kept' ? untranslatedWords : limitItems(printRewrite(rewrite, ranges, print, 'unknown')).join(', ');

/**
 * Returns the translations of a row before and after. The address that each applies to stands before it where they
 * differ.
 */
export function describeBeforeAndAfter(
  block: ChangeBlock,
  row: ReachabilityRow<unknown>,
  printHost: HostPrinter,
): { readonly hostBefore: string; readonly hostAfter: string } {
  const isSourceChange = block.kind === 'identity';
  const wordsByKey = new Map<string, TranslationWords>();
  for (const { ranges, below } of block.pairs.intersect(toPacketSet(row)).groupAlong('destination')) {
    if (wordsByKey.size > MAX_LISTED) break;
    const destinationText = limitItems(splitPairs(ranges).map(printRange), 2).join(', ');
    for (const { ranges: sources, below: translationChanges } of below.groupAlong('source')) {
      const subjects = splitPairs(isSourceChange ? sources : ranges);
      for (const [translationBefore, translationAfter] of translationChanges.values)
        for (const range of subjects.slice(0, MAX_LISTED + 1)) {
          const describe = (translation: Translation): string =>
            isSourceChange ? describeSource(translation, range) : describeDestination(translation, [range], printHost);
          const entry = {
            senderText: printRange(range),
            sentTo: isSourceChange ? destinationText : '',
            from: describe(translationBefore),
            to: describe(translationAfter),
          };
          wordsByKey.set(JSON.stringify(entry), entry);
        }
    }
  }
  const entries = labelSenders([...wordsByKey.values()]);
  return { hostBefore: joinSide(entries, 'from'), hostAfter: joinSide(entries, 'to') };
}

interface TranslationWords {
  readonly senderText: string;
  /** The destinations, where one sender may get several sources. */
  readonly sentTo: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the entries with destinations as labels, where one sender gets different sources for different destinations.
 * Without labels the two sentences would contradict each other.
 */
function labelSenders(entries: readonly TranslationWords[]): readonly TranslationWords[] {
  const senders = new Set(entries.map(({ senderText }) => senderText));
  const distinctWords = new Set(
    entries.map(({ senderText, from, to }) => JSON.stringify([senderText, removePortNote(from), removePortNote(to)])),
  );
  if (distinctWords.size === senders.size) return entries;
  return entries.map((entry) =>
    entry.sentTo === ''
      ? entry
      : { ...entry, senderText: senders.size === 1 ? entry.sentTo : `${entry.senderText} to ${entry.sentTo}` },
  );
}

function joinSide(entries: readonly TranslationWords[], side: 'from' | 'to'): string {
  const isLabelled =
    new Set(entries.map(({ senderText }) => senderText)).size > 1 &&
    new Set(entries.map((entry) => entry[side])).size > 1;
  return limitItems(
    mergePortNotes([
      ...new Set(entries.map((entry) => (isLabelled ? `${entry.senderText}: ${entry[side]}` : entry[side]))),
    ]),
  ).join(isLabelled ? '; ' : ', ');
}

const SOURCE_PORT_NOTE = ' (source port not kept)';
const removePortNote = (words: string): string =>
  words.endsWith(SOURCE_PORT_NOTE) ? words.slice(0, -SOURCE_PORT_NOTE.length) : words;

/**
 * Merges an address with and without the note into one entry. Some packets of an address may keep their source ports:
 * pfSense's own rules, for example, keep those to udp 500.
 */
export const mergePortNotes = (descriptions: readonly string[]): readonly string[] =>
  descriptions
    .filter((description) => !descriptions.includes(description + SOURCE_PORT_NOTE))
    .map((description) => {
      const withoutNote = removePortNote(description);
      return withoutNote !== description && descriptions.includes(withoutNote)
        ? `${withoutNote} (source port kept of some packets only)`
        : description;
    });

const UNTRANSLATED_WORDS = 'untranslated by us';

const describeSource = ({ source, sourcePort }: Translation, range: Range): string =>
  `${describeRewrite(source, [range], printRange, UNTRANSLATED_WORDS)}${sourcePort === 'free' ? SOURCE_PORT_NOTE : ''}`;

/** Returns the names of the mappings of a row's public addresses, or of the hosts that send it. */
export function listMappingNames(row: ReachabilityRow<unknown>, states: readonly ReviewState[]): readonly string[] {
  const names = new Set<string>();
  for (const { specified } of states) {
    if (specified?.policy.kind !== 'gateway') continue;
    const { policy } = specified;
    const isArriving = row.destinations.some((range) => findMappings(policy, 'external', range, 1).length > 0);
    const [side, ranges] = isArriving
      ? (['external', row.destinations] as const)
      : (['internal', row.sources] as const);
    // Wide ranges belong to no mapping.
    if (isWide(ranges, row.family)) continue;
    for (const range of ranges) {
      if (names.size > MAX_LISTED) break;
      for (const { name } of findMappings(policy, side, range, MAX_LISTED + 1)) names.add(name);
    }
  }
  const nameList = [...names];
  return nameList.length <= MAX_LISTED ? nameList : [...nameList.slice(0, MAX_LISTED), 'and others'];
}
