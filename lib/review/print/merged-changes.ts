import { groupBy } from '../../net/group-by';
import { Change, Review } from '../review';

/** A change as people are told it. */
export interface MergedChange extends Change {
  /** The sides inside of which all the same holds. */
  readonly also: readonly string[];
}

/** From the internet first, otherwise as the review has them: the worst first. */
function listChanges(review: Review, kind: Change['kind']): readonly Change[] {
  const ofKind = review.changes.filter((change) => change.kind === kind);
  return [...ofKind.filter(({ outside }) => outside), ...ofKind.filter(({ outside }) => !outside)];
}

/** The same. What repeats inside what holds for the internet stands with that, and so do the lines that decide there. */
export function mergeChanges(review: Review, kind: Change['kind']): readonly MergedChange[] {
  const changes = listChanges(review, kind);
  const [outside, insideChanges] = [
    changes.filter((change) => change.outside),
    changes.filter((change) => !change.outside),
  ];
  const repeated = new Map(groupBy(insideChanges, toComparisonKey));
  const mergedChanges = outside.map((change): MergedChange => {
    const repetitions = repeated.get(toComparisonKey(change)) ?? [];
    repeated.delete(toComparisonKey(change));
    return {
      ...change,
      also: repetitions.map(({ vantage }) => vantage),
      lines: removeDuplicateLines([change, ...repetitions].flatMap(({ lines }) => lines)),
    };
  });
  const unmerged = new Set([...repeated.values()].flat());
  return [
    ...mergedChanges,
    ...insideChanges.filter((change) => unmerged.has(change)).map((change) => ({ ...change, also: [] })),
  ];
}

/** How many there are of a kind, as they are told. Those past the listed ones nobody compared: they count as the review has them. */
export function countChanges(review: Review, kind: Change['kind'], mergedChanges: readonly MergedChange[]): number {
  const listedCount = review.changes.filter((change) => change.kind === kind).length;
  return review.counts[kind] - listedCount + mergedChanges.length;
}

/** All of a change but where its packets start, and what shows that. */
const toComparisonKey = (change: Change): string =>
  JSON.stringify({ ...change, vantage: undefined, outside: undefined, witness: undefined, lines: undefined });

const removeDuplicateLines = (lines: Change['lines']): Change['lines'] =>
  [...groupBy(lines, (line) => JSON.stringify(line)).values()].map(([line]) => line);

/** `the internet by wan0, also from inside by lan0`. What is the same by several ways out is told once. */
export function describeSide({ vantage, also: alsoFrom }: MergedChange): string {
  const entries = groupBy(
    alsoFrom.map((text) => text.split(', leaving by ')),
    ([entry]) => entry,
  );
  const locations = [...entries].map(([entry, entryParts]) =>
    [entry, entryParts.flatMap(([, exitName = []]) => exitName).join(' or ')].filter((text) => text !== ''),
  );
  return [vantage, ...locations.map((text) => `also from ${text.join(', leaving by ')}`)].join(', ');
}
