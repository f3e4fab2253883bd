import { Vantage, atVantage, entryOf, sameEntry, vantageKey } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Pair, differing } from './differing';
import { Exposure, View } from './exposure';

/** What differs at one vantage. Only all four empty is "same". */
export interface ViewDiff {
  readonly vantage: Vantage;
  readonly opened: PacketSet;
  readonly closed: PacketSet;
  /** Unknown before or after. Never folded into "same". */
  readonly undecided: PacketSet;
  /** Allowed both times, wherever it leads. */
  readonly kept: PacketSet;
  /** Allowed both times, but to another host or as another source. */
  readonly changed: PacketMap<Pair>;
}

export const diffExposure = (before: Exposure, after: Exposure): readonly ViewDiff[] =>
  paired(before, after).map(([vantage, was, will]) => diffView(vantage, was, will));

/**
 * What differs where one of several exposures may be there before: what opens, closes or can't be decided against any of them
 * does. What opens against one isn't said to be led elsewhere against another.
 */
export const diffFromAny = (before: readonly Exposure[], after: Exposure): readonly ViewDiff[] =>
  worstOf(before.flatMap((one) => diffExposure(one, after)));

/** Of what may differ, as one for each vantage. */
export function worstOf(diffs: readonly ViewDiff[]): readonly ViewDiff[] {
  const byVantage = new Map<string, ViewDiff>();
  for (const diff of diffs) {
    const key = vantageKey(diff.vantage);
    const known = byVantage.get(key);
    byVantage.set(key, known ? worse(known, diff) : diff);
  }
  return [...byVantage.values()].map((diff) => ({ ...diff, changed: diff.changed.apartFrom(diff.opened) }));
}

const worse = (a: ViewDiff, b: ViewDiff): ViewDiff => ({
  vantage: a.vantage,
  opened: a.opened.or(b.opened),
  closed: a.closed.or(b.closed),
  kept: a.kept.within(b.kept),
  undecided: a.undecided.or(b.undecided),
  changed: a.changed.or(b.changed),
});

/**
 * `moved`: another host or port is reached; `identity`: the same one, by another source. `unknown`: what is rewritten can't be named on one
 * of the sides.
 */
export function kindOfPair([before, after]: Pair): 'moved' | 'identity' | 'unknown' {
  const all = [before.destination, after.destination, before.source, after.source];
  if (all.some(({ is }) => is === 'unclear')) return 'unknown';
  return before.destination !== after.destination || before.port !== after.port ? 'moved' : 'identity';
}

type Sides = readonly [vantage: Vantage, before: View | undefined, after: View | undefined];

/**
 * The views of both sides that are of one vantage. A device that gets a second way out, or has one no more, tells its vantages apart by
 * the way on one side only: there each way is compared with the one view of the other side.
 */
function paired(before: Exposure, after: Exposure): readonly Sides[] {
  const found = new Map<string, Sides>();
  const add = (vantage: Vantage, was: View | undefined, will: View | undefined): void => {
    if (!found.has(vantageKey(vantage))) found.set(vantageKey(vantage), [vantage, was, will]);
  };
  const alike = ({ views }: Exposure, vantage: Vantage): View | undefined =>
    atVantage(views, vantage) ?? atVantage(views, entryOf(vantage));
  for (const view of before.views) {
    const other = alike(after, view.vantage);
    // A view without a way whose other side has several is compared from there.
    if (other || !after.views.some(({ vantage }) => sameEntry(vantage, view.vantage))) add(view.vantage, view, other);
  }
  for (const view of after.views) add(view.vantage, alike(before, view.vantage), view);
  return [...found.values()];
}

function diffView(vantage: Vantage, before: View | undefined, after: View | undefined): ViewDiff {
  const set = (view: View | undefined, is: 'allowed' | 'unknown'): PacketSet =>
    view?.verdicts.where((verdict) => verdict.is === is) ?? PacketMap.NONE;
  const undecided = set(before, 'unknown').or(set(after, 'unknown'));
  const [was, will] = [set(before, 'allowed').apartFrom(undecided), set(after, 'allowed').apartFrom(undecided)];
  const both = was.within(will);
  const changed =
    before && after
      ? differing(before.translations.within(both), after.translations.within(both))
      : PacketMap.nothing<Pair>();
  return { vantage, opened: will.apartFrom(was), closed: was.apartFrom(will), kept: both, undecided, changed };
}
