// Compares two reachabilities by start location: packets that open, close, become unknown, or are translated
// otherwise.

import { StartLocation, findByLocation, toEntryLocation, isSameEntry, toLocationKey } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { TranslationChange, findTranslationChanges } from './translation-changes';
import { ALLOWED, Reachability, ReachabilityView } from './reachability';

/**
 * The difference at one start location. The reachability is the same only if `opened`, `closed`, `undecided` and
 * `changed` are empty.
 */
export interface ReachabilityDiff {
  readonly startLocation: StartLocation;
  readonly opened: PacketSet;
  readonly closed: PacketSet;
  /** Unknown before or after, or with exceptions on one side only. Never counted as the same. */
  readonly undecided: PacketSet;
  /** Allowed before and after, whatever the translation. */
  readonly stillAllowed: PacketSet;
  /** Allowed before and after, but translated to another host or from another source. */
  readonly changed: PacketMap<TranslationChange>;
}

export const compareReachability = (before: Reachability, after: Reachability): readonly ReachabilityDiff[] =>
  matchViews(before, after).map(([location, viewBefore, viewAfter]) => compareViews(location, viewBefore, viewAfter));

/**
 * Compares against several alternatives for the state before. A packet is opened, closed or undecided if it is so
 * against any alternative. A packet that is opened against one isn't also reported as changed against another.
 */
export const compareWithAny = (before: readonly Reachability[], after: Reachability): readonly ReachabilityDiff[] =>
  mergeDiffs(before.flatMap((alternative) => compareReachability(alternative, after)));

/** Merges alternative differences into one for each start location. */
export function mergeDiffs(diffs: readonly ReachabilityDiff[]): readonly ReachabilityDiff[] {
  const byLocation = new Map<string, ReachabilityDiff>();
  for (const diff of diffs) {
    const key = toLocationKey(diff.startLocation);
    const earlier = byLocation.get(key);
    byLocation.set(key, earlier ? uniteDiffs(earlier, diff) : diff);
  }
  return [...byLocation.values()].map((diff) => ({ ...diff, changed: diff.changed.subtract(diff.opened) }));
}

const uniteDiffs = (a: ReachabilityDiff, b: ReachabilityDiff): ReachabilityDiff => ({
  startLocation: a.startLocation,
  opened: a.opened.unite(b.opened),
  closed: a.closed.unite(b.closed),
  stillAllowed: a.stillAllowed.intersect(b.stillAllowed),
  undecided: a.undecided.unite(b.undecided),
  changed: a.changed.unite(b.changed),
});

/**
 * Returns the kind of a change. `moved`: another host or port is reached. `identity`: the same one, with another
 * source. `unknown`: the translation is unclear before or after.
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
 * Pairs the views of both sides by start location. If a device has several uplinks on one side only, its start
 * locations are told apart by the uplink on that side only: each of them is compared with the one view of the other
 * side.
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
    const other = findView(after, view.startLocation);
    // A view without an uplink is skipped here if the other side has several: the loop below compares each of those
    // with it.
    if (other || !after.views.some(({ startLocation: location }) => isSameEntry(location, view.startLocation)))
      add(view.startLocation, view, other);
  }
  for (const view of after.views) add(view.startLocation, findView(before, view.startLocation), view);
  return [...pairs.values()];
}

function compareViews(
  location: StartLocation,
  before: ReachabilityView | undefined,
  after: ReachabilityView | undefined,
): ReachabilityDiff {
  const selectDisposition = (view: ReachabilityView | undefined, is: 'allowed' | 'unknown'): PacketSet =>
    view?.dispositions.select((verdict) => verdict.is === is) ?? PacketMap.NONE;
  const undecided = selectDisposition(before, 'unknown')
    .unite(selectDisposition(after, 'unknown'))
    .unite(selectChangedExceptions(before, after));
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
    startLocation: location,
    opened: allowedAfter.subtract(allowedBefore),
    closed: allowedBefore.subtract(allowedAfter),
    stillAllowed: allowedBoth,
    undecided,
    changed,
  };
}

/** Returns the packets that every client gets through on one side, and with exceptions on the other. */
const selectChangedExceptions = (
  before: ReachabilityView | undefined,
  after: ReachabilityView | undefined,
): PacketSet =>
  before && after
    ? before.dispositions.merge(after.dispositions, (a, b) =>
        a?.is === 'allowed' && b?.is === 'allowed' && a !== b && (a === ALLOWED || b === ALLOWED) ? true : undefined,
      )
    : PacketMap.NONE;
