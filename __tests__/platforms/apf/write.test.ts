// Tests the files that are generated for APF line by line: which keys and lines a policy becomes, and what is refused.

import { NumberRange } from '../../../lib/net/device';
import { Policy, ServerPolicy } from '../../../lib/policy/policy';
import { generator } from '../../../lib/platforms/apf/generate/generator';
import { codesOf, problemsOf } from '../../problems';
import { NOTHING, address, gateway, opening, openings, ports, ranges, server } from '../../generate/support';

// The text that is generated for a policy, key by key and line by line, by hand.

const interfaceOf = (name: string): ServerPolicy['interfaces'] => [
  { name, role: 'outside', addresses: [{ address: address('10.0.0.10'), length: 24 }], routes: [] },
];
const asked = (parts: Partial<ServerPolicy>): Policy =>
  server({
    platform: 'apf',
    version: '9.7',
    trustedNetworks: [],
    allowRules: NOTHING,
    interfaces: interfaceOf('eth0'),
    localAddresses: [address('10.0.0.10')],
    ...parts,
  });
const opened = (...entries: Parameters<typeof opening>[0][]): ServerPolicy['allowRules'] =>
  openings('web', entries.map(opening));
const span = (first: number, last: number): readonly NumberRange[] => [{ first, last }];
const NO_TYPES = 'IG_ICMP_TYPES=0,3,11,12';
const PING = opening({ protocol: 1, ports: ports(8) });

/**
 * Keys of ports open to any source that aren't empty, except the types that are always there; and the owner's lines.
 */
function written(parts: Partial<ServerPolicy>): {
  readonly keys: readonly string[];
  readonly lines: readonly string[];
} {
  const [conf = '', allow = ''] = generator.write(asked(parts)).text.split('\n==> ');
  const keys = [...conf.matchAll(/^IG_\w+=".+"$/gm)].map(([line]) => line.replaceAll('"', ''));
  return {
    keys: keys.filter((line) => line !== NO_TYPES),
    lines: [...allow.matchAll(/^\w+:.*$/gm)].map(([line]) => line),
  };
}

it('generates four files of the owner, each complete', () => {
  expect(generator.write(asked({ allowRules: opened({ sources: ranges('192.0.2.7') }) })).text)
    .toBe(`==> /etc/apf-firewall/conf.apf <==
# cpanel-edge:web-team
DEVEL_MODE="0"
INSTALL_PATH="/etc/apf-firewall"
IFACE_IN="eth0"
IFACE_TRUSTED=""
SET_FASTLOAD="0"
SET_VNET="0"
SET_MONOKERN="1"
SET_REFRESH="0"
TCP_STOP="DROP"
UDP_STOP="DROP"
TCR_PASS="0"
ICMP_LIM="0"
RESV_DNS="1"
BLK_PRVNET="0"
BLK_RESNET="0"
SYSCTL_ROUTE="1"
IG_TCP_CPORTS=""
IG_UDP_CPORTS=""
IG_ICMP_TYPES="0,3,11,12"
EGF="0"
USE_RGT="0"

==> /etc/apf-firewall/allow_hosts.rules <==
# cpanel-edge:web-team begin
tcp:in:d=443:s=192.0.2.7
# cpanel-edge:web-team end

==> /etc/apf-firewall/postroute.rules <==
# cpanel-edge:web-team begin
for i in $LDNS 0/0; do $IPT -D INPUT -p udp -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done
for i in $LDNS 0/0; do $IPT -D INPUT -p tcp -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done
# cpanel-edge:web-team end

==> /etc/default/apf-firewall <==
# cpanel-edge:web-team
RUN="yes"
`);
});

