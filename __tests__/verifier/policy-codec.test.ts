// Tests, on sample and random policies, that encoding a policy as text and decoding it gives an equal policy, that
// each policy has one text, and that shared parts are encoded once.

import { fc } from '../randomly';
import { Address } from '../../lib/net/address';
import { decodePolicy, encodePolicy } from '../../lib/verifier/policy-codec';
import { GatewayPolicy, AllowRules } from '../../lib/policy/policy';
import { policies } from './any-policies';
import { gateway, web } from './codec-policies';
import { address } from '../generate/support';

test('the text is readable for people', () => {
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
      {
        name: 'web',
        entries: [{ protocol: 6, ports: ['80', '443'], sources: 'anywhere', because: 'web' }],
        blocked: ['198.51.100.0/24'],
      },
    ],
    reflections: [{ mode: 'pure-nat', from: ['eth1'] }],
  });
  expect(decodePolicy(encodePolicy(gateway))).toEqual(gateway);
});

test('ten thousand mappings of one profile encode it once and share it after decoding', () => {
  const mappings = Array.from({ length: 10_000 }, (_, index) => ({
    ...gateway.mappings[0]!,
    name: `web-${index}`,
    exclude: [],
    description: '',
    external: { first: (address('198.18.0.0') + BigInt(index)) as Address, length: 32 },
    internal: { first: (address('10.1.0.0') + BigInt(index)) as Address, length: 32 },
  }));
  const text = encodePolicy({ ...gateway, mappings });
  expect(text.match(/"blocked"/g)).toHaveLength(1);
  expect(text.length).toBeLessThan(1_300_000);
  const back = decodePolicy(text) as GatewayPolicy;
  expect(new Set(back.mappings.map(({ allowRules }) => allowRules)).size).toBe(1);
  expect(back.mappings).toEqual(mappings);
});

test('equal allow rules in different objects give the same text', () => {
  const copy: AllowRules = { ...web, entries: [...web.entries] };
  const twice = (second: AllowRules): GatewayPolicy => ({
    ...gateway,
    mappings: [gateway.mappings[0]!, { ...gateway.mappings[0]!, name: 'other', allowRules: second }],
  });
  expect(encodePolicy(twice(copy))).toBe(encodePolicy(twice(web)));
});

test('every policy is decoded to an equal one, and has one text', () => {
  fc.assert(
    fc.property(policies, (policy) => {
      const text = encodePolicy(policy);
      expect(decodePolicy(text)).toEqual(policy);
      expect(encodePolicy(decodePolicy(text))).toBe(text);
    }),
    { numRuns: 150 },
  );
});
