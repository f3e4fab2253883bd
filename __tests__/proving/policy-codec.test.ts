import * as fc from 'fast-check';
import { Address, networkOf, parseAddress, parsePrefix, prefixRange } from '../../lib/net/address';
import { decodePolicy, encodePolicy } from '../../lib/proving/policy-codec';
import { GatewayPolicy, Opening, Openings, Outbound, Policy, ServerPolicy } from '../../lib/policy/policy';
import { Refusal } from '../../lib/problems/problem';

const prefix = (text: string) => parsePrefix(text)!;
const address = (text: string) => parseAddress(text)!;

const web: Openings = {
  name: 'web',
  entries: [
    {
      protocol: 6,
      ports: [
        { first: 80, last: 80 },
        { first: 443, last: 443 },
      ],
      sources: 'anywhere',
      management: false,
      because: 'web',
    },
  ],
  blocked: [prefixRange(prefix('198.51.100.0/24'))],
};

const gateway: GatewayPolicy = {
  kind: 'gateway',
  device: 'edge',
  owner: 'team',
  platform: 'nftables',
  version: '1.0.6',
  whenClosed: 'cut',
  interfaces: [{ name: 'eth0', role: 'outside', addresses: [{ address: address('203.0.113.2'), length: 28 }], routes: [] }],
  virtualIps: [
    {
      name: 'v',
      interface: 'eth0',
      outside: prefix('203.0.113.10'),
      mask: 28,
      kind: 'carp',
      carp: { vhid: 1, advertiseSeconds: 1, skew: 0 },
      answers: { name: 'nothing', entries: [], blocked: [] },
    },
  ],
  mappings: [
    {
      name: 'web',
      description: 'the "web" server',
      interface: 'eth0',
      outside: prefix('203.0.113.10'),
      inside: prefix('10.0.0.10'),
      peers: 'anywhere',
      exclude: [{ inside: 'all', peers: [prefixRange(prefix('192.0.2.0/24'))] }],
      inboundOnly: false,
      enabled: true,
      openings: web,
      reflection: { mode: 'pure-nat', from: ['eth1'], globalHelper: false },
    },
  ],
};

test('the text is the one that people can read', () => {
  expect(JSON.parse(encodePolicy(gateway))).toEqual({
    format: 1,
    policy: {
      kind: 'gateway',
      device: 'edge',
      owner: 'team',
      platform: 'nftables',
      version: '1.0.6',
      interfaces: [{ name: 'eth0', role: 'outside', addresses: ['203.0.113.2/28'], routes: [] }],
      whenClosed: 'cut',
      virtualIps: [
        {
          name: 'v',
          interface: 'eth0',
          outside: '203.0.113.10',
          mask: 28,
          kind: 'carp',
          carp: { vhid: 1, advertiseSeconds: 1, skew: 0 },
          answers: 0,
        },
      ],
      mappings: [
        {
          name: 'web',
          description: 'the "web" server',
          interface: 'eth0',
          outside: '203.0.113.10',
          inside: '10.0.0.10',
          exclude: [{ inside: 'all', peers: ['192.0.2.0/24'] }],
          openings: 1,
          reflection: 0,
        },
      ],
    },
    openings: [
      { name: 'nothing', entries: [] },
      { name: 'web', entries: [{ protocol: 6, ports: ['80', '443'], sources: 'anywhere', because: 'web' }], blocked: ['198.51.100.0/24'] },
    ],
    reflections: [{ mode: 'pure-nat', from: ['eth1'] }],
  });
  expect(decodePolicy(encodePolicy(gateway))).toEqual(gateway);
});

test('ten thousand mappings of one profile encode it once and share it again', () => {
  const mappings = Array.from({ length: 10_000 }, (_, index) => ({
    ...gateway.mappings[0]!,
    name: `web-${index}`,
    exclude: [],
    description: '',
    outside: { first: (address('198.18.0.0') + BigInt(index)) as Address, length: 32 },
    inside: { first: (address('10.1.0.0') + BigInt(index)) as Address, length: 32 },
  }));
  const text = encodePolicy({ ...gateway, mappings });
  expect(text.match(/"blocked"/g)).toHaveLength(1);
  expect(text.length).toBeLessThan(1_300_000);
  const back = decodePolicy(text) as GatewayPolicy;
  expect(new Set(back.mappings.map(({ openings }) => openings)).size).toBe(1);
  expect(back.mappings).toEqual(mappings);
});

