// Compares the traffic that a release leaves to unmanaged config: it has to pass, and be translated, with the release
// as without it.

import { findTranslationChanges } from '../reachability/translation-changes';
import { Translation, Disposition, ReachabilityView } from '../reachability/reachability';
import { LocationSpec } from '../spec/reachability-spec';
import { PacketMap } from '../net/packet-map';
import { Deviation, DeviationKind, groupByKind, getTranslationKind } from './deviations';

/**
 * Compares unmanaged traffic: packets that a release leaves alone have to pass, and be translated, as without the
 * release. `viewWithout`: the view at the same start location without the release. The difference is computed first and
 * then limited to unmanaged packets, because it is small.
 */
export function compareUnmanaged(
  bounds: LocationSpec,
  view: ReachabilityView,
  viewWithout: ReachabilityView,
): readonly Deviation[] {
  return [
    ...compareUnmanagedVerdicts(bounds, view.dispositions, viewWithout.dispositions),
    ...compareUnmanagedTranslations(bounds, view, viewWithout),
  ];
}

/** Compares dispositions only: for packets of a session the first packet decided the translation. */
export function compareUnmanagedVerdicts(
  { unmanaged }: LocationSpec,
  verdictsWith: ViewVerdicts,
  verdictsWithout: ViewVerdicts,
): readonly Deviation[] {
  return verdictsWith.equals(verdictsWithout)
    ? []
    : groupByKind(verdictsWith.merge(verdictsWithout, getVerdictKind).intersect(unmanaged), [
        'opens',
        'closes',
        'undecided',
      ]);
}

function getVerdictKind(
  verdictWith: Disposition | undefined,
  verdictWithout: Disposition | undefined,
): DeviationKind | undefined {
  const [levelWith, levelWithout] = [getLevel(verdictWith), getLevel(verdictWithout)];
  if (levelWith === levelWithout) return undefined;
  // An exception that the release brings keeps out clients that get in without it.
  if (levelWith === 'allowed, but' && levelWithout === 'allowed') return 'undecided';
  if (verdictWith) return verdictWith.is === 'allowed' ? 'opens' : 'undecided';
  // A packet that may have passed doesn't pass any more.
  return verdictWithout ? 'closes' : undefined;
}

const getLevel = (verdict: Disposition | undefined): string | undefined =>
  verdict?.is === 'allowed' && verdict.except !== undefined ? 'allowed, but' : verdict?.is;

function compareUnmanagedTranslations(
  { unmanaged }: LocationSpec,
  view: ReachabilityView,
  viewWithout: ReachabilityView,
): readonly Deviation[] {
  const changedPackets = view.translations
    .merge(viewWithout.translations, (translationsWith, translationsWithout) =>
      translationsWith && translationsWithout && translationsWith !== translationsWithout ? true : undefined,
    )
    .intersect(unmanaged);
  if (changedPackets.isEmpty) return [];
  const [translationsWith, translationsWithout] = [view, viewWithout].map(({ translations }) =>
    translations.intersect(changedPackets),
  ) as [TranslationMap, TranslationMap];
  const kindMap = findTranslationChanges(translationsWith, translationsWithout).map(
    ([translationWith, translationWithout]) =>
      isSameTranslation(translationWith, translationWithout)
        ? undefined
        : getTranslationKind(translationWithout, translationWith),
  );
  return groupByKind(kindMap, ['changed', 'diverted']);
}

type TranslationMap = PacketMap<Translation>;
type ViewVerdicts = PacketMap<Disposition>;

/**
 * Returns whether two translations are the same. Two unclear rewrites are equal: their reasons name lines, and line
 * numbers differ.
 */
const isSameTranslation = (a: Translation, b: Translation): boolean =>
  isSameRewrite(a.destination, b.destination) &&
  a.port === b.port &&
  isSameRewrite(a.source, b.source) &&
  a.sourcePort === b.sourcePort;
const isSameRewrite = (a: Translation['source'], b: Translation['source']): boolean =>
  a === b || (a.is === 'unclear' && b.is === 'unclear');
