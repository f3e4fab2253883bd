import { fc } from '../randomly';
import { vantageKey } from '../../lib/net/device';
import { prove } from '../../lib/verifier/prove';
import { platforms } from '../../lib/registry';
import { askedOf, madeOf } from '../policy/asked';
import { leavesAs } from '../evaluator/leaves';
import { naively } from '../spec/naive-meaning';
import { grid, policies, services } from '../policy/random';

describe.each(Object.entries(platforms))('%s', (platform, { capabilities }) => {
  const possible = policies
    .filter(({ kind }) => capabilities[kind] !== undefined)
    .map((policy) => askedOf(policy, platform))
    // What it can't do is refused, and its own tests say why.
    .filter(
      (policy) => madeOf(() => platforms[platform as keyof typeof platforms].writer.write(policy)).made !== undefined,
    );

  it('what is written for any policy reads back within what it asks for', () => {
    fc.assert(
      fc.property(possible, (policy) => {
        expect(prove(policy).differences.map(({ text }) => text)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('what is read back is what the plain words say, packet by packet', () => {
    fc.assert(
      fc.property(possible, services, (policy, asked) => {
        const { reading } = prove(policy);
        for (const { vantage, verdicts, translations } of reading.exposure.views) {
          for (const packet of grid(asked)) {
            const answer = naively(policy, vantage, packet, capabilities.excess);
            if (answer.bound === 'may') continue;
            const becomes = verdicts.at(packet) && translations.at(packet);
            const leaves = becomes && leavesAs(packet, becomes);
            const wanted = answer.bound === 'must' ? (answer.leaves ?? packet) : undefined;
            // Where the platform exceeds, nothing is said of what it becomes.
            const unsaid = policy.kind === 'gateway' && answer.bound === 'must' && answer.leaves === undefined;
            const same =
              verdicts.at(packet)?.is === (wanted && 'allowed') &&
              (unsaid || (leaves?.source === wanted?.source && leaves?.destination === wanted?.destination));
            if (!same)
              expect({ vantage: vantageKey(vantage), packet, verdict: verdicts.at(packet), leaves }).toEqual({
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
