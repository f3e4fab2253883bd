import { MAPS, MAPS_TAKEN, SETS, SETS_TAKEN } from './texts-sets';

/** Texts that nft refuses, each for one reason, with the code that the reader refuses it by; and their neighbours, which it takes. */
export type Refused = readonly [what: string, text: string, code: string];

const TABLE = `
  set s4 { type ipv4_addr; }
  set s6 { type ipv6_addr; }
  set ports { type inet_service; }
  set both { type ipv4_addr . inet_service; }
  map m4 { type ipv4_addr : ipv4_addr; }
  map m6 { type ipv6_addr : ipv6_addr; }
  map verdicts { type ipv4_addr : verdict; }
  map marks { type ipv4_addr : mark; }
`;

const set = (body: string): string => `table ip x {\n set s {\n  ${body.replace(/; /g, '\n  ')}\n }\n}\n`;
const map = (body: string): string => set(body).replace(' set s', ' map s');
const chain = (head: string, family = 'inet'): string => `table ${family} x {\n chain c {\n  ${head}\n }\n}\n`;
const FILTER = 'type filter hook input priority 0;';
const DNAT = 'type nat hook prerouting priority -100;';
const SNAT = 'type nat hook postrouting priority 100;';
const rule = (text: string, head = FILTER, family = 'inet'): string =>
  `table ${family} x {${TABLE} chain other {\n }\n chain base {\n  type filter hook forward priority 5;\n }\n chain c {\n  ${head}\n  ${text}\n }\n}\n`;

const heads: readonly (readonly [string, string, string?])[] = [
  ['type nat hook forward priority 0;', 'no-such-hook'],
  ['type route hook input priority 0;', 'no-such-hook'],
  ['type filter hook ingress device lo priority 0;', 'no-such-hook', 'ip'],
  ['type nat hook prerouting priority -100;', 'no-such-hook', 'bridge'],
  ['type filter hook input priority 0;', 'no-such-hook', 'netdev'],
  ['type nat hook prerouting priority -200;', 'early-nat'],
  ['type nat hook prerouting priority raw;', 'early-nat'],
  ['type filter hook input priority srcnat;', 'no-such-priority'],
  ['type filter hook input priority nobody;', 'unexpected-text'],
  ['type filter hook input priority 10 - 5;', 'unexpected-text'],
  ['type filter hook input device lo priority 0;', 'device-without-ingress'],
  ['type filter hook ingress priority 0;', 'ingress-without-device'],
  ['type filter hook input priority 0; policy drop; policy accept;', 'two-policies'],
  ['policy drop;', 'policy-without-hook'],
  ['type filter hook input priority 0; type filter hook forward priority 0;', 'two-hooks'],
];
const headsTaken: readonly (readonly [string, string?])[] = [
  ['policy drop; type filter hook input priority 0;'],
  ['type nat hook prerouting priority -199;'],
  ['type nat hook input priority mangle; policy drop;'],
  ['type filter hook prerouting priority dstnat + 5;'],
  ['type route hook output priority -150;'],
  ['type filter hook output priority out;', 'bridge'],
];

