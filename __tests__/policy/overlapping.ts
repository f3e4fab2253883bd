// Generates random gateway policies whose mappings overlap.

import { fc } from '../randomly';
import { Address, Prefix } from '../../lib/net/address';
import { Range } from '../../lib/net/range';
import { GatewayPolicy, Mapping } from '../../lib/policy/policy';
import { INTERFACES, SOURCES, gateways } from './random';
import { at, port } from '../devices';

const range = (first: string, last: string): Range => ({ first: at(first), last: at(last) });

const peers = fc.oneof(
  { weight: 2, arbitrary: fc.constant('anywhere' as const) },
  { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom(...SOURCES.slice(0, 4)), { minLength: 1, maxLength: 2 }) },
);
const insidePart = fc.oneof(
  fc.constant('all' as const),
  fc.constantFrom(
    [range('10.0.0.9', '10.0.0.10')],
    [range('10.0.0.8', '10.0.0.8'), range('10.0.0.12', '10.0.0.13')],
    [range('10.0.0.11', '10.0.0.200')],
  ),
);

const wish = fc.record({
  outside: fc.integer({ min: 8, max: 11 }),
  inside: fc.integer({ min: 8, max: 11 }),
  wide: fc.boolean(),
  peers,
  exclude: fc.array(fc.record({ internal: insidePart, peers }), { maxLength: 2 }),
  inboundOnly: fc.boolean(),
  second: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  profile: fc.integer({ min: 0, max: 2 }),
  mode: fc.constantFrom('pure-nat' as const, 'disabled' as const),
  from: fc.constantFrom(['lan0'], ['lan0', 'lan1'], ['lan1']),
});

const prefix = (base: string, host: number, wide: boolean): Prefix => ({
  first: (at(base) + BigInt(wide ? host & ~3 : host)) as Address,
  length: wide ? 30 : 32,
});

/**
 * Mappings that share addresses on either side, with restrictions and exclusions. A generator has to refuse many of
 * them.
 */
export const overlapping: fc.Arbitrary<GatewayPolicy> = fc
  .tuple(
    gateways.filter(({ mappings }) => mappings.length > 1),
    fc.array(wish, { minLength: 2, maxLength: 5 }),
  )
  .map(([base, wishes]) => {
    const profiles = [...new Set(base.mappings.map(({ allowRules }) => allowRules))];
    const mappings = wishes.map((one, n): Mapping => ({
      name: `m${n}`,
      description: '',
      interface: one.second ? 'wan1' : 'wan0',
      external: prefix('203.0.113.0', one.outside, one.wide),
      internal: prefix('10.0.0.0', one.inside, one.wide),
      peers: one.peers,
      exclude: one.exclude,
      inboundOnly: one.inboundOnly,
      enabled: true,
      allowRules: profiles[one.profile % profiles.length]!,
      reflection: { mode: one.mode, from: one.mode === 'disabled' ? [] : one.from, globalHelper: false },
    }));
    const second = port('wan1', 'outside', ['192.0.2.1/24']);
    return { ...base, mappings, virtualIps: [], interfaces: [...INTERFACES, second] };
  });
