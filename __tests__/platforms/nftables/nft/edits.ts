// Changes one word of an nftables text, mostly to something that nft refuses.

import { Random } from '../../../fuzz/random';

/** Words by kind: one is replaced by another of its kind, mostly where nft doesn't accept it. */
const KINDS: readonly (readonly string[])[] = [
  `10.0.0.1 10.0.0.0/24 10.0.0.5-10.0.0.10 10.0.0.10-10.0.0.5 10.0.0.0/33 10.0.0.1/24 256.1.1.1 0.0.0.0/0 0.0.0.0 2001:db8::1 2001:db8::/32 ::/0
   2001:db8::/129 fe80::1-fe80::9 198.51.100.0/28 1.2.3 127.1`.split(/\s+/),
  '0 1 22 25-22 22-25 80 255 256 65535 65536 4294967295 4294967296 -1 0x16 0-65535 70000-70001 007 1e3 *'.split(' '),
  'prerouting input forward output postrouting ingress egress'.split(' '),
  'filter nat route'.split(' '),
  'raw mangle dstnat filter security srcnat -300 -200 -199 -150 -100 0 100 300 2147483647 2147483648'.split(' '),
  'ip ip6 inet arp bridge netdev'.split(' '),
  [
    'accept',
    'drop',
    'return',
    'continue',
    'reject',
    'jump c_input',
    'goto c_forward',
    'jump nobody',
    'jump c_public',
    'queue',
    'accept drop',
  ],
  'ipv4_addr ipv6_addr inet_service inet_proto mark ifname verdict ether_addr icmp_type ct_state nobody_type'.split(
    ' ',
  ),
  'interval constant dynamic timeout dormant nothing'.split(' '),
  [
    'ip saddr',
    'ip daddr',
    'ip6 saddr',
    'ip6 daddr',
    'tcp dport',
    'udp dport',
    'tcp sport',
    'th dport',
    'meta l4proto',
    'iifname',
    'oifname',
  ],
  [
    'ct state',
    'ct direction',
    'ct status',
    'ct mark',
    'meta mark',
    'icmp type',
    'icmpv6 type',
    'ip protocol',
    'fib daddr type',
    'iif',
    'oif',
  ],
  'new established related invalid untracked original reply dnat snat'.split(' '),
  'tcp udp icmp ipv6-icmp esp gre 6 300 nobody'.split(' '),
  'echo-request destination-unreachable packet-too-big nd-neighbor-solicit time-exceeded 300'.split(' '),
  [
    'masquerade',
    'redirect',
    'dnat to',
    'snat to',
    'dnat ip to',
    'dnat ip6 to',
    'snat ip prefix to',
    'redirect to',
    'masquerade to',
  ],
  '"lo" "eth0" "wan0" "eth*" "*" "a-name-much-too-long" "no such" lo'.split(' '),
  'map vmap set chain type hook priority policy flags elements size timeout auto-merge comment counter to table element rule'.split(
    ' ',
  ),
  [
    '== ',
    '!= ',
    '< ',
    '> ',
    '& 1 ==',
    '& 1',
    '. tcp dport',
    '. ip saddr',
    ': accept',
    ': drop',
    ': 10.0.0.1',
    ', ',
    '- ',
    '/ ',
  ],
];
const LINES = [
  'flags interval',
  'flags interval, timeout',
  'flags constant',
  'type ipv4_addr',
  'type ipv4_addr : ipv4_addr',
  'type inet_service',
  'elements = { }',
  'elements = { 10.0.0.1 }',
  'elements = { 22 }',
  'auto-merge',
  'size 1',
  'size 0',
  'timeout 1h',
  'policy accept;',
  'policy performance;',
  'type filter hook input priority 0;',
  'type filter hook input priority 0; policy drop;',
  'type nat hook prerouting priority -100;',
  'type nat hook postrouting priority 100; policy accept;',
  'comment "x"',
  `comment "${'x'.repeat(130)}"`,
  'accept',
  'drop',
  'masquerade',
  'snat to 10.0.0.1',
  'dnat to 10.0.0.1',
  'dnat ip to 10.0.0.1:80',
  'snat ip to 10.0.0.1',
  'ip6 saddr 2001:db8::1 accept',
  'ip saddr 10.0.0.1 accept',
  'jump nobody',
  'ip saddr @nobody accept',
  'tcp dport @s_ports accept',
  'ip saddr @s_ports accept',
  'accept comment "x"',
  'accept counter',
  'tcp dport { } accept',
  'reject with tcp reset',
  'reject with icmp port-unreachable',
  'reject with icmpv6 port-unreachable',
  'udp dport 53 reject with tcp reset',
];