it.each<[string, Partial<ServerPolicy>, readonly string[], readonly string[]]>([
  ['nothing', {}, [], []],
  [
    'a port to any source',
    { allowRules: opened({ ports: ports(443) }, { ports: ports(80), protocol: 17 }) },
    ['IG_TCP_CPORTS=443', 'IG_UDP_CPORTS=80'],
    [],
  ],
  [
    'ranges that touch',
    { allowRules: opened({ ports: [...span(80, 85), ...span(86, 90), ...ports(443)] }) },
    ['IG_TCP_CPORTS=80_90,443'],
    [],
  ],
  ['every port', { allowRules: opened({ ports: 'all' }) }, ['IG_TCP_CPORTS=0_65535'], []],
  ['IPv6 trusted networks, which pass in any case', { trustedNetworks: ranges('2001:db8::/32') }, [], []],
  [
    'ports of IPv6 alone, which pass in any case',
    { allowRules: opened({ sources: ranges('2001:db8::/32', '::/0') }) },
    [],
    [],
  ],
  [
    'both halves of IPv4',
    { allowRules: opened({ ports: ports(22), sources: ranges('0.0.0.0/1', '128.0.0.0/1') }) },
    ['IG_TCP_CPORTS=22'],
    [],
  ],
  [
    'sources of both families, a line for each network and range of ports',
    {
      allowRules: opened({
        ports: [...ports(22), ...span(2000, 2010)],
        sources: ranges('198.51.100.0/24', '192.0.2.7', '2001:db8:1::/48'),
      }),
    },
    [],
    [
      'tcp:in:d=22:s=192.0.2.7',
      'tcp:in:d=22:s=198.51.100.0/24',
      'tcp:in:d=2000_2010:s=192.0.2.7',
      'tcp:in:d=2000_2010:s=198.51.100.0/24',
    ],
  ],
  [
    'the same sources twice',
    {
      allowRules: opened(
        { ports: ports(22), sources: ranges('192.0.2.7') },
        { ports: ports(23), sources: ranges('192.0.2.7') },
      ),
    },
    [],
    ['tcp:in:d=22_23:s=192.0.2.7'],
  ],
  ['pings', { allowRules: openings('ping', [PING]) }, ['IG_ICMP_TYPES=0,3,8,11,12'], []],
  [
    'types',
    { allowRules: opened({ protocol: 1, ports: [...span(12, 15), ...ports(3)] }) },
    ['IG_ICMP_TYPES=0,3,11,12,13,14,15'],
    [],
  ],
  [
    'all of ICMP',
    { allowRules: opened({ protocol: 1, ports: 'all' }, { protocol: 1, ports: ports(8) }) },
    ['IG_ICMP_TYPES=all'],
    [],
  ],
  [
    'an ICMP error type, for some sources',
    { allowRules: opened({ protocol: 1, ports: ports(3), sources: ranges('192.0.2.7') }) },
    [],
    [],
  ],
  [
    'pings of some sources and of any',
    { allowRules: openings('ping', [PING, { ...PING, sources: ranges('192.0.2.7') }]) },
    ['IG_ICMP_TYPES=0,3,8,11,12'],
    [],
  ],
  ['pings of IPv6', { allowRules: opened({ protocol: 58, ports: ports(128), sources: ranges('2001:db8::') }) }, [], []],
])('opens %s', (_, parts, keys, lines) => expect(written(parts)).toEqual({ keys, lines }));

it('has no lines for ports that any source reaches, except management and trusted networks, which come before bans', () => {
  const { keys, lines } = written({
    trustedNetworks: ranges('10.0.0.0/24'),
    allowRules: openings('web', [
      ...[{ ports: ports(22, 443) }, { ports: ports(22, 25), sources: ranges('192.0.2.7') }].map(opening),
      opening({ ports: ports(22), sources: ranges('198.51.100.1'), management: true }),
      PING,
    ]),
  });
  expect(keys).toEqual(['IG_TCP_CPORTS=22,443', 'IG_ICMP_TYPES=0,3,8,11,12']);
  expect(lines).toEqual([
    'tcp:in:d=25:s=192.0.2.7',
    'tcp:in:d=22:s=198.51.100.1',
    'tcp:in:d=0_65535:s=10.0.0.0/24',
    'udp:in:d=0_65535:s=10.0.0.0/24',
  ]);
});

it('excludes blocked sources from listed sources and trusted networks, and not from management', () => {
  const profile = openings(
    'web',
    [
      opening({ ports: ports(443), sources: ranges('198.51.100.0/24') }),
      opening({ ports: ports(22), sources: ranges('198.51.100.0/30'), management: true }),
      opening({ ports: ports(25), sources: ranges('198.51.100.0/30') }),
    ],
    ranges('198.51.100.0/25', '10.0.0.128/25', '2001:db8::'),
  );
  const some = ['tcp:in:d=443:s=198.51.100.128/25', 'tcp:in:d=22:s=198.51.100.0/30'];
  expect(written({ allowRules: profile })).toEqual({ keys: [], lines: some });
  expect(
    written({ allowRules: profile, trustedNetworks: ranges('10.0.0.0/24'), trustedConnections: 'listed' }).lines,
  ).toEqual(some);
});

