// Generates random conditions of nftables rules over few addresses and ports.

import { fc } from '../randomly';
import { V4 } from './packets';

/** Few addresses and ports, so that rules collide. */
const V4_TEXTS = [
  ...V4.slice(0, 8),
  '10.0.0.0/24',
  '203.0.113.8/29',
  '10.0.0.5-10.0.0.10',
  '192.0.2.0/24',
  '0.0.0.0/0',
];
const V6_TEXTS = ['2001:db8:1::7', '2001:db8:2::/64', '2001:db8:2::10', '2001:db8::/32', 'fe80::/10'];
const PORTS = ['22', '80', '443', '1-100', '80-8080', 'https', '1020', '20000-20015'];

export const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const list = (values: readonly string[]): fc.Arbitrary<string> =>
  fc.uniqueArray(pick(values), { minLength: 1, maxLength: 3 }).map((some) => `{ ${some.join(', ')} }`);
const compared = (field: string, values: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(pick(['', '', '!= ']), fc.oneof(pick(values), list(values)))
    .map(([not, value]) => `${field} ${not}${value}`);

/** One test of a rule in a table of that family. */
export const conditions = (family: string): fc.Arbitrary<string> => {
  const v4 = fc.oneof(
    compared('ip saddr', V4_TEXTS),
    compared('ip daddr', V4_TEXTS),
    pick([
      'ip saddr @some',
      'ip daddr @some',
      'ip saddr != @some',
      'ip daddr . tcp dport @pairs',
      'ip saddr @learned',
      'ip daddr . meta l4proto . th dport @triples',
    ]),
    pick([
      'icmp type echo-request',
      'ip protocol tcp',
      'ip protocol != icmp',
      'ct original ip daddr 203.0.113.10',
      'ip frag-off & 0x1fff != 0',
      'ip ttl 64',
      'fib daddr type local',
      'fib saddr type != unicast',
      'ip saddr & 255.255.255.0 == 10.0.0.0',
      'ip daddr & 255.255.255.252 != 203.0.113.8',
      'ip daddr & 0.0.0.255 == 0.0.0.10',
      'ip version 4',
      'ip protocol & 4 == 4',
      'icmp type & 8 == 8',
      'icmp code net-unreachable',
      'ct original ip saddr 10.0.0.0/24',
      'ct original ip saddr != { 198.51.100.7, 10.0.0.11 }',
      'ct reply ip saddr 10.0.0.10',
      'ct reply ip saddr != 203.0.113.11',
      'ct reply ip daddr { 198.51.100.7, 203.0.113.10 }',
      'rt ip nexthop 10.0.0.10',
    ]),
  );
  const v6 = fc.oneof(
    compared('ip6 saddr', V6_TEXTS),
    compared('ip6 daddr', V6_TEXTS),
    pick([
      'icmpv6 type { nd-neighbor-solicit, echo-request }',
      'ip6 daddr @some6',
      'ip6 nexthdr tcp',
      'ip6 nexthdr != tcp',
      'icmpv6 type != echo-request',
      'icmpv6 code no-route',
      'ip6 version 6',
      'ip6 saddr & ffff:ffff:ffff:: == 2001:db8:2::',
      'ct original ip6 saddr 2001:db8:2::/64',
      'ct reply ip6 daddr != 2001:db8:1::7',
      'rt type 0',
    ]),
  );
  const any = fc.oneof(
    compared('tcp dport', PORTS),
    compared('udp dport', PORTS),
    compared('tcp sport', PORTS),
    compared('th dport', PORTS),
    compared('meta l4proto', ['tcp', 'udp', 'icmp', 'ipv6-icmp', 'gre']),
    compared('iifname', ['"wan0"', '"br0"', '"lo"', '"w*"']),
    compared('oifname', ['"wan0"', '"br0"', '"lo"']),
    pick([
      'iif lo',
      'oif != lo',
      'ct state new',
      'ct state established,related',
      'ct state { new, untracked }',
      'ct state != new',
      'ct state untracked',
      'ct state invalid',
      'ct status dnat',
      'ct status ! dnat',
      'ct status snat',
      'ct status confirmed',
      'tcp sport != 20003 tcp dport != 80',
      'tcp dport != 443 tcp sport != 20001',
      'ct direction original',
      'meta nfproto ipv4',
      'meta nfproto ipv6',
      // nft does so with this one if a field of the other family follows.
      ...(family === 'ip6' ? [] : ['meta protocol ip', 'meta protocol 0x0800']),
      'meta protocol != ip6',
      // Without `!=` nft leaves it out of its listing if a protocol follows.
      'ct l3proto != ipv6',
      'meta mark 0x1',
      'meta mark 0',
      'tcp flags & (fin|syn|rst|ack) == syn',
      'tcp flags syn / fin,syn',
      'tcp flags != syn',
      'limit rate 5/second',
      'meta l4proto tcp ct original proto-dst 80',
      'meta pkttype unicast',
      'tcp dport < 1024',
      'tcp dport >= 443',
      'fib saddr . iif oif missing',
      'tcp dport @ports',
      'meta skuid 0',
      'quota over 10 mbytes',
      'iifname . tcp dport { "wan0" . 80, "br0" . 22 }',
      'ct mark 0x1',
      'meta mark & 0xfffffff0 == 0',
      'tcp dport 64/10',
      'exthdr frag exists',
      'tcp dport & 65520 == 16',
      'th dport & 0xff00 != 0',
      'tcp dport & 1 == 0',
      'tcp dport | 1 == 81',
      '@th,16,16 80',
      '@th,16,16 != 22',
      '@th,0,16 20000-20015',
      'meta l4proto . @th,16,16 { tcp . 80, udp . 443 }',
      '@nh,8,8 0',
      'ct protocol tcp',
      'ct protocol != udp',
      'ct original l3proto != ipv4',
      'meta l4proto tcp ct original proto-src 20000-20020',
      'meta l4proto tcp ct reply proto-src 8080',
      'meta l4proto udp ct reply proto-dst != 20003',
      'ether type ip',
      'ether type != ip6',
      'fib saddr . iif oif 0',
      'fib saddr . iif oif "wan0"',
      'fib saddr . iif oifname "wan*"',
      'fib daddr . iif type local',
      'fib daddr . iif type != { local, broadcast }',
      'counter name tcp dport map { 80 : "hits", 443 : "hits" }',
      'meta priority 1:2',
      'counter',
      'log prefix "x "',
    ]),
  );
  if (family === 'ip') return fc.oneof(v4, any);
  if (family === 'ip6') return fc.oneof(v6, any);
  return fc.oneof(v4, v6, any);
};
