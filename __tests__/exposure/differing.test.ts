import { diffExposure } from '../../lib/reachability/diff';
import { differing } from '../../lib/reachability/differing';
import { ALLOWED, Translation, canonicalTranslations, moved, set, translation } from '../../lib/reachability/exposure';
import { PacketMap } from '../../lib/net/packet-map';
import { at } from '../devices';

const range = (first: string, last = first) => ({ first: at(first), last: at(last) });
const gateway = translation({ source: set(at('10.0.0.1')) });

/** One rule sets the source of a whole subnet. */
const whole = canonicalTranslations(PacketMap.of(gateway, { source: [range('10.0.0.0', '10.0.0.3')] }));
/** The same, told apart at one address, so that single addresses are left of it. */
const apart = (middle: Translation) =>
  canonicalTranslations(
    PacketMap.first([
      PacketMap.of(middle, { source: [range('10.0.0.1')] }),
      PacketMap.of(gateway, { source: [range('10.0.0.0', '10.0.0.3')] }),
    ]),
  );

test('one address set and one moved there are no difference', () => {
  expect(differing(whole, apart(gateway)).isEmpty).toBe(true);
  const left = differing(whole, apart(translation({ source: moved(7n) })));
  expect(left.domain.equals(PacketMap.set({ source: [range('10.0.0.1')] }))).toBe(true);
});

test('they are one for its neighbours', () => {
  const distance = PacketMap.of(translation({ source: moved(1n) }), { source: [range('10.0.0.0', '10.0.0.3')] });
  expect(differing(whole, distance).domain.equals(PacketMap.set({ source: [range('10.0.0.1', '10.0.0.3')] }))).toBe(
    true,
  );
});

test('destinations as well, and ports count', () => {
  const [set80, moved80] = [
    translation({ destination: set(at('10.0.0.9')), port: 80 }),
    translation({ destination: moved(-1n), port: 80 }),
  ];
  const [a, b] = [set80, moved80].map((one) => PacketMap.of(one, { destination: [range('10.0.0.10', '10.0.0.11')] }));
  expect(differing(a!, b!).domain.equals(PacketMap.set({ destination: [range('10.0.0.11')] }))).toBe(true);
  const c = PacketMap.of(translation({ destination: moved(-1n), port: 81 }), { destination: [range('10.0.0.10')] });
  expect(differing(a!, c).isEmpty).toBe(false);
});

test('a diff of exposures says nothing of it either', () => {
  const exposure = (translations: PacketMap<Translation>) => ({
    views: [
      {
        vantage: { kind: 'interface', name: 'lan0' } as const,
        verdicts: translations.map(() => ALLOWED),
        translations,
      },
    ],
  });
  expect(diffExposure(exposure(whole), exposure(apart(gateway))).every(({ changed }) => changed.isEmpty)).toBe(true);
});
