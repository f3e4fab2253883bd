// Returns whether the addresses in an exposure report have different open services. The headline says "on one address
// or another" if they do.

import { Family, getFamily, parseAddress, parsePrefix, toRange } from '../../net/address';
import { LOOPBACK } from '../../net/device';
import { Range, covers, toSingleRange } from '../../net/range';
import { findEntryFamily } from './entry-family';
import { EntryReport } from './exposure-report-types';
import { printServiceList } from './print-services';

type OpenEntry = Pick<EntryReport, 'destinations' | 'service' | 'packets' | 'families'>;

/** The most destinations that are compared. Lists are cut, too. */
const MAX_DESTINATIONS = 2000;

/**
 * Returns whether the open services differ between addresses of one family. A destination that is a text instead of
 * an address counts as one address.
 */
export function hasDifferentServices(openEntries: readonly OpenEntry[]): boolean {
  const textByFamily = new Map<Family, string>();
  const textByEntries = new Map<string, string>();
  const differsFromFamily = (family: Family | undefined, entries: readonly OpenEntry[]): boolean => {
    if (family === undefined) return false;
    const key = entries.map((entry) => openEntries.indexOf(entry)).join();
    const serviceText = textByEntries.get(key) ?? printServiceList(entries);
    textByEntries.set(key, serviceText);
    const firstText = textByFamily.get(family) ?? serviceText;
    textByFamily.set(family, firstText);
    return firstText !== serviceText;
  };
  const destinations = openEntries.flatMap((entry) =>
    entry.destinations.map((text) => ({ entry, text, range: parseRange(text) })),
  );
  const words = [...new Set(destinations.flatMap(({ text, range }) => (range ? [] : [text])))];
  if (
    words.some((text) =>
      openEntries.some(
        (entry) =>
          entry.destinations.includes(text) &&
          differsFromFamily(findEntryFamily(entry), filterByDestination(openEntries, text)),
      ),
    )
  )
    return true;
  // No host in the internet sends to loopback.
  const entryRanges = destinations
    .flatMap(({ entry, range }) =>
      range && !LOOPBACK.some((loopback) => covers(loopback, range)) ? [{ entry, range }] : [],
    )
    .slice(0, MAX_DESTINATIONS);
  const boundaries = new Set(entryRanges.flatMap(({ range: { first, last } }) => [first, last + 1n]));
  return [...boundaries].some((first) => {
    const coveringRanges = entryRanges.filter(({ range }) => range.first <= first && first <= range.last);
    return (
      coveringRanges.length > 0 &&
      differsFromFamily(getFamily(coveringRanges[0]!.range.first), [
        ...new Set(coveringRanges.map(({ entry }) => entry)),
      ])
    );
  });
}

const filterByDestination = (openEntries: readonly OpenEntry[], text: string): readonly OpenEntry[] =>
  openEntries.filter(({ destinations }) => destinations.includes(text));

/**
 * Returns the range of `203.0.113.10`, `203.0.113.0/28` or `203.0.113.3-203.0.113.5`, without a note in brackets behind
 * it; undefined for words.
 */
function parseRange(text: string): Range | undefined {
  const addressText = text.replace(/ \(.*\)$/, '');
  const [first, last] = addressText.split('-').map(parseAddress);
  if (first !== undefined) return last === undefined ? toSingleRange(first) : { first, last };
  const prefix = parsePrefix(addressText);
  return prefix && toRange(prefix);
}
