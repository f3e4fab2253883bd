// Tests that the configs generated of random policies are verified, on every version of pfSense.

import { checkShares, fc } from '../../randomly';
import { verifyPolicy } from '../../../lib/verifier/verify-policy';
import { askedOf, madeOf } from '../../policy/adapt-to-platform';
import { overlapping } from '../../policy/overlapping';
import { gateways } from '../../policy/random';

const VERSIONS = ['2.6.0', '2.7.2', '2.8.0', '2.9-dev'] as const;

it('verifies the configs of random policies, on every version', () => {
  fc.assert(
    fc.property(gateways, fc.constantFrom(...VERSIONS), (policy, version) => {
      const { made } = madeOf(() => verifyPolicy(askedOf(policy, 'pfsense', version)));
      expect((made?.differences ?? []).map(({ text }) => text)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('generates mappings that share addresses as required, or refuses them for that', () => {
  let [tried, written] = [0, 0];
  fc.assert(
    fc.property(overlapping, fc.constantFrom(...VERSIONS), fc.boolean(), (policy, version, alike) => {
      const [first] = policy.mappings;
      const mappings = policy.mappings.map((mapping) =>
        alike ? { ...mapping, inboundOnly: false, allowRules: first!.allowRules } : mapping,
      );
      const { made, refused } = madeOf(() => verifyPolicy(askedOf({ ...policy, mappings }, 'pfsense', version)));
      expect((made?.differences ?? []).map(({ text }) => text)).toEqual([]);
      tried += 1;
      if (made) written++;
      const sharing = [
        'two-inside-addresses',
        'two-outside-addresses',
        'openings-differ',
        'inbound-only-alone',
        'reflection-differs',
      ];
      expect(sharing.map((code) => `pfsense/${code}`)).toEqual(expect.arrayContaining([...new Set(refused)]));
    }),
    { numRuns: 150 },
  );
  checkShares(tried, () => expect(written).toBeGreaterThan(tried / 30));
});
