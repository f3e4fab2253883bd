// Table of iptables rulesets, each with packets and their outcomes, which the evaluator and a real kernel must agree
// on.

import { HEADER, Printed, filter, mangle, nat, raw, table } from '../printed';
import { Probe } from '../../../evaluator/kernel/namespaces';
import { probe } from '../../../evaluator/cases/cases';

/** Rules, and the outcomes of packets. */
export interface Case extends Printed {
  readonly name: string;
  /** The part of a ruleset that decides whether a packet comes in. */
  readonly test?: string;
  readonly asked: readonly {
    readonly probe: Probe;
    /** If it is `allowed`, its destination and its addresses then: `in: 198.51.100.7 > 10.0.0.10:80`. */
    readonly becomes: 'denied' | 'unknown' | string;
  }[];
}
export const toGateway = probe('out', '198.51.100.7', '198.51.100.2', 443);
export const through = probe('out', '198.51.100.7', '10.0.0.10', 443);
export const mapped = probe('out', '198.51.100.7', '203.0.113.11', 443);
export const reached = 'gw: 198.51.100.7 > 198.51.100.2:443';
export const passed = 'in: 198.51.100.7 > 10.0.0.10:443';
export const one = (name: string, printed: Printed, sent: Probe, becomes: string): Case => ({
  name,
  ...printed,
  asked: [{ probe: sent, becomes }],
});

/** The effect of a rule, by its target. */
const does = (target: string, becomes: string, ...more: readonly string[]): Case =>
  one(
    `-j ${target}`,
    { ip: filter('ACCEPT', 'ACCEPT', `-A INPUT -p tcp ${target === '' ? '' : `-j ${target}`}`, ...more) },
    toGateway,
    becomes,
  );
const drops = '-A INPUT -p tcp -j DROP';

