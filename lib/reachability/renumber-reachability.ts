// Derives the reachability of a device from that of a device of the same shape with other addresses, without
// evaluating its rules again.

import { Address } from '../net/address';
import { RenumberingError, Renumbering } from '../net/renumbering';
import { PacketMap } from '../net/packet-map';
import { Range, toSingleRange } from '../net/range';
import {
  ALLOWED,
  Reachability,
  Rewrite,
  Translation,
  ReachabilityView,
  normalizeTranslations,
  getDestinationTranslations,
  createMove,
  createTarget,
  createTranslation,
} from './reachability';

/**
 * Returns the reachability of a device that differs from another only in its addresses, which lie alike. Undefined if
 * it doesn't follow from the other's reachability. Translations are computed on demand; those that don't follow are
 * taken from `evaluate`.
 */
export function renumberReachability(
  { views }: Reachability,
  renumbering: Renumbering,
  evaluate: () => Reachability,
): Reachability | undefined {
  return tryRenumbering(() => ({
    views: views.map((view, index) => renumberView(view, renumbering, () => evaluate().views[index]!)),
  }));
}

function renumberView(
  view: ReachabilityView,
  renumbering: Renumbering,
  evaluateView: () => ReachabilityView,
): ReachabilityView {
  // The reason of an unknown disposition, or of an exception, quotes the text.
  if (view.dispositions.values.some((disposition) => disposition !== ALLOWED))
    throw new RenumberingError('why it is unknown');
  const dispositions = view.dispositions.renumber(renumbering);
  let translations: ReachabilityView['translations'] | undefined;
  let destinationTranslations: ReachabilityView['destinationTranslations'];
  return {
    startLocation: view.startLocation,
    dispositions,
    get translations(): ReachabilityView['translations'] {
      return (translations ??=
        tryRenumbering(() => renumberTranslations(view.translations, renumbering)) ?? evaluateView().translations);
    },
    get destinationTranslations(): ReachabilityView['translations'] {
      return (destinationTranslations ??=
        tryRenumbering(() => renumberTranslations(getDestinationTranslations(view), renumbering)) ??
        getDestinationTranslations(evaluateView()));
    },
  };
}

function tryRenumbering<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RenumberingError) return undefined;
    throw error;
  }
}

function renumberTranslations(map: PacketMap<Translation>, renumbering: Renumbering): PacketMap<Translation> {
  const renumberAxis = (input: PacketMap<Translation>, axis: 'destination' | 'source'): PacketMap<Translation> =>
    input.values.every((value) => value[axis].is === 'kept')
      ? input
      : input.mapAlong(axis, (value, range) =>
          createTranslation({ ...value, [axis]: renumberRewrite(value[axis], range, renumbering) }),
        );
  return normalizeTranslations(renumberAxis(renumberAxis(map, 'destination'), 'source').renumber(renumbering));
}

/** Returns the rewrite of the addresses that stand for those of `range`. */
function renumberRewrite(rewrite: Rewrite, range: Range, renumbering: Renumbering): Rewrite {
  if (rewrite.is === 'kept') return rewrite;
  if (rewrite.is === 'set') return createTarget(renumbering.mapEachAddress(toSingleRange(rewrite.to)).first as Address);
  if (rewrite.is === 'unclear') throw new RenumberingError('what it is rewritten to');
  // The result is one distance only if it is the distance of single addresses.
  const to = { first: range.first + rewrite.distance, last: range.last + rewrite.distance };
  return createMove(renumbering.mapEachAddress(to).first - renumbering.mapEachAddress(range).first);
}
