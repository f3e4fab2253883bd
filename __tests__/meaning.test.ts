import * as fc from 'fast-check';
import { meaningOf } from '../lib/meaning/meaning';
import { vantagesOf } from '../lib/net/device';
import { Policy } from '../lib/policy/policy';
import { leavesAs } from './leaves';
import { naively } from './naive-meaning';
import { gateways, packets, servers } from './random-policies';

const policies: fc.Arbitrary<Policy> = fc.oneof(gateways, servers);

it('the bounds say what the plain words say, at every vantage', () => {
  fc.assert(
    fc.property(policies, fc.array(packets, { minLength: 10, maxLength: 10 }), (policy, list) => {
      const expected = meaningOf(policy);
      expect(expected.views.map(({ vantage }) => vantage)).toEqual(vantagesOf(policy));
      for (const { vantage, bounds, translations } of expected.views) {
        for (const packet of list) {
          const answer = naively(policy, vantage, packet);
          expect([vantage, packet, bounds.at(packet) ?? 'no']).toEqual([vantage, packet, answer.bound]);
          if (answer.bound === 'no') continue;
          const becomes = translations.at(packet);
          const leaves = becomes && leavesAs(packet, becomes);
          expect([vantage, packet, leaves?.source, leaves?.destination]).toEqual([
            vantage,
            packet,
            answer.leaves?.source,
            answer.leaves?.destination,
          ]);
        }
      }
    }),
    { numRuns: 400 },
  );
});
