import { Probe } from './kernel-namespaces';

/** A ruleset, a packet, and what becomes of it: as the reader says and as a kernel does. */
export interface Case {
  readonly name: string;
  readonly text: string;
  readonly probe: Probe;
  /** Where it is `allowed`, to whom and as what: `in: 198.51.100.7 > 10.0.0.10:80`. */
  readonly becomes: 'denied' | 'unknown' | string;
}

const probe = (place: Probe['place'], from: string, to: string, port: number, more: Partial<Probe> = {}): Probe => ({
  ...{ place, from, to, protocol: 6, port, sourcePort: 22_000, size: 300 },
  ...more,
});

const hook = (hooked: string, priority: string, policy: string, ...rules: readonly string[]): string =>
  `  chain c${hooked}${priority.replace('-', '_')} {\n    type filter hook ${hooked} priority ${priority}; policy ${policy};\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`;
const inet = (...parts: readonly string[]): string => `table inet t {\n${parts.join('')}}\n`;

const toGateway = probe('out', '198.51.100.7', '198.51.100.2', 443);
const through = probe('out', '198.51.100.7', '10.0.0.10', 443);
const reached = 'gw: 198.51.100.7 > 198.51.100.2:443';

const deeper = '  chain deeper {\n    tcp dport 22 accept\n  }\n';

export const CASES: readonly Case[] = [
  {
    name: 'a verdict map whose element leads to a chain that comes back goes on with the next rule',
    text: inet(deeper, hook('input', '0', 'drop', 'iifname vmap { "wan0" : jump deeper, * : drop }', 'tcp dport 443 accept')),
    ...{ probe: toGateway, becomes: reached },
  },
  {
    name: 'a verdict map whose element says continue goes on with the next rule',
    text: inet(hook('input', '0', 'drop', 'iifname vmap { "wan0" : continue, * : drop }', 'tcp dport 443 accept')),
    ...{ probe: toGateway, becomes: reached },
  },
  {
    name: 'the default of a verdict map is for keys that no element holds',
    text: inet(deeper, hook('input', '0', 'drop', 'iifname vmap { "br0" : jump deeper, * : drop }', 'tcp dport 443 accept')),
    ...{ probe: toGateway, becomes: 'denied' },
  },
  {
    name: 'a port that a rule sets is what later chains see',
    text: inet(hook('prerouting', '-150', 'accept', 'tcp dport 443 tcp dport set 80'), hook('input', '0', 'drop', 'tcp dport 80 accept')),
    ...{ probe: toGateway, becomes: 'unknown' },
  },
  {
    name: 'an address that a rule sets is where the packet goes',
    text: inet(
      hook('prerouting', '-150', 'accept', 'ip daddr 198.51.100.2 tcp dport 443 ip daddr set 10.0.0.10'),
      hook('input', '0', 'drop'),
    ),
    ...{ probe: toGateway, becomes: 'unknown' },
  },
  {
    name: 'a rule that changes no such packet leaves it as it was',
    text: inet(hook('prerouting', '-150', 'accept', 'tcp dport 22 tcp dport set 80'), hook('input', '0', 'drop', 'tcp dport 80 accept')),
    ...{ probe: toGateway, becomes: 'denied' },
  },
  {
    name: 'what a chain drops before anything changes it is gone',
    text: inet(hook('prerouting', '-250', 'accept', 'tcp dport 443 drop'), hook('prerouting', '-150', 'accept', 'tcp dport set 80')),
    ...{ probe: toGateway, becomes: 'denied' },
  },
  {
    name: 'a copy that is sent elsewhere is sent though the packet is dropped',
    text: inet(hook('forward', '0', 'accept', 'dup to 10.0.0.11')).replace(/inet t/, 'ip t') + inet(hook('forward', '10', 'drop')),
    ...{ probe: through, becomes: 'unknown' },
  },
];
