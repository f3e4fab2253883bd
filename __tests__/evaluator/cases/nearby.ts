// Cases of cases.ts on packets that are translated to loopback, multicast and broadcast addresses.

import { Case, bySix, hook, inet, probe, toGateway } from './cases';

const at = (hooked: 'prerouting' | 'output', ...rules: readonly string[]): string =>
  inet(
    `  chain n {\n    type nat hook ${hooked} priority -100;\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`,
  );
const toItself = probe('gw', '10.0.0.1', '203.0.113.10', 443);
const toOthers = probe('gw', '198.51.100.2', '192.0.2.5', 443);

/**
 * Packets that rules translate to loopback: unknown, because `route_localnet` of the interface decides; if it is 1 they
 * arrive at `ledTo`. Packets translated to multicast and broadcast: `takenAs` is the packet that the device takes
 * itself.
 */
export const NEARBY: readonly (Case & { readonly ledTo?: string; readonly takenAs?: string })[] = [
  {
    name: 'what is led to loopback from outside arrives where a setting of the interface lets it',
    text: at('prerouting', 'ip daddr 198.51.100.2 tcp dport 443 dnat ip to 127.0.0.1:8080'),
    probe: toGateway,
    becomes: 'unknown',
    ledTo: 'gw: 198.51.100.7 > 127.0.0.1:8080',
  },
  {
    name: 'any address of loopback is one',
    text: at('prerouting', 'tcp dport 443 dnat ip to 127.9.9.9'),
    probe: toGateway,
    becomes: 'unknown',
    ledTo: 'gw: 198.51.100.7 > 127.9.9.9:443',
  },
  {
    name: 'a map leads to loopback from outside',
    text: at('prerouting', 'dnat ip to tcp dport map { 443 : 127.0.0.1, 80 : 10.0.0.10 }'),
    probe: toGateway,
    becomes: 'unknown',
    ledTo: 'gw: 198.51.100.7 > 127.0.0.1:443',
  },
  {
    name: 'what is led to loopback and dropped by the filter is dropped',
    text:
      at('prerouting', 'tcp dport 443 dnat ip to 127.0.0.1') +
      'table ip f {\n  chain input {\n    type filter hook input priority 0; policy drop;\n    tcp dport 22 accept\n  }\n}\n',
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'to loopback of IPv6 nothing is routed from outside',
    text: at('prerouting', 'tcp dport 443 dnat ip6 to [::1]:8080'),
    probe: bySix,
    becomes: 'denied',
  },
  ...(['10.0.0.255', '255.255.255.255', '224.0.0.1'] as const).map((many) => ({
    name: `what is led to many, ${many}, is asked of the lists for the box itself, too`,
    text:
      at('prerouting', `tcp dport 443 dnat ip to ${many}`) +
      inet(hook('forward', '0', 'drop'), hook('input', '0', 'drop', 'tcp dport 443 accept')),
    probe: toGateway,
    becomes: 'unknown',
    takenAs: `gw: 198.51.100.7 > ${many}:443`,
  })),
  {
    name: 'what is led to many and let in by no list is dropped',
    text:
      at('prerouting', 'tcp dport 443 dnat ip to 10.0.0.255') +
      inet(hook('forward', '0', 'drop'), hook('input', '0', 'drop', 'tcp dport 22 accept')),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'what the box sends to others is led to its loopback',
    text: at('output', 'tcp dport 443 dnat ip to 127.0.0.1:8080'),
    probe: toOthers,
    becomes: 'gw: 198.51.100.2 > 127.0.0.1:8080',
  },
  {
    name: 'what the box sends to itself is led to its loopback',
    text: at('output', 'tcp dport 443 dnat ip to 127.0.0.1:8080'),
    probe: toItself,
    becomes: 'gw: 10.0.0.1 > 127.0.0.1:8080',
  },
  {
    name: 'a redirect of what the box sends leads to its loopback',
    text: at('output', 'tcp dport 443 redirect to :8080'),
    probe: toOthers,
    becomes: 'gw: 198.51.100.2 > 127.0.0.1:8080',
  },
  {
    name: 'a redirect of what comes in leads to its interface',
    text: at('prerouting', 'tcp dport 443 redirect to :8080'),
    probe: toGateway,
    becomes: 'gw: 198.51.100.7 > 198.51.100.2:8080',
  },
];
