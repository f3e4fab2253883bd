// Tests refusals of policies that pfSense can't express, all at once and with advice, and that similar ones are
// accepted.

import { generator } from '../../../../lib/platforms/pfsense/generate/generator';
import { GatewayPolicy } from '../../../../lib/policy/policy';
import { PURE_NAT, box } from './samples';
import { MAIL } from '../../../generate/samples';
import { mapping, opening, openings, ports, prefix, ranges, server, virtualIp } from '../../../generate/support';
import { I, P, codes, problems } from './generator-refusals';
import { codesOf } from '../../../problems';

const one = (parts: Parameters<typeof mapping>[2]): GatewayPolicy => box([mapping(P, I, parts)]);
const vip = (outside: string, parts: Parameters<typeof virtualIp>[1]): GatewayPolicy =>
  box([], { virtualIps: [virtualIp(outside, parts)] });
const opens = (parts: Parameters<typeof opening>[0]): GatewayPolicy =>
  one({ allowRules: openings('some', [opening(parts)]) });
const reflected = (
  mode: 'nat-proxy' | 'pure-nat' | 'system-default',
  from: readonly string[],
  globalHelper = false,
): GatewayPolicy => one({ reflection: { mode, from, globalHelper } });

describe('a policy that pfSense can’t express', () => {
  it.each<[string, Parameters<typeof generator.write>[0]]>([
    ['pfsense/gateway-only', server()],
    ['pfsense/version', box([], { version: '2.5.2' })],
    ['pfsense/version', box([], { version: '1.0.6' })],
    ['pfsense/version', box([], { version: 'newest' })],
    ['pfsense/owner-name', box([], { owner: 'a-name-of-29-characters-longer' })],
    ['pfsense/owner-name', box([], { owner: 'a/b' })],
    ['pfsense/owner-name', box([], { owner: '' })],
    ['pfsense/interface-name', one({ interface: 'wan<' })],
    ['pfsense/no-such-interface', one({ interface: 'ix7' })],
    ['pfsense/ipv6-mapping', box([mapping('2001:db8::1', '2001:db8::2')])],
    ['pfsense/unequal-sides', box([mapping('203.0.113.16/28', '10.0.0.16/29')])],
    [
      'pfsense/unaligned',
      box([
        {
          ...mapping('203.0.113.16/28', '10.0.0.16/28'),
          external: { ...prefix('203.0.113.16/28'), length: 26 },
          internal: { ...prefix('10.0.0.16/28'), length: 26 },
        },
      ]),
    ],
    ['pfsense/outside-is-own-address', box([mapping('203.0.113.2', I)])],
    ['pfsense/outside-is-own-address', vip('203.0.113.2', { kind: 'proxy-arp' })],
    ['pfsense/inside-is-the-gateway', box([mapping('203.0.113.128/28', '10.0.0.0/28')])],
    ['pfsense/inside-is-public', box([mapping(P, I), mapping('203.0.113.11', P, { name: 'loop' })])],
    ['pfsense/two-inside-addresses', box([mapping(P, I), mapping(P, '10.0.0.11')])],
    [
      'pfsense/two-inside-addresses',
      box([
        mapping('203.0.113.9', I, { name: 'way-out' }),
        mapping(P, I, { name: 'partner', peers: ranges('192.0.2.0/24'), inboundOnly: true }),
        mapping(P, '10.0.0.11', { name: 'everybody' }),
      ]),
    ],
    ['pfsense/two-outside-addresses', box([mapping(P, I), mapping('203.0.113.11', I, { name: 'b' })])],
    ['pfsense/inbound-only-alone', one({ inboundOnly: true })],
    [
      'pfsense/inbound-only-alone',
      box([
        mapping(P, I, { name: 'partner', peers: ranges('192.0.2.0/24') }),
        mapping('203.0.113.11', I, { name: 'b', inboundOnly: true }),
      ]),
    ],
    [
      'pfsense/openings-differ',
      box([
        mapping(P, I, { name: 'a' }),
        mapping('203.0.113.11', I, { name: 'b', inboundOnly: true, allowRules: MAIL }),
      ]),
    ],
    [
      'pfsense/openings-differ',
      box([
        mapping(P, I, { name: 'a' }),
        mapping('203.0.113.11', I, { name: 'b', peers: ranges('192.0.2.0/24'), allowRules: MAIL }),
      ]),
    ],
    ['pfsense/network-address', vip('203.0.113.255', { mask: 24 })],
    ['pfsense/too-many-aliases', vip('198.18.0.0/23', {})],
    ['pfsense/carp-single', vip('203.0.113.16/28', { kind: 'carp', carp: { vhid: 1, advertiseSeconds: 1, skew: 0 } })],
    [
      'pfsense/proxy-arp-without-address',
      box([], {
        virtualIps: [virtualIp(P, { kind: 'proxy-arp' })],
        interfaces: box([]).interfaces.map((has) => ({ ...has, addresses: [] })),
      }),
    ],
    ['pfsense/answers-not-local', vip(P, { kind: 'other', answers: openings('ssh', [opening({ ports: ports(22) })]) })],
    ['pfsense/ipv6-virtual-ip', vip('2001:db8::1', { mask: 128, kind: 'other' })],
    ['pfsense/protocol', opens({ protocol: 115, ports: 'all' })],
    ['pfsense/ports-of-protocol', opens({ protocol: 132, ports: ports(5060) })],
    ['pfsense/ports-of-protocol', opens({ protocol: 33, ports: ports(5) })],
    ['pfsense/ports-without-protocol', opens({ protocol: 47, ports: ports(1) })],
    ['pfsense/port-zero', opens({ ports: 'all' })],
    ['pfsense/port-zero', opens({ protocol: 17, ports: [{ first: 0, last: 9 }] })],
    ['pfsense/icmp-type', opens({ protocol: 1, ports: ports(8, 200) })],
    ['pfsense/nat-proxy', reflected('nat-proxy', ['lan0', 'dmz0'])],
    ['pfsense/reflection-from', reflected('pure-nat', ['dmz0'])],
    ['pfsense/reflection-from', reflected('pure-nat', ['lan0'], true)],
    [
      'pfsense/reflection-differs',
      box([mapping(P, I, { reflection: PURE_NAT }), mapping('203.0.113.11', I, { name: 'b', inboundOnly: true })]),
    ],
    ['pfsense/reflection-helper', reflected('pure-nat', ['lan0', 'dmz0'])],
    ['pfsense/system-default', reflected('system-default', [])],
  ])('%s', (code, policy) => {
    expect(codes(policy)).toEqual([code]);
  });

  it('is refused with advice', () => {
    const [from] = problems(reflected('pure-nat', ['dmz0']));
    expect(from!.instead).toBe("from: ['lan0', 'dmz0'], or mode 'disabled'.");
    const [helper] = problems(reflected('pure-nat', ['lan0', 'dmz0']));
    expect(helper).toMatchObject({
      where: 'mapping to-10-0-0-10',
      instead: expect.stringContaining('globalHelper: true'),
    });
  });

  it('is refused with all problems at once', () => {
    const wrong = box(
      [
        mapping(P, I, { reflection: { mode: 'nat-proxy', from: [], globalHelper: false } }),
        mapping('203.0.113.11', '10.0.0.11', {
          inboundOnly: true,
          allowRules: openings('odd', [opening({ protocol: 200, ports: 'all' })]),
        }),
        mapping('2001:db8::1', '2001:db8::2', { name: 'six' }),
        mapping('203.0.113.12', '10.0.0.12', { interface: 'ix9' }),
      ],
      { virtualIps: [virtualIp('203.0.113.0', { mask: 24 })] },
    );
    expect([...codes(wrong)].sort()).toEqual([
      'pfsense/inbound-only-alone',
      'pfsense/ipv6-mapping',
      'pfsense/nat-proxy',
      'pfsense/network-address',
      'pfsense/no-such-interface',
      'pfsense/protocol',
    ]);
  });

  it('is refused once for each allow list', () => {
    const odd = openings('odd', [
      opening({ protocol: 200, ports: 'all' }),
      opening({ protocol: 200, ports: 'all', sources: ranges('192.0.2.1') }),
    ]);
    expect(
      codes(
        box([
          mapping(P, I, { allowRules: odd }),
          mapping('203.0.113.11', '10.0.0.11', { allowRules: odd, peers: ranges('192.0.2.0/24') }),
        ]),
      ),
    ).toEqual(['pfsense/protocol']);
  });
});

