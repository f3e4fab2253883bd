// Generates random policies of gateways and servers over few hosts and ports.

import { fc } from '../randomly';
import { Address, Prefix, toHostPrefix, parsePrefix, toRange } from '../../lib/net/address';
import { NetworkInterface } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { Range, intersectRanges } from '../../lib/net/range';
import { GatewayPolicy, Mapping, AllowRule, AllowRules, Policy, ServerPolicy } from '../../lib/policy/policy';
import { at, port } from '../devices';

// Eight hosts, twelve ports and few sources, so that rules overlap.
const net = (text: string): Prefix => parsePrefix(text)!;
export const SOURCES: readonly Range[] = [
  '198.51.100.0/25',
  '198.51.100.64/26',
  '192.0.2.7',
  '10.0.0.0/24',
  '10.0.1.20',
].map((text) => toRange(net(text)));

const ports = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 2 }))
  .map(([first, more]) => ({ first, last: first + more }));
const sources = fc.oneof(
  fc.constant('anywhere' as const),
  fc.uniqueArray(fc.constantFrom(...SOURCES), { minLength: 1, maxLength: 2 }),
);
/** A service of TCP or UDP, or an ICMP echo. */
export const openingOf = (
  of: fc.Arbitrary<AllowRule['ports']>,
  from: fc.Arbitrary<AllowRule['sources']>,
): fc.Arbitrary<AllowRule> =>
  fc.oneof(
    fc.record({
      protocol: fc.constantFrom(6, 17),
      ports: of,
      sources: from,
      management: fc.boolean(),
      origin: fc.constant('test'),
    }),
    fc.record({
      protocol: fc.constant(1),
      ports: fc.constant([{ first: 8, last: 8 }]),
      sources: from,
      management: fc.constant(false),
      origin: fc.constant('ping'),
    }),
  );
const openings: fc.Arbitrary<AllowRules> = fc.record({
  name: fc.constantFrom('web', 'mail'),
  entries: fc.array(openingOf(fc.array(ports, { minLength: 1, maxLength: 2 }), sources), { maxLength: 3 }),
  blocked: fc.oneof(fc.constant([]), fc.uniqueArray(fc.constantFrom(...SOURCES), { minLength: 1, maxLength: 1 })),
});

export const INTERFACES: readonly NetworkInterface[] = [
  port('wan0', 'outside', ['203.0.113.1/24']),
  port('lan0', 'inside', ['10.0.0.1/24']),
  port('lan1', 'dmz', ['10.0.1.1/24']),
];
const SECOND: NetworkInterface = port('wan1', 'outside', ['192.0.2.1/24']);

const NONE: AllowRules = { name: 'nothing', entries: [], blocked: [] };
const host = (base: string, n: number): Prefix => toHostPrefix((at(base) + BigInt(n)) as Address);

const mapping = fc.record({
  outside: fc.integer({ min: 8, max: 15 }),
  inside: fc.integer({ min: 8, max: 15 }),
  subnet: fc.constantFrom(0, 1),
  wide: fc.boolean(),
  second: fc.boolean(),
  peers: fc.oneof(
    { weight: 3, arbitrary: fc.constant('anywhere' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...SOURCES.slice(0, 3)).map((range) => [range]) },
  ),
  exclude: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...SOURCES).map((range) => [{ internal: 'all' as const, peers: [range] }]),
    },
  ),
  enabled: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
  inboundOnly: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  profile: fc.integer({ min: 0, max: 1 }),
  mode: fc.constantFrom('pure-nat' as const, 'disabled' as const),
  from: fc.constantFrom(['lan0'], ['lan0', 'lan1']),
});

/** Mappings that an intent would allow: no overlap of public or private sides. */
export const gateways: fc.Arbitrary<GatewayPolicy> = fc
  .record({
    wishes: fc.array(mapping, { maxLength: 4 }),
    profiles: fc.tuple(openings, openings),
    kind: fc.constantFrom('ip-alias' as const, 'proxy-arp' as const, 'other' as const),
    spare: fc.boolean(),
    answers: openings,
    twoWays: fc.boolean(),
    establishedSessions: fc.constantFrom('terminate' as const, 'keep' as const),
  })
  .map(({ wishes, profiles, kind, spare, answers, twoWays, establishedSessions }) => {
    const mappings: Mapping[] = [];
    for (const [n, wish] of wishes.entries()) {
      const external = wish.wide
        ? { first: (at('203.0.113.0') + BigInt(wish.outside & ~3)) as Address, length: 30 }
        : host('203.0.113.0', wish.outside);
      const internal = wish.wide
        ? { first: (at(`10.0.${wish.subnet}.0`) + BigInt(wish.inside & ~3)) as Address, length: 30 }
        : host(`10.0.${wish.subnet}.0`, wish.inside);
      const clash = mappings.some(
        (other) =>
          intersectRanges(toRange(other.external), toRange(external)) ||
          intersectRanges(toRange(other.internal), toRange(internal)),
      );
      if (clash) continue;
      mappings.push({
        name: `m${n}`,
        description: '',
        interface: twoWays && wish.second ? 'wan1' : 'wan0',
        external,
        internal,
        peers: wish.peers,
        exclude: wish.exclude,
        inboundOnly: wish.inboundOnly,
        enabled: wish.enabled,
        allowRules: profiles[wish.profile]!,
        reflection: { mode: wish.mode, from: wish.mode === 'disabled' ? [] : wish.from, globalHelper: false },
      });
    }
    return {
      kind: 'gateway',
      device: 'edge',
      owner: 'random',
      platform: 'nftables',
      version: '1.0.6',
      interfaces: twoWays ? [...INTERFACES, SECOND] : INTERFACES,
      establishedSessions,
      mappings,
      virtualIps: [
        ...mappings.map((one) => ({
          name: `vip-${one.name}`,
          interface: one.interface,
          external: one.external,
          mask: 32,
          kind,
          answers: NONE,
        })),
        ...(spare
          ? [
              {
                name: 'spare',
                interface: 'wan0',
                external: host('203.0.113.0', 20),
                mask: 32,
                kind: 'ip-alias' as const,
                answers,
              },
            ]
          : []),
      ],
    } satisfies GatewayPolicy;
  });

