// Generates random pf rules and packets, for the comparison with the naive model.

import { fc } from '../../randomly';
import { Address, parseAddress, parsePrefix } from '../../../lib/net/address';
import { Device } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { PfRules } from '../../../lib/parse/pf/model';
import { BOX, BinatWords, FilterWords, NatWords, RdrWords, binat, filter, nat, rdr, rulesOf } from './rules';
import { at, port } from '../../devices';

export interface FilterSpec {
  readonly action: 'pass' | 'block' | 'match';
  readonly words: FilterWords;
}

/** Rules as words, so that a second evaluator can evaluate them without sets. */
export interface RandomRules {
  readonly skipped: readonly string[];
  readonly rdr: readonly RdrWords[];
  readonly binat: readonly BinatWords[];
  readonly nat: readonly NatWords[];
  readonly filter: readonly FilterSpec[];
}

export const loaded = (rules: RandomRules): PfRules =>
  rulesOf({
    skipped: rules.skipped,
    rdr: rules.rdr.map(rdr),
    binat: rules.binat.map(binat),
    nat: rules.nat.map(nat),
    filter: rules.filter.map(({ action, words }) => filter(action, words)),
  });

/** Two outgoing interfaces. */
const TWO_WAYS: Device = {
  ...BOX,
  localAddresses: [at('203.0.113.10')],
  interfaces: [...BOX.interfaces.slice(0, 2), port('em2', 'outside', ['172.16.0.1/24'])],
};
const NO_WAY_OUT: Device = { ...BOX, interfaces: BOX.interfaces.map((one) => ({ ...one, role: 'inside' })) };
const NO_ROUTER: Device = { ...BOX, forwarding: false };

/** A network within another's. */
const NESTED: Device = {
  ...BOX,
  interfaces: BOX.interfaces.map((one) =>
    one.name === 'em2' ? { ...one, routes: [parsePrefix('10.0.0.10/31')!] } : one,
  ),
};

export const devices: fc.Arbitrary<Device> = fc.constantFrom(BOX, BOX, TWO_WAYS, NO_WAY_OUT, NO_ROUTER, NESTED);

// Eight hosts and twelve ports, so that rules collide.
const SOURCES = [
  '198.51.100.7',
  '198.51.100.0/24',
  '10.0.0.0/24',
  '10.0.0.11',
  '10.0.0.10/31',
  '10.0.1.20',
  '203.0.113.10',
  '203.0.113.2',
  '172.16.0.1',
];
const TARGETS = [
  '203.0.113.10',
  '203.0.113.10/31',
  '203.0.113.12',
  '203.0.113.0/24',
  '10.0.0.11',
  '10.0.0.10/31',
  '10.0.1.20',
  '198.51.100.7',
];
const V6 = ['2001:db8:2::10', '2001:db8:1::2', '2001:db8:9::1'];
const NAMES = ['em0', 'em1', 'em2', 'lo0'];

const rarely = <T>(arbitrary: fc.Arbitrary<T>, often = 4, seldom = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: often, arbitrary: fc.constant(undefined) }, { weight: seldom, arbitrary });
const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const ports = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 3 }))
  .map(([first, more]) => [{ first, last: first + more }]);
const on = fc.oneof(
  { weight: 5, arbitrary: pick(['em0', 'em0', 'em1', 'em2', 'lo0']) },
  { weight: 3, arbitrary: fc.constant('any' as const) },
  { weight: 1, arbitrary: fc.subarray(NAMES, { minLength: 1 }).map((is) => ({ is })) },
  { weight: 1, arbitrary: pick(NAMES).map((name) => ({ but: [name] })) },
);

