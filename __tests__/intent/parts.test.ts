// Tests the policy builders: parts in any order give the same policy, problems of many parts come together, versions
// of platforms are checked, and hostile values never throw anything but a Refusal.

import { fc } from '../randomly';
import { Prefix, getNetwork, parseAddress, toRange, printPrefix } from '../../lib/net/address';
import { intersectRanges } from '../../lib/net/range';
import { compileIntent } from './compile-intent';
import { KnownPlatform } from '../../lib/intent/device-fields';
import { GatewayPolicyBuilder } from '../../lib/intent/gateway-policy-builder';
import { PrefixIndex } from '../../lib/intent/prefix-index';
import { compileProfile } from '../../lib/intent/profile';
import { ServerPolicyBuilder } from '../../lib/intent/server-policy-builder';
import { printProblem } from '../../lib/problems/problem';
import { VirtualIp } from '../../lib/policy/policy';
import { knownPlatforms, platforms } from '../../lib/registry';
import { getDefaultVirtualIpKind } from '../../lib/generate/capabilities';
import { Loose, PLATFORMS, edge } from './samples';

test("collects problems of many parts, each with its source line, a shared profile's once", () => {
  const { gateway: intent, mappings, servers } = edge();
  const gateway = new GatewayPolicyBuilder(
    'Gateway "edge" (stacks/production.ts:10)',
    { ...intent!, version: 'new' },
    PLATFORMS,
  );
  const profile = { ...servers![0]!.profile!, services: ['webb'] };
  compileProfile('CpanelFirewallProfile "web" (stacks/production.ts:20)', profile);
  const parts = ['web-1', 'web-2'].map((device, index) => {
    const one = new ServerPolicyBuilder(
      `CpanelServer "${device}"`,
      { ...servers![0]!.server, device, addresses: [`10.0.0.1${index}`] },
      PLATFORMS,
    );
    one.addProfile(`CpanelServer "${device}"`, profile);
    gateway.addServer(`CpanelServer "${device}"`, one);
    return one;
  });
  gateway.addOneToOneNat('OneToOneNat "web" (stacks/production.ts:41)', mappings![0]!);
  gateway.addOneToOneNat('OneToOneNat "two" (stacks/production.ts:42)', {
    name: 'two',
    external: '198.51.100.20',
    internal: { server: 'web-2' },
  });
  const finished = gateway.build();
  expect(finished.policy).toBeUndefined();
  expect(finished.problems.map(({ code, where }) => `${code} at ${where}`)).toEqual([
    'intent/bad-version at Gateway "edge" (stacks/production.ts:10) version',
    'intent/unknown-virtual-ip at OneToOneNat "web" (stacks/production.ts:41) virtualIp',
    'intent/unknown-service at CpanelFirewallProfile "web" (stacks/production.ts:20) services[0]',
  ]);
  const [first, second] = parts.map((one) => one.build().problems);
  expect(first![0]).toBe(finished.problems[2]);
  expect(second![0]).toBe(finished.problems[2]);
});

test('accepts a part after a first build', () => {
  const { gateway: intent, virtualIps } = edge();
  const gateway = new GatewayPolicyBuilder('g', intent!, PLATFORMS);
  expect(gateway.build().policy!.virtualIps).toEqual([]);
  gateway.addVirtualIp('v', virtualIps![0]!);
  expect(gateway.build().policy!.virtualIps).toHaveLength(1);
});

test("puts a virtual IP without interface and kind on the only outside interface, with the platform's only kind or an alias", () => {
  const kindOn = (platforms: readonly KnownPlatform[]): unknown => {
    const gateway = new GatewayPolicyBuilder('g', edge().gateway!, platforms);
    gateway.addVirtualIp('v', { name: 'web', address: '203.0.113.10' });
    const { policy, problems } = gateway.build();
    expect(problems).toEqual([]);
    return policy!.virtualIps.map(({ interface: on, kind, mask }) => [on, kind, mask]);
  };
  expect(kindOn(PLATFORMS)).toEqual([['eth0', 'ip-alias', 28]]);
  expect(kindOn([{ id: 'nftables', roles: ['gateway'], virtualIp: 'proxy-arp' }])).toEqual([['eth0', 'proxy-arp', 32]]);
});

