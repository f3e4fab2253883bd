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
    name: 'a verdict map whose element leads to a chain that comes back goes on with the next rule',
    text: inet(
      deeper,
      hook('input', '0', 'drop', 'iifname vmap { "wan0" : jump deeper, * : drop }', 'tcp dport 443 accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a verdict map whose element says continue goes on with the next rule',
    text: inet(hook('input', '0', 'drop', 'iifname vmap { "wan0" : continue, * : drop }', 'tcp dport 443 accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'the default of a verdict map is for keys that no element holds',
    text: inet(
      deeper,
      hook('input', '0', 'drop', 'iifname vmap { "br0" : jump deeper, * : drop }', 'tcp dport 443 accept'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a set that rules add to a packet’s source ends the rule for the other family',
    text: inet(
      '  set ban { type ipv4_addr; size 100; flags dynamic; }\n',
      hook('input', '0', 'accept', 'add @ban { ip saddr } drop'),
    ),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes: 'gw: 2001:db8:1::7 > 2001:db8:1::2:443',
  },
  {
    name: 'a set that rules add to a packet’s source goes on in its own family',
    text: inet(
      '  set ban { type ipv4_addr; size 100; flags dynamic; }\n',
      hook('input', '0', 'drop', 'add @ban { ip saddr } accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a set of ports that rules update ends the rule for other protocols',
    text: inet(
      '  set ports { type inet_service; size 100; flags dynamic; }\n',
      hook('input', '0', 'drop', 'update @ports { tcp dport } accept'),
    ),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 443, udp),
    becomes: 'denied',
  },
  {
    name: 'to change a header ends the rule for packets without it',
    text: inet(hook('input', '0', 'accept', 'ip dscp set cs1 drop')),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes: 'gw: 2001:db8:1::7 > 2001:db8:1::2:443',
  },
  {
    name: 'a port that a rule sets is what later chains see',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 443 tcp dport set 80'),
      hook('input', '0', 'drop', 'tcp dport 80 accept'),
    ),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'an address that a rule sets is where the packet goes',
    text: inet(
      hook('prerouting', '-150', 'accept', 'ip daddr 198.51.100.2 tcp dport 443 ip daddr set 10.0.0.10'),
      hook('input', '0', 'drop'),
    ),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a rule that changes no such packet leaves it as it was',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 22 tcp dport set 80'),
      hook('input', '0', 'drop', 'tcp dport 80 accept'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'what a chain drops before anything changes it is gone',
    text: inet(
      hook('prerouting', '-250', 'accept', 'tcp dport 443 drop'),
      hook('prerouting', '-150', 'accept', 'tcp dport set 80'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a copy that is sent elsewhere is sent though the packet is dropped',
    text:
      inet(hook('forward', '0', 'accept', 'dup to 10.0.0.11')).replace(/inet t/, 'ip t') +
      inet(hook('forward', '10', 'drop')),
    probe: through,
    becomes: 'unknown',
  },
  {
    name: 'a packet that is taken out of tracking is untracked to every later chain',
    text: inet(
      hook('prerouting', '-300', 'accept', 'tcp dport 443 notrack'),
      hook('prerouting', '-250', 'drop', 'ct state untracked accept'),
      hook('input', '0', 'drop', 'ct state untracked accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a packet that is taken out of tracking is untracked to the rest of its chain',
    text: inet(hook('prerouting', '-300', 'drop', 'tcp dport 443 notrack', 'ct state untracked accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a packet is invalid before connection tracking has seen it',
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
    name: 'what only may be taken out of tracking only may be accepted by that rule',
    text: inet(hook('prerouting', '-300', 'drop', 'limit rate 5/second notrack accept')),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a chain that is led to takes packets out of tracking',
    text: inet(
      '  chain deeper {\n    tcp dport 443 notrack\n  }\n',
      hook('prerouting', '-300', 'accept', 'jump deeper'),
      hook('input', '0', 'drop', 'ct state untracked accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a chain on a device takes packets out of tracking',
    text:
      'table netdev n {\n  chain c {\n    type filter hook ingress device "wan0" priority 0; policy accept;\n    tcp dport 443 notrack\n  }\n}\n' +
      inet(hook('input', '0', 'drop', 'ct state untracked accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'notrack after connection tracking does nothing',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 443 notrack'),
      hook('input', '0', 'drop', 'ct state new accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'an address translated to itself is not translated',
    text:
      inet(hook('postrouting', '150', 'accept', 'ct status snat drop')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    snat to 198.51.100.7\n  }\n}\n',
    probe: through,
    becomes: passed,
  },
  {
    name: 'a source port that the kernel chooses is not known afterwards',
    text:
      inet(hook('postrouting', '150', 'drop', 'tcp sport 22000 accept')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    tcp dport 443 masquerade to :30000-30100\n  }\n}\n',
    probe: through,
    becomes: 'unknown',
  },
  {
    name: 'a source that the kernel picks is not what later rules saw before',
    text:
      inet(hook('postrouting', '150', 'drop', 'ip saddr 198.51.100.0/24 accept')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    snat to 10.0.0.20-10.0.0.30\n  }\n}\n',
    // The kernel drops it.
    probe: through,
    becomes: 'unknown',
  },
  {
    name: 'whatever source the kernel picks, what is dropped of all sources is dropped',
    text:
      inet(hook('postrouting', '150', 'drop', 'tcp dport 80 accept')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    snat to 10.0.0.20-10.0.0.30\n  }\n}\n',
    probe: through,
    becomes: 'denied',
  },
  {
    name: 'a source port that a rule sets is what later rules see',
    text:
      inet(hook('postrouting', '150', 'drop', 'tcp sport 30000 accept')) +
      'table ip n {\n  chain post {\n    type nat hook postrouting priority 100;\n    tcp dport 443 snat to :30000\n  }\n}\n',
    probe: through,
    becomes: 'unknown',
  },
  {
    name: 'a connection on the loopback interface is confirmed when it comes in',
    text: inet(hook('input', '0', 'drop', 'ct status confirmed accept')),
    probe: probe('gw', '10.0.0.1', '203.0.113.10', 443),
    becomes: 'gw: 10.0.0.1 > 203.0.113.10:443',
  },
  {
    name: 'neighbouring ports that are not two are compared as one by nft 1.0.6',
    text: inet(hook('input', '0', 'drop', 'tcp sport != 22000 tcp dport != 22 accept')),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'neighbouring ports that are not two match where both differ',
    text: inet(hook('input', '0', 'drop', 'tcp sport != 1000 tcp dport != 22 accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a doubt about several fields is about packets that have them',
    text: inet(
      '  set s { type ipv4_addr . inet_service; size 100; flags dynamic, timeout; }\n',
      hook('input', '0', 'drop', 'ip saddr . tcp dport @s accept', 'add @s { ip saddr . tcp dport }'),
    ),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 443, udp),
    becomes: 'denied',
  },
];
