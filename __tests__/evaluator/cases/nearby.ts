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
    name: 'a packet from outside that is translated to loopback arrives if route_localnet permits it',
    text: at('prerouting', 'ip daddr 198.51.100.2 tcp dport 443 dnat ip to 127.0.0.1:8080'),
    probe: toGateway,
    becomes: 'unknown',
    ledTo: 'gw: 198.51.100.7 > 127.0.0.1:8080',
  },
  {
    name: 'any loopback address counts as loopback',
    text: at('prerouting', 'tcp dport 443 dnat ip to 127.9.9.9'),
    probe: toGateway,
    becomes: 'unknown',
    ledTo: 'gw: 198.51.100.7 > 127.9.9.9:443',
  },
  {
    name: 'a map may translate to loopback',
    text: at('prerouting', 'dnat ip to tcp dport map { 443 : 127.0.0.1, 80 : 10.0.0.10 }'),
    probe: toGateway,
    becomes: 'unknown',
    ledTo: 'gw: 198.51.100.7 > 127.0.0.1:443',
  },
  {
    name: 'a packet that is translated to loopback and then filtered is denied',
    text:
      at('prerouting', 'tcp dport 443 dnat ip to 127.0.0.1') +
      'table ip f {\n  chain input {\n    type filter hook input priority 0; policy drop;\n    tcp dport 22 accept\n  }\n}\n',
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a packet from outside that is translated to ::1 is not routed',
    text: at('prerouting', 'tcp dport 443 dnat ip6 to [::1]:8080'),
    probe: bySix,
    becomes: 'denied',
  },
  ...(['10.0.0.255', '255.255.255.255', '224.0.0.1'] as const).map((many) => ({
    name: `a packet that is translated to ${many} is evaluated in input chains, too`,
    text:
      at('prerouting', `tcp dport 443 dnat ip to ${many}`) +
      inet(hook('forward', '0', 'drop'), hook('input', '0', 'drop', 'tcp dport 443 accept')),
    probe: toGateway,
    becomes: 'unknown',
    takenAs: `gw: 198.51.100.7 > ${many}:443`,
  })),
  {
    name: 'a packet that is translated to a broadcast address and that no chain accepts is denied',
    text:
      at('prerouting', 'tcp dport 443 dnat ip to 10.0.0.255') +
      inet(hook('forward', '0', 'drop'), hook('input', '0', 'drop', 'tcp dport 22 accept')),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a packet to others that the box sends is translated to its loopback',
    text: at('output', 'tcp dport 443 dnat ip to 127.0.0.1:8080'),
    probe: toOthers,
    becomes: 'gw: 198.51.100.2 > 127.0.0.1:8080',
  },
  {
    name: 'a packet to itself that the box sends is translated to its loopback',
    text: at('output', 'tcp dport 443 dnat ip to 127.0.0.1:8080'),
    probe: toItself,
    becomes: 'gw: 10.0.0.1 > 127.0.0.1:8080',
  },
  {
    name: 'a redirect in output goes to loopback',
    text: at('output', 'tcp dport 443 redirect to :8080'),
    probe: toOthers,
    becomes: 'gw: 198.51.100.2 > 127.0.0.1:8080',
  },
  {
    name: 'a redirect in prerouting goes to the incoming interface’s address',
    text: at('prerouting', 'tcp dport 443 redirect to :8080'),
    probe: toGateway,
    becomes: 'gw: 198.51.100.7 > 198.51.100.2:8080',
  },
];
