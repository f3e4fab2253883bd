// Tests on random firewall profiles of a server, for each platform, that the config generated of an intent, imported
// again, gives the same intent.

import { importServerConfig } from '../../../lib/import/server/import-server';
import { CpanelFirewallProfileIntent, ServerIntent } from '../../../lib/intent/intent';
import { ServerPolicyBuilder } from '../../../lib/intent/server-policy-builder';
import { FAMILY_RANGE, parseInterfaceAddress } from '../../../lib/net/address';
import { NetworkInterface } from '../../../lib/net/device';
import { PacketMap, PacketSet } from '../../../lib/net/packet-map';
import { toSingleRange } from '../../../lib/net/range';
import { AllowRule, ServerPolicy } from '../../../lib/policy/policy';
import { Refusal } from '../../../lib/problems/problem';
import { knownPlatforms, platforms } from '../../../lib/registry';
import { VERSIONS } from '../../support';
import { fc } from '../../randomly';
import { RANDOM_SECONDS } from '../../tier';
import { UNCHANGED } from './servers';

const INTERFACE = { name: 'eth0', addresses: ['198.51.100.50/24'] } as const;
const INTERFACES: readonly NetworkInterface[] = [
  { name: 'eth0', role: 'outside', addresses: [parseInterfaceAddress(INTERFACE.addresses[0])!], routes: [] },
];

const NETWORKS = ['192.0.2.0/25', '192.0.2.7', '203.0.113.0/28'] as const;
const from = fc.oneof(
  fc.constant('anywhere' as const),
  fc.uniqueArray(fc.constantFrom(...NETWORKS), { minLength: 1, maxLength: 2 }),
);
/** Few ports, without 22, since management has rules of its own. */
const services = fc.uniqueArray(
  fc.record({
    ports: fc.constantFrom('80', '443', '3306', '8080-8090'),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    from,
  }),
  { minLength: 1, maxLength: 4, selector: ({ ports, protocol }) => `${ports} ${protocol}` },
);
const outbound = fc.oneof(
  fc.constant('anywhere' as const),
  fc.constant([
    { ports: '443', protocol: 'tcp' as const },
    { ports: '53', protocol: 'udp' as const, to: ['203.0.113.0/28'] },
  ]),
);

const profiles: fc.Arbitrary<CpanelFirewallProfileIntent> = fc
  .record({
    name: fc.constant('web1'),
    services,
    management: fc.record({
      from: fc.constantFrom<string[]>(['198.18.0.0/24'], ['198.18.0.0/24', '198.18.9.9']),
      port: fc.constant(22),
    }),
    blocked: fc.constantFrom<readonly string[] | undefined>(undefined, ['100.64.0.0/24']),
    ping: fc.oneof(fc.constant('nobody' as const), from),
    outbound,
  })
  .map(({ blocked, ...profile }) => ({ ...profile, ...(blocked ? { blocked } : {}) }));

const compiled = (
  platform: string,
  server: Omit<ServerIntent, 'device'>,
  profile: CpanelFirewallProfileIntent,
): ServerPolicy => {
  const parts = new ServerPolicyBuilder('server web1', { device: 'web1', ...server }, knownPlatforms);
  parts.addProfile('profile web1', profile);
  const { policy, problems } = parts.build();
  expect({ platform, problems }).toEqual({ platform, problems: [] });
  return policy as ServerPolicy;
};

const common = (platform: string) => ({ owner: 'random', platform, version: VERSIONS[platform]! });
const packets = ({ protocol, ports, sources }: AllowRule): PacketSet =>
  PacketMap.createSet({
    protocol: [toSingleRange(protocol)],
    source: sources === 'anywhere' ? [FAMILY_RANGE.ip] : sources,
    ...(ports === 'all' ? {} : { port: ports }),
  });

function openOf({ allowRules: { entries, blocked } }: ServerPolicy): PacketSet {
  const all = (isManagement: boolean): PacketSet =>
    entries
      .filter(({ management }) => management === isManagement)
      .reduce((sum, one) => sum.unite(packets(one)), PacketMap.NONE);
  return all(true)
    .unite(blocked.length === 0 ? all(false) : all(false).subtract(PacketMap.createSet({ source: blocked })))
    .intersect(ASKED);
}
/** Packets that an intent of this suite can allow. Of ICMP only requests, since APF allows replies by itself. */
const ASKED = PacketMap.createSet({ family: 'ip', protocol: [6, 17].map(toSingleRange) }).unite(
  PacketMap.createSet({ family: 'ip', protocol: [toSingleRange(1)], port: [toSingleRange(8)] }),
);

const SERVERS = Object.values(platforms).flatMap(({ capabilities }) => (capabilities.server ? [capabilities.id] : []));

it.each(SERVERS)('an intent that is generated for %s is imported as the same intent', (platform) => {
  const { generator: writer, parser: reader } = platforms[platform as keyof typeof platforms];
  fc.assert(
    fc.property(profiles, (profile) => {
      const policy = compiled(
        platform,
        { ...common(platform), interfaces: [INTERFACE], trustedNetworks: 'none' },
        profile,
      );
      let text: string;
      try {
        ({ text } = writer.write(policy));
      } catch (error) {
        if (error instanceof Refusal) return;
        throw error;
      }
      const imported = importServerConfig((device) => reader.read(text, device).reachability, INTERFACES, {
        device: 'web1',
        sshPort: 22,
        ...common(platform),
      });
      const now = compiled(platform, imported.server, imported.profile);
      const [was, is] = [openOf(policy), openOf(now)];
      expect({
        changes: imported.changes,
        lost: was.subtract(is).isEmpty,
        added: is.subtract(was).isEmpty,
        outbound: now.outbound === 'anywhere',
      }).toEqual({ changes: UNCHANGED, lost: true, added: true, outbound: policy.outbound === 'anywhere' });
    }),
    {
      numRuns: 100_000,
      interruptAfterTimeLimit: (RANDOM_SECONDS * 1000) / SERVERS.length,
      markInterruptAsFailure: false,
    },
  );
});
