// Generates random policies of any shape, also senseless ones, for the codec.

import { fc } from '../randomly';
import { Address, getNetwork } from '../../lib/net/address';
import { AllowRule, AllowRules, OutboundRule, Policy, ServerPolicy } from '../../lib/policy/policy';

// Policies of any shape, also senseless ones.

const FIRST_V6 = 1n << 32n;
const anyAddress = fc.oneof(
  fc.bigInt(0n, FIRST_V6 - 1n),
  fc.bigInt(FIRST_V6, FIRST_V6 + (1n << 128n) - 1n),
) as fc.Arbitrary<Address>;
const ranges = fc.array(
  fc.tuple(anyAddress, anyAddress).map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a })),
  { maxLength: 3 },
);
const whoever = fc.oneof(fc.constant('anywhere' as const), ranges);
const prefixes = fc
  .tuple(anyAddress, fc.nat(128))
  .map(([first, length]) => getNetwork(first, first < FIRST_V6 ? length % 33 : length));
const numbers = fc.array(
  fc.tuple(fc.nat(65535), fc.nat(65535)).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) })),
  { maxLength: 3 },
);
const ports = fc.oneof(fc.constant('all' as const), numbers);
const word = fc.string({ unit: 'binary', maxLength: 8 });
const opening: fc.Arbitrary<AllowRule> = fc.record({
  protocol: fc.nat(255),
  ports,
  sources: whoever,
  management: fc.boolean(),
  origin: word,
});
const openings: fc.Arbitrary<AllowRules> = fc.record({
  name: word,
  entries: fc.array(opening, { maxLength: 3 }),
  blocked: ranges,
});
const outbound: fc.Arbitrary<OutboundRule> = fc.record({
  protocol: fc.nat(255),
  ports,
  sourcePorts: ports,
  destinations: whoever,
  origin: word,
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
  establishedSessions: fc.constantFrom('terminate' as const, 'keep' as const),
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
    external: prefixes,
    mask: fc.nat(128),
    kind: fc.constantFrom('ip-alias' as const, 'carp' as const),
    answers: openings,
  })
  .chain((one) => fc.option(carp).map((own) => (own ? { ...one, carp: own } : one)));
const mapping = fc.record({
  name: word,
  description: word,
  interface: word,
  external: prefixes,
  internal: prefixes,
  peers: whoever,
  exclude: fc.array(fc.record({ internal: fc.oneof(fc.constant('all' as const), ranges), peers: whoever }), {
    maxLength: 2,
  }),
  inboundOnly: fc.boolean(),
  enabled: fc.boolean(),
  allowRules: openings,
  reflection,
});
export const policies: fc.Arbitrary<Policy> = fc.oneof(
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
    trustedNetworks: ranges,
    trustedConnections: fc.constantFrom('unmanaged' as const, 'listed' as const),
    allowRules: openings,
    outbound: fc.oneof(fc.constant('anywhere' as const), fc.array(outbound, { maxLength: 2 })),
    ownPublic: fc.array(fc.record({ public: anyAddress, local: anyAddress }), { maxLength: 2 }),
    onRemove: fc.constantFrom('keep closed' as const, 'as before' as const),
  }) as fc.Arbitrary<ServerPolicy>,
);
