// Tests printPolicy, the readable lines of a policy in a Terraform plan, on policies by hand and random ones: one line
// for each mapping and allow rule, sorted, and none twice.

import { fc } from '../randomly';
import { toHostPrefix } from '../../lib/net/address';
import { printPolicy } from '../../lib/policy/print-policy';
import { GatewayPolicy, Mapping, AllowRule, AllowRules, ServerPolicy } from '../../lib/policy/policy';
import { gateways, servers } from './random';
import { port } from '../devices';
import { address, opening, ports, prefix, ranges, virtualIp as virtualIpOf } from '../generate/support';

const tcp = (one: number, origin = 'web'): AllowRule => opening({ ports: ports(one), origin });

const allowRules: AllowRules = { name: 'web', entries: [tcp(80), tcp(443)], blocked: [] };
const mapping: Mapping = {
  name: 'web',
  description: '',
  interface: 'wan0',
  external: prefix('203.0.113.10'),
  internal: prefix('10.0.0.10'),
  peers: 'anywhere',
  exclude: [],
  inboundOnly: false,
  enabled: true,
  allowRules,
  reflection: { mode: 'pure-nat', from: ['lan0'], globalHelper: false },
};
const common = {
  device: 'edge1',
  owner: 'hosting',
  platform: 'nftables',
  version: '1.0.6',
  establishedSessions: 'terminate' as const,
  interfaces: [port('wan0', 'outside', ['203.0.113.2/24'])],
} as const;
const nothing: AllowRules = { name: 'vip', entries: [], blocked: [] };
const virtualIp = virtualIpOf('203.0.113.10', { mask: 24, answers: nothing });
const gateway: GatewayPolicy = { ...common, kind: 'gateway', virtualIps: [virtualIp], mappings: [mapping] };
const server: ServerPolicy = {
  ...common,
  kind: 'server',
  localAddresses: [address('10.0.0.10')],
  trustedNetworks: ranges('10.0.0.0/24'),
  trustedConnections: 'unmanaged',
  allowRules,
  outbound: 'anywhere',
  ownPublic: [],
  onRemove: 'keep closed',
};

it('prints a list of mappings and allow rules', () => {
  expect(printPolicy(gateway)).toEqual([
    'interface wan0: outside 203.0.113.2/24',
    'mapping web: 203.0.113.10 = 10.0.0.10 on wan0, opens web, hairpin pure-nat from lan0',
    'platform: nftables 1.0.6',
    'sessions that close: cut',
    'virtual ip vip: 203.0.113.10/24 ip-alias on wan0',
    'web opens tcp 443: from anywhere (web)',
    'web opens tcp 80: from anywhere (web)',
  ]);
  const outbound = [
    {
      protocol: 6,
      ports: [{ first: 2089, last: 2089 }],
      sourcePorts: [{ first: 4, last: 4 }],
      destinations: 'anywhere',
      origin: 'licence',
    },
  ] as const;
  expect(
    printPolicy({ ...server, outbound, ownPublic: [{ public: address('203.0.113.10'), local: address('10.0.0.10') }] }),
  ).toEqual([
    'inside: 10.0.0.0/24, unmanaged',
    'interface wan0: outside 203.0.113.2/24',
    'outbound tcp 2089 from port 4: to anywhere (licence)',
    'own public 203.0.113.10: 10.0.0.10',
    'platform: nftables 1.0.6',
    'server: opens web',
    'sessions that close: cut',
    'web opens tcp 443: from anywhere (web)',
    'web opens tcp 80: from anywhere (web)',
  ]);
});

it('lists the ports of a profile once for ten mappings, and keeps another profile of the same name apart', () => {
  const many = Array.from({ length: 10 }, (_, n) => ({ ...mapping, name: `web-${n}` }));
  const other: AllowRules = { ...allowRules, entries: [tcp(8443)] };
  const lines = printPolicy({ ...gateway, mappings: [...many, { ...mapping, name: 'other', allowRules: other }] });
  expect(lines.filter((line) => line.includes(' opens tcp '))).toEqual([
    'web opens tcp 443: from anywhere (web)',
    'web opens tcp 80: from anywhere (web)',
    'web#2 opens tcp 8443: from anywhere (web)',
  ]);
  expect(lines).toContain('mapping other: 203.0.113.10 = 10.0.0.10 on wan0, opens web#2, hairpin pure-nat from lan0');
});

it('prints a line for a routed virtual IP if it says more than the mapping of all of it', () => {
  const said = (parts: Parameters<typeof virtualIpOf>[1], mappings = [mapping]): readonly string[] => {
    const vip = virtualIpOf('203.0.113.10', { mask: 32, kind: 'other', answers: nothing, ...parts });
    return printPolicy({ ...gateway, virtualIps: [vip], mappings }).filter((line) => line.startsWith('virtual ip'));
  };
  expect(said({})).toEqual([]);
  expect(said({ kind: 'proxy-arp' })).toEqual(['virtual ip vip: 203.0.113.10 proxy-arp on wan0']);
  expect(said({ answers: allowRules })).toEqual([
    'virtual ip vip: 203.0.113.10 other on wan0, the gateway answers web',
  ]);
  expect(said({ interface: 'wan1' })).toEqual(['virtual ip vip: 203.0.113.10 other on wan1']);
  expect(said({}, [])).toEqual(['virtual ip vip: 203.0.113.10 other on wan0']);
  expect(said({}, [{ ...mapping, external: prefix('203.0.113.8/30') }])).toEqual([
    'virtual ip vip: 203.0.113.10 other on wan0',
  ]);
});

