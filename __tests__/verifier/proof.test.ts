// Tests on random policies and all platforms that generated config is verified, and that its reachability is, packet by
// packet, what a naive model of the policy says.

import { fc } from '../randomly';
import { toLocationKey } from '../../lib/net/device';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { platforms } from '../../lib/registry';
import { askedOf, madeOf } from '../policy/adapt-to-platform';
import { leavesAs } from '../evaluator/translated-packet';
import { naively } from '../spec/naive-spec';
import { grid, policies, services } from '../policy/random';

describe.each(Object.entries(platforms))('%s', (platform, { capabilities }) => {
  const possible = policies
    .filter(({ kind }) => capabilities[kind] !== undefined)
    .map((policy) => askedOf(policy, platform))
    // Policies that the platform can't express are refused, which its own tests cover.
    .filter(
      (policy) =>
        madeOf(() => platforms[platform as keyof typeof platforms].generator.write(policy)).made !== undefined,
    );

  it('verifies the configs of random policies', () => {
    fc.assert(
      fc.property(possible, (policy) => {
        expect(verifyPolicy(policy).differences.map(({ text }) => text)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('the evaluation of the generated text agrees with the naive model, packet by packet', () => {
    fc.assert(
      fc.property(possible, services, (policy, asked) => {
        const { evaluated } = verifyPolicy(policy);
        for (const { startLocation, dispositions, translations } of evaluated.reachability.views) {
          for (const packet of grid(asked)) {
            const answer = naively(policy, startLocation, packet, capabilities.excess);
            if (answer.bound === 'may') continue;
            const becomes = dispositions.findValue(packet) && translations.findValue(packet);
            const leaves = becomes && leavesAs(packet, becomes);
            const wanted = answer.bound === 'must' ? (answer.leaves ?? packet) : undefined;
            // If the platform exceeds the policy, the translation is not compared.
            const unsaid = policy.kind === 'gateway' && answer.bound === 'must' && answer.leaves === undefined;
            const same =
              dispositions.findValue(packet)?.is === (wanted && 'allowed') &&
              (unsaid || (leaves?.source === wanted?.source && leaves?.destination === wanted?.destination));
            if (!same)
              expect({
                vantage: toLocationKey(startLocation),
                packet,
                verdict: dispositions.findValue(packet),
                leaves,
              }).toEqual({
                packet,
                wanted,
              });
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
