// Cases of cases.ts on packets of unusual kinds: link broadcasts, fragments, VLAN tags, types of addresses; and on
// full sets.

import { Case, TRACKED, bySix, hook, inet, probe, reached, toGateway, udp } from './cases';

const datagram = { ...toGateway, ...udp };

const from = (name: string, text: string, sent: Case['probe'], becomes: string): Case => ({
  name,
  text,
  probe: sent,
  becomes,
});

/**
 * A neighbour may send a packet for one address as a link broadcast. Linux accepts such datagrams, and no segments; it
 * forwards none: seen with 6.18. Packets that are unknown here come in.
 */
const toAll: readonly Case[] = (
  [
    ['meta pkttype broadcast accept', 'drop', datagram, 'unknown'],
    ['meta pkttype multicast accept', 'drop', { ...bySix, ...udp }, 'unknown'],
    ['meta pkttype broadcast accept', 'drop', toGateway, 'denied'],
    ['meta pkttype { broadcast, multicast } drop', 'accept', datagram, reached],
    ['meta pkttype host drop', 'accept', datagram, 'unknown'],
    ['meta pkttype host drop', 'accept', toGateway, 'denied'],
    ['meta pkttype host accept', 'drop', datagram, reached],
    ['meta pkttype != host meta mark set 5', 'accept', datagram, reached],
  ] as const
).map(([rule, policy, sent, becomes]) =>
  from(
    `${sent.protocol === 17 ? 'a datagram' : 'a segment'} as a link broadcast: ${rule}`,
    inet(hook('input', '0', policy, rule)),
    sent,
    becomes,
  ),
);

/** Before defragmentation a chain is evaluated for each fragment; seen with 6.18. */
const early: readonly Case[] = (
  [
    ['-450', 'ip frag-off & 0x2000 != 0 accept', toGateway, 'unknown'],
    ['-400', 'ip frag-off & 0x2000 != 0 accept', toGateway, 'unknown'],
    ['-300', 'ip frag-off & 0x2000 != 0 accept', toGateway, 'denied'],
    ['-450', 'exthdr frag exists accept', bySix, 'unknown'],
    // A second fragment header remains: forwarding evaluates it, and whether a packet is forwarded is unknown at this
    // point.
    ['-300', 'exthdr frag exists accept', bySix, 'unknown'],
  ] as const
).map(([priority, rule, sent, becomes]) =>
  from(
    `a chain at ${priority} and fragments: ${rule}`,
    inet(hook('prerouting', priority, 'accept', rule, 'tcp dport 443 drop'), TRACKED),
    sent,
    becomes,
  ),
);

const atDevice = (policy: string, ...rules: readonly string[]): string =>
  `table netdev n {\n  chain c {\n    type filter hook ingress device "wan0" priority 0; policy ${policy};\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n}\n`;

/** A frame with two tags of VLAN 0 comes in if a chain at the device finds no IP header; seen with 6.18. */
const tagged: readonly Case[] = (
  [
    ['accept', 'tcp dport 443 drop', toGateway, 'unknown'],
    ['accept', 'tcp dport 443 drop', datagram, reached],
    ['accept', 'drop', toGateway, 'denied'],
    ['drop', 'ip protocol udp accept', toGateway, 'denied'],
    ['drop', 'ip protocol tcp accept', toGateway, reached],
    ['drop', 'meta protocol != ip accept', toGateway, 'unknown'],
    ['drop', 'vlan id 0 accept', toGateway, 'unknown'],
  ] as const
).map(([policy, rule, sent, becomes]) =>
  from(
    `VLAN tags, ${sent.protocol === 17 ? 'a datagram' : 'a segment'}: policy ${policy}, ${rule}`,
    atDevice(policy, rule),
    sent,
    becomes,
  ),
);

const set = (size: number, ...elements: readonly string[]): string =>
  `  set s { type ipv4_addr; size ${size}; flags dynamic; ${elements.length > 0 ? `elements = { ${elements.join(', ')} } ` : ''}}\n`;
const leaf = (rule: string): string => `  chain leaf {\n    ${rule}\n  }\n`;

const sets: readonly Case[] = [
  from(
    'a packet that fills a set may pass a chain that drops',
    inet(set(2), leaf('drop'), hook('input', '0', 'accept', 'add @s { ip saddr } jump leaf')),
    toGateway,
    'unknown',
  ),
  from(
    'a packet that fills a set may miss a mark that is dropped',
    inet(set(2), hook('input', '0', 'accept', 'add @s { ip saddr } meta mark set 5', 'meta mark 5 drop')),
    toGateway,
    'unknown',
  ),
  from(
    'a set with room accepts by a chain',
    inet(set(2), leaf('accept'), hook('input', '0', 'drop', 'add @s { ip saddr } jump leaf')),
    toGateway,
    reached,
  ),
  // The kernel accepts nothing.
  from(
    'a set that is full from the beginning accepts its own elements only',
    inet(set(1, '192.0.2.1'), hook('input', '0', 'drop', 'add @s { ip saddr } accept')),
    toGateway,
    'unknown',
  ),
  from(
    'a rule that deletes from a full set needs no room',
    inet(set(1, '192.0.2.1'), hook('input', '0', 'accept', 'delete @s { ip saddr } drop')),
    toGateway,
    'denied',
  ),
];

/**
 * A router has the first address of each IPv6 network, and a source of type unicast is never unspecified: the kernel
 * says the same for raw packets, 6.18. The report shows such addresses like the others of their networks.
 */
export const TYPES: readonly Case[] = (
  [
    ['fib daddr type unicast drop', 'accept', '2001:db8:2::10', '2001:db8:2::', true],
    ['fib daddr type anycast accept', 'drop', '2001:db8:2::10', '2001:db8:2::', true],
    ['fib daddr type anycast accept', 'drop', '2001:db8:1::7', '2001:db8:2::10', false],
    ['fib daddr . iif type anycast accept', 'drop', '2001:db8:2::10', '2001:db8:2::', true],
    ['fib saddr type unspec accept', 'drop', '::', '2001:db8:1::2', true],
    ['fib saddr type unicast accept', 'drop', '::', '2001:db8:1::2', false],
  ] as const
).map(([rule, policy, source, destination, comes]) => {
  const isRouter = destination.endsWith('::');
  const sent = probe(isRouter ? 'in' : 'out', source, destination, 443);
  const passes = `${isRouter || destination === '2001:db8:2::10' ? 'in' : 'gw'}: ${source} > ${destination}:443`;
  return from(
    `${rule}, ${source} to ${destination}`,
    inet(hook('prerouting', '-150', policy, rule)),
    sent,
    comes ? passes : 'denied',
  );
});

/** Tests whose result depends on the sender, or on earlier packets. */
export const SHAPES: readonly Case[] = [...toAll, ...early, ...tagged, ...sets];
