import { findTranslationChanges } from '../reachability/translation-changes';
import { Translation, Disposition, ReachabilityView } from '../reachability/reachability';
import { LocationSpec } from '../spec/reachability-spec';
import { PacketMap } from '../net/packet-map';
import { Deviation, DeviationKind, groupByKind, getTranslationKind } from './deviations';

/**
 * Everything else: what a release leaves alone has to pass, and to become, what it would without the release. `without` is the same
 * vantage read without it. What differs is found first, and cut to what is left alone then: it is little.
 */
export function compareUnmanaged(
  bounds: LocationSpec,
  view: ReachabilityView,
  viewWithout: ReachabilityView,
): readonly Deviation[] {
  return [
    ...compareUnmanagedVerdicts(bounds, view.verdicts, viewWithout.verdicts),
    ...compareUnmanagedTranslations(bounds, view, viewWithout),
  ];
}

/** The part of it that a session's packets can differ in: what they become was settled by the first. */
export function compareUnmanagedVerdicts(
  { left: unmanaged }: LocationSpec,
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
  if (verdictWith?.is === verdictWithout?.is) return undefined;
  if (verdictWith) return verdictWith.is === 'allowed' ? 'opens' : 'undecided';
  // What may have passed does not any more.
  return verdictWithout ? 'closes' : undefined;
}

function compareUnmanagedTranslations(
  { left: unmanaged }: LocationSpec,
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

/** What a reader can't name isn't a difference: its reasons speak of lines, which others' numbers change. */
const isSameTranslation = (a: Translation, b: Translation): boolean =>
  isSameRewrite(a.destination, b.destination) &&
  a.port === b.port &&
  isSameRewrite(a.source, b.source) &&
  a.sourcePort === b.sourcePort;
const isSameRewrite = (a: Translation['source'], b: Translation['source']): boolean =>
  a === b || (a.is === 'unclear' && b.is === 'unclear');
