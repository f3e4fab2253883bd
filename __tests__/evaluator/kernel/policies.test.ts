// Compares the spec of random gateway policies with a kernel that runs the generated text.

import { fc, seeded, times } from '../../randomly';
import { toHostPrefix, parsePrefix, toRange } from '../../../lib/net/address';
import { GatewayPolicy, Mapping, AllowRules } from '../../../lib/policy/policy';
import { withGateway } from './kernel-tests';
import { Probe } from './namespaces';
import { WAYS, expectAsMeant } from './load-generated';
import { openingOf } from '../../policy/random';
import { at, port } from '../../devices';

const RUNS = times(25);
const SEED = seeded(7);

const PUBLIC = ['203.0.113.10', '203.0.113.11'];
const INSIDE = ['10.0.0.10', '10.0.0.11'];
const PORTS = [22, 80, 443, 8080];
const CLIENTS = ['192.0.2.5/32', '198.51.100.0/24', '10.0.0.0/24'].map((text) => toRange(parsePrefix(text)!));

const sources = fc.constantFrom('anywhere' as const, ...CLIENTS.map((range) => [range]));
const openings: fc.Arbitrary<AllowRules> = fc.record({
  name: fc.constantFrom('web', 'mail'),
  entries: fc.array(
    openingOf(
      fc.constantFrom(...PORTS).map((one) => [{ first: one, last: one }]),
      sources,
    ),
    { maxLength: 4 },
  ),
  blocked: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constantFrom(...CLIENTS).map((range) => [range]) },
  ),
});

const wish = fc.record({
  openings,
  enabled: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
  inboundOnly: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  hairpin: fc.boolean(),
  peers: fc.oneof(
    { weight: 3, arbitrary: fc.constant('anywhere' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...CLIENTS).map((range) => [range]) },
  ),
  exclude: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...CLIENTS).map((range) => [{ internal: 'all' as const, peers: [range] }]),
    },
  ),
});

/** Two public addresses of the gateway in the namespaces, mapped to the two hosts behind it, in either order. */
const policies: fc.Arbitrary<GatewayPolicy> = fc
  .record({
    wishes: fc.tuple(wish, wish),
    crossed: fc.boolean(),
    both: fc.boolean(),
    answers: openings,
    establishedSessions: fc.constantFrom('terminate' as const, 'keep' as const),
  })
  .map(
    ({ wishes, crossed, both, answers, establishedSessions }) =>
      ({
        kind: 'gateway',
        device: 'gw',
        owner: 'kernel',
        platform: 'nftables',
        version: '1.0.6',
        establishedSessions,
        interfaces: [port('wan0', 'outside', ['198.51.100.2/24']), port('br0', 'inside', ['10.0.0.1/24'])],
        virtualIps: [
          { name: 'a', interface: 'wan0', external: toHostPrefix(at(PUBLIC[0]!)), mask: 32, kind: 'ip-alias', answers },
          {
            name: 'b',
            interface: 'wan0',
            external: toHostPrefix(at(PUBLIC[1]!)),
            mask: 32,
            kind: 'other',
            answers: { name: 'nothing', entries: [], blocked: [] },
          },
        ],
        mappings: wishes.slice(0, both ? 2 : 1).map((one, i): Mapping => ({
          name: `m${i}`,
          description: '',
          interface: 'wan0',
          external: toHostPrefix(at(PUBLIC[i]!)),
          internal: toHostPrefix(at(INSIDE[crossed ? 1 - i : i]!)),
          peers: one.peers,
          exclude: one.exclude,
          inboundOnly: one.inboundOnly,
          enabled: one.enabled,
          allowRules: one.openings,
          reflection: {
            mode: one.hairpin ? 'pure-nat' : 'disabled',
            from: one.hairpin ? ['br0'] : [],
            globalHelper: false,
          },
        })),
      }) satisfies GatewayPolicy,
  );

const FROM: Readonly<Record<'out' | 'in', readonly string[]>> = { out: ['198.51.100.7', '192.0.2.5'], in: INSIDE };
const TO: Readonly<Record<'out' | 'in', readonly string[]>> = {
  out: [...PUBLIC, ...PUBLIC, ...INSIDE],
  in: [...PUBLIC, ...PUBLIC, '192.0.2.5', '198.51.100.7'],
};
const probes: fc.Arbitrary<readonly Probe[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom<'out' | 'in'>('out', 'out', 'in'),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(6, 6, 17, 1),
      fc.constantFrom(...PORTS),
    ),
    { minLength: 60, maxLength: 60 },
  )
  .map((wishes) =>
    wishes.map(([place, from, to, protocol, port], i) => ({
      place,
      from: FROM[place][from % FROM[place].length]!,
      to: TO[place][to % TO[place].length]!,
      protocol,
      // For ICMP the type: an echo request.
      port: protocol === 1 ? 8 : port,
      sourcePort: 20_000 + i,
      size: 100 + i,
    })),
  );

withGateway('policies in a kernel', (namespaces) => {
  it.each(WAYS)(
    `the text generated for ${RUNS} policies, loaded by $name, treats packets as the naive model says`,
    (way) => expectAsMeant(namespaces(), way, fc.sample(fc.tuple(policies, probes), { numRuns: RUNS, seed: SEED }), 3),
    RUNS * 5_000,
  );
});
