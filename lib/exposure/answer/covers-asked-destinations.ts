// Returns whether entries of the exposure report reach every destination that a question asks about.
import { ReachabilityQuery } from '../../reachability/reachability-query';
import { ReachabilityView } from '../../reachability/reachability';
import { ReachabilityEntry } from '../../reachability/reachability-list';
import { FAMILY_RANGE, Family, getFamily, splitPairs, printRange } from '../../net/address';
import { LOOPBACK, getLocalAddresses } from '../../net/device';
import { Range, contains, covers, mergeRanges, toSingleRange, subtractRanges } from '../../net/range';
import { PLACEHOLDER_RANGES } from '../facts/assumed-devices';
import { findEntryFamily } from '../report/entry-family';
import { NEVER_ROUTED, SectionExposure } from '../report/device-report';

export interface AskedSection {
  readonly section: SectionExposure;
  readonly query: ReachabilityQuery;
  readonly views: readonly ReachabilityView[];
  /** Number of interfaces on this side. */
  readonly interfaceCount: number;
}

export interface PassingEntry {
  readonly part: AskedSection;
  readonly entry: ReachabilityEntry;
}

/** Returns whether the entry's destinations are all that were asked about. */
export function coversAsked(
  { destinations: destinationTexts, packet, packets }: ReachabilityEntry,
  { scope, device }: SectionExposure,
  ask: ReachabilityQuery,
): boolean {
  if (/^(this server|any other host|any IPv)/.test(destinationTexts[0] ?? '')) return true;
  const family = getFamily(packet.destination);
  if (ask.to === undefined && scope === 'host') {
    const localAddresses = getLocalAddresses(device).filter((address) => getFamily(address) === family);
    return localAddresses.every((address) => packets.destinations.some((range) => contains(range, address)));
  }
  const askedRanges = (ask.to ?? []).filter(({ first }) => getFamily(first) === family);
  return (
    askedRanges.length > 0 && destinationTexts.join() === splitPairs(mergeRanges(askedRanges)).map(printRange).join()
  );
}

/** Returns whether the entries with the same service and the same sources together reach all asked destinations. */
export function reachesAllAsked({ part, entry }: PassingEntry, passingEntries: readonly PassingEntry[]): boolean {
  const { section, query } = part;
  if (coversAsked(entry, section, query) && !/ but /.test(entry.destinations[0] ?? '')) return true;
  const similarEntries = passingEntries.filter(
    (passingEntry) =>
      passingEntry.part === part &&
      passingEntry.entry.service === entry.service &&
      passingEntry.entry.sources === entry.sources &&
      findEntryFamily(passingEntry.entry) === findEntryFamily(entry),
  );
  const reachedRanges = similarEntries.flatMap((passingEntry) =>
    passingEntry.entry.packets.family === entry.packets.family ? passingEntry.entry.packets.destinations : [],
  );
  return subtractRanges(getAskedDestinations(section, query, entry.packets.family), reachedRanges).length === 0;
}

/**
 * Returns the destinations of a family that the question means: the asked ones, the device's own addresses, or all
 * other hosts.
 */
export function getAskedDestinations(
  { scope, unknownAddresses, device }: SectionExposure,
  { to }: ReachabilityQuery,
  family: Family,
): readonly Range[] {
  const allAddresses = [FAMILY_RANGE[family]];
  const selectFamily = (ranges: readonly Range[]): readonly Range[] =>
    ranges.filter(({ first }) => covers(allAddresses[0]!, toSingleRange(first)));
  if (to !== undefined) return selectFamily(to);
  const ownRanges = unknownAddresses?.families.includes(family)
    ? PLACEHOLDER_RANGES
    : getLocalAddresses(device).map(toSingleRange);
  return scope === 'host'
    ? selectFamily(ownRanges)
    : subtractRanges(allAddresses, [...NEVER_ROUTED, ...LOOPBACK, ...ownRanges, ...(unknownAddresses?.wordless ?? [])]);
}
