import { differing } from '../reachability/differing';
import { Translation, Verdict, View } from '../reachability/exposure';
import { Bounds } from '../spec/bounds';
import { PacketMap } from '../net/packet-map';
import { Deviation, Kind, byKind, otherwise } from './deviations';

/**
 * Everything else: what a release leaves alone has to pass, and to become, what it would without the release. `without` is the same
 * vantage read without it. What differs is found first, and cut to what is left alone then: it is little.
 */
export function besides(bounds: Bounds, view: View, without: View): readonly Deviation[] {
  return [...passingOtherwise(bounds, view.verdicts, without.verdicts), ...becomingOtherwise(bounds, view, without)];
}

/** The part of it that a session's packets can differ in: what they become was settled by the first. */
export function passingOtherwise({ left }: Bounds, now: Verdicts, was: Verdicts): readonly Deviation[] {
  return now.equals(was) ? [] : byKind(now.with(was, kindOf).within(left), ['opens', 'closes', 'undecided']);
}

function kindOf(now: Verdict | undefined, was: Verdict | undefined): Kind | undefined {
  if (now?.is === was?.is) return undefined;
  if (now) return now.is === 'allowed' ? 'opens' : 'undecided';
  // What may have passed does not any more.
  return was ? 'closes' : undefined;
}

function becomingOtherwise({ left }: Bounds, view: View, without: View): readonly Deviation[] {
  const apart = view.translations
    .with(without.translations, (is, was) => (is && was && is !== was ? true : undefined))
    .within(left);
  if (apart.isEmpty) return [];
  const [is, was] = [view, without].map(({ translations }) => translations.within(apart)) as [
    Translations,
    Translations,
  ];
  const become = differing(is, was).map(([now, before]) => (alike(now, before) ? undefined : otherwise(before, now)));
  return byKind(become, ['changed', 'diverted']);
}

type Translations = PacketMap<Translation>;
type Verdicts = PacketMap<Verdict>;

/** What a reader can't name isn't a difference: its reasons speak of lines, which others' numbers change. */
const alike = (a: Translation, b: Translation): boolean =>
  same(a.destination, b.destination) && a.port === b.port && same(a.source, b.source) && a.sourcePort === b.sourcePort;
const same = (a: Translation['source'], b: Translation['source']): boolean =>
  a === b || (a.is === 'unclear' && b.is === 'unclear');
