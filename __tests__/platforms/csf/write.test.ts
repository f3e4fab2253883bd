// Tests the files that are generated for csf line by line: which keys and lines a policy becomes, and what is refused.

import { ServerPolicy } from '../../../lib/policy/policy';
import { generator } from '../../../lib/platforms/csf/generate/generator';
import { codesOf, problemsOf } from '../../problems';
import { address, gateway, opening, openings, ports, ranges } from '../../generate/support';
import { asked, opened, sent, span, written } from './generated-lines';

// The text that is generated for a policy, key by key and line by line, by hand.

it('begins with the owner, has every key once, and a section of lines even if it is empty', () => {
  const { text } = generator.write(asked({}));
  expect(
    text.startsWith('==> /etc/csf/csf.conf <==\n# cpanel-edge:web-team\nTESTING = "0"\nIPTABLES = "/sbin/iptables"\n'),
  ).toBe(true);
  expect(
    text.endsWith('\n\n==> /etc/csf/csf.allow <==\n# cpanel-edge:web-team begin\n# cpanel-edge:web-team end\n'),
  ).toBe(true);
  const keys = [...text.matchAll(/^(\w+) = "[^"]*"$/gm)].map(([, key]) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.length).toBe(37);
});

it.each<[string, Partial<ServerPolicy>, readonly string[], readonly string[]]>([
  ['nothing', {}, [], []],
  [
    'a port to any source',
    { allowRules: opened({ ports: ports(443) }, { ports: ports(80), protocol: 17 }) },
    ['TCP_IN = 443', 'UDP_IN = 80', 'TCP6_IN = 443', 'UDP6_IN = 80'],
    [],
  ],
  [
    'ranges that touch',
    { allowRules: opened({ ports: [...span(80, 85), ...span(86, 90), ...ports(443)] }) },
    ['TCP_IN = 80:90,443', 'TCP6_IN = 80:90,443'],
    [],
  ],
  [
    'every port of IPv6 alone',
    { allowRules: opened({ ports: 'all', sources: ranges('::/0') }) },
    ['TCP6_IN = 0:65535'],
    [],
  ],
  [
    'both halves of IPv4',
    { allowRules: opened({ ports: ports(22), sources: ranges('0.0.0.0/1', '128.0.0.0/1') }) },
    ['TCP_IN = 22'],
    [],
  ],
  [
    'some of both families',
    {
      allowRules: opened({
        ports: [...ports(22), ...span(2000, 2010)],
        sources: ranges('198.51.100.0/24', '192.0.2.7', '2001:db8:1::/48'),
      }),
    },
    [],
    [
      'tcp|in|d=22,2000_2010|s=192.0.2.7',
      'tcp|in|d=22,2000_2010|s=198.51.100.0/24',
      'tcp|in|d=22,2000_2010|s=2001:db8:1::/48',
    ],
  ],
  [
    'the same sources twice',
    {
      allowRules: opened(
        { ports: ports(22), sources: ranges('192.0.2.7') },
        { ports: ports(25), sources: ranges('192.0.2.7') },
      ),
    },
    [],
    ['tcp|in|d=22,25|s=192.0.2.7'],
  ],
  ['pings of any source', { allowRules: opened({ protocol: 1, ports: ports(8) }) }, ['ICMP_IN = 1'], []],
  [
    'pings in all of ICMP',
    { allowRules: opened({ protocol: 1, ports: 'all', sources: ranges('192.0.2.0/24') }) },
    [],
    ['icmp|in|d=8|s=192.0.2.0/24'],
  ],
  [
    'pings of IPv6, and types that always pass',
    { allowRules: opened({ protocol: 58, ports: ports(128) }, { protocol: 1, ports: ports(13) }) },
    [],
    [],
  ],
])('opens %s', (_, parts, keys, lines) => expect(written(parts)).toEqual({ keys, lines }));

it('has no lines for ports that any source reaches, except management and trusted networks, which come before bans', () => {
  const { keys, lines } = written({
    trustedNetworks: ranges('10.0.0.0/24'),
    allowRules: opened(
      { ports: ports(22, 443) },
      { ports: ports(22, 25), sources: ranges('192.0.2.7') },
      { ports: ports(22), sources: ranges('198.51.100.1'), management: true },
      { protocol: 1, ports: ports(8) },
      { protocol: 1, ports: ports(8), sources: ranges('192.0.2.7') },
    ),
  });
  expect(keys).toEqual(['ICMP_IN = 1', 'TCP_IN = 22,443', 'TCP6_IN = 22,443']);
  expect(lines).toEqual([
    'tcp|in|d=25|s=192.0.2.7',
    'tcp|in|d=22|s=198.51.100.1',
    'tcp|in|d=0_65535|s=10.0.0.0/24',
    'udp|in|d=0_65535|s=10.0.0.0/24',
    'icmp|in|d=8|s=10.0.0.0/24',
  ]);
});

it('excludes blocked sources from listed sources, in each family, and not from management', () => {
  const { keys, lines } = written({
    allowRules: openings(
      'web',
      [
        opening({ ports: ports(443), sources: ranges('198.51.100.0/24', '2001:db8:1::/48') }),
        opening({ ports: ports(22), sources: ranges('198.51.100.0/30'), management: true }),
        opening({ ports: ports(25), sources: ranges('198.51.100.0/30', '2001:db8::/127') }),
      ],
      ranges('198.51.100.0/25', '2001:db8::'),
    ),
  });
  expect(keys).toEqual([]);
  expect(lines).toEqual([
    'tcp|in|d=443|s=198.51.100.128/25',
    'tcp|in|d=22|s=198.51.100.0/30',
    'tcp|in|d=443|s=2001:db8:1::/48',
    'tcp|in|d=25|s=2001:db8::1',
  ]);
});

it('drops blocked sources from ports open to all by lines that csf never removes, and not from management', () => {
  const { text } = generator.write(
    asked({
      allowRules: openings(
        'web',
        [
          opening({ ports: ports(80, 443) }),
          opening({ ports: ports(443), protocol: 17 }),
          opening({ protocol: 1, ports: ports(8) }),
          opening({ ports: ports(80), management: true }),
          opening({ ports: ports(25), sources: ranges('198.51.100.0/24') }),
          opening({ ports: ports(8443), sources: ranges('0.0.0.0/0') }),
        ],
        ranges('198.51.100.0/25', '2001:db8::/127'),
      ),
    }),
  );
  expect(text.slice(text.indexOf('==> /etc/csf/csf.deny'))).toBe(`==> /etc/csf/csf.deny <==
# cpanel-edge:web-team begin
tcp|in|d=443,8443|s=198.51.100.0/25 # do not delete
udp|in|d=443|s=198.51.100.0/25 # do not delete
icmp|in|d=8|s=198.51.100.0/25 # do not delete
tcp|in|d=443|s=2001:db8::/127 # do not delete
udp|in|d=443|s=2001:db8::/127 # do not delete
# cpanel-edge:web-team end
`);
  expect(text).toContain('\ntcp|in|d=25|s=198.51.100.128/25\n# cpanel-edge:web-team end\n\n==> /etc/csf/csf.deny');
});

it('splits a line of more than fifteen ports; a range counts as two', () => {
  const single = Array.from({ length: 16 }, (_, n) => n * 2 + 1);
  const { lines } = written({ allowRules: opened({ ports: ports(...single), sources: ranges('192.0.2.7') }) });
  expect(lines).toEqual(['tcp|in|d=1,3,5,7,9,11,13,15,17,19,21,23,25,27,29|s=192.0.2.7', 'tcp|in|d=31|s=192.0.2.7']);
  const spans = Array.from({ length: 8 }, (_, n) => span(n * 10, n * 10 + 5)).flat();
  expect(written({ allowRules: opened({ ports: spans, sources: ranges('192.0.2.7') }) }).lines).toEqual([
    'tcp|in|d=0_5,10_15,20_25,30_35,40_45,50_55,60_65|s=192.0.2.7',
    'tcp|in|d=70_75|s=192.0.2.7',
  ]);
});

it('accepts trusted networks except blocked sources, if their connections are not restricted', () => {
  const trustedNetworks = ranges('10.0.0.0/24', '2001:db8:0:1::/64');
  const blocked = openings('nothing', [], ranges('10.0.0.128/25'));
  expect(written({ trustedNetworks, allowRules: blocked }).lines).toEqual([
    'tcp|in|d=0_65535|s=10.0.0.0/25',
    'udp|in|d=0_65535|s=10.0.0.0/25',
    'icmp|in|d=8|s=10.0.0.0/25',
    'tcp|in|d=0_65535|s=2001:db8:0:1::/64',
    'udp|in|d=0_65535|s=2001:db8:0:1::/64',
  ]);
  expect(written({ trustedNetworks, trustedConnections: 'listed' }).lines).toEqual([]);
});

it.each<[string, Partial<ServerPolicy>, readonly string[]]>([
  [
    'source ports of a protocol without ports',
    { outbound: [sent({ protocol: 1, ports: ports(8), sourcePorts: ports(4) })] },
    ['csf/ports-without-protocol'],
  ],
  [
    'its own public address',
    { ownPublic: [{ public: address('203.0.113.10'), local: address('10.0.0.10') }] },
    ['csf/own-public'],
  ],
  [
    'other protocols',
    { allowRules: opened({ protocol: 47, ports: 'all' }, { protocol: 132, ports: 'all' }) },
    ['csf/protocol', 'csf/protocol'],
  ],
  [
    'ports of other protocols',
    { allowRules: opened({ protocol: 132, ports: ports(3868) }) },
    ['csf/ports-of-protocol'],
  ],
  ['other outbound protocols', { outbound: [sent({ protocol: 50, ports: 'all' })] }, ['csf/protocol']],
  ['a name that no owner may have', { owner: 'web"\nTESTING' }, ['csf/owner-name']],
  ['a name that is too long', { owner: 'a'.repeat(33) }, ['csf/owner-name']],
  [
    'a blocked source of ports from which the server connects',
    { allowRules: openings('web', [opening({ ports: span(49_152, 65_534) })], ranges('198.51.100.0/24')) },
    ['csf/blocked'],
  ],
  [
    'a blocked source of every port of one family',
    { allowRules: openings('web', [opening({ ports: 'all', sources: ranges('::/0') })], ranges('2001:db8::')) },
    ['csf/blocked'],
  ],
  [
    'an address that csf takes for the server’s own',
    { allowRules: opened({ sources: ranges('1a00::/16') }) },
    ['csf/address'],
  ],
])('refuses %s', (_, parts, codes) => expect(codesOf(() => generator.write(asked(parts)))).toEqual(codes));

it('refuses more lines than csf loads in time, and gives their number', () => {
  const many = (count: number): ServerPolicy['allowRules'] =>
    opened({ sources: Array.from({ length: count }, (_, n) => ranges(`10.${n >> 8}.${n & 255}.1`)[0]!) });
  expect(written({ allowRules: many(1000) }).lines.length).toBe(1000);
  expect(problemsOf(() => generator.write(asked({ allowRules: many(1001) })))).toMatchObject([
    { code: 'csf/too-many-lines', what: expect.stringContaining('1001 lines') as unknown },
  ]);
});

it('refuses a gateway and captured config', () => {
  expect(codesOf(() => generator.write(gateway([], { platform: 'csf' })))).toEqual(['csf/server-only']);
  expect(codesOf(() => generator.write(asked({}), 'TCP_IN = "22"'))).toEqual(['csf/surroundings']);
});

it('closes everything except management and trusted networks', () => {
  const profile = openings('web', [
    opening({ ports: ports(443) }),
    opening({ ports: ports(22), sources: ranges('192.0.2.7'), management: true }),
  ]);
  const text = generator.closing!(asked({ allowRules: profile, outbound: 'anywhere' }));
  expect(text).toContain('\nTCP_IN = ""\n');
  expect(text).toContain('\nTCP_OUT = "0:65535"\n');
  expect(text).toContain('begin\ntcp|in|d=22|s=192.0.2.7\n# ');
});
