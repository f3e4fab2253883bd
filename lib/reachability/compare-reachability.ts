import { StartLocation, findByLocation, toEntryLocation, isSameEntry, toLocationKey } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { TranslationChange, findTranslationChanges } from './translation-changes';
import { Reachability, ReachabilityView } from './reachability';

/** What differs at one vantage. Only all four empty is "same". */
export interface ReachabilityDiff {
  readonly vantage: StartLocation;
  readonly opened: PacketSet;
  readonly closed: PacketSet;
  /** Unknown before or after. Never folded into "same". */
  readonly undecided: PacketSet;
  /** Allowed both times, wherever it leads. */
  readonly kept: PacketSet;
  /** Allowed both times, but to another host or as another source. */
  readonly changed: PacketMap<TranslationChange>;
}

export const compareReachability = (before: Reachability, after: Reachability): readonly ReachabilityDiff[] =>
  matchViews(before, after).map(([location, viewBefore, viewAfter]) => compareViews(location, viewBefore, viewAfter));

/**
 * What differs where one of several exposures may be there before: what opens, closes or can't be decided against any of them
 * does. What opens against one isn't said to be led elsewhere against another.
 */
export const compareWithAny = (before: readonly Reachability[], after: Reachability): readonly ReachabilityDiff[] =>
  mergeDiffs(before.flatMap((alternative) => compareReachability(alternative, after)));

/** Of what may differ, as one for each vantage. */
export function mergeDiffs(diffs: readonly ReachabilityDiff[]): readonly ReachabilityDiff[] {
  const byLocation = new Map<string, ReachabilityDiff>();
  for (const diff of diffs) {
    const key = toLocationKey(diff.vantage);
    const earlier = byLocation.get(key);
    byLocation.set(key, earlier ? uniteDiffs(earlier, diff) : diff);
  }
  return [...byLocation.values()].map((diff) => ({ ...diff, changed: diff.changed.subtract(diff.opened) }));
}

const uniteDiffs = (a: ReachabilityDiff, b: ReachabilityDiff): ReachabilityDiff => ({
  vantage: a.vantage,
  opened: a.opened.unite(b.opened),
  closed: a.closed.unite(b.closed),
  kept: a.kept.intersect(b.kept),
  undecided: a.undecided.unite(b.undecided),
  changed: a.changed.unite(b.changed),
});

/**
 * `moved`: another host or port is reached; `identity`: the same one, by another source. `unknown`: what is rewritten can't be named on one
 * of the sides.
 */
export function getChangeKind([before, after]: TranslationChange): 'moved' | 'identity' | 'unknown' {
  const rewrites = [before.destination, after.destination, before.source, after.source];
  if (rewrites.some(({ is }) => is === 'unclear')) return 'unknown';
  return before.destination !== after.destination || before.port !== after.port ? 'moved' : 'identity';
}

type ViewPair = readonly [
  vantage: StartLocation,
  before: ReachabilityView | undefined,
  after: ReachabilityView | undefined,
];

/**
 * The views of both sides that are of one vantage. A device that gets a second way out, or has one no more, tells its vantages apart by
 * the way on one side only: there each way is compared with the one view of the other side.
 */
function matchViews(before: Reachability, after: Reachability): readonly ViewPair[] {
  const pairs = new Map<string, ViewPair>();
  const add = (
    location: StartLocation,
    viewBefore: ReachabilityView | undefined,
    viewAfter: ReachabilityView | undefined,
  ): void => {
    if (!pairs.has(toLocationKey(location))) pairs.set(toLocationKey(location), [location, viewBefore, viewAfter]);
  };
  const findView = ({ views }: Reachability, location: StartLocation): ReachabilityView | undefined =>
    findByLocation(views, location) ?? findByLocation(views, toEntryLocation(location));
  for (const view of before.views) {
    const other = findView(after, view.vantage);
    // A view without a way whose other side has several is compared from there.
    if (other || !after.views.some(({ vantage: location }) => isSameEntry(location, view.vantage)))
      add(view.vantage, view, other);
  }
  for (const view of after.views) add(view.vantage, findView(before, view.vantage), view);
  return [...pairs.values()];
}

function compareViews(
  location: StartLocation,
  before: ReachabilityView | undefined,
  after: ReachabilityView | undefined,
): ReachabilityDiff {
  const selectDisposition = (view: ReachabilityView | undefined, is: 'allowed' | 'unknown'): PacketSet =>
    view?.verdicts.select((verdict) => verdict.is === is) ?? PacketMap.NONE;
  const undecided = selectDisposition(before, 'unknown').unite(selectDisposition(after, 'unknown'));
  const [allowedBefore, allowedAfter] = [
    selectDisposition(before, 'allowed').subtract(undecided),
    selectDisposition(after, 'allowed').subtract(undecided),
  ];
  const allowedBoth = allowedBefore.intersect(allowedAfter);
  const changed =
    before && after
      ? findTranslationChanges(before.translations.intersect(allowedBoth), after.translations.intersect(allowedBoth))
      : PacketMap.createEmpty<TranslationChange>();
  return {
    vantage: location,
    opened: allowedAfter.subtract(allowedBefore),
    closed: allowedBefore.subtract(allowedAfter),
    kept: allowedBoth,
    undecided,
    changed,
  };
}
