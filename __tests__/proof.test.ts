import * as fc from 'fast-check';
import { vantageKey } from '../lib/net/device';
import { Policy } from '../lib/policy/policy';
import { prove } from '../lib/proving/prove';
import { platforms } from '../lib/registry';
import { leavesAs } from './leaves';
import { naively } from './naive-meaning';
import { gateways, grid, servers, services } from './random-policies';

const policies: fc.Arbitrary<Policy> = fc.oneof({ weight: 3, arbitrary: gateways }, { weight: 1, arbitrary: servers });

describe.each(Object.keys(platforms))('%s', (platform) => {
  it('what is written for any policy reads back within what it asks for', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(prove({ ...policy, platform }).differences.map(({ text }) => text)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('what is read back is what the plain words say, packet by packet', () => {
    fc.assert(
      fc.property(policies, services, (policy, asked) => {
        const { reading } = prove({ ...policy, platform });
        for (const { vantage, verdicts, translations } of reading.exposure.views) {
          for (const packet of grid(asked)) {
            const answer = naively(policy, vantage, packet);
            if (answer.bound === 'may') continue;
            const becomes = verdicts.at(packet) && translations.at(packet);
            const leaves = becomes && leavesAs(packet, becomes);
            const wanted = answer.bound === 'must' ? (answer.leaves ?? packet) : undefined;
            const same =
              verdicts.at(packet)?.is === (wanted && 'allowed') &&
              leaves?.source === wanted?.source &&
              leaves?.destination === wanted?.destination;
            if (!same) expect({ vantage: vantageKey(vantage), packet, verdict: verdicts.at(packet), leaves }).toEqual({ packet, wanted });
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