/** Removes undefined fields, and possible members of a table if there is no table. */
const compact = <T extends object>(words: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(
    Object.entries({
      ...words,
      ...('from' in words && words.from === undefined ? { perhapsFrom: undefined } : {}),
      ...('to' in words && words.to === undefined ? { perhapsTo: undefined } : {}),
    }).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };

const doubt = rarely(fc.constant('nobody knows'), 11);
const shared = {
  on,
  from: rarely(pick(SOURCES), 1),
  to: rarely(pick(TARGETS), 1),
  notFrom: rarely(pick(SOURCES), 8),
  notTo: rarely(pick(TARGETS), 8),
  protocol: rarely(pick([[6], [17], [6, 17], [1]]), 3),
  sourcePort: rarely(pick([[{ first: 53, last: 53 }], [{ first: 1, last: 1024 }]]), 8),
  doubt,
  perhapsFrom: rarely(pick(SOURCES), 11),
  perhapsTo: rarely(pick(TARGETS), 14),
};

const oneFilter: fc.Arbitrary<FilterSpec> = fc
  .record({
    ...shared,
    family: rarely(pick(['ip', 'ip6'] as const), 4),
    from6: rarely(pick(V6), 9),
    to6: rarely(pick(V6), 9),
    port: rarely(ports, 1),
    way: pick(['in', 'in', 'out', 'both'] as const),
    quick: fc.boolean(),
    state: pick([true, true, true, true, false]),
    routedTo: rarely(pick(['em0', 'em2']), 12),
    flags: rarely(pick([[], [{ set: 2, mask: 23 }], [{ set: 1, mask: 1 }], [{ set: 16, mask: 18 }]]), 5),
    action: pick(['pass', 'pass', 'pass', 'block', 'block', 'match'] as const),
  })
  .map(({ action, from6, to6, ...words }) => {
    const six = (from6 ?? to6) ? { from: from6, to: to6, notFrom: undefined, notTo: undefined, family: undefined } : {};
    return {
      action,
      words: compact({ ...words, ...six, protocol: words.port ? portly(words.protocol) : words.protocol }),
    };
  });

/** Only rules on protocols with ports have ports. */
const portly = (protocol: readonly number[] | undefined): readonly number[] | undefined =>
  protocol?.every((one) => one !== 1) ? protocol : undefined;

const targetPort = pick([
  undefined,
  undefined,
  3,
  { is: 'shifted', from: 1, to: { first: 4, last: 7 } },
  { is: 'shifted', from: 1, to: { first: 1, last: 20 } },
] as const);

const oneRdr: fc.Arbitrary<RdrWords> = fc
  .record({
    ...shared,
    port: rarely(ports, 1),
    pass: pick([false, false, false, true]),
    targetPort,
    target: rarely(
      pick(['10.0.0.11', '10.0.0.11', '10.0.1.20', '10.0.0.10/31', '203.0.113.10', '127.0.0.1', '10.0.0.11/32']),
      1,
      5,
    ),
    among: rarely(pick([['10.0.0.10/31'], ['10.0.0.11', '10.0.1.20']]), 9),
  })
  .map(({ protocol, port, targetPort: wanted, ...words }) =>
    // A port is set if the rule tests ports.
    compact({
      ...words,
      ...(port ? { port, protocol: portly(protocol) ?? [6, 17], targetPort: wanted } : { protocol }),
      ...(words.among ? { target: undefined } : {}),
    }),
  )
  .map((words) =>
    words.target?.includes('/31') && words.to === undefined ? { ...words, to: '203.0.113.0/24' } : words,
  );

const oneBinat: fc.Arbitrary<BinatWords> = fc
  .record({
    on: pick(['em0', 'em0', 'em0', 'em1', 'lo0']),
    doubt,
    pass: pick([false, false, false, true]),
    pair: pick([
      { inside: '10.0.0.11/32', outside: '203.0.113.10/32' },
      { inside: '10.0.0.11/32', outside: '203.0.113.12/32' },

      { inside: '10.0.0.10/31', outside: '203.0.113.10/31' },
      { inside: '10.0.0.10/31', outside: '203.0.113.12/31' },
      { inside: '10.0.1.20/32', outside: '203.0.113.10/32' },
      { inside: '10.0.0.11/32' },
      { inside: '198.51.100.7/32' },
    ]),
    peer: rarely(pick(['198.51.100.0/24', '198.51.100.7', '203.0.113.10']), 3),
    perhapsPeer: rarely(pick(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.10']), 5),
    notPeer: rarely(pick(['198.51.100.0/24', '198.51.100.7']), 5),
    protocol: rarely(pick([[6], [17]]), 5),
  })
  .map(
    ({ pair, peer, notPeer, perhapsPeer, ...words }) =>
      ({
        ...pair,
        ...compact({
          ...words,
          peer,
          notPeer: peer ? undefined : notPeer,
          perhapsPeer: peer ? perhapsPeer : undefined,
        }),
      }) as BinatWords,
  );

const oneNat: fc.Arbitrary<NatWords> = fc
  .record({
    ...shared,
    port: rarely(ports, 4),
    pass: pick([false, false, false, true]),
    keep: fc.boolean(),
    target: rarely(pick(['203.0.113.2', '203.0.113.2', '203.0.113.10', '10.0.0.1', '203.0.113.12/31']), 1, 5),
    unclear: rarely(fc.constant('its address is not known'), 6),
  })
  .map(({ protocol, port, ...words }) => compact({ ...words, protocol: port ? portly(protocol) : protocol, port }))
  .map((words) =>
    words.target?.includes('/31') && words.from === undefined ? { ...words, from: '10.0.0.0/24' } : words,
  );

/**
 * The beginning of rulesets: packets that no rule matches pass without state, which alone would hide most other
 * outcomes.
 */
const BASES: readonly (readonly FilterSpec[])[] = [
  [],
  [{ action: 'pass', words: {} }],
  [{ action: 'pass', words: {} }],
  [{ action: 'block', words: {} }],
  [
    { action: 'block', words: {} },
    { action: 'pass', words: { direction: 'out' } },
  ],
  [
    { action: 'block', words: { direction: 'in' } },
    { action: 'pass', words: { direction: 'out' } },
  ],
];

export const randomRules: fc.Arbitrary<RandomRules> = fc.record({
  skipped: fc.oneof(
    { weight: 4, arbitrary: fc.constant(['lo0']) },
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(NAMES) },
  ),
  rdr: fc.array(oneRdr, { maxLength: 4 }),
  binat: fc.array(oneBinat, { maxLength: 4 }),
  nat: fc.array(oneNat, { maxLength: 4 }),
  filter: fc.tuple(pick(BASES), fc.array(oneFilter, { maxLength: 8 })).map(([base, more]) => [...base, ...more]),
});

const V4_HOSTS = [
  '198.51.100.7',
  '192.0.2.9',
  '203.0.113.2',
  '203.0.113.10',
  '203.0.113.12',
  '10.0.0.1',
  '10.0.0.11',
  '10.0.1.20',
  '172.16.0.1',
  '127.0.0.1',
  '0.0.0.0',
];
const V6_HOSTS = [...V6, '2001:db8:2::1', '::1', '::'];

export const packets: fc.Arbitrary<Packet> = fc
  .tuple(
    pick([V4_HOSTS, V4_HOSTS, V4_HOSTS, V6_HOSTS]),
    fc.nat(),
    fc.nat(),
    pick([6, 6, 17, 1, 47]),
    fc.integer({ min: 1, max: 12 }),
    pick([53, 40_000]),
  )
  .map(([pool, from, to, protocol, port, sourcePort]) => {
    const host = (index: number): Address => parseAddress(pool[index % pool.length]!)!;
    const bare = protocol === 47 || protocol === 1;
    return {
      source: host(from),
      destination: host(to),
      protocol,
      port: bare ? 0 : port,
      sourcePort: bare ? 0 : sourcePort,
    };
  });