const ANY_WORD = KINDS.flat();
const WORD = /"[^"\n]*"|[{}();,=@:]|[!<>&|]=?|[^\s{}();,=@"]+/g;

const cut = (text: string, from: number, to: number, put: string): string => text.slice(0, from) + put + text.slice(to);
const wordsOf = (text: string): readonly RegExpMatchArray[] => [...text.matchAll(WORD)];
const kindOf = (word: string): readonly string[] | undefined => {
  if (/^\d+\.\d+\.\d+\.\d+/.test(word) || /:.*:/.test(word)) return KINDS[0];
  if (/^-?\d+(-\d+)?$/.test(word)) return KINDS[1];
  return KINDS.find((kind) => kind.includes(word));
};

type Edit = (text: string, random: Random) => string;

const atWord =
  (put: (word: string, random: Random, words: readonly RegExpMatchArray[]) => string): Edit =>
  (text, random) => {
    const words = wordsOf(text);
    const word = random.oneOf(words);
    return cut(text, word.index!, word.index! + word[0].length, put(word[0], random, words));
  };

const atLine =
  (change: (lines: string[], at: number, random: Random) => void): Edit =>
  (text, random) => {
    const lines = text.split('\n');
    change(lines, random.below(lines.length), random);
    return lines.join('\n');
  };

/** Removes one element of a list between braces; lists are short, and each element counts. */
const atList =
  (change: (elements: string[], at: number, random: Random) => void): Edit =>
  (text, random) => {
    const lists = [...text.matchAll(/\{([^{}\n]*)\}/g)];
    if (lists.length === 0) return text;
    const list = random.oneOf(lists);
    const elements = list[1]!.split(',').map((one) => one.trim());
    change(elements, random.below(elements.length), random);
    return cut(text, list.index, list.index + list[0].length, `{ ${elements.join(', ')} }`);
  };

const EDITS: readonly Edit[] = [
  atWord((word, random) => random.oneOf(kindOf(word) ?? ANY_WORD)),
  atWord((word, random) => random.oneOf(kindOf(word) ?? ANY_WORD)),
  atWord((word, random) => random.oneOf(kindOf(word) ?? ANY_WORD)),
  atWord((_, random, words) => random.oneOf(words)[0]),
  atWord(() => ''),
  atWord((word) => `${word} ${word}`),
  atWord((word, random) => `${word} ${random.oneOf(ANY_WORD)}`),
  atWord((word) => word.slice(1)),
  atWord((word) => `${word}x`),
  atLine((lines, at) => lines.splice(at, 1)),
  atLine((lines, at) => lines.splice(at, 0, lines[at]!)),
  atLine((lines, at, random) => lines.splice(random.below(lines.length), 0, ...lines.splice(at, 1))),
  atLine((lines, at, random) => lines.splice(at, 0, lines[random.below(lines.length)]!)),
  atLine((lines, at, random) => lines.splice(at, 0, random.oneOf(LINES))),
  atLine((lines, at, random) => lines.splice(at, 0, random.oneOf(LINES))),
  atList((elements) => elements.splice(0)),
  atList((elements, at) => elements.splice(at, 1)),
  atList((elements, at) => elements.push(elements[at]!)),
  atList((elements, _, random) => elements.push(random.oneOf(ANY_WORD))),
  atList((elements, at) => elements.splice(at, 1, elements[at]!.split(' : ')[0]!)),
  atList((elements, at) => elements.splice(at, 1, `${elements[at]!} : accept`)),
  atList((elements, at) => elements.splice(at, 1, `${elements[at]!} . 22`)),
  atList((elements, at) => elements.splice(at, 1, `${elements[at]!}/24`)),
  atList((elements, at) => elements.splice(at, 1, elements[at]!.replace(/^\S+/, '$&-$&'))),
  atList((elements, at, random) =>
    elements.splice(at, 1, `${elements[at]!} ${random.oneOf(['timeout 1h', 'comment "x"', 'counter', 'expires 1s'])}`),
  ),
  atList((elements, _, random) =>
    elements.push(random.oneOf(elements).replace(/ : .*/, ` : ${random.oneOf(KINDS[0]!)}`)),
  ),
];

/** A text with one change. */
export const editedOnce = (text: string, random: Random): string => random.oneOf(EDITS)(text, random);
