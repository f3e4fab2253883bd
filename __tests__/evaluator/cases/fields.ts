// Cases of cases.ts on fields of the session: original and reply addresses and ports.

import { asked } from '../parse-packet-names';
import { Case, hook, inet, probe } from './cases';

const nat = (...lines: readonly string[]): string => `table ip n {\n${lines.join('\n')}\n}\n`;
const inward =
  '  chain pre {\n    type nat hook prerouting priority -100;\n    ip daddr 203.0.113.11 meta l4proto tcp dnat to 10.0.0.10:80\n  }';
const outward = '  chain post {\n    type nat hook postrouting priority 100;\n    snat to 10.0.0.1\n  }';
const outwardAsOneOfTwo = outward.replace('10.0.0.1', '10.0.0.1-10.0.0.2');
const mapped = probe('out', '198.51.100.7', '203.0.113.11', 443);
const leadsIn = 'in: 198.51.100.7 > 10.0.0.10:80';

/**
 * The outcome of one test of the session's own addresses and ports, for a packet that is translated from
 * 203.0.113.11:443 to 10.0.0.10:80.
 */
const ledIn = (test: string, comes: boolean, priority = '0', hooked = 'forward'): Case => ({
  name: `${test} in ${hooked} at ${priority}, of a packet that was led elsewhere`,
  text: inet(hook(hooked, priority, 'drop', `${test} accept`)) + nat(inward),
  probe: mapped,
  becomes: comes ? leadsIn : 'denied',
});

const session: readonly Case[] = [
  ledIn('ct original ip saddr 198.51.100.7', true),
  ledIn('ct original ip daddr 203.0.113.11', true),
  ledIn('ct original ip daddr 203.0.113.11 meta l4proto tcp ct original proto-dst 443', true),
  ledIn('meta l4proto tcp ct original proto-dst 80', false),
  ledIn('meta l4proto tcp ct original proto-src 22000', true),
  ledIn('meta l4proto tcp ct original proto-dst 443 tcp dport 80', true),
  ledIn('ct reply ip saddr 10.0.0.10', true),
  ledIn('ct reply ip saddr 203.0.113.11', false),
  ledIn('ct reply ip saddr 203.0.113.11', true, '-150', 'prerouting'),
  ledIn('ct reply ip daddr 198.51.100.7', true),
  ledIn('meta l4proto tcp ct reply proto-src 80', true),
  ledIn('meta l4proto tcp ct reply proto-src 443', false),
  ledIn('meta l4proto tcp ct reply proto-dst 22000', true),
  {
    name: 'a translation of ports does not apply to ICMP',
    text:
      inet(hook('forward', '0', 'drop', 'icmp type echo-request accept')) +
      nat(inward.replace('meta l4proto tcp', 'meta l4proto { tcp, icmp }')),
    probe: { ...mapped, protocol: 1, port: 8 },
    becomes: 'in: 198.51.100.7 > 10.0.0.10:8',
  },
  {
    name: 'the original source of a translated session is unknown',
    text: inet(hook('postrouting', '150', 'drop', 'ct original ip saddr 198.51.100.7 accept')) + nat(outward),
    probe: probe('out', '198.51.100.7', '10.0.0.10', 443),
    becomes: 'unknown',
  },
  {
    name: 'the reply destination of a translated session is known',
    text: inet(hook('postrouting', '150', 'drop', 'ct reply ip daddr 10.0.0.1 accept')) + nat(outward),
    probe: probe('out', '198.51.100.7', '10.0.0.10', 443),
    becomes: 'in: 10.0.0.1 > 10.0.0.10:443',
  },
  {
    name: 'a rule on the original destination and one of several possible sources may match',
    text:
      inet(hook('postrouting', '150', 'accept', 'ct original ip daddr 10.0.0.10 ip saddr 10.0.0.1 drop')) +
      nat(outwardAsOneOfTwo),
    probe: probe('out', '198.51.100.7', '10.0.0.10', 443),
    becomes: 'unknown',
  },
  {
    name: 'a rule on the original destination matches with each of several possible sources',
    text:
      inet(
        hook(
          'postrouting',
          '150',
          'accept',
          'ct original ip daddr 10.0.0.10 drop',
          'ct original ip daddr 10.0.0.12 ip saddr 10.0.0.1 drop',
        ),
      ) + nat(outwardAsOneOfTwo),
    probe: probe('out', '198.51.100.7', '10.0.0.10', 443),
    becomes: 'denied',
  },
];

