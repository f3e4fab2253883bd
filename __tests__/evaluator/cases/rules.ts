// Cases of cases.ts on actions of rules: verdicts, jumps, translations, limits, sets that rules change.

import { Case, hook, inet, probe, reached, toGateway } from './cases';

const passed = 'in: 198.51.100.7 > 10.0.0.10:68';
const lease = probe('out', '198.51.100.7', '10.0.0.10', 68, { protocol: 17 });
const inner = (is: string, ...rules: readonly string[]): string =>
  `${is} {\n${rules.map((rule) => `      ${rule}\n`).join('')}    }`;

const leading = (rule: string): string =>
  inet(
    hook('prerouting', '-100', 'accept', rule).replace('filter', 'nat'),
    hook('forward', '0', 'drop', 'tcp dport 440-450 accept'),
  );

/** The other parts of rules besides their tests. */
export const RULES: readonly Case[] = [
  {
    name: 'a port within the translation’s range is kept',
    text: leading('tcp dport 440-450 dnat ip to 10.0.0.10:440-450'),
    probe: toGateway,
    becomes: 'in: 198.51.100.7 > 10.0.0.10:443',
  },
  {
    name: 'a port outside the translation’s range becomes one of the range',
    text: leading('tcp dport 440-450 dnat ip to 10.0.0.10:445-450'),
    probe: toGateway,
    becomes: 'unknown',
  },
  ...(
    [
      [
        'tcp dport { 22, 443 } dnat ip to 10.0.0.10:tcp dport map { 22 : 2222, 443 : 445 }',
        'in: 198.51.100.7 > 10.0.0.10:445',
      ],
      [
        'tcp dport { 22, 443 } dnat ip to 10.0.0.10:tcp dport map { 22 : 2222, 444-450 : 445 }',
        'gw: 198.51.100.7 > 198.51.100.2:443',
      ],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `a port map looks up the port alone: ${rule}`,
    text: leading(rule),
    probe: toGateway,
    becomes,
  })),
  {
    name: 'a port map without an address keeps the address',
    text: leading('tcp dport 443 dnat to :tcp dport map { 443 : 445 }'),
    probe: probe('out', '198.51.100.7', '10.0.0.10', 443),
    becomes: 'in: 198.51.100.7 > 10.0.0.10:445',
  },
  {
    name: 'random chooses one port of the range',
    text: leading('tcp dport 440-450 dnat ip to 10.0.0.10:440-450 random'),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a tcp reset in an inet table may be for one family',
    text: inet(hook('input', '0', 'accept', 'tcp dport 443 reject with tcp reset')),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a tcp reset for one address is for its family',
    text: inet(hook('input', '0', 'accept', 'ip saddr 198.51.100.7 tcp dport 443 reject with tcp reset')),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a tcp reset in an ip table is for IPv4',
    text: inet(hook('input', '0', 'accept', 'tcp dport 443 reject with tcp reset')).replace('inet', 'ip'),
    probe: toGateway,
    becomes: 'denied',
  },
  ...(
    [
      ['meta l4proto { udp, tcp } reject with tcp reset', 'denied'],
      ['ip protocol { udp, tcp } reject with tcp reset', 'denied'],
      ['ct protocol { udp, tcp } reject with tcp reset', 'denied'],
      ['meta l4proto != icmp reject with tcp reset', 'gw: 198.51.100.7 > 198.51.100.2:53'],
      ['reject with tcp reset', 'gw: 198.51.100.7 > 198.51.100.2:53'],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `a reset after a list of protocols that ends with TCP is for all of them: ${rule}`,
    text: inet(hook('input', '0', 'accept', rule)).replace('inet', 'ip'),
    probe: probe('out', '198.51.100.7', '198.51.100.2', 53, { protocol: 17 }),
    becomes,
  })),
  ...(
    [
      ['meta nfproto { ipv6, ipv4 } reject with icmp type host-prohibited', 'denied'],
      ['ct l3proto { ipv6, ipv4 } reject with icmp type host-prohibited', 'denied'],
      ['meta protocol { ip6, ip } reject with icmp type host-prohibited', 'gw: 2001:db8:1::7 > 2001:db8:1::2:443'],
      ['reject with icmp type host-prohibited', 'gw: 2001:db8:1::7 > 2001:db8:1::2:443'],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `a reject after a list of families that ends with its own is for both: ${rule}`,
    text: inet(hook('input', '0', 'accept', rule)),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes,
  })),
  ...(
    [
      // The kernel accepts all of them, and with another nft none of them.
      ['ip ttl != 3 ip protocol != tcp accept', 'unknown'],
      ['tcp sport != 1 iifname "wan0" tcp dport != 443 accept', 'unknown'],
      ['tcp dport != 443 meta mark 0 counter tcp sport != 1 accept', 'unknown'],
      ['tcp flags != syn tcp window != 5 accept', 'unknown'],
      ['ip ttl != 3 ip id != 4 ip protocol != { 6 } accept', 'unknown'],
      ['tcp sport != 22000 iifname "wan0" tcp dport != 443 accept', 'denied'],
      ['tcp sport != 1 iifname "wan0" tcp dport != 22 accept', reached],
      ['ip saddr != 1.1.1.1 ip daddr != 198.51.100.2 accept', 'denied'],
      ['tcp sport != 1-2 tcp dport != 443 accept', 'denied'],
      ['tcp sport != { 1, 2 } tcp dport != 443 accept', 'denied'],
      ['tcp sport 22000 tcp dport != 443 accept', 'denied'],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `fields that nft compares at once: ${rule}`,
    text: inet(hook('input', '0', 'drop', rule)),
    probe: toGateway,
    becomes,
  })),
  ...(
    [
      // It comes in: the kernel finds other bytes in the place of the address.
      ['meta nfproto { ipv6, ipv4 } ip saddr != 1.1.1.1 accept', 'unknown'],
      ['ct l3proto { ipv6, ipv4 } ip saddr != 1.1.1.1 accept', 'unknown'],
      ['meta protocol { ip6, ip } ip saddr != 1.1.1.1 accept', 'denied'],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `an address test after a list of families that ends with its own, for a packet of the other: ${rule}`,
    text: inet(hook('input', '0', 'drop', rule)),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes,
  })),
  {
    name: 'a time of day may match or not',
    text: inet(hook('input', '0', 'drop', 'tcp dport 443 meta hour "09:00"-"17:00" accept')),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a time of day does not matter for packets that another test excludes',
    text: inet(hook('input', '0', 'drop', 'meta hour { "09:00"-"17:00" } tcp dport 22 accept')),
    probe: toGateway,
    becomes: 'denied',
  },
  ...(
    [
      ['numgen inc mod 1 vmap { 0 : accept }', reached],
      ['numgen inc mod 1 offset 7 vmap { 7 : accept, 0 : drop }', reached],
      ['numgen random mod 2 vmap { 0 : accept, 1 : accept }', reached],
      ['numgen random mod 8 vmap { 0-3 : accept, 4-7 : accept }', reached],
      ['numgen random mod 2 vmap { 0 : drop, 1 : drop }', 'denied'],
      ['numgen random mod 3 vmap { 0 : accept, * : accept }', reached],
      ['symhash mod 1 vmap { 0 : accept }', reached],
      ['numgen random mod 2 vmap { 0 : accept, 1 : drop }', 'unknown'],
      ['numgen random mod 4 vmap { 0-2 : accept }', 'unknown'],
      ['numgen random mod 2 vmap { 5 : accept }', 'denied'],
      ['numgen random mod 2 0 tcp dport 443 accept', 'unknown'],
      ['numgen random mod 2 0 tcp dport 22 accept', 'denied'],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `a generated number: ${rule}`,
    text: inet(hook('input', '0', 'drop', rule)),
    probe: toGateway,
    becomes,
  })),
  {
    name: 'removing a UDP checksum does not change the destination',
    text: inet(
      hook('prerouting', '-300', 'accept', 'udp dport 68 udp checksum set 0'),
      hook('forward', '0', 'drop', 'ct state new accept'),
    ),
    probe: lease,
    becomes: passed,
  },
  {
    name: 'removing a UDP checksum needs a UDP packet',
    text: inet(hook('input', '0', 'accept', 'udp checksum set 0 drop')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a chain in a rule decides',
    text: inet(hook('input', '0', 'drop', inner('ip saddr 198.51.100.7 jump', 'tcp dport 443 accept', 'drop'))),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a chain in a rule returns to the surrounding chain',
    text: inet(hook('input', '0', 'drop', inner('tcp dport 443 jump', 'tcp dport 22 drop'), 'tcp dport 443 accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a chain in a rule that is entered by goto does not return',
    text: inet(hook('input', '0', 'drop', inner('tcp dport 443 goto', 'tcp dport 22 accept'), 'tcp dport 443 accept')),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'several chains in rules are distinguished',
    text: inet(
      hook('input', '0', 'drop', inner('tcp dport 22 jump', 'drop'), inner('tcp dport 443 jump', 'return'), 'accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  // The kernel accepts each of them.
  ...['limit rate over 1000/second', 'quota over 1 mbytes', 'ct count over 100'].flatMap((statement) =>
    [
      ['set', '198.51.100.7', 'ip saddr @s drop'],
      ['set', '198.51.100.0', 'ip saddr & 255.255.255.0 @s drop'],
      ['map', '198.51.100.7 : drop', 'ip saddr vmap @s'],
    ].map(([kind, element, rule]): Case => ({
      name: `an element of a ${kind} with ${statement} may match or not: ${rule}`,
      text: inet(
        `  ${kind} s { type ipv4_addr${kind === 'map' ? ' : verdict' : ''}; ${statement}; elements = { ${element} } }\n`,
        hook('input', '0', 'accept', rule!),
      ),
      probe: toGateway,
      becomes: 'unknown',
    })),
  ),
  ...(
    [
      ['ip ttl set 1', 'unknown'],
      ['ip ttl set 0x0', 'unknown'],
      ['ip ttl set 2', 'in: 198.51.100.7 > 10.0.0.10:443'],
      ['ip6 hoplimit set 1', 'in: 198.51.100.7 > 10.0.0.10:443'],
    ] as const
  ).map(([rule, becomes]): Case => ({
    name: `a packet with no hops left isn't forwarded: ${rule}`,
    text: inet(hook('prerouting', '-150', 'accept', rule)),
    probe: probe('out', '198.51.100.7', '10.0.0.10', 443),
    becomes,
  })),
  {
    name: 'a rule that sets a connection expectation may drop',
    text: inet(
      '  ct expectation e { protocol udp; dport 5060; timeout 2m; size 12; l3proto ip; }\n',
      hook('input', '0', 'accept', 'tcp dport 443 ct expectation set "e" accept'),
    ),
    probe: toGateway,
    becomes: 'unknown',
  },
  ...(
    [
      ['ip dscp vmap { cs1 : drop, cs2 : drop }', 'ip6 dscp vmap { cs1 : drop }', 'unknown'],
      ['ip dscp vmap { cs1 : accept }', 'tcp dport 443 drop', 'unknown'],
      ['ip dscp vmap { cs1 : continue, * : continue }', 'tcp dport 80 drop', reached],
      ['ip6 dscp vmap { cs1 : drop }', 'tcp dport 80 drop', reached],
      ['ip dscp . tcp dport vmap { cs1 . 80 : drop }', 'meta mark vmap { 5 : drop }', reached],
      ['ip dscp vmap { cs0 : jump leaf, cs1 : jump leaf }', 'tcp dport 443 accept', reached],
    ] as const
  ).map(([first, second, becomes]): Case => ({
    name: `a verdict map on an unknown field has one of its verdicts, or none: ${first}, ${second}`,
    text: inet('  chain leaf {\n    tcp dport 80 drop\n  }\n', hook('input', '0', 'accept', first, second)),
    probe: toGateway,
    becomes,
  })),
  {
    name: 'a verdict map on an unknown field accepts nothing that is dropped later',
    text: inet(
      hook('prerouting', '-150', 'accept', 'ip dscp vmap { cs1 : accept, cs2 : drop }'),
      hook('input', '0', 'drop'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'an element with a counter exists',
    text: inet(
      '  set s { type ipv4_addr; counter; elements = { 198.51.100.7 } }\n',
      hook('input', '0', 'accept', 'ip saddr @s drop'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a rule that adds to a full set may end there',
    text: inet(
      '  set s { type ipv4_addr; size 1; flags dynamic; elements = { 192.0.2.1 } }\n',
      hook('input', '0', 'accept', 'add @s { ip saddr } drop'),
    ),
    probe: toGateway,
    becomes: 'unknown',
  },
  {
    name: 'a rule that adds two fields to a set ends if one is missing',
    text: inet(
      '  set s { type ipv4_addr . inet_service; size 100; flags dynamic; }\n',
      hook('input', '0', 'accept', 'add @s { ip saddr . udp dport } drop'),
    ),
    probe: toGateway,
    becomes: reached,
  },
];
