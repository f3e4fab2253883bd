import { Vantage } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Exposure, Translation, View } from './exposure';

/** What differs at one vantage. Only all four empty is "same". */
export interface ViewDiff {
  readonly vantage: Vantage;
  readonly opened: PacketSet;
  readonly closed: PacketSet;
  /** Unknown before or after. Never folded into "same". */
  readonly undecided: PacketSet;
  /** Allowed both times, but to another host or as another source. */
  readonly changed: PacketMap<readonly [before: Translation, after: Translation]>;
}

export function diffExposure(before: Exposure, after: Exposure): readonly ViewDiff[] {
  const keys = new Map<string, { vantage: Vantage; before?: View; after?: View }>();
  for (const [side, exposure] of [
    ['before', before],
    ['after', after],
  ] as const) {
    for (const view of exposure.views) {
      const key = JSON.stringify(view.vantage);
      keys.set(key, { ...(keys.get(key) ?? { vantage: view.vantage }), [side]: view });
    }
  }
  return [...keys.values()].map((sides) => diffView(sides.vantage, sides.before, sides.after));
}

const pairs = new Map<string, readonly [Translation, Translation]>();
const pairOf = (a: Translation, b: Translation): readonly [Translation, Translation] => {
  const key = JSON.stringify([a, b], (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  if (!pairs.has(key)) pairs.set(key, [a, b]);
  return pairs.get(key)!;
};

function diffView(vantage: Vantage, before: View | undefined, after: View | undefined): ViewDiff {
  const set = (view: View | undefined, is: 'allowed' | 'unknown'): PacketSet =>
    view?.verdicts.where((verdict) => verdict.is === is) ?? PacketMap.NONE;
  const undecided = set(before, 'unknown').or(set(after, 'unknown'));
  const [was, will] = [set(before, 'allowed').apartFrom(undecided), set(after, 'allowed').apartFrom(undecided)];
  const both = was.within(will);
  const changed =
    before && after
      ? before.translations.within(both).with(after.translations.within(both), (a, b) => (a && b && a !== b ? pairOf(a, b) : undefined))
      : PacketMap.nothing<readonly [Translation, Translation]>();
  return { vantage, opened: will.apartFrom(was), closed: was.apartFrom(will), undecided, changed };
}
