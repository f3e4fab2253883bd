// Table of nftables rulesets, each with a packet and its outcome, which the evaluator and a real kernel must agree
// on.

import { Probe } from '../kernel/namespaces';

/** A ruleset, a packet, and its outcome in the evaluator and in a kernel. */
export interface Case {
  readonly name: string;
  readonly text: string;
  readonly probe: Probe;
  /** If it is `allowed`, its destination and its addresses then: `in: 198.51.100.7 > 10.0.0.10:80`. */
  readonly becomes: 'denied' | 'unknown' | string;
}

export const probe = (
  place: Probe['place'],
  from: string,
  to: string,
  port: number,
  more: Partial<Probe> = {},
): Probe => ({
  place,
  from,
  to,
  protocol: 6,
  port,
  sourcePort: 22_000,
  size: 300,
  ...more,
});
export const udp = { protocol: 17 } as const;

export const hook = (hooked: string, priority: string, policy: string, ...rules: readonly string[]): string =>
  `  chain c${hooked}${priority.replace('-', '_')} {\n    type filter hook ${hooked} priority ${priority}; policy ${policy};\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`;
export const inet = (...parts: readonly string[]): string => `table inet t {\n${parts.join('')}}\n`;

export const toGateway = probe('out', '198.51.100.7', '198.51.100.2', 443);
export const through = probe('out', '198.51.100.7', '10.0.0.10', 443);
export const reached = 'gw: 198.51.100.7 > 198.51.100.2:443';
export const passed = 'in: 198.51.100.7 > 10.0.0.10:443';
export const TRACKED = hook('output', '0', 'accept', 'ct state new accept');
export const bySix = probe('out', '2001:db8:1::7', '2001:db8:1::2', 443);

const deeper = '  chain deeper {\n    tcp dport 22 accept\n  }\n';

