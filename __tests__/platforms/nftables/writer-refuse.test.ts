// Tests policies that the nftables generator refuses, and hostile random names from outside, which never stand in the
// text as they are.

import { fc } from '../../randomly';
import { generator } from '../../../lib/platforms/nftables/generate/generator';
import { Policy } from '../../../lib/policy/policy';
import { MAIL } from '../../generate/samples';
import {
  address,
  gateway,
  mapping,
  opening,
  openings,
  ports,
  ranges,
  rulesOf,
  server,
  virtualIp,
} from '../../generate/support';
import { codesOf } from '../../problems';

const write = (policy: Policy): string => generator.write(policy).text;
const codes = (policy: Policy): readonly string[] => codesOf(() => write(policy));

describe('refusals', () => {
  const one = (parts: Parameters<typeof mapping>[2]) => gateway([mapping('203.0.113.10', '10.0.0.10', parts)]);
  const vip = (outside: string, parts: Parameters<typeof virtualIp>[1]) =>
    gateway([], { virtualIps: [virtualIp(outside, parts)] });
  const answers = openings('ssh', [opening({ ports: ports(22) })]);

  it.each<[string, Policy]>([
    ['nftables/carp', vip('203.0.113.10', { kind: 'carp', carp: { vhid: 1, advertiseSeconds: 1, skew: 0 } })],
    ['nftables/nat-proxy', one({ reflection: { mode: 'nat-proxy', from: ['lan0'], globalHelper: false } })],
    ['nftables/system-default', one({ reflection: { mode: 'system-default', from: [], globalHelper: false } })],
    ['nftables/unknown-interface', one({ reflection: { mode: 'pure-nat', from: ['lan7'], globalHelper: false } })],
    ['nftables/ipv6-mapping', gateway([mapping('2001:db8::1', '2001:db8::2')])],
    ['nftables/ipv6-virtual-ip', vip('2001:db8::1', { mask: 128, kind: 'other' })],
    ['nftables/unequal-sides', gateway([mapping('203.0.113.16/28', '10.0.0.16/29')])],
    [
      'nftables/inside-is-public',
      gateway([mapping('203.0.113.10', '10.0.0.10'), mapping('203.0.113.11', '203.0.113.10', { name: 'loop' })]),
    ],
    ['nftables/inside-is-the-gateway', gateway([mapping('203.0.113.0/28', '10.0.0.0/28')])],
    [
      'nftables/two-inside-addresses',
      gateway([mapping('203.0.113.10', '10.0.0.10'), mapping('203.0.113.10', '10.0.0.11')]),
    ],
    [
      'nftables/two-outside-addresses',
      gateway([mapping('203.0.113.10', '10.0.0.10'), mapping('203.0.113.11', '10.0.0.10', { name: 'b' })]),
    ],
    ['nftables/alias-is-own-address', vip('203.0.113.2', {})],
    ['nftables/too-many-aliases', vip('198.18.0.0/23', {})],
    ['nftables/answers-not-local', vip('203.0.113.10', { kind: 'proxy-arp', answers })],
    [
      'nftables/ports-without-protocol',
      one({ allowRules: openings('gre', [opening({ protocol: 47, ports: ports(1) })]) }),
    ],
    [
      'nftables/ports-without-protocol',
      server({ allowRules: openings('gre', [opening({ protocol: 47, ports: ports(1) })]) }),
    ],
    [
      'nftables/own-public-families',
      server({ ownPublic: [{ public: address('203.0.113.10'), local: address('2001:db8::10') }] }),
    ],
    ['nftables/owner-name', server({ owner: 'x {' })],
    ['nftables/owner-name', gateway([], { owner: '' })],
    ['nftables/interface-name', one({ interface: 'wan*' })],
    [
      'nftables/too-many-shared-addresses',
      gateway([
        mapping('198.18.0.0/20', '10.64.0.0/20', { name: 'everybody' }),
        mapping('198.18.0.0/20', '10.64.0.0/20', { name: 'partner', peers: ranges('192.0.2.0/24'), allowRules: MAIL }),
      ]),
    ],
  ])('%s', (code, policy) => {
    expect(codes(policy)).toEqual([code]);
  });

  it('all problems are reported at once', () => {
    const wrong = gateway(
      [
        mapping('203.0.113.10', '10.0.0.10', { reflection: { mode: 'nat-proxy', from: [], globalHelper: false } }),
        mapping('203.0.113.11', '10.0.0.11', { reflection: { mode: 'system-default', from: [], globalHelper: false } }),
      ],
      { owner: 'A', virtualIps: [virtualIp('203.0.113.10', { kind: 'carp' })] },
    );
    expect(codes(wrong)).toEqual([
      'nftables/owner-name',
      'nftables/nat-proxy',
      'nftables/system-default',
      'nftables/carp',
    ]);
  });

  it('two mappings of one address are accepted if their peers don’t overlap', () => {
    const shared = gateway([
      mapping('203.0.113.10', '10.0.0.10', {
        name: 'a',
        exclude: [{ internal: 'all', peers: ranges('192.0.2.0/24') }],
      }),
      mapping('203.0.113.10', '10.0.0.11', { name: 'b', peers: ranges('192.0.2.0/24') }),
      mapping('203.0.113.12', '10.0.0.10', { name: 'c', inboundOnly: true }),
    ]);
    expect(codes(shared)).toEqual([]);
    expect(rulesOf(write(shared), 'c_prerouting')).toEqual([
      'iifname "wan0" ip saddr 192.0.2.0/24 dnat ip to ip daddr map @m_in_1',
      'iifname "wan0" ip saddr != 192.0.2.0/24 dnat ip to ip daddr map @m_in_2',
      'iifname "wan0" dnat ip to ip daddr map @m_in_3',
    ]);
  });
});

describe('names from outside', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      'x"; }\ndelete table inet filter #',
      '${path.module}',
      '%{ if true }',
      '\u202eevil',
      "'; drop",
      'x'.repeat(300),
      '\ud800',
      '',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );

  it('never appear unquoted, and never make a line of their own', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, description) => {
        const named = openings(name, [opening({ origin: description })]);
        const texts = [
          write(
            gateway([mapping('203.0.113.10', '10.0.0.10', { name, description, allowRules: named })], {
              virtualIps: [
                virtualIp('203.0.113.11', { name, answers: openings(name, [opening({ ports: ports(22) })]) }),
              ],
              device: name,
            }),
          ),
          write(server({ allowRules: named, device: name })),
        ];
        const plain = [
          write(
            gateway(
              [mapping('203.0.113.10', '10.0.0.10')].map((one) => ({ ...one, allowRules: openings('x', [opening()]) })),
              {
                virtualIps: [
                  virtualIp('203.0.113.11', { name: 'x', answers: openings('x', [opening({ ports: ports(22) })]) }),
                ],
              },
            ),
          ),
          write(server({ allowRules: openings('x', [opening()]) })),
        ];
        const withoutComments = (text: string): string => text.replaceAll(/ comment "[a-z0-9. -]{1,127}"$/gm, '');
        expect(texts.map(withoutComments)).toEqual(plain.map(withoutComments));
      }),
      { numRuns: 200 },
    );
  });

  it('are quoted in a comment', () => {
    const text = write(gateway([mapping('203.0.113.10', '10.0.0.10', { allowRules: openings('A "b"', [opening()]) })]));
    expect(rulesOf(text, 'c_public')[0]).toBe('ip daddr @s_hosts jump c_open_1 comment "openings .41..20..22.b.22."');
  });
});