describe('a similar policy that pfSense can express', () => {
  it.each<[string, GatewayPolicy]>([
    [
      'different allow rules for disjoint peers',
      box([
        mapping(P, I, { name: 'a', peers: ranges('192.0.2.0/25') }),
        mapping('203.0.113.11', I, { name: 'b', peers: ranges('192.0.2.128/25'), allowRules: MAIL }),
      ]),
    ],
    [
      'two allow lists with the same rules',
      box([
        mapping(P, I, { name: 'a' }),
        mapping('203.0.113.11', I, {
          name: 'b',
          inboundOnly: true,
          allowRules: { ...mapping(P, I).allowRules, name: 'same' },
        }),
      ]),
    ],
    [
      'a disabled mapping of the same addresses',
      box([mapping(P, I), mapping(P, I, { name: 'off', enabled: false, allowRules: MAIL })]),
    ],
    [
      'one public address for two hosts, by peers',
      box([
        mapping(P, I, { name: 'partner', peers: ranges('192.0.2.0/24') }),
        mapping(P, '10.0.0.11', { name: 'rest' }),
      ]),
    ],
    [
      'the address of the box, excluded',
      box([
        mapping('203.0.113.128/28', '10.0.0.0/28', { exclude: [{ internal: ranges('10.0.0.1'), peers: 'anywhere' }] }),
      ]),
    ],
    ['reflection without interfaces', reflected('pure-nat', [])],
    ['a host behind a router', box([mapping(P, '10.7.0.1', { reflection: { ...PURE_NAT, globalHelper: false } })])],
    [
      'consent in one mapping for all',
      box([
        mapping(P, I, { reflection: PURE_NAT }),
        mapping('203.0.113.11', '10.0.0.11', { reflection: { ...PURE_NAT, globalHelper: false } }),
      ]),
    ],
    ['the edge of a /31', vip('203.0.113.11', { mask: 31 })],
    ['ICMPv6 to an IPv4 host', opens({ protocol: 58, ports: ports(128) })],
  ])('%s', (_, policy) => {
    expect(codes(policy)).toEqual([]);
  });
});

it('removes nothing from a text that is no configuration of a box', () => {
  expect(codesOf(() => generator.without('table inet x {}', 'web'))).toEqual(['pfsense/not-a-configuration']);
  expect(codesOf(() => generator.without('<pfsense/>', 'web'))).toEqual(['pfsense/not-captured']);
});
