// Merges changes of a review that are the same from several sides, from the internet and from inside, to one line.

import { groupBy } from '../../net/group-by';
import { Change, Review } from '../review';

/** A change as it is printed: with the sides from which the same change holds. */
export interface MergedChange extends Change {
  /** The inside start locations for which the same change holds. */
  readonly insideLocations: readonly string[];
}

/**
 * Returns the changes of a kind that don't only follow from a public address: first those from the internet, otherwise
 * in the review's order, the worst first.
 */
function listChanges(review: Review, kind: Change['kind']): readonly Change[] {
  const changesOfKind = review.changes.filter((change) => change.kind === kind && !change.followsAddressChange);
  return [
    ...changesOfKind.filter(({ fromInternet }) => fromInternet),
    ...changesOfKind.filter(({ fromInternet }) => !fromInternet),
  ];
}

/**
 * Returns the changes of a kind. A change inside that repeats one from the internet is merged into that one, with its
 * deciding lines.
 */
export function mergeChanges(review: Review, kind: Change['kind']): readonly MergedChange[] {
  const changes = listChanges(review, kind);
  const [outside, insideChanges] = [
    changes.filter((change) => change.fromInternet),
    changes.filter((change) => !change.fromInternet),
  ];
  const repeated = new Map(groupBy(insideChanges, toComparisonKey));
  const mergedChanges = outside.map((change): MergedChange => {
    const repetitions = repeated.get(toComparisonKey(change)) ?? [];
    repeated.delete(toComparisonKey(change));
    return {
      ...change,
      insideLocations: repetitions.map(({ startLocation }) => startLocation),
      decidingLines: removeDuplicateLines([change, ...repetitions].flatMap(({ decidingLines }) => decidingLines)),
    };
  });
  const unmergedChanges = new Set([...repeated.values()].flat());
  return [
    ...mergedChanges,
    ...insideChanges
      .filter((change) => unmergedChanges.has(change))
      .map((change) => ({ ...change, insideLocations: [] })),
  ];
}

/**
 * Returns the number of changes of a kind after merging. Changes beyond the listed ones weren't compared, so they count
 * as in the review.
 */
export function countChanges(review: Review, kind: Change['kind'], mergedChanges: readonly MergedChange[]): number {
  const listedCount = review.changes.filter((change) => change.kind === kind).length;
  return review.counts[kind] - listedCount + mergedChanges.length;
}

/** Returns a key of the change without its start location, example packet and deciding lines. */
const toComparisonKey = (change: Change): string =>
  JSON.stringify({
    ...change,
    startLocation: undefined,
    fromInternet: undefined,
    examplePacket: undefined,
    decidingLines: undefined,
  });

const removeDuplicateLines = (lines: Change['decidingLines']): Change['decidingLines'] =>
  [...groupBy(lines, (line) => JSON.stringify(line)).values()].map(([line]) => line);

/**
 * Returns `the internet by wan0, also from inside by lan0`. Start locations that differ only in the exit interface
 * stand once.
 */
export function describeSide({ startLocation, insideLocations: alsoFrom }: MergedChange): string {
  const entries = groupBy(
    alsoFrom.map((text) => text.split(', leaving by ')),
    ([entry]) => entry,
  );
  const locations = [...entries].map(([entry, entryParts]) =>
    [entry, entryParts.flatMap(([, exitName = []]) => exitName).join(' or ')].filter((text) => text !== ''),
  );
  return [startLocation, ...locations.map((text) => `also from ${text.join(', leaving by ')}`)].join(', ');
}