test('equal openings that are different objects make the same text', () => {
  const copy: Openings = { ...web, entries: [...web.entries] };
  const twice = (second: Openings): GatewayPolicy => ({
    ...gateway,
    mappings: [gateway.mappings[0]!, { ...gateway.mappings[0]!, name: 'other', openings: second }],
  });
  expect(encodePolicy(twice(copy))).toBe(encodePolicy(twice(web)));
});

const FIRST_V6 = 1n << 32n;
const anyAddress = fc.oneof(fc.bigInt(0n, FIRST_V6 - 1n), fc.bigInt(FIRST_V6, FIRST_V6 + (1n << 128n) - 1n)) as fc.Arbitrary<Address>;
const ranges = fc.array(
  fc.tuple(anyAddress, anyAddress).map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a })),
  { maxLength: 3 },
);
const whoever = fc.oneof(fc.constant('anywhere' as const), ranges);
const prefixes = fc.tuple(anyAddress, fc.nat(128)).map(([first, length]) => networkOf(first, first < FIRST_V6 ? length % 33 : length));
const numbers = fc.array(
  fc.tuple(fc.nat(65535), fc.nat(65535)).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) })),
  { maxLength: 3 },
);
const ports = fc.oneof(fc.constant('all' as const), numbers);
const word = fc.string({ unit: 'binary', maxLength: 8 });
const opening: fc.Arbitrary<Opening> = fc.record({
  protocol: fc.nat(255),
  ports,
  sources: whoever,
  management: fc.boolean(),
  because: word,
});
const openings: fc.Arbitrary<Openings> = fc.record({ name: word, entries: fc.array(opening, { maxLength: 3 }), blocked: ranges });
const outbound: fc.Arbitrary<Outbound> = fc.record({
  protocol: fc.nat(255),
  ports,
  sourcePorts: ports,
  destinations: whoever,
  because: word,
});
const reflection = fc.record({
  mode: fc.constantFrom('nat-proxy' as const, 'pure-nat' as const, 'disabled' as const, 'system-default' as const),
  from: fc.array(word, { maxLength: 2 }),
  globalHelper: fc.boolean(),
});
const common = {
  device: word,
  owner: word,
  platform: word,
  version: word,
  whenClosed: fc.constantFrom('cut' as const, 'finish' as const),
  interfaces: fc.array(
    fc.record({
      name: word,
      role: fc.constantFrom('outside' as const, 'inside' as const, 'dmz' as const, 'vpn' as const),
      addresses: fc.array(
        fc.tuple(anyAddress, fc.nat(32)).map(([one, length]) => ({ address: one, length })),
        { maxLength: 2 },
      ),
      routes: fc.array(prefixes, { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
};
const carp = fc.record({ vhid: fc.nat(255), advertiseSeconds: fc.nat(255), skew: fc.nat(255) });
const vip = fc
  .record({
    name: word,
    interface: word,
    outside: prefixes,
    mask: fc.nat(128),
    kind: fc.constantFrom('ip-alias' as const, 'carp' as const),
    answers: openings,
  })
  .chain((one) => fc.option(carp).map((own) => (own ? { ...one, carp: own } : one)));
const mapping = fc.record({
  name: word,
  description: word,
  interface: word,
  outside: prefixes,
  inside: prefixes,
  peers: whoever,
  exclude: fc.array(fc.record({ inside: fc.oneof(fc.constant('all' as const), ranges), peers: whoever }), { maxLength: 2 }),
  inboundOnly: fc.boolean(),
  enabled: fc.boolean(),
  openings,
  reflection,
});
const policies: fc.Arbitrary<Policy> = fc.oneof(
  fc.record({
    kind: fc.constant('gateway' as const),
    ...common,
    virtualIps: fc.array(vip, { maxLength: 2 }),
    mappings: fc.array(mapping, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('server' as const),
    ...common,
    localAddresses: fc.array(anyAddress, { maxLength: 3 }),
    inside: ranges,
    insideConnections: fc.constantFrom('unmanaged' as const, 'listed' as const),
    openings,
    outbound: fc.oneof(fc.constant('anywhere' as const), fc.array(outbound, { maxLength: 2 })),
    ownPublic: fc.array(fc.record({ public: anyAddress, local: anyAddress }), { maxLength: 2 }),
    onRetract: fc.constantFrom('keep closed' as const, 'as before' as const),
  }) as fc.Arbitrary<ServerPolicy>,
);

test('every policy comes back equal, and its text is the only one', () => {
  fc.assert(
    fc.property(policies, (policy) => {
      const text = encodePolicy(policy);
      expect(decodePolicy(text)).toEqual(policy);
      expect(encodePolicy(decodePolicy(text))).toBe(text);
    }),
    { numRuns: 150 },
  );
});

const good = encodePolicy(gateway);
const edited = (from: string | RegExp, to: string): string => {
  const text = good.replace(from, to);
  if (text === good) throw new Error(`${String(from)} is not in the text`);
  return text;
};

describe('odd text is refused', () => {
  const odd: readonly (readonly [name: string, text: string, where: string, what: string])[] = [
    ['not JSON', good.slice(0, -1), 'policy', 'it is not JSON'],
    ['empty', '', 'policy', 'it is not JSON'],
    ['null', 'null', 'policy', 'it is not an object'],
    ['a list', '[]', 'policy', 'it is not an object'],
    ['another format', edited('"format":1', '"format":2'), 'policy.format', 'its format is not 1'],
    ['more', edited('"format":1', '"format":1,"extra":1'), 'policy', 'it holds more than a policy'],
    ['another kind', edited('"kind":"gateway"', '"kind":"switch"'), 'policy.policy.kind', 'it is neither of a gateway nor of a server'],
    ['a server with mappings', edited('"kind":"gateway"', '"kind":"server"'), 'policy.policy', '"virtualIps" is not known'],
    ['unknown key', edited('"device"', '"__proto__":{},"device"'), 'policy.policy', '"__proto__" is not known'],
    ['missing key', edited('"owner":"team",', ''), 'policy.policy', '"owner" is missing'],
    ['wrong type', edited('"device":"edge"', '"device":7'), 'policy.policy.device', 'it is not a text'],
    ['host bits', edited('"203.0.113.10"', '"203.0.113.10/24"'), 'policy.policy.virtualIps[0].outside', 'it is not a prefix'],
    ['another spelling', edited('"203.0.113.10"', '"203.0.113.10/32"'), 'policy', 'it is not in the one form that is written'],
    ['white space', good.replace(',', ', '), 'policy', 'it is not in the one form that is written'],
    [
      'a port too high',
      edited('"443"', '"65536"'),
      'policy.openings[1].entries[0].ports[1]',
      'it is not a number or a range of numbers up to 65535',
    ],
    [
      'ports reversed',
      edited('"443"', '"443-80"'),
      'policy.openings[1].entries[0].ports[1]',
      'it is not a number or a range of numbers up to 65535',
    ],
    [
      'protocol 256',
      edited('"protocol":6', '"protocol":256'),
      'policy.openings[1].entries[0].protocol',
      'it is not a whole number from 0 to 255',
    ],
    [
      'a row that is not there',
      edited('"openings":1', '"openings":2'),
      'policy.policy.mappings[0].openings',
      'it is not the number of a row that exists',
    ],
    [
      'a row with a point',
      edited('"openings":1', '"openings":0.5'),
      'policy.policy.mappings[0].openings',
      'it is not the number of a row that exists',
    ],
    ['a row that nobody has', edited('"openings":1', '"openings":0'), 'policy', 'it is not in the one form that is written'],
    ['a word not known', edited('"sources":"anywhere"', '"sources":"any"'), 'policy.openings[1].entries[0].sources', 'it is not a list'],
    ['a usual value written', edited('"openings":1', '"enabled":true,"openings":1'), 'policy', 'it is not in the one form that is written'],
    [
      'range reversed',
      edited('"198.51.100.0/24"', '"198.51.100.9-198.51.100.1"'),
      'policy.openings[1].blocked[0]',
      'it is not a prefix or a range of addresses',
    ],
    [
      'rows that are no list',
      edited('"reflections":[{', '"reflections":{"x":[{').replace(/]}$/, ']}}'),
      'policy.reflections',
      'it is not a list',
    ],
  ];
  test.each(odd)('%s', (_, text, where, what) => {
    let problems: unknown;
    try {
      decodePolicy(text);
    } catch (error) {
      problems = error instanceof Refusal ? error.problems : error;
    }
    expect(problems).toEqual([
      {
        code: 'policy/odd-text',
        where,
        what: `This is not a policy that this version wrote: ${what}.`,
        instead: 'The text as a release carries it, unchanged, and the version of cpanel-edge that made the release.',
      },
    ]);
  });

  test('whatever is cut or changed is refused or the same', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 2 }), (place, put) => {
        const text = good.slice(0, place) + put + good.slice(place + put.length);
        try {
          expect(encodePolicy(decodePolicy(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 300 },
    );
  });
});
