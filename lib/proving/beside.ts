import { differing } from '../exposure/differing';
import { Translation, View } from '../exposure/exposure';
import { Bounds } from '../meaning/bounds';
import { PacketSet } from '../net/packet-map';
import { Found, otherwise } from './found';

/**
 * Everything else: what a release leaves alone has to pass, and to become, what it would without the release. `without` is the same
 * vantage read without it.
 */
export function besides({ left }: Bounds, view: View, without: View): readonly Found[] {
  const [now, was] = [view.verdicts.within(left), without.verdicts.within(left)];
  const [allowed, allowedBefore] = [now, was].map((verdicts) => verdicts.where(({ is }) => is === 'allowed')) as [PacketSet, PacketSet];
  const [unsure, unsureBefore] = [now, was].map((verdicts) => verdicts.where(({ is }) => is === 'unknown')) as [PacketSet, PacketSet];
  const become = differing(view.translations.within(now.within(was)), without.translations).map(([is, before]) =>
    alike(is, before) ? undefined : otherwise(before, is),
  );
  return [
    ['opens', allowed.apartFrom(allowedBefore)],
    ['closes', allowedBefore.apartFrom(now)],
    ['undecided', unsure.apartFrom(unsureBefore)],
    ['changed', become.where((kind) => kind === 'changed')],
    ['diverted', become.where((kind) => kind === 'diverted')],
  ];
}

/** What a reader can't name isn't a difference: its reasons speak of lines, which others' numbers change. */
const alike = (a: Translation, b: Translation): boolean =>
  same(a.destination, b.destination) && a.port === b.port && same(a.source, b.source) && a.sourcePort === b.sourcePort;
const same = (a: Translation['source'], b: Translation['source']): boolean => a === b || (a.is === 'unclear' && b.is === 'unclear');
