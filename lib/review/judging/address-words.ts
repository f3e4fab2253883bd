// Prints addresses, sources and start locations of a review in words, with long lists shortened.

import { printLocation } from '../../reachability/print-reachability';
import { limitList, printAddresses } from '../../reachability/print-packets';
import { FAMILY_RANGE, Family, splitPairs, printRange } from '../../net/address';
import { Device, StartLocation, toEntryLocation } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { Range, mergeRanges, countAddresses, subtractRanges } from '../../net/range';

/** The number of items of a list that are printed, followed by the number of the others. */
export const MAX_LISTED = 20;

export const limitItems = (items: readonly string[], maxItems = MAX_LISTED): readonly string[] =>
  limitList(items, maxItems);

/**
 * Returns the printed ranges, or `anywhere but A, B` where they cover most of the family. Past some exceptions only
 * their number follows, because a list of thousands tells a reader nothing.
 */
export function listAddressItems(ranges: readonly Range[], family: Family, anyAddressText: string): readonly string[] {
  const familyRange = FAMILY_RANGE[family];
  const mergedRanges = mergeRanges(ranges);
  if (countAddresses(mergedRanges) * 2n <= familyRange.last - familyRange.first)
    return splitPairs(mergedRanges).map(printRange);
  const excludedRanges = subtractRanges([familyRange], mergedRanges);
  return excludedRanges.length <= MAX_LISTED
    ? [printAddresses(mergedRanges, family, anyAddressText, splitPairs)]
    : [`${anyAddressText} but ${limitItems(excludedRanges.map(printRange)).join(', ')}`];
}

export const describeSources = (ranges: readonly Range[], family: Family): string =>
  limitItems(listAddressItems(ranges, family, 'anywhere')).join(', ');

/**
 * Returns `the internet by wan0`, `inside by lan0, lan1`, `inside by lan0, lan1, leaving by wan0 or wan1`, `the device
 * itself`.
 */
export function describeLocations(startLocations: readonly StartLocation[], device: Device): string {
  const entries = [...groupBy(startLocations, (location) => printLocation(toEntryLocation(location), device))].map(
    ([words, entryLocations]) => {
      const [, startWords = words, interfaceNames] = /^(.*?) by (.*)$/.exec(words) ?? [];
      const exitWords = entryLocations
        .flatMap((exitLocation) => (exitLocation.kind === 'localhost' ? [] : (exitLocation.uplink ?? [])))
        .join(' or ');
      return { startWords, interfaceNames, exitWords: exitWords === '' ? '' : `, leaving by ${exitWords}` };
    },
  );
  return [...groupBy(entries, ({ startWords, exitWords }) => JSON.stringify([startWords, exitWords])).values()]
    .map((sameStarts) => {
      const [{ startWords, exitWords }] = sameStarts;
      const interfaceNames = sameStarts.flatMap((entry) => entry.interfaceNames ?? []).join(', ');
      return `${startWords}${interfaceNames === '' ? '' : ` by ${interfaceNames}`}${exitWords}`;
    })
    .join('; ');
}
