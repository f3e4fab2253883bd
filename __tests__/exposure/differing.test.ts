// Tests which translations differ between two exposures: addresses that are translated as a set or one by one are no
// difference.

import { compareReachability } from '../../lib/reachability/compare-reachability';
import { findTranslationChanges } from '../../lib/reachability/translation-changes';
import {
  ALLOWED,
  Translation,
  normalizeTranslations,
  createMove,
  createTarget,
  createTranslation,
} from '../../lib/reachability/reachability';
import { PacketMap } from '../../lib/net/packet-map';
import { at } from '../devices';

const range = (first: string, last = first) => ({ first: at(first), last: at(last) });
const gateway = createTranslation({ source: createTarget(at('10.0.0.1')) });

/** One rule sets the source of a whole subnet. */
const whole = normalizeTranslations(PacketMap.create(gateway, { source: [range('10.0.0.0', '10.0.0.3')] }));
/** The same with one address split off, so that single addresses are left. */
const apart = (middle: Translation) =>
  normalizeTranslations(
    PacketMap.mergeFirst([
      PacketMap.create(middle, { source: [range('10.0.0.1')] }),
      PacketMap.create(gateway, { source: [range('10.0.0.0', '10.0.0.3')] }),
    ]),
  );

test('a source that one side sets and the other shifts by the same distance is no difference', () => {
  expect(findTranslationChanges(whole, apart(gateway)).isEmpty).toBe(true);
  const left = findTranslationChanges(whole, apart(createTranslation({ source: createMove(7n) })));
  expect(left.domain.equals(PacketMap.createSet({ source: [range('10.0.0.1')] }))).toBe(true);
});

test('it is a difference for neighbouring addresses', () => {
  const distance = PacketMap.create(createTranslation({ source: createMove(1n) }), {
    source: [range('10.0.0.0', '10.0.0.3')],
  });
  expect(
    findTranslationChanges(whole, distance).domain.equals(
      PacketMap.createSet({ source: [range('10.0.0.1', '10.0.0.3')] }),
    ),
  ).toBe(true);
});

test('the same holds for destinations, and ports count', () => {
  const [set80, moved80] = [
    createTranslation({ destination: createTarget(at('10.0.0.9')), port: 80 }),
    createTranslation({ destination: createMove(-1n), port: 80 }),
  ];
  const [a, b] = [set80, moved80].map((one) =>
    PacketMap.create(one, { destination: [range('10.0.0.10', '10.0.0.11')] }),
  );
  expect(findTranslationChanges(a!, b!).domain.equals(PacketMap.createSet({ destination: [range('10.0.0.11')] }))).toBe(
    true,
  );
  const c = PacketMap.create(createTranslation({ destination: createMove(-1n), port: 81 }), {
    destination: [range('10.0.0.10')],
  });
  expect(findTranslationChanges(a!, c).isEmpty).toBe(false);
});

test('a diff of exposures has no difference either', () => {
  const exposure = (translations: PacketMap<Translation>) => ({
    views: [
      {
        startLocation: { kind: 'interface', name: 'lan0' } as const,
        dispositions: translations.map(() => ALLOWED),
        translations,
      },
    ],
  });
  expect(compareReachability(exposure(whole), exposure(apart(gateway))).every(({ changed }) => changed.isEmpty)).toBe(
    true,
  );
});
