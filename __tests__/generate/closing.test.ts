// Tests on random policies the closing text that each platform on Linux loads in place of a damaged release: it opens
// nothing that the policy doesn't, keeps management of a server, and passes nothing to mapped hosts.

import { fc } from '../randomly';
import { generator } from '../../lib/platforms/nftables/generate/generator';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { buildSpec } from '../../lib/spec/build-spec';
import { toRange } from '../../lib/net/address';
import { contains } from '../../lib/net/range';
import { Platform } from '../../lib/platforms/platform';
import { Policy } from '../../lib/policy/policy';
import { findCounterexamples } from '../../lib/verifier/find-counterexamples';
import { isManagementLost, isNarrowingOnly } from '../../lib/verifier/narrowing';
import { deriveDevice, getPlatform, assumeForwarding } from '../../lib/verifier/verify-policy';
import { EvaluatedConfig } from '../../lib/parse/config-parser';
import { askedOf } from '../policy/adapt-to-platform';
import { gateways, grid, servers, services } from '../policy/random';
import { GATEWAYS, SERVERS } from './samples';
import { describeLoading, loaded } from './support';

// The text that a device loads in place of a broken release, parsed by the independent reader and loaded by a kernel.

const closing = (policy: Policy): string => generator.closing!(policy);

/** Returns the mistakes in a closing text. */
function wrongs(policy: Policy): readonly string[] {
  const on: Platform = getPlatform(policy);
  const written = on.generator.write(policy);
  const device = assumeForwarding(deriveDevice(policy, written));
  const [evaluated, withoutRelease] = [on.generator.closing!(policy), written.unmanagedConfig.text].map((text) =>
    on.parser.read(text, device),
  ) as [EvaluatedConfig, EvaluatedConfig];
  const spec = buildSpec(policy, getPlatform(policy).capabilities.excess);
  const counterexamples = findCounterexamples({
    spec,
    evaluated,
    comparison: { withRelease: evaluated, withoutRelease },
    device,
  });
  return counterexamples
    .filter((one) => !isNarrowingOnly(one, spec) || (policy.kind === 'server' && isManagementLost(one, spec, policy)))
    .map(({ kind, text }) => `${kind}: ${text}`);
}

it.each([
  ['nftables', 'gateway', gateways],
  ['nftables', 'server', servers],
  ['iptables', 'gateway', gateways],
  ['iptables', 'server', servers],
  ['firewalld', 'server', servers],
  ['csf', 'server', servers],
  ['apf', 'server', servers],
])(
  "on %s of any %s opens nothing beyond the policy, and keeps a server's management",
  (platform, _, policies: fc.Arbitrary<Policy>) => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(wrongs(askedOf(policy, platform))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  },
);

it('of a gateway passes nothing to a public address, nor to a host behind one', () => {
  fc.assert(
    fc.property(gateways, services, (policy, asked) => {
      const device = assumeForwarding(deriveDevice(policy, generator.write(policy)));
      const managed = policy.virtualIps.some(({ answers }) => answers.entries.some(({ management }) => management));
      const ours = [
        ...policy.mappings.flatMap(({ external, internal }) => [external, internal]),
        ...policy.virtualIps.map(({ external }) => external),
      ];
      for (const { startLocation, dispositions } of parser.read(closing(policy), device).reachability.views) {
        if (startLocation.kind !== 'interface' || startLocation.name !== 'wan0') continue;
        for (const packet of grid(asked)) {
          if (!managed && ours.some((prefix) => contains(toRange(prefix), packet.destination))) {
            expect({ packet, is: dispositions.findValue(packet)?.is ?? 'denied' }).toEqual({ packet, is: 'denied' });
          }
        }
      }
    }),
    { numRuns: 20 },
  );
});

describeLoading('in a kernel', () => {
  it.each(Object.entries({ ...GATEWAYS, ...SERVERS }))("%s: is loaded under the release's name", (_, policy) => {
    expect(loaded(closing(policy)).length).toBeGreaterThan(5);
    expect(closing(policy).split('\n')[0]).toBe(generator.write(policy).text.split('\n')[0]);
  });
});