const rules: readonly (readonly [string, string, string?, string?])[] = [
  ['accept counter', 'after-the-end'],
  ['drop tcp dport 22', 'after-the-end'],
  ['reject accept', 'after-the-end'],
  ['dnat ip to 10.0.0.1 drop', 'after-the-end', DNAT],
  [`accept comment "${'x'.repeat(129)}"`, 'long-comment'],
  [`log prefix "${'x'.repeat(128)}"`, 'long-prefix'],
  ['tcp dport { }', 'empty-list'],
  ['tcp dport { 22 : accept }', 'bad-data'],
  ['tcp dport 65536', 'bad-value'],
  ['tcp dport 25-22', 'bad-value'],
  ['tcp dport 22,23', 'bad-value'],
  ['tcp dport @s4', 'bad-value'],
  ['ip saddr @s6', 'bad-value'],
  ['ip saddr @both', 'bad-value'],
  ['tcp dport . ip saddr @both', 'bad-value'],
  ['ip saddr ::1', 'bad-value'],
  ['ip6 saddr 10.0.0.1', 'bad-value'],
  ['ip saddr 10.0.0.0/33', 'bad-value'],
  ['ip saddr . ip daddr { 10.0.0.1 }', 'bad-value'],
  ['meta l4proto 300', 'bad-value'],
  ['icmp type 300', 'bad-value'],
  ['icmp type * accept', 'bad-value'],
  ['iifname "a-name-much-too-long"', 'bad-value'],
  ['iifname "*"', 'bad-value'],
  ['iif "eth*"', 'bad-value'],
  ['tcp dport { 22 timeout 1h, 23 }', 'bad-value'],
  ['tcp dport vmap { 22 }', 'no-data'],
  ['tcp dport vmap { 22 : 10.0.0.1 }', 'bad-data'],
  ['ip saddr vmap @m4', 'bad-data'],
  ['ip saddr vmap @s4', 'bad-data'],
  ['tcp dport vmap @verdicts', 'bad-value'],
  ['tcp dport vmap { 22 : accept, 22 : drop }', 'same-key-twice'],
  ['tcp dport vmap { 22 : accept, 20-25 : accept }', 'same-key-twice'],
  ['ip saddr . tcp dport { 10.0.0.0/24 . 22, 10.0.0.1 . 22 }', 'same-key-twice'],
  ['jump base', 'jump-to-base'],
  ['tcp dport vmap { 22 : goto base }', 'jump-to-base'],
  ['ip saddr 10.0.0.1 ip6 saddr ::1', 'two-protocols'],
  ['meta nfproto ipv6 ip saddr 10.0.0.1', 'two-protocols'],
  ['tcp dport 22 udp dport 22', 'two-protocols'],
  ['meta l4proto { tcp, udp } tcp dport 22', 'two-protocols'],
  ['ip protocol udp tcp dport 22', 'two-protocols'],
  ['icmp type 8 tcp dport 22', 'two-protocols'],
  ['udp dport 53 reject with tcp reset', 'two-protocols'],
  ['ip6 saddr ::1 reject with icmp net-unreachable', 'two-protocols'],
  ['ip6 saddr ::1 accept', 'two-protocols', FILTER, 'ip'],
  ['exthdr frag exists accept', 'two-protocols', FILTER, 'ip'],
  ['ip saddr 10.0.0.1 accept', 'two-protocols', FILTER, 'ip6'],
  ['reject with icmpv6 no-route', 'two-protocols', FILTER, 'ip'],
  ['dnat to 10.0.0.1', 'two-protocols', DNAT],
  ['dnat to ip daddr map @m4', 'two-protocols', DNAT],
  ['dnat ip to 2001:db8::1', 'two-protocols', DNAT],
  ['dnat to ::1', 'two-protocols', DNAT, 'ip'],
  ['ip6 saddr ::1 dnat ip to 10.0.0.1', 'two-protocols', DNAT],
  ['dnat ip to 10.0.0.1:80', 'two-protocols', DNAT],
  ['redirect to :80', 'two-protocols', DNAT],
  ['meta l4proto != udp redirect to :80', 'two-protocols', DNAT],
  ['dnat ip to ip6 daddr map @m6', 'bad-data', DNAT],
  ['dnat ip to ip daddr map @marks', 'bad-data', DNAT],
  ['dnat ip to ip daddr map @verdicts', 'bad-data', DNAT],
  ['dnat ip to ip daddr map { 10.0.0.1 }', 'no-data', DNAT],
  ['dnat ip to ip daddr map { 10.0.0.1 : 10.0.0.2, 10.0.0.1 : 10.0.0.3 }', 'same-key-twice', DNAT],
  ['dnat ip to 10.0.0.1', 'wrong-hook'],
  ['dnat ip to 10.0.0.1', 'wrong-hook', SNAT],
  ['snat ip to 10.0.0.1', 'wrong-hook', DNAT],
  ['masquerade', 'wrong-hook', DNAT],
  ['masquerade', 'wrong-hook', 'type nat hook input priority 100;'],
  ['tcp dport 1 redirect to :80', 'wrong-hook', SNAT],
  ['reject', 'wrong-hook', 'type filter hook postrouting priority 0;'],
  ['fib saddr . iif oif missing drop', 'wrong-hook', 'type filter hook output priority 0;'],
];
const rulesTaken: readonly (readonly [string, string?, string?])[] = [
  [`accept comment "${'x'.repeat(128)}"`],
  ['continue accept'],
  ['tcp dport vmap { 22 : accept } drop'],
  ['tcp dport { 22, 20-25, 22 } accept'],
  ['tcp dport vmap { 22 : accept, 22 : accept, * : drop }'],
  ['ip saddr . tcp dport { 10.0.0.1 . 22, 10.0.0.0/24 . 22 } accept'],
  ['ip saddr . tcp dport @both accept'],
  ['tcp dport 010 accept'],
  ['ct state new,established accept'],
  ['meta l4proto { tcp, udp } th dport 22 accept'],
  ['meta l4proto != tcp udp dport 22 accept'],
  ['ip protocol tcp meta l4proto udp accept'],
  ['ip saddr 10.0.0.1 icmpv6 type 1 accept'],
  ['icmpv6 type 1 accept', FILTER, 'ip'],
  ['tcp dport 22 reject with tcp reset'],
  ['reject with icmpx port-unreachable'],
  ['reject', 'type filter hook prerouting priority 0;'],
  ['meta nfproto ipv4 dnat to 10.0.0.1', DNAT],
  ['ip daddr 10.0.0.9 dnat to 10.0.0.1', DNAT],
  ['dnat ip to ip daddr map @m4', DNAT],
  ['meta l4proto { tcp, udp } redirect to :80', DNAT],
  ['tcp dport != 80 dnat to :80', DNAT],
  ['dnat ip to ip daddr . tcp dport map { 10.0.0.1 . 1 : 10.0.0.2 . 2 }', DNAT],
  ['masquerade fully-random', SNAT],
  ['snat ip to 10.0.0.1', 'type nat hook input priority 100;'],
  ['fib saddr . iif oif missing drop', 'type filter hook forward priority 0;'],
];

