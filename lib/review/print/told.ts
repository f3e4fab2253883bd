import { groupBy } from '../../net/group-by';
import { Change, Review } from '../review';

/** A change as people are told it. */
export interface Told extends Change {
  /** The sides inside of which all the same holds. */
  readonly also: readonly string[];
}

/** From the internet first, otherwise as the review has them: the worst first. */
function changesOf(review: Review, kind: Change['kind']): readonly Change[] {
  const ofKind = review.changes.filter((change) => change.kind === kind);
  return [...ofKind.filter(({ outside }) => outside), ...ofKind.filter(({ outside }) => !outside)];
}

/** The same. What repeats inside what holds for the internet stands with that, and so do the lines that decide there. */
export function toldOf(review: Review, kind: Change['kind']): readonly Told[] {
  const all = changesOf(review, kind);
  const [outside, others] = [all.filter((change) => change.outside), all.filter((change) => !change.outside)];
  const repeated = new Map(groupBy(others, sameness));
  const told = outside.map((change): Told => {
    const again = repeated.get(sameness(change)) ?? [];
    repeated.delete(sameness(change));
    return {
      ...change,
      also: again.map(({ vantage }) => vantage),
      lines: once([change, ...again].flatMap(({ lines }) => lines)),
    };
  });
  const left = new Set([...repeated.values()].flat());
  return [...told, ...others.filter((change) => left.has(change)).map((change) => ({ ...change, also: [] }))];
}

/** How many there are of a kind, as they are told. Those past the listed ones nobody compared: they count as the review has them. */
export function countOf(review: Review, kind: Change['kind'], told: readonly Told[]): number {
  const listed = review.changes.filter((change) => change.kind === kind).length;
  return review.counts[kind] - listed + told.length;
}

/** All of a change but where its packets start, and what shows that. */
const sameness = (change: Change): string =>
  JSON.stringify({ ...change, vantage: undefined, outside: undefined, witness: undefined, lines: undefined });

const once = (lines: Change['lines']): Change['lines'] =>
  [...groupBy(lines, (line) => JSON.stringify(line)).values()].map(([line]) => line);

/** `the internet by wan0, also from inside by lan0`. What is the same by several ways out is told once. */
export function sideOf({ vantage, also }: Told): string {
  const entries = groupBy(
    also.map((one) => one.split(', leaving by ')),
    ([entry]) => entry,
  );
  const said = [...entries].map(([entry, ways]) =>
    [entry, ways.flatMap(([, way = []]) => way).join(' or ')].filter((one) => one !== ''),
  );
  return [vantage, ...said.map((one) => `also from ${one.join(', leaving by ')}`)].join(', ');
}
