// Tests on random policies that the spec requires and permits, packet by packet, exactly what a naive model of the
// policy says.

import { fc } from '../randomly';
import { buildSpec } from '../../lib/spec/build-spec';
import { listStartLocations } from '../../lib/net/device';
import { Excess, NO_EXCESS } from '../../lib/policy/platform-excess';
import { leavesAs } from '../evaluator/translated-packet';
import { naively } from './naive-spec';
import { grid, policies, services } from '../policy/random';

/** Packets that a platform may pass in addition, and none of them. */
const EXCESSES: readonly (readonly [string, Excess])[] = [
  ['no excess', NO_EXCESS],
  [
    'every excess',
    {
      directToInside: true,
      reflectsAllPorts: true,
      reflectsBySource: true,
      unseen: [],
      reflectedSourcePorts: 'free',
      sessionsPass: true,
      icmpPasses: true,
      cutsBlocked: true,
      ipv6Passes: true,
      replyProtocols: [6, 17],
      outboundProtocols: [1, 6, 17, 58],
    },
  ],
  ['IPv6, and answers to pings', { ...NO_EXCESS, sessionsPass: true, ipv6Passes: true, replyProtocols: [6, 17] }],
];

it.each(EXCESSES)('the bounds agree with the naive model, at every start location: %s', (_, excess) => {
  fc.assert(
    fc.property(policies, services, (policy, asked) => {
      const packets = grid(asked);
      const expected = buildSpec(policy, excess);
      expect(expected.views.map(({ startLocation }) => startLocation)).toEqual(listStartLocations(policy));
      for (const { startLocation, bounds, translations } of expected.views) {
        for (const packet of packets) {
          const answer = naively(policy, startLocation, packet, excess);
          const becomes = translations.findValue(packet);
          const leaves = becomes && leavesAs(packet, becomes);
          const said = {
            bound: bounds.findValue(packet) ?? 'no',
            source: leaves?.source,
            destination: leaves?.destination,
          };
          const wanted = {
            bound: answer.bound,
            source: answer.leaves?.source,
            destination: answer.leaves?.destination,
          };
          const same =
            said.bound === wanted.bound &&
            (said.bound === 'no' || (said.source === wanted.source && said.destination === wanted.destination));
          if (!same)
            expect({ vantage: startLocation, packet, ...said }).toEqual({ vantage: startLocation, packet, ...wanted });
        }
      }
    }),
    { numRuns: 120 },
  );
});
