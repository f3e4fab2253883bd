import { Address } from '../net/address';
import { NotTold, Numbering } from '../net/numbering';
import { PacketMap } from '../net/packet-map';
import { Range, point } from '../net/range';
import {
  Exposure,
  Rewrite,
  Translation,
  View,
  canonicalTranslations,
  endingOf,
  moved,
  set,
  translation,
} from './exposure';

/**
 * What a device exposes that differs from another in its addresses alone, which lie alike. Undefined where that doesn't follow from what
 * the other exposes; translations, which not everybody asks for, are then those of `read`.
 */
export function renumbered({ views }: Exposure, numbering: Numbering, read: () => Exposure): Exposure | undefined {
  return told(() => ({ views: views.map((view, at) => renumberedView(view, numbering, () => read().views[at]!)) }));
}

function renumberedView(view: View, numbering: Numbering, read: () => View): View {
  // Why something is unknown is said in words of the text.
  if (view.verdicts.values.some(({ is }) => is === 'unknown')) throw new NotTold('why it is unknown');
  const verdicts = view.verdicts.renumbered(numbering);
  let translations: View['translations'] | undefined;
  let ending: View['ending'];
  return {
    vantage: view.vantage,
    verdicts,
    get translations(): View['translations'] {
      return (translations ??= told(() => translated(view.translations, numbering)) ?? read().translations);
    },
    get ending(): View['translations'] {
      return (ending ??= told(() => translated(endingOf(view), numbering)) ?? endingOf(read()));
    },
  };
}

function told<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotTold) return undefined;
    throw error;
  }
}

function translated(map: PacketMap<Translation>, numbering: Numbering): PacketMap<Translation> {
  const along = (all: PacketMap<Translation>, axis: 'destination' | 'source'): PacketMap<Translation> =>
    all.values.every((value) => value[axis].is === 'kept')
      ? all
      : all.mapAlong(axis, (value, range) =>
          translation({ ...value, [axis]: rewritten(value[axis], range, numbering) }),
        );
  return canonicalTranslations(along(along(map, 'destination'), 'source').renumbered(numbering));
}

/** How the addresses that stand for those of `range` are rewritten. */
function rewritten(rewrite: Rewrite, range: Range, numbering: Numbering): Rewrite {
  if (rewrite.is === 'kept') return rewrite;
  if (rewrite.is === 'set') return set(numbering.singly(point(rewrite.to)).first as Address);
  if (rewrite.is === 'unclear') throw new NotTold('what it is rewritten to');
  // A distance stays one where it is that of single addresses.
  const to = { first: range.first + rewrite.by, last: range.last + rewrite.by };
  return moved(numbering.singly(to).first - numbering.singly(range).first);
}