const texts: readonly Refused[] = [
  [
    'a set that is there already, and is another one',
    'table ip x {\n set s {\n  type ipv4_addr\n }\n set s {\n  type inet_service\n }\n}\n',
    'two-sets',
  ],
  [
    'elements that overlap those of another block',
    `${set('type ipv4_addr; flags interval; elements = { 10.0.0.0/24 }')}add element ip x s { 10.0.0.5 }\n`,
    'same-key-twice',
  ],
  ['no elements that are added', `${set('type ipv4_addr')}add element ip x s { }\n`, 'empty-list'],
  [
    'a chain that gets a hook later',
    'table ip x {\n chain c {\n }\n chain c {\n  type filter hook input priority 0;\n }\n}\n',
    'two-hooks',
  ],
  ['a flag that there isn’t', 'table ip x {\n flags nothing\n}\n', 'unexpected-text'],
  ['a name that is a word of nft', 'table ip x {\n chain fwd {\n }\n}\n', 'bad-name'],
  ['a name that is too long', `table ip ${'x'.repeat(256)} {\n}\n`, 'bad-name'],
  ['a name that begins with a digit', 'table ip x {\n set 1x {\n  type ipv4_addr\n }\n}\n', 'bad-name'],
  ['a definition given twice', 'define a = 1\ndefine a = 2\n', 'defined-twice'],
  ['an empty definition in a rule', `define a = { }\n${rule('ip saddr $a accept')}`, 'empty-list'],
];

export const REFUSED: readonly Refused[] = [
  ...SETS.map(([body, code]): Refused => [`set { ${body} }`, set(body), code]),
  ...MAPS.map(([body, code]): Refused => [`map { ${body} }`, map(body), code]),
  ...heads.map(([head, code, family]): Refused => [`${family ?? 'inet'}: ${head}`, chain(head, family), code]),
  ...rules.map(([text, code, head, family]): Refused => [
    `${family ?? 'inet'}: ${head ?? FILTER} ${text.slice(0, 80)}`,
    rule(text, head, family),
    code,
  ]),
  ...texts,
];

const named = (text: string): readonly [string, string] => [text.replace(/\s+/g, ' ').slice(0, 160), text];

export const TAKEN: readonly (readonly [what: string, text: string])[] = [
  ...SETS_TAKEN.map((body): readonly [string, string] => [`set { ${body} }`, set(body)]),
  ...MAPS_TAKEN.map((body): readonly [string, string] => [`map { ${body} }`, map(body)]),
  ...headsTaken.map(([head, family]): readonly [string, string] => [`${family ?? 'inet'}: ${head}`, chain(head, family)]),
  ...rulesTaken.map(([text, head, family]): readonly [string, string] => [
    `${family ?? 'inet'}: ${head ?? FILTER} ${text.slice(0, 80)}`,
    rule(text, head, family),
  ]),
  named('define a = { }\ntable ip x {\n set s {\n  type ipv4_addr\n  elements = { $a }\n }\n}\n'),
  named('define a = { }\ntable ip x {\n set s {\n  type ipv4_addr\n  elements = $a\n }\n}\n'),
];