const stray = probe('out', '198.51.100.7', '198.51.100.2', 443, { flags: 'fin' });
const toLoopback = probe('out', '198.51.100.7', '203.0.113.10', 443);

/** Fields that a packet shows, and how far. */
export const FIELDS: readonly Case[] = [
  ...session,
  ...asked('ct original ip saddr 198.51.100.0/24', { 'tcp 443': true, 'tcp6 443': false }),
  ...asked('ct original ip6 saddr 2001:db8::/32', { 'tcp 443': false, 'tcp6 443': true }),
  ...asked('ct original ip saddr . ct original ip daddr { 198.51.100.7 . 198.51.100.2 }', {
    'tcp 443': true,
    'tcp6 443': false,
  }),
  ...asked('ct reply ip saddr != 198.51.100.2', { 'tcp 443': false, 'tcp6 443': false }),
  ...asked('ct protocol { tcp, icmp }', { 'tcp 443': true, 'udp 443': false, ping: true }),
  ...asked('ct original l3proto ipv6', { 'tcp 443': false, 'tcp6 443': true }),
  ...asked('ct reply protocol udp', { 'tcp 443': false, 'udp 443': true }),
  ...asked('ip version 4', { 'tcp 443': true, 'tcp6 443': false }),
  ...asked('ip version != 4', { 'tcp 443': false, 'tcp6 443': false }),
  ...asked('ip6 version 6', { 'tcp 443': false, 'tcp6 443': true }),
  ...asked('ip6 nexthdr tcp', { 'tcp 443': false, 'tcp6 443': true, 'udp6 443': false }),
  ...asked('ip6 nexthdr != tcp', { 'tcp 443': false, 'tcp6 443': 'unknown', 'udp6 443': true }),
  ...asked('ip6 nexthdr { 17, 60 }', { 'tcp 443': false, 'tcp6 443': 'unknown', 'udp6 443': true }),
  ...asked('ip6 nexthdr { udp, ipv6-icmp }', { 'tcp6 443': false, 'udp6 443': true }),
  ...asked('meta protocol 0x0800', { 'tcp 443': true, 'tcp6 443': false }),
  ...asked('meta protocol { ip6, arp }', { 'tcp 443': false, 'tcp6 443': true }),
  ...asked('meta protocol 8021q', { 'tcp 443': false }),
  ...asked('ether type ip6', { 'tcp 443': false, 'tcp6 443': 'unknown' }),
  ...asked('ether type != ip', { 'tcp 443': false, 'tcp6 443': 'unknown' }),
  ...asked('@th,16,16 443', { 'tcp 443': true, 'udp 443': true, 'tcp 80': false, ping: 'unknown' }),
  ...asked('@th,16,16 != 443', { 'tcp 443': false, 'tcp 80': true }),
  ...asked('@th,0,16 { 80, 22000 }', { 'tcp 443': true }),
  ...asked('meta l4proto tcp @th,16,16 & 0xff00 == 0x100', { 'tcp 443': true, 'tcp 80': false, 'udp 443': false }),
  ...asked('meta l4proto . @th,16,16 { tcp . 443 }', { 'tcp 443': true, 'udp 443': false, ping: false }),
  ...asked('meta l4proto tcp @nh,96,32 0x0a000001', { 'tcp 443': 'unknown', 'udp 443': false }),
  ...asked('rt type 0', { 'tcp 443': false, 'tcp6 443': 'unknown' }),
  ...asked('rt ip nexthop 198.51.100.1', { 'tcp 443': 'unknown', 'tcp6 443': false }),
  ...asked('rt mtu > 100', { 'tcp 443': 'unknown', 'tcp6 443': 'unknown' }),
  ...asked('reset tcp option sack-perm', { 'tcp 443': true, 'udp 443': false, 'tcp6 443': true }),
  ...asked('meta l4proto { tcp, udp } reset tcp option sack-perm', { 'tcp 443': true, 'udp 443': false }),
  ...asked('reset tcp option 19', { 'tcp 443': true, ping: false }),
  ...asked('fib daddr type 2', { 'tcp 443': true }),
  ...asked('fib daddr type { 3, 5 }', { 'tcp 443': false }),
  ...asked('meta l4proto { ax.25, mobility-header, mpls-in-ip, ethernet, tcp }', { 'tcp 443': true, 'udp 443': false }),
  ...asked('tcp option sack-perm missing', { 'tcp 443': 'unknown', 'udp 443': true, ping: true, 'udp6 53': true }),
  ...asked('tcp option sack-perm != exists', { 'tcp 443': 'unknown', 'udp 443': true }),
  ...asked('meta l4proto udp tcp option sack-perm missing', { 'udp 443': true, 'tcp 443': false }),
  ...asked('tcp option sack-perm exists', { 'tcp 443': 'unknown', 'udp 443': false }),
  ...asked('tcp option maxseg size 1-500', { 'tcp 443': 'unknown', 'udp 443': false }),
  ...asked('sctp chunk init missing', { 'tcp 443': true, 'udp 443': true }),
  ...asked('tcp window > 10000', { 'udp 443': false }),
  ...asked('fib daddr . iif type local', { 'tcp 443': true, 'tcp6 443': true }),
  ...asked('fib daddr . iif type != { local, broadcast, multicast }', { 'tcp 443': false, 'tcp6 443': false }),
  ...asked('fib saddr . iif oif 0', { 'tcp 443': false, 'tcp6 443': false }),
  ...asked('fib saddr . iif oif != 0', { 'tcp 443': true, 'tcp6 443': true }),
  ...asked('fib saddr . iif oif "wan0"', { 'tcp 443': true }),
  ...asked('fib saddr . iif oif "br0"', { 'tcp 443': false }),
  ...asked('fib saddr . iif oifname "wa*"', { 'tcp 443': true }),
  ...asked('fib saddr . iif oifname { "lo", "br*" }', { 'tcp 443': false }),
  ...asked('fib saddr . iif oifname vmap { "lo" : drop, "wa*" : accept }', { 'tcp 443': true }),
  ...asked('fib saddr . mark . iif oif missing', { 'tcp 443': false }),
  ...asked('fib saddr . mark type unicast', { 'tcp 443': true }),
  ...asked('meta priority set 1:2', { 'tcp 443': true }),
  ...asked('meta priority set tcp dport map { 443 : 1:2 }', { 'tcp 443': true, 'tcp 80': false, 'udp 443': false }),
  ...asked('meta priority 1:2', { 'tcp 443': 'unknown' }),
  {
    name: 'an address of another interface is not local to the incoming one',
    text: inet(hook('prerouting', '-150', 'accept', 'iifname "wan0" fib daddr . iif type != local drop')),
    probe: probe('out', '198.51.100.7', '10.0.0.1', 443),
    becomes: 'denied',
  },
  {
    name: 'a local address may be on another interface',
    text: inet(hook('prerouting', '-150', 'drop', 'fib daddr . iif type local accept')),
    probe: toLoopback,
    becomes: 'unknown',
  },
  {
    name: 'packets of the device itself came over no Ethernet',
    text: inet(hook('output', '0', 'accept', 'ether type ip drop')),
    probe: probe('gw', '198.51.100.2', '198.51.100.7', 443),
    becomes: 'out: 198.51.100.2 > 198.51.100.7:443',
  },
  {
    name: 'a late notrack may untrack packets that start no connection',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 443 notrack'),
      hook('input', '0', 'drop', 'ct state untracked accept'),
    ),
    probe: stray,
    becomes: 'unknown',
  },
  {
    name: 'a translation to an address makes the kernel evaluate nat chains for its family alone',
    text: 'table inet t {\n  chain n {\n    type nat hook prerouting priority -100;\n    tcp dport 22 dnat ip to 10.0.0.10\n    tcp dport 443 drop\n  }\n}\n',
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes: 'unknown',
  },
  {
    name: 'a quota from a map applies to the map’s keys',
    text: inet(
      '  quota a { 10 mbytes }\n',
      hook('input', '0', 'drop', 'quota name tcp dport map { 443 : "a" } accept'),
    ),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 80),
    becomes: 'denied',
  },
  {
    name: 'an untracked packet has no connection fields',
    text: inet(
      hook('prerouting', '-300', 'drop', 'ct zone 0 accept', 'tcp dport 80 accept'),
      hook('input', '0', 'accept', 'ct state new accept'),
    ),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 443),
    becomes: 'denied',
  },
  {
    name: 'a counter from a map counts, and ends the rule for keys that the map lacks',
    text: inet('  counter a { }\n', hook('input', '0', 'drop', 'counter name tcp dport map { 443 : "a" } accept')),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 443),
    becomes: 'gw: 198.51.100.7 > 198.51.100.2:443',
  },
  {
    name: 'a counter from a map that lacks the key ends the rule',
    text: inet('  counter a { }\n', hook('input', '0', 'drop', 'counter name tcp dport map { 80 : "a" } accept')),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 443),
    becomes: 'denied',
  },
  ...['tcp option maxseg size 1-535', 'tcp option 19 exists', 'tcp option maxseg missing', 'ip option lsrr exists'].map(
    (test): Case => ({
      name: `a rule that drops packets with one option does not match others: ${test}`,
      text: inet(hook('input', '0', 'accept', `${test} drop`)),
      probe: probe('out', '198.51.100.7', '198.51.100.2', 443),
      becomes: 'gw: 198.51.100.7 > 198.51.100.2:443',
    }),
  ),
  ...['tcp option maxseg missing', 'tcp option 19 missing', 'tcp option 19 != exists', 'sctp chunk init missing'].map(
    (test): Case => ({
      name: `a rule that drops packets without an option matches packets that can't have it: ${test}`,
      text: inet(hook('input', '0', 'accept', `${test} drop`)),
      probe: probe('out', '198.51.100.7', '198.51.100.2', 53, { protocol: 17 }),
      becomes: 'denied',
    }),
  ),
  ...(
    [
      ['ip6 nexthdr tcp drop', 'unknown'],
      ['ip6 nexthdr { tcp, udp } th dport 443 drop', 'unknown'],
      ['ip6 nexthdr tcp tcp dport 22 drop', 'gw: 2001:db8:1::7 > 2001:db8:1::2:443'],
      ['meta l4proto tcp drop', 'denied'],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `a rule that drops by the first header may miss a packet with another header in front: ${rule}`,
    text: inet(hook('input', '0', 'accept', rule)),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes,
  })),
  ...(
    [
      ['tcp flags & (fin|syn|rst|psh|ack|urg) == syn drop', 'unknown'],
      ['tcp flags & (fin|syn|rst|ack) == syn drop', 'denied'],
      ['tcp flags syn drop', 'denied'],
      ['tcp flags & (fin|psh|urg) == fin|psh|urg drop', 'gw: 198.51.100.7 > 198.51.100.2:443'],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `a first segment may have PSH or URG: ${rule}`,
    text: inet(hook('input', '0', 'accept', rule)),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 443),
    becomes,
  })),
  {
    name: 'a rule that drops packets with a routing header does not match others',
    text: inet(hook('input', '0', 'accept', 'rt type 0 drop')),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes: 'gw: 2001:db8:1::7 > 2001:db8:1::2:443',
  },
];
