// Prints the service, destinations and sources of an exposure entry, in full or shortened: the beginning of a long
// list, and blocked ranges by name (bogons, private).
import { ANY_ADDRESS_TEXT, limitList } from '../../reachability/print-packets';
import { FAMILY_RANGE, Family, splitPairs, printRange, parseRange } from '../../net/address';
import { PRIVATE_RANGES } from '../../net/private-networks';
import { Range, mergeRanges, countAddresses, subtractRanges } from '../../net/range';
import { EntryReport } from '../report/exposure-report-types';

/** The parts of a line that may be long lists. */
interface EntryLists {
  readonly service: string;
  readonly to: string;
  readonly from: string;
}

const ANYWHERE = 'anywhere';
/** The words of an address that no range of the packets tells. */
const LEASED = 'the leased ';
/** The most items of a list that still tell the operator something. */
const MAX_RANGES = 8;
const MAX_DESTINATIONS = 12;

/**
 * Further blocks that no packet of the internet comes from, whatever host may have them. Source: IANA, Special-Purpose
 * Address Registries.
 */
const LOCAL_BLOCKS: BlocksByFamily = {
  ip: parseRanges('0.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 198.18.0.0/15 224.0.0.0/3'),
  ip6: parseRanges('::/127 fe80::/10 ff00::/8'),
};
/** Networks for examples. They stand for real networks unless every bogon is blocked. Source: RFC 5737. */
const DOCUMENTATION_NETWORKS = parseRanges('192.0.2.0/24 198.51.100.0/24 203.0.113.0/24');
/** Source: Team Cymru, The Bogon Reference. Its list for IPv6 is too long to be known by name. */
const BOGONS = mergeRanges([...LOCAL_BLOCKS.ip, ...DOCUMENTATION_NETWORKS]);

type BlocksByFamily = Readonly<Record<Family, readonly Range[]>>;

function parseRanges(prefixes: string): readonly Range[] {
  return prefixes.split(' ').map(parseRange);
}

export const printFullLists = (entry: EntryReport): EntryLists => ({
  service: entry.service,
  to: printDestinations(entry),
  from: entry.sources,
});

/**
 * Returns the lists of a line of a first screen: the beginning of each, and blocked ranges that no host in the internet
 * has, by their name.
 */
export function printShortLists(entry: EntryReport): EntryLists {
  const { service, destinations, sources, packets } = entry;
  const [destination = ''] = destinations;
  const isWorld = destination.startsWith(ANY_ADDRESS_TEXT[packets.family]);
  return {
    service: service.replace(
      /((?:[\d-]+,){9}[\d-]+),([\d,-]+)/,
      (_, first: string, otherNames: string) => `${first} and ${otherNames.split(',').length} more`,
    ),
    to: destination.includes(LEASED)
      ? limitList(destination.split(', '), MAX_RANGES).join(', ')
      : isWorld
        ? printAllBut(
            ANY_ADDRESS_TEXT[packets.family],
            subtractRanges([FAMILY_RANGE[packets.family]], packets.destinations),
          )
        : printDestinations(entry),
    from: sources === ANYWHERE ? sources : printSources(packets),
  };
}

export const isShortened = (entry: EntryReport): boolean => {
  const [shortLists, fullLists] = [printShortLists(entry), printFullLists(entry)];
  return (
    shortLists.service !== fullLists.service || shortLists.to !== fullLists.to || shortLists.from !== fullLists.from
  );
};

function printDestinations({ destinations, destinationCount }: EntryReport): string {
  const listedDestinations = destinations.slice(0, MAX_DESTINATIONS).join(', ');
  return destinationCount > MAX_DESTINATIONS
    ? `${listedDestinations} and ${destinationCount - MAX_DESTINATIONS} more`
    : listedDestinations;
}

function printSources({ sources, family }: EntryReport['packets']): string {
  const blockedRanges = subtractRanges([FAMILY_RANGE[family]], sources);
  if (countAddresses(blockedRanges) * 2n > countAddresses([FAMILY_RANGE[family]]))
    return printRangeList(mergeRanges(sources));
  const isBlocked = (blocks: readonly Range[]): boolean => subtractRanges(blocks, blockedRanges).length === 0;
  const namedBlocks = [
    ...(family === 'ip' && isBlocked(BOGONS) ? [{ name: 'bogons', all: DOCUMENTATION_NETWORKS }] : []),
    ...(isBlocked(PRIVATE_RANGES[family]) ? [{ name: 'private', all: PRIVATE_RANGES[family] }] : []),
  ];
  if (namedBlocks.length === 0) return printAllBut(ANYWHERE, blockedRanges);
  const remainingRanges = subtractRanges(
    blockedRanges,
    mergeRanges([...LOCAL_BLOCKS[family], ...namedBlocks.flatMap(({ all: blockRanges }) => blockRanges)]),
  );
  return `${printAllBut(ANYWHERE, remainingRanges)} (${namedBlocks.map(({ name }) => name).join(' and ')} blocked)`;
}

const printAllBut = (allText: string, excludedRanges: readonly Range[]): string =>
  excludedRanges.length === 0 ? allText : `${allText} but ${printRangeList(excludedRanges)}`;

const printRangeList = (blocks: readonly Range[]): string =>
  limitList(splitPairs(blocks).map(printRange), MAX_RANGES).join(', ');
