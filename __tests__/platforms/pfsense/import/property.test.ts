// Tests on random policies that the intent imported from a generated pfSense configuration exposes the same as the
// policy.

import { checkShares, fc } from '../../../randomly';
import { isHost } from '../../../../lib/net/address';
import { importGatewayConfig } from '../../../../lib/import/import-gateway';
import { pfsense } from '../../../../lib/platforms/pfsense';
import { GatewayPolicy } from '../../../../lib/policy/policy';
import { Refusal } from '../../../../lib/problems/problem';
import { gateways } from '../../../policy/random';

/** A policy as far as the platform goes: it reflects on every inner interface, and its addresses are single where it has them itself. */
const ofPlatform = (policy: GatewayPolicy): GatewayPolicy => ({
  ...policy,
  platform: 'pfsense',
  version: '2.7.2',
  mappings: policy.mappings.map((one) => ({
    ...one,
    reflection:
      one.reflection.mode === 'disabled'
        ? one.reflection
        : { mode: 'pure-nat', from: ['lan0', 'lan1'], globalHelper: true },
  })),
  virtualIps: policy.virtualIps.map((one) =>
    isHost(one.external) ? one : { ...one, kind: 'other', mask: one.external.length },
  ),
});

/** As if a person had written it: the writer's text without its tags. Undefined for wishes that it refuses. */
function byHand(policy: GatewayPolicy): string | undefined {
  try {
    return pfsense.generator
      .write(ofPlatform(policy))
      .text.replace(/<cpanel_edge>[\s\S]*?<\/cpanel_edge>/, '<cpanel_edge><captured/></cpanel_edge>')
      .replaceAll('cpanel-edge:random/', '');
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

it('what our writer wrote becomes an intent that exposes the same', () => {
  const seen = { tried: 0, written: 0, imported: 0 };
  fc.assert(
    fc.property(gateways, (policy) => {
      seen.tried += 1;
      const text = policy.mappings.length === 0 ? undefined : byHand(policy);
      if (text === undefined) return;
      const { draft, changes, refused, objections } = importGatewayConfig(text, {
        device: 'edge',
        owner: 'hosting',
        globalHelper: true,
      });
      seen.written += policy.mappings.length;
      seen.imported += draft.mappings.length;
      const { opened, closed, elsewhere, undecided } = changes;
      // Whom management is open to and a block below it keeps out: an opening of an intent stands before no such block, so a person decides.
      const others = refused.flatMap(({ what }) =>
        what.includes('would pass before a rule that keeps it out by name') ? [] : [what],
      );
      expect({ opened, closed, elsewhere, undecided, objections, refused: others }).toEqual({
        opened: [],
        closed: [],
        elsewhere: [],
        undecided: [],
        objections: [],
        refused: [],
      });
    }),
    { numRuns: 60 },
  );
  // Most of what it writes an intent can say: the rest opens to sources above a block of them.
  checkShares(seen.tried, () => {
    expect(seen.written).toBeGreaterThan(seen.tried / 4);
    expect(seen.imported / seen.written).toBeGreaterThan(0.4);
  });
});