export const CASES: readonly Case[] = [
  {
    name: 'a verdict map that jumps to a chain which returns goes on with the next rule',
    text: inet(
      deeper,
      hook('input', '0', 'drop', 'iifname vmap { "wan0" : jump deeper, * : drop }', 'tcp dport 443 accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a verdict map with continue goes on with the next rule',
    text: inet(hook('input', '0', 'drop', 'iifname vmap { "wan0" : continue, * : drop }', 'tcp dport 443 accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a verdict map’s default matches keys without an element',
    text: inet(
      deeper,
      hook('input', '0', 'drop', 'iifname vmap { "br0" : jump deeper, * : drop }', 'tcp dport 443 accept'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a rule that adds the source to an IPv4 set ends for IPv6 packets',
    text: inet(
      '  set ban { type ipv4_addr; size 100; flags dynamic; }\n',
      hook('input', '0', 'accept', 'add @ban { ip saddr } drop'),
    ),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes: 'gw: 2001:db8:1::7 > 2001:db8:1::2:443',
  },
  {
    name: 'a rule that adds the source to an IPv4 set goes on for IPv4 packets',
    text: inet(
      '  set ban { type ipv4_addr; size 100; flags dynamic; }\n',
      hook('input', '0', 'drop', 'add @ban { ip saddr } accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a rule that adds the port to a set ends for packets without that port',
    text: inet(
      '  set ports { type inet_service; size 100; flags dynamic; }\n',
      hook('input', '0', 'drop', 'update @ports { tcp dport } accept'),
    ),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 443, udp),
    becomes: 'denied',
  },
  {
    name: 'a rule that changes a header ends for packets without it',
    text: inet(hook('input', '0', 'accept', 'ip dscp set cs1 drop')),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes: 'gw: 2001:db8:1::7 > 2001:db8:1::2:443',
  },
  {
    name: 'later chains see the port that a rule sets',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 443 tcp dport set 80'),
      hook('input', '0', 'drop', 'tcp dport 80 accept'),
    ),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a packet goes to the address that a rule sets',
    text: inet(
      hook('prerouting', '-150', 'accept', 'ip daddr 198.51.100.2 tcp dport 443 ip daddr set 10.0.0.10'),
      hook('input', '0', 'drop'),
    ),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a rule that does not match does not change the port',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 22 tcp dport set 80'),
      hook('input', '0', 'drop', 'tcp dport 80 accept'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a packet that is dropped before a change is denied',
    text: inet(
      hook('prerouting', '-250', 'accept', 'tcp dport 443 drop'),
      hook('prerouting', '-150', 'accept', 'tcp dport set 80'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a copy is sent by dup though the packet is dropped',
    text:
      inet(hook('forward', '0', 'accept', 'dup to 10.0.0.11')).replace(/inet t/, 'ip t') +
      inet(hook('forward', '10', 'drop')),
    probe: through,
    becomes: 'unknown',
  },
  {
    name: 'notrack makes a packet untracked in later chains',
    text: inet(
      hook('prerouting', '-300', 'accept', 'tcp dport 443 notrack'),
      hook('prerouting', '-250', 'drop', 'ct state untracked accept'),
      hook('input', '0', 'drop', 'ct state untracked accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'notrack makes a packet untracked in the rest of its chain',
    text: inet(hook('prerouting', '-300', 'drop', 'tcp dport 443 notrack', 'ct state untracked accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a packet is invalid before connection tracking',
    text: inet(
      hook('prerouting', '-300', 'drop', 'ct state invalid accept', 'tcp dport 443 notrack'),
      hook('input', '0', 'drop', 'ct state new accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'notrack at the priority of connection tracking may be late',
    text: inet(
      hook('prerouting', '-200', 'accept', 'tcp dport 443 notrack'),
      hook('input', '0', 'drop', 'ct state untracked accept'),
    ),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a chain at the priority of connection tracking may be before it or after it',
    text: inet(hook('prerouting', '-200', 'accept', 'ct state invalid drop')),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a rule within whose limit a new client is reaches notrack and accepts',
    text: inet(hook('prerouting', '-300', 'drop', 'limit rate 5/second notrack accept')),
    probe: toGateway,
    becomes: `${reached}, but`,
  },
  {
    name: 'a jump target’s notrack takes effect',
    text: inet(
      '  chain deeper {\n    tcp dport 443 notrack\n  }\n',
      hook('prerouting', '-300', 'accept', 'jump deeper'),
      hook('input', '0', 'drop', 'ct state untracked accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a notrack in a chain on a device takes effect',
    text:
      'table netdev n {\n  chain c {\n    type filter hook ingress device "wan0" priority 0; policy accept;\n    tcp dport 443 notrack\n  }\n}\n' +
      inet(hook('input', '0', 'drop', 'ct state untracked accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'notrack after connection tracking has no effect',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 443 notrack'),
      hook('input', '0', 'drop', 'ct state new accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a translation to the same address is none',
    text:
      inet(hook('postrouting', '150', 'accept', 'ct status snat drop')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    snat to 198.51.100.7\n  }\n}\n',
    probe: through,
    becomes: passed,
  },
  {
    name: 'a source port that the kernel chooses is unknown afterwards',
    text:
      inet(hook('postrouting', '150', 'drop', 'tcp sport 22000 accept')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    tcp dport 443 masquerade to :30000-30100\n  }\n}\n',
    probe: through,
    becomes: 'unknown',
  },
  {
    name: 'rules after a translation to several sources don’t see the former source',
    text:
      inet(hook('postrouting', '150', 'drop', 'ip saddr 198.51.100.0/24 accept')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    snat to 10.0.0.20-10.0.0.30\n  }\n}\n',
    // The kernel drops it.
    probe: through,
    becomes: 'unknown',
  },
  {
    name: 'a packet is dropped if all its possible sources are dropped',
    text:
      inet(hook('postrouting', '150', 'drop', 'tcp dport 80 accept')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    snat to 10.0.0.20-10.0.0.30\n  }\n}\n',
    probe: through,
    becomes: 'denied',
  },
  {
    name: 'later rules see the source port that a rule sets',
    text:
      inet(hook('postrouting', '150', 'drop', 'tcp sport 30000 accept')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    tcp dport 443 snat to :30000\n  }\n}\n',
    probe: through,
    becomes: 'unknown',
  },
  {
    name: 'a connection on the loopback interface is confirmed on arrival',
    text: inet(hook('input', '0', 'drop', 'ct status confirmed accept')),
    probe: probe('gw', '10.0.0.1', '203.0.113.10', 443),
    becomes: 'gw: 10.0.0.1 > 203.0.113.10:443',
  },
  {
    name: 'adjacent != tests of two ports are compared as one by nft 1.0.6',
    text: inet(hook('input', '0', 'drop', 'tcp sport != 22000 tcp dport != 22 accept')),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'adjacent != tests of two ports match if both differ',
    text: inet(hook('input', '0', 'drop', 'tcp sport != 1000 tcp dport != 22 accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'an unknown lookup of several fields matters only for packets that have them',
    text: inet(
      '  set s { type ipv4_addr . inet_service; size 100; flags dynamic, timeout; }\n',
      hook('input', '0', 'drop', 'ip saddr . tcp dport @s accept', 'add @s { ip saddr . tcp dport }'),
    ),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 443, udp),
    becomes: 'denied',
  },
];