export const TARGETS: readonly Case[] = [
  does('ACCEPT', reached, drops),
  does('DROP', 'denied'),
  does('REJECT --reject-with icmp-port-unreachable', 'denied'),
  does('REJECT --reject-with tcp-reset', 'denied'),
  does('RETURN', reached, drops),
  does('', reached),
  ...[
    'LOG --log-prefix "a b" --log-level 7',
    'LOG --log-prefix -x',
    'NFLOG --nflog-prefix "x y" --nflog-group 5',
    'AUDIT --type drop',
  ].map((target) => does(target, 'denied', drops)),
  does('CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff', 'denied', drops),
  one(
    'a rule that drops packets with a routing header does not match others',
    { ip6: filter('ACCEPT', 'ACCEPT', '-A INPUT -m rt --rt-type 0 -j DROP') },
    probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    'gw: 2001:db8:1::7 > 2001:db8:1::2:443',
  ),
  ...['-m tcp --tcp-option 19', '-m tcp ! --tcp-option 2'].map((match) => does(`DROP ${match}`, reached)),
  one(
    'tcpmss',
    { ip: filter('ACCEPT', 'ACCEPT', '-A INPUT -p tcp -m tcpmss ! --mss 536:65535 -j DROP') },
    toGateway,
    reached,
  ),
  does('DROP -m tcp --tcp-flags ALL SYN', 'unknown'),
  does('DROP -m tcp --syn', 'denied'),
  // iptables-nft accepts a first fragment of eight bytes, iptables-legacy doesn't: seen with 1.8.9 on 6.18.
  one(
    'a fragment of a segment, by --syn',
    { ip: filter('ACCEPT', 'ACCEPT', '-A FORWARD -p tcp --syn -j DROP') },
    through,
    'unknown',
  ),
  does('NFQUEUE --queue-num 5', 'unknown'),
  does('WHATEVER --for 5', 'unknown'),
  does('ACCEPT --dport 22', 'denied', drops),
  does('ACCEPT -s 192.0.2.0/24 -m multiport --dports 443,80', 'denied', drops),
  one(
    'an unknown option of a target',
    { ip: nat('-A PREROUTING -p tcp -j REDIRECT --to-thing 80') },
    toGateway,
    'unknown',
  ),
  one(
    'an abbreviated option of a target',
    { ip: nat('-A PREROUTING -p tcp -j REDIRECT --to 80') },
    toGateway,
    'gw: 198.51.100.7 > 198.51.100.2:80',
  ),
  one(
    'a chain returns at its end, and at RETURN',
    {
      ip: filter(
        'DROP',
        'DROP',
        ':deep - [0:0]',
        '-A INPUT -j deep',
        '-A INPUT -j ACCEPT',
        '-A deep -p udp -j DROP',
        '-A deep -p tcp -j RETURN',
        '-A deep -j DROP',
      ),
    },
    toGateway,
    reached,
  ),
  one(
    'a chain that is entered by goto does not return',
    { ip: filter('DROP', 'DROP', ':deep - [0:0]', '-A INPUT -g deep', '-A INPUT -j ACCEPT', '-A deep -p udp -j DROP') },
    toGateway,
    'denied',
  ),
  one(
    'a chain that is entered by goto returns to the caller of the other chain',
    {
      ip: filter(
        'DROP',
        'DROP',
        ':a - [0:0]',
        ':b - [0:0]',
        '-A INPUT -j a',
        '-A INPUT -j ACCEPT',
        '-A a -g b',
        '-A a -j DROP',
        '-A b -p udp -j DROP',
      ),
    },
    toGateway,
    reached,
  ),
  one(
    'every table is evaluated',
    {
      ip:
        table('security', ':INPUT DROP [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]') +
        filter('ACCEPT', 'ACCEPT'),
    },
    toGateway,
    'denied',
  ),
  one(
    'a TTL of 1',
    { ip: mangle('-A PREROUTING -j TTL --ttl-set 1') + filter('ACCEPT', 'ACCEPT') },
    toGateway,
    'unknown',
  ),
  one(
    'a TTL reduced by 254',
    { ip: mangle('-A PREROUTING -j TTL --ttl-dec 254') + filter('ACCEPT', 'ACCEPT') },
    through,
    'unknown',
  ),
  one(
    'a TTL reduced by 3',
    { ip: mangle('-A PREROUTING -j TTL --ttl-dec 3') + filter('ACCEPT', 'ACCEPT') },
    through,
    passed,
  ),
  one(
    'TEE',
    { ip: mangle('-A PREROUTING -j TEE --gateway 10.0.0.9') + filter('ACCEPT', 'ACCEPT') },
    toGateway,
    'unknown',
  ),
  one(
    'NOTRACK',
    {
      ip:
        raw('-A PREROUTING -p tcp -j NOTRACK') +
        filter('DROP', 'DROP', '-A INPUT -m conntrack --ctstate UNTRACKED -j ACCEPT'),
    },
    toGateway,
    reached,
  ),
  one(
    'CT --notrack',
    {
      ip:
        raw('-A PREROUTING -p tcp -j CT --notrack') + filter('DROP', 'DROP', '-A INPUT -m state --state NEW -j ACCEPT'),
    },
    toGateway,
    'denied',
  ),
  one(
    'CT --notrack after a zone has no effect',
    {
      ip:
        raw('-A PREROUTING -p tcp -j CT --zone 5', '-A PREROUTING -p tcp -j CT --notrack') +
        filter('ACCEPT', 'ACCEPT', '-A INPUT -m conntrack --ctstate UNTRACKED -j DROP'),
    },
    toGateway,
    'unknown',
  ),
  one(
    'an untracked packet never has state DNAT',
    {
      ip:
        raw('-A PREROUTING -p tcp -j CT --notrack') +
        filter('DROP', 'DROP', '-A INPUT -m conntrack ! --ctstate DNAT -j ACCEPT'),
    },
    toGateway,
    reached,
  ),
  one(
    'a match on an untracked packet tests the state alone',
    {
      ip:
        raw('-A PREROUTING -p tcp -j CT --notrack') +
        filter('DROP', 'DROP', '-A INPUT -m conntrack --ctstate UNTRACKED --ctproto 17 -j ACCEPT'),
    },
    toGateway,
    reached,
  ),
  one(
    'CT --zone',
    {
      ip:
        raw('-A PREROUTING -p tcp -j CT --zone 5') + filter('DROP', 'DROP', '-A INPUT -m state --state NEW -j ACCEPT'),
    },
    toGateway,
    reached,
  ),
  one('DNAT', { ip: nat('-A PREROUTING -d 203.0.113.11/32 -j DNAT --to-destination 10.0.0.10') }, mapped, passed),
  one(
    'DNAT to a port',
    { ip: nat('-A PREROUTING -d 203.0.113.11/32 -p tcp -m tcp --dport 443 -j DNAT --to-destination 10.0.0.10:80') },
    mapped,
    'in: 198.51.100.7 > 10.0.0.10:80',
  ),
  one(
    'DNAT to a port alone',
    { ip: nat('-A PREROUTING -p tcp -m tcp --dport 443 -j DNAT --to-destination :80') },
    through,
    'in: 198.51.100.7 > 10.0.0.10:80',
  ),
  one(
    'DNAT to several addresses',
    { ip: nat('-A PREROUTING -d 203.0.113.11/32 -j DNAT --to-destination 10.0.0.10-10.0.0.11') },
    mapped,
    'unknown',
  ),
  one(
    'DNAT applies once',
    {
      ip:
        nat('-A PREROUTING -d 203.0.113.11/32 -j DNAT --to-destination 10.0.0.10') +
        filter('ACCEPT', 'DROP', '-A FORWARD -m conntrack --ctstate DNAT --ctorigdst 203.0.113.11 -j ACCEPT'),
    },
    mapped,
    passed,
  ),
  one(
    'DNAT of IPv6 to a port',
    {
      ip6: nat(
        '-A PREROUTING -d 2001:db8:1::2/128 -p tcp -m tcp --dport 443 -j DNAT --to-destination [2001:db8:2::10]:80',
      ),
    },
    probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    'in: 2001:db8:1::7 > 2001:db8:2::10:80',
  ),
  one(
    'REDIRECT',
    { ip: nat('-A PREROUTING -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 80') },
    toGateway,
    'gw: 198.51.100.7 > 198.51.100.2:80',
  ),
  one(
    'NETMAP of destinations',
    { ip: nat('-A PREROUTING -d 203.0.113.8/29 -j NETMAP --to 10.0.0.8/29') },
    probe('out', '198.51.100.7', '203.0.113.11', 443),
    'in: 198.51.100.7 > 10.0.0.11:443',
  ),
  one(
    'NETMAP of sources',
    { ip: nat('-A POSTROUTING -s 198.51.100.0/24 -j NETMAP --to 10.0.0.0/24') },
    through,
    'in: 10.0.0.7 > 10.0.0.10:443',
  ),
  one(
    'NETMAP from a shared chain',
    {
      ip: nat(
        ':both - [0:0]',
        '-A PREROUTING -d 203.0.113.8/29 -j both',
        '-A POSTROUTING -s 203.0.113.8/29 -j both',
        '-A both -j NETMAP --to 10.0.0.8/29',
      ),
    },
    mapped,
    'in: 198.51.100.7 > 10.0.0.11:443',
  ),
  one(
    'SNAT',
    { ip: nat('-A POSTROUTING -o br0 -j SNAT --to-source 10.0.0.1') },
    through,
    'in: 10.0.0.1 > 10.0.0.10:443',
  ),
  one(
    'SNAT of incoming packets',
    { ip: nat('-A INPUT -p tcp -j SNAT --to-source 192.0.2.9') },
    toGateway,
    'gw: 192.0.2.9 > 198.51.100.2:443',
  ),
  one('rpfilter', { ip: raw('-A PREROUTING -m rpfilter --invert -j DROP') }, toGateway, reached),
  one('rpfilter without --invert', { ip: raw('-A PREROUTING -i wan0 -m rpfilter -j DROP') }, toGateway, 'denied'),
  one('MASQUERADE', { ip: nat('-A POSTROUTING -o br0 -j MASQUERADE') }, through, 'in: 10.0.0.1 > 10.0.0.10:443'),
  one(
    'two tables of one name are both evaluated',
    { ip: filter('ACCEPT', 'ACCEPT') + HEADER.ip.replace(' (nf_tables)', '') + filter('DROP', 'DROP') },
    toGateway,
    'denied',
  ),
];