it('joins two allow rules for one port into one line', () => {
  const both: AllowRules = {
    ...allowRules,
    entries: [tcp(22), { ...tcp(22, 'management'), sources: ranges('10.9.0.0/24'), management: true }],
  };
  expect(printPolicy({ ...server, allowRules: both }).filter((line) => line.startsWith('web opens'))).toEqual([
    'web opens tcp 22: from anywhere (web); from 10.9.0.0/24 (management)',
  ]);
});

const mapped = (change: Partial<Mapping>): GatewayPolicy => ({ ...gateway, mappings: [{ ...mapping, ...change }] });
const opened = (change: Partial<AllowRules>): ServerPolicy => ({ ...server, allowRules: { ...allowRules, ...change } });

it.each<[string, GatewayPolicy | ServerPolicy]>([
  ['external address', mapped({ external: prefix('203.0.113.11') })],
  ['internal address', mapped({ internal: prefix('10.0.0.11') })],
  ['interface', mapped({ interface: 'wan1' })],
  ['peers', mapped({ peers: ranges('198.51.100.0/24') })],
  ['exclusion', mapped({ exclude: [{ internal: 'all', peers: ranges('198.51.100.0/24') }] })],
  ['inboundOnly', mapped({ inboundOnly: true })],
  ['enabled', mapped({ enabled: false })],
  ['reflection mode', mapped({ reflection: { mode: 'disabled', from: [], globalHelper: false } })],
  ['reflection from', mapped({ reflection: { mode: 'pure-nat', from: ['lan0', 'lan1'], globalHelper: false } })],
  ['consent', mapped({ reflection: { ...mapping.reflection, globalHelper: true } })],
  ['description', mapped({ description: 'the shop' })],
  ['allow rules', mapped({ allowRules: nothing })],
  [
    'virtual IP’s address',
    { ...gateway, virtualIps: [{ ...virtualIp, external: toHostPrefix(address('203.0.113.12')) }] },
  ],
  ['virtual IP’s mask', { ...gateway, virtualIps: [{ ...virtualIp, mask: 32 }] }],
  ['virtual IP’s kind', { ...gateway, virtualIps: [{ ...virtualIp, kind: 'proxy-arp' }] }],
  [
    'virtual IP’s carp',
    { ...gateway, virtualIps: [{ ...virtualIp, kind: 'carp', carp: { vhid: 7, advertiseSeconds: 1, skew: 0 } }] },
  ],
  ['virtual IP’s answers', { ...gateway, virtualIps: [{ ...virtualIp, answers: { ...nothing, entries: [tcp(22)] } }] }],
  ['interfaces', { ...gateway, interfaces: [{ ...common.interfaces[0], routes: [prefix('10.7.0.0/16')] }] }],
  ['version', { ...gateway, version: '1.1.3' }],
  ['established sessions', { ...gateway, establishedSessions: 'keep' }],
  ['blocked', opened({ blocked: ranges('192.0.2.0/24') })],
  ['a port', opened({ entries: [...allowRules.entries, tcp(8443)] })],
  ['a protocol', opened({ entries: [tcp(80), { ...tcp(443), protocol: 17 }] })],
  ['all of a protocol', opened({ entries: [{ ...tcp(80), protocol: 47, ports: 'all' }] })],
  ['sources', opened({ entries: [tcp(80), { ...tcp(443), sources: ranges('10.0.0.0/8') }] })],
  ['management', opened({ entries: [tcp(80), { ...tcp(443), management: true }] })],
  ['trusted networks', { ...server, trustedNetworks: [] }],
  ['trusted connections', { ...server, trustedConnections: 'listed' }],
  ['outbound', { ...server, outbound: [] }],
  ['ownPublic', { ...server, ownPublic: [{ public: address('203.0.113.10'), local: address('10.0.0.10') }] }],
])('another %s gives another line', (_, changed) => {
  expect(printPolicy(changed)).not.toEqual(printPolicy(changed.kind === 'gateway' ? gateway : server));
});

it('lines are sorted and unique, since they are keys of a map', () => {
  fc.assert(
    fc.property(fc.oneof(gateways, servers), (policy) => {
      const lines = printPolicy(policy);
      const keys = lines.map((line) => line.slice(0, line.indexOf(': ')));
      expect(lines.every((line) => line.includes(': '))).toBe(true);
      expect(new Set(keys).size).toBe(keys.length);
      expect(lines).toEqual([...lines].sort());
    }),
    { numRuns: 200 },
  );
});
