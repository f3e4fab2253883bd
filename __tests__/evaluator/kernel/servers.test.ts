// Compares the spec of random server policies with a kernel that runs the generated text.

import { fc, seeded, times } from '../../randomly';
import { parsePrefix, toRange } from '../../../lib/net/address';
import { AllowRule, ServerPolicy } from '../../../lib/policy/policy';
import { withGateway } from './kernel-tests';
import { Probe } from './namespaces';
import { WAYS, expectAsMeant } from './load-generated';
import { at, port } from '../../devices';

const RUNS = times(10);
const SEED = seeded(7);

/** The gateway of the namespaces, which forwards nothing here. */
const OWN = ['198.51.100.2', '10.0.0.1', '2001:db8:1::2', '2001:db8:2::1'];
const PUBLIC = '203.0.113.99';
const PORTS = [22, 80, 443, 8080, 40_000, 1, 65_535];
const CLIENTS = [
  '192.0.2.5/32',
  '198.51.100.0/24',
  '10.0.0.0/24',
  '10.0.0.10/31',
  '0.0.0.0/1',
  '2001:db8:9::/48',
  '2001:db8:2::10/128',
  '2001:db8::/32',
].map((text) => toRange(parsePrefix(text)!));

const sources = fc.oneof(
  fc.constant('anywhere' as const),
  fc.uniqueArray(fc.constantFrom(...CLIENTS), { minLength: 1, maxLength: 3 }),
);
const ports: fc.Arbitrary<AllowRule['ports']> = fc.oneof(
  fc
    .uniqueArray(fc.constantFrom(...PORTS), { minLength: 1, maxLength: 3 })
    .map((some) => [...some].sort((a, b) => a - b).map((one) => ({ first: one, last: one }))),
  fc.constantFrom(...PORTS).map((one) => [{ first: Math.max(1, one - 400), last: Math.min(65_535, one + 400) }]),
);
const opening: fc.Arbitrary<AllowRule> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      protocol: fc.constantFrom(6, 6, 17),
      ports,
      sources,
      management: fc.boolean(),
      origin: fc.constant('x'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      protocol: fc.constant(1),
      ports: fc.constantFrom<AllowRule['ports']>([{ first: 8, last: 8 }], 'all', [{ first: 8, last: 13 }]),
      sources,
      management: fc.constant(false),
      origin: fc.constant('p'),
    }),
  },
);
const outbound = fc.oneof(
  fc.constant('anywhere' as const),
  fc.array(
    fc
      .record({
        protocol: fc.constantFrom(6, 17, 1),
        ports,
        sourcePorts: fc.constantFrom('all' as const, 'all' as const, [{ first: 20_000, last: 20_030 }]),
        destinations: sources,
        origin: fc.constant('test'),
      })
      .map((one) =>
        one.protocol === 1 ? { ...one, ports: [{ first: 8, last: 8 }], sourcePorts: 'all' as const } : one,
      ),
    { maxLength: 3 },
  ),
);
const policies: fc.Arbitrary<ServerPolicy> = fc
  .record({
    entries: fc.array(opening, { maxLength: 5 }),
    blocked: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...CLIENTS), { minLength: 1, maxLength: 2 }) },
    ),
    trustedNetworks: fc.constantFrom([], [CLIENTS[2]!], [CLIENTS[2]!, CLIENTS[6]!], [CLIENTS[1]!]),
    listed: fc.boolean(),
    outbound,
    hairpin: fc.boolean(),
    establishedSessions: fc.constantFrom('terminate' as const, 'keep' as const),
  })
  .map(({ entries, blocked, trustedNetworks, listed, outbound: sends, hairpin, establishedSessions }) => ({
    kind: 'server',
    device: 'web',
    owner: 'kernel',
    platform: 'nftables',
    version: '1.0.6',
    establishedSessions,
    interfaces: [
      port('wan0', 'outside', ['198.51.100.2/24', '2001:db8:1::2/64']),
      port('br0', 'inside', ['10.0.0.1/24', '2001:db8:2::1/64']),
    ],
    localAddresses: OWN.map(at),
    trustedNetworks,
    trustedConnections: listed ? 'listed' : 'unmanaged',
    allowRules: { name: 'web', entries, blocked },
    outbound: sends,
    ownPublic: hairpin ? [{ public: at(PUBLIC), local: at('198.51.100.2') }] : [],
    onRemove: 'keep closed',
  }));

const FROM = {
  out: ['198.51.100.7', '192.0.2.5', '2001:db8:1::7', '2001:db8:9::1'],
  in: ['10.0.0.10', '10.0.0.11', '2001:db8:2::10'],
  gw: OWN,
} as const;
const TO = {
  out: OWN,
  in: OWN,
  gw: [
    '198.51.100.7',
    '192.0.2.5',
    '10.0.0.10',
    '10.0.0.11',
    '2001:db8:1::7',
    '2001:db8:9::1',
    '2001:db8:2::10',
    PUBLIC,
  ],
} as const;
const is6 = (text: string): boolean => text.includes(':');
const probes: fc.Arbitrary<readonly Probe[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom<'out' | 'in' | 'gw'>('out', 'out', 'in', 'gw'),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(6, 6, 17, 1),
      fc.constantFrom(...PORTS, 399, 8480, 8481),
    ),
    { minLength: 100, maxLength: 100 },
  )
  .map((wishes) =>
    wishes.map(([place, from, to, asked, port], i) => {
      const destination = TO[place][to % TO[place].length]!;
      const own = FROM[place].filter((one) => is6(one) === is6(destination));
      const protocol = is6(destination) && asked === 1 ? 6 : asked;
      return {
        place,
        from: own[from % own.length]!,
        to: destination,
        protocol,
        port: protocol === 1 ? 8 : port,
        sourcePort: 20_000 + i,
        size: 100 + i,
      };
    }),
  );

withGateway('policies of servers in a kernel', (namespaces) => {
  beforeAll(() => {
    namespaces().run(['sysctl', '-qw', 'net.ipv4.ip_forward=0', 'net.ipv6.conf.all.forwarding=0']);
    namespaces().run(['ip', 'addr', 'del', '203.0.113.10/32', 'dev', 'lo']);
  });
  it.each(WAYS)(
    `the text generated for ${RUNS} policies, loaded by $name, treats packets as the naive model says`,
    (way) => expectAsMeant(namespaces(), way, fc.sample(fc.tuple(policies, probes), { numRuns: RUNS, seed: SEED }), 10),
    RUNS * 5_000,
  );
});