const outbound = fc.oneof(
  fc.constant('anywhere' as const),
  fc.array(
    fc.record({
      protocol: fc.constantFrom(6, 17),
      ports: fc.array(ports, { minLength: 1, maxLength: 2 }),
      sourcePorts: fc.constantFrom('all' as const, [{ first: 4, last: 4 }]),
      destinations: fc.constantFrom('anywhere' as const, [SOURCES[0]!]),
      origin: fc.constant('test'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
);

export const servers: fc.Arbitrary<ServerPolicy> = fc
  .record({
    profile: openings,
    v6: fc.boolean(),
    trustedNetworks: fc.constantFrom([], [SOURCES[3]!]),
    listed: fc.boolean(),
    outbound,
    hairpin: fc.boolean(),
    establishedSessions: fc.constantFrom('terminate' as const, 'keep' as const),
  })
  .map(
    ({ profile, v6, trustedNetworks, listed, outbound: sends, hairpin, establishedSessions }) =>
      ({
        kind: 'server',
        device: 'web',
        owner: 'random',
        platform: 'nftables',
        version: '1.0.6',
        establishedSessions,
        interfaces: [
          {
            name: 'eth0',
            role: 'inside',
            addresses: [
              { address: at('10.0.0.10'), length: 24 },
              ...(v6 ? [{ address: at('2001:db8::10'), length: 64 }] : []),
            ],
            routes: [],
          },
        ],
        localAddresses: [at('10.0.0.10'), ...(v6 ? [at('2001:db8::10')] : [])],
        trustedNetworks,
        trustedConnections: listed ? 'listed' : 'unmanaged',
        allowRules: profile,
        outbound: sends,
        ownPublic: hairpin ? [{ public: at('203.0.113.10'), local: at('10.0.0.10') }] : [],
        onRemove: 'keep closed',
      }) satisfies ServerPolicy,
  );

const DESTINATIONS = [
  '203.0.113.1',
  ...Array.from({ length: 8 }, (_, n) => `203.0.113.${n + 8}`),
  '203.0.113.20',
  '10.0.0.10',
  '10.0.0.12',
  '10.0.0.1',
  '10.0.1.9',
  '198.51.100.5',
  '198.51.100.70',
  '192.0.2.7',
  '8.8.8.8',
].map(at);
const SENDERS = [
  '10.0.0.10',
  '10.0.0.12',
  '10.0.0.13',
  '10.0.1.9',
  '10.0.1.20',
  '198.51.100.5',
  '198.51.100.70',
  '192.0.2.7',
  '8.8.8.8',
].map(at);
const V6 = ['2001:db8::10', '2001:db8::11', 'fe80::1', '2600::5'].map(at);
const LOCAL = ['127.0.0.1', '10.0.0.10', '203.0.113.10'].map(at);

export interface Service {
  readonly protocol: number;
  readonly port: number;
  readonly sourcePort: number;
}

export const services: fc.Arbitrary<readonly Service[]> = fc.array(
  fc.record({
    protocol: fc.constantFrom(6, 6, 17, 1, 47),
    port: fc.integer({ min: 1, max: 14 }),
    sourcePort: fc.constantFrom(4, 1020, 40_000),
  }),
  { minLength: 4, maxLength: 4 },
);

/** Returns packets from every sender to every destination with each service, for the evaluation of a random policy. */
export const grid = (asked: readonly Service[]): readonly Packet[] =>
  asked.flatMap(({ protocol, port, sourcePort }) => {
    const send = (source: Address, destination: Address, number: number, to: number): Packet => ({
      source,
      destination,
      protocol: number,
      port: number === 47 ? 0 : to,
      sourcePort: number === 6 || number === 17 ? sourcePort : 0,
    });
    return [
      ...SENDERS.flatMap((source) =>
        DESTINATIONS.map((destination) => send(source, destination, protocol, protocol === 1 ? 8 : port)),
      ),
      ...LOCAL.flatMap((source) => LOCAL.map((destination) => send(source, destination, protocol, port))),
      ...V6.flatMap((source) =>
        V6.map((destination) =>
          send(source, destination, protocol === 1 ? 58 : protocol, protocol === 1 ? 122 + port : port),
        ),
      ),
    ];
  });

export const policies: fc.Arbitrary<Policy> = fc.oneof(
  { weight: 3, arbitrary: gateways },
  { weight: 1, arbitrary: servers },
);