test.each<[VirtualIp['kind'][], VirtualIp['kind']]>([
  [['proxy-arp'], 'proxy-arp'],
  [['other', 'ip-alias', 'carp'], 'ip-alias'],
])("chooses from a platform's kinds %j the kind %s", (has, kind) => {
  const no = { what: '', instead: '' };
  const all = {
    'ip-alias': no,
    carp: no,
    'proxy-arp': no,
    other: no,
    ...Object.fromEntries(has.map((one) => [one, true])),
  };
  const { capabilities } = platforms.nftables;
  expect(getDefaultVirtualIpKind({ ...capabilities, gateway: { ...capabilities.gateway!, virtualIps: all } })).toBe(
    kind,
  );
});

test("isn't affected by later changes of the input", () => {
  const wish: Loose = edge();
  const gateway = new GatewayPolicyBuilder('g', wish.gateway, PLATFORMS);
  gateway.addVirtualIp('v', wish.virtualIps[0]);
  const open = [{ service: 'https', from: ['192.0.2.0/24'] }];
  gateway.addOneToOneNat('m', { name: 'web', virtualIp: 'web', internal: '10.0.0.20', open });
  const before = JSON.stringify(gateway.build().policy, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}` : part,
  );
  open[0]!.from = ['198.51.100.0/24'];
  open.push({ service: 'http', from: ['198.51.100.0/24'] });
  const after = JSON.stringify(gateway.build().policy, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}` : part,
  );
  expect(after).toBe(before);
});

test('passes on health checks and the owner token with their defaults', () => {
  const wish: Loose = edge();
  const { healthChecks, adopt } = new GatewayPolicyBuilder(
    'g',
    {
      ...wish.gateway,
      adopt: 'c0ffee00-0000-4000-8000-000000000000',
      healthChecks: [{ from: '192.0.2.7', to: '203.0.113.10', port: 443 }],
    },
    PLATFORMS,
  ).build();
  expect(healthChecks).toEqual([
    { arrives: 'eth0', from: '192.0.2.7', to: '203.0.113.10', protocol: 'tcp', port: 443 },
  ]);
  expect(adopt).toBe('c0ffee00-0000-4000-8000-000000000000');
});

