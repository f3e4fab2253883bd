// Tests on random policies that the intent imported from a generated pfSense configuration exposes the same as the
// policy.

import { checkShares, fc } from '../../../randomly';
import { isHost } from '../../../../lib/net/address';
import { importGatewayConfig } from '../../../../lib/import/import-gateway';
import { pfsense } from '../../../../lib/platforms/pfsense';
import { GatewayPolicy } from '../../../../lib/policy/policy';
import { Refusal } from '../../../../lib/problems/problem';
import { gateways } from '../../../policy/random';

/**
 * The policy as far as pfSense supports it: reflection on every inner interface, and single addresses if the box has
 * them itself.
 */
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

/** The generated text as if a person had entered it, without tags. Undefined for policies that are refused. */
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

it('a generated configuration is imported as an intent with the same exposure', () => {
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
      // A person has to decide about management sources that a later block drops: an intent's allow rule doesn't stand
      // before such a block.
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
  // An intent can express most of it; the rest opens to sources above a block of them.
  checkShares(seen.tried, () => {
    expect(seen.written).toBeGreaterThan(seen.tried / 4);
    expect(seen.imported / seen.written).toBeGreaterThan(0.4);
  });
});