it('names the first interface that has an IPv4 address', () => {
  const none = { name: 'wg0', role: 'vpn', addresses: [], routes: [] } as const;
  expect(
    generator.write(asked({ interfaces: [none, ...interfaceOf('ens3f0.100'), ...interfaceOf('eth1')] })).text,
  ).toContain('\nIFACE_IN="ens3f0.100"\n');
});

it.each<[string, Partial<ServerPolicy>, readonly string[]]>([
  ['an address of IPv6', { localAddresses: [address('10.0.0.10'), address('2001:db8::10')] }, ['apf/ipv6-server']],
  ['outbound rules in a list', { outbound: [] }, ['apf/outbound']],
  [
    'its own public address',
    { ownPublic: [{ public: address('203.0.113.10'), local: address('10.0.0.10') }] },
    ['apf/own-public'],
  ],
  [
    'other protocols',
    { allowRules: opened({ protocol: 47, ports: 'all' }, { protocol: 132, ports: 'all' }) },
    ['apf/protocol', 'apf/protocol'],
  ],
  [
    'ports of other protocols',
    { allowRules: opened({ protocol: 132, ports: ports(3868) }) },
    ['apf/ports-of-protocol'],
  ],
  [
    'pings of some sources',
    { allowRules: opened({ protocol: 1, ports: ports(8), sources: ranges('192.0.2.7') }) },
    ['apf/icmp-for-some'],
  ],
  [
    'all of ICMP of some sources',
    { allowRules: opened({ protocol: 1, ports: 'all', sources: ranges('192.0.2.7') }) },
    ['apf/icmp-for-some'],
  ],
  [
    'the type that stands for all types',
    { allowRules: opened({ protocol: 1, ports: ports(255) }) },
    ['apf/icmp-type-255'],
  ],
  ['a name that no owner may have', { owner: 'web"\nDEVEL_MODE' }, ['apf/owner-name']],
  ['a name that is too long', { owner: 'a'.repeat(33) }, ['apf/owner-name']],
  ['a name that a shell would expand', { interfaces: interfaceOf('eth0:1') }, ['apf/interface-name']],
  ['an interface name that no kernel has', { interfaces: interfaceOf('e'.repeat(16)) }, ['apf/interface-name']],
  ['trusted networks that stay open, without pings', { trustedNetworks: ranges('10.0.0.0/24') }, ['apf/inside-ping']],
  [
    'a blocked source of a port that is open to any',
    { allowRules: openings('web', [opening()], ranges('198.51.100.0/24')) },
    ['apf/blocked'],
  ],
  ['a blocked source of pings', { allowRules: openings('web', [PING], ranges('2001:db8::')) }, ['apf/blocked']],
])('refuses %s', (_, parts, codes) => expect(codesOf(() => generator.write(asked(parts)))).toEqual(codes));

it('refuses more lines than APF loads in time, and gives their number', () => {
  const many = (count: number): ServerPolicy['allowRules'] =>
    opened({ sources: Array.from({ length: count }, (_, n) => ranges(`10.${n >> 8}.${n & 255}.1`)[0]!) });
  expect(written({ allowRules: many(250) }).lines.length).toBe(250);
  expect(problemsOf(() => generator.write(asked({ allowRules: many(251) })))).toMatchObject([
    { code: 'apf/too-many-lines', what: expect.stringContaining('251 lines') as unknown },
  ]);
});

it('refuses a gateway and captured config', () => {
  expect(codesOf(() => generator.write(gateway([], { platform: 'apf' })))).toEqual(['apf/server-only']);
  expect(codesOf(() => generator.write(asked({}), 'IG_TCP_CPORTS="22"'))).toEqual(['apf/surroundings']);
});

it('closes everything except management and trusted networks, also pings', () => {
  const profile = openings('web', [
    opening({ ports: ports(443) }),
    PING,
    opening({ ports: ports(22), sources: ranges('192.0.2.7'), management: true }),
  ]);
  const text = generator.closing!(asked({ allowRules: profile, trustedNetworks: ranges('10.0.0.0/24') }));
  expect(text).toContain('\nIG_TCP_CPORTS=""\nIG_UDP_CPORTS=""\nIG_ICMP_TYPES="0,3,11,12"\n');
  expect(text).toContain(
    'begin\ntcp:in:d=22:s=192.0.2.7\ntcp:in:d=0_65535:s=10.0.0.0/24\nudp:in:d=0_65535:s=10.0.0.0/24\n# ',
  );
});