/** Paths to every field and entry of an intent. */
function paths(value: Loose, at: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const below = Object.keys(value).flatMap((key) =>
    paths(value[key], [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? below : [at, ...below];
}

const whole = (): Loose => {
  const wish: Loose = edge();
  wish.gateway.healthChecks = [
    { interface: 'eth0', from: '192.0.2.7', to: '203.0.113.10', protocol: 'tcp', port: 443 },
  ];
  wish.virtualIps.push({
    name: 'c',
    interface: 'eth0',
    address: '203.0.113.11',
    mask: 28,
    kind: 'carp',
    carp: { vhid: 1, skew: 2 },
  });
  wish.virtualIps[0].answers = [{ protocol: 'icmp', types: [8], from: 'anywhere' }];
  Object.assign(wish.servers[0].profile, {
    extra: [{ ports: [1, '2-3'], protocol: 'tcp', from: ['192.0.2.0/24'], reason: 'x' }],
    outbound: ['dns', { service: 'https', to: ['192.0.2.0/24'] }, { ports: 2, protocol: 'udp', sourcePorts: [4] }],
    ping: 'anywhere',
    blocked: ['198.51.100.0/24'],
    cpanelVersion: '112',
  });
  wish.mappings.push({
    name: 'n',
    external: '198.51.100.16/29',
    internal: '10.0.2.0/29',
    exclude: [{ internal: '10.0.2.1', peer: '192.0.2.0/24' }],
  });
  wish.mappings[0].reflection = { mode: 'pure-nat', from: ['eth1'], onServer: true };
  wish.reflections = [{ mode: 'disabled' }];
  return wish;
};

test('gives problems or policies for any value in any place, and never throws', () => {
  expect(compileIntent(whole(), PLATFORMS).problems).toEqual([]);
  const places = paths(whole()).filter(([part, ...rest]) => (part === 'gateway' ? rest.length >= 0 : rest.length > 0));
  const odd = fc.oneof(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '__proto__',
      'anywhere',
      '${x}',
      -1e299,
      NaN,
      2 ** 53,
      [],
      {},
      [[]],
      '0.0.0.0/0',
      '::',
      () => 1,
      Symbol('s'),
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...places), odd, (path, value) => {
      if (path.length === 1 && value === undefined) return;
      const wish = whole();
      const last = path.at(-1)!;
      path.slice(0, -1).reduce((part: Loose, key) => part[key], wish)[last] = value;
      // The caller makes the lists of parts; their content is tested.
      if (path.length === 2 && path[0] === 'servers' && (typeof value !== 'object' || value === null)) return;
      const { problems, gateway, servers } = compileIntent(wish, PLATFORMS);
      expect(problems.length > 0 || (gateway !== undefined && servers.length === 1)).toBe(true);
      for (const problem of problems) {
        expect(problem.code).toMatch(/^intent\/[a-z0-9-]+$/);
        expect(printProblem(problem).replace('\n  instead: ', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
    }),
    { numRuns: 1000 },
  );
});

test('the prefix index finds the same as a plain loop, in any order of adding and asking', () => {
  const base = parseAddress('10.0.0.0')!;
  const small = fc
    .tuple(fc.nat(31), fc.integer({ min: 27, max: 32 }))
    .map(([host, length]) => getNetwork((base + BigInt(host)) as typeof base, length));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), small), { maxLength: 30 }), (steps) => {
      const index = new PrefixIndex<Prefix>();
      const all: Prefix[] = [];
      for (const [add, prefix] of steps) {
        const found = index.findOverlapping(prefix).map(printPrefix).sort();
        expect(found).toEqual(
          all
            .filter((one) => intersectRanges(toRange(one), toRange(prefix)))
            .map(printPrefix)
            .sort(),
        );
        if (!add) continue;
        index.add(prefix, prefix);
        all.push(prefix);
      }
    }),
  );
});

test.each([
  ['nftables', ['0.9.9', '1.0.6', '1.1.3', '1.1.99', '1.0'], ['1.2', '1.9.0', '2.0', '9.9.9']],
  ['iptables', ['1.8.9', '1.6.2', '1.8.11-2', '1.8.99'], ['1.4.21', '1.6.1', '1.9', '2.0']],
  ['firewalld', ['0.9.3', '1.3.3', '2.3.1', '2.4.4', '2.5'], ['0.8.9', '2.6', '2.10.1', '3.0']],
  ['csf', ['14.24', '15.10', '16.05', '16.0'], ['13.9', '17.0', '99.1']],
  ['apf', ['9.7', '9.7-2', '9.7+rev1'], ['1.7.5', '9.8', '10.0']],
] as const)('refuses unknown versions of %s', (platform, known, unknown) => {
  const codes = (version: string): readonly string[] =>
    new GatewayPolicyBuilder('gateway', { ...edge().gateway!, platform, version }, knownPlatforms)
      .build()
      .problems.map(({ code }) => code)
      .filter((code) => code === 'intent/bad-version');
  expect(known.flatMap(codes)).toEqual([]);
  expect(unknown.flatMap(codes)).toHaveLength(unknown.length);
});

test('refuses a version that is too old for the intent, comparing number by number', () => {
  const refused = (version: string): readonly string[] =>
    new GatewayPolicyBuilder('gateway', { ...edge().gateway!, version }, knownPlatforms)
      .build()
      .problems.map(printProblem);
  expect(['0.9.8', '0.9.10', '0.10', '1.0', '1.0.6', '0.9.8-3'].flatMap(refused)).toEqual([]);
  expect(['0.9.7', '0.9', '0.9.2-1', '0.0'].flatMap(refused)).toHaveLength(4);
  expect(refused('0.9.2')).toEqual([
    `intent/bad-version at gateway version: "0.9.2" is older than 0.9.8, and what is written needs that at least.
  instead: The version of the platform, as "nft --version" prints it on the device. Tried: nft 1.0.6 (Debian 12); nft 0.9.8 (Debian 11); nft 1.1.3 (Debian 13); where that is so old, an update of the device first.`,
  ]);
});
