// Mutates nftables texts at random: words, lines and characters.

import { Random } from './random';

/** Words of nft, and words that could break a parser. */
const WORDS =
  `table chain set map type filter nat route hook prerouting input forward output postrouting ingress egress priority policy
  accept drop reject return continue jump goto vmap map meta l4proto nfproto mark iif oif iifname oifname ip ip6 inet arp bridge netdev saddr
  daddr protocol nexthdr tcp udp th dport sport icmp icmpv6 icmpx echo-request ct state status direction original reply new established related
  invalid untracked dnat snat masquerade redirect to prefix random fully-random persistent flags syn ack fin rst elements interval dynamic
  timeout counter packets bytes log limit rate quota over burst second notrack fib lo wan0 eth0 define include add delete flush ruleset
  element rule insert comment dormant size typeof ipv4_addr ipv6_addr inet_service inet_proto verdict ifname device devices offload flowtable
  synproxy helper xt match target tproxy queue dup fwd numgen jhash symhash mod & | == != < > <= >= ! ^ ~ << >> . .. - / : ; , { } ( ) [ ] @
  # % * = -1 0 1 22 80 443 1024-65535 65535 65536 0xffffffff 0x1ffffffff 99999999999999999999 1e309 NaN 10.0.0.1 10.0.0.10 10.0.0.0/24
  10.0.0.0/33 203.0.113.10 203.0.113.8/29 0.0.0.0/0 255.255.255.255 256.1.1.1 10.0.0.9-10.0.0.1 ::/0 ::1 2001:db8::/32 fe80::1%eth0
  2001:db8::/129 00:11:22:33:44:55 @some @learned $x __proto__ constructor toString hasOwnProperty`.split(/\s+/);
const STRANGE = [
  '\u0000',
  '\u001b[2J',
  '\u202e',
  '\ufeff',
  '\ud800',
  '\u{1f600}',
  '\r\n',
  '\r',
  '\u2028',
  '\u0085',
  'é',
  '\t',
  '\n',
  '\\\n',
  '"',
];
const BLOCKS = [
  'include "/etc/nftables/*.nft"\n',
  'flush ruleset\n',
  'define x = { 10.0.0.1, 10.0.0.2 }\n',
  'redefine x = $x\n',
  'undefine x\n',
  'delete table inet x\n',
  'comment "x"\n',
  'policy accept;\n',
  'type filter hook input priority 0; policy accept;\n',
  'accept\n',
  'drop\n',
  'jump loop\n',
  'frobnicate the packet\n',
];

type Mutation = (text: string, random: Random, other: string) => string;

const cut = (text: string, from: number, to: number, put: string): string => text.slice(0, from) + put + text.slice(to);
const place = (text: string, random: Random): number => random.below(text.length + 1);
const piece = (text: string, random: Random): readonly [number, number] => {
  const from = place(text, random);
  return [from, Math.min(text.length, from + 1 + random.below(random.once(4) ? 400 : 12))];
};
/** The boundaries of a word. */
const wordIn = (text: string, random: Random): readonly [number, number] => {
  const at = place(text, random);
  let [from, to] = [at, at];
  while (from > 0 && /\S/.test(text[from - 1]!)) from -= 1;
  while (to < text.length && /\S/.test(text[to]!)) to += 1;
  return [from, to];
};
const byLines = (text: string, random: Random, change: (lines: string[], at: number) => void): string => {
  const lines = text.split('\n');
  change(lines, random.below(lines.length));
  return lines.join('\n');
};

const MUTATIONS: readonly Mutation[] = [
  (text, random) => {
    const at = place(text, random);
    return cut(text, at, at + 1, String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << random.below(8))));
  },
  (text, random) => cut(text, ...piece(text, random), ''),
  (text, random) => {
    const [from, to] = piece(text, random);
    return cut(text, to, to, text.slice(from, to).repeat(1 + random.below(3)));
  },
  (text, random, other) => {
    const [from, to] = piece(other, random);
    const at = place(text, random);
    return cut(text, at, at, other.slice(from, to));
  },
  (text, random, other) => text.slice(0, place(text, random)) + other.slice(place(other, random)),
  (text, random) => {
    const [a, b] = [wordIn(text, random), wordIn(text, random)].sort((x, y) => x[0] - y[0]) as [
      [number, number],
      [number, number],
    ];
    if (a[1] > b[0]) return text;
    return (
      text.slice(0, a[0]) + text.slice(b[0], b[1]) + text.slice(a[1], b[0]) + text.slice(a[0], a[1]) + text.slice(b[1])
    );
  },
  (text, random) => cut(text, ...wordIn(text, random), random.oneOf(WORDS)),
  (text, random) => cut(text, ...wordIn(text, random), ''),
  (text, random) => {
    const at = place(text, random);
    return cut(text, at, at, ` ${random.oneOf(WORDS)} `);
  },
  (text, random) => {
    const at = place(text, random);
    return cut(text, at, at, random.oneOf(STRANGE));
  },
  (text, random) => byLines(text, random, (lines, at) => lines.splice(at, 1)),
  (text, random) => byLines(text, random, (lines, at) => lines.splice(at, 0, lines[at]!)),
  (text, random) => byLines(text, random, (lines, at) => lines.splice(at, 0, lines[random.below(lines.length)]!)),
  (text, random) =>
    byLines(text, random, (lines, at) => lines.splice(random.below(lines.length), 0, ...lines.splice(at, 1))),
  (text, random, other) =>
    byLines(text, random, (lines, at) => {
      const theirs = other.split('\n');
      lines.splice(at, 0, theirs[random.below(theirs.length)]!);
    }),
  (text, random) => byLines(text, random, (lines, at) => lines.splice(at, 0, random.oneOf(BLOCKS))),
  (text, random) =>
    text.replace(/\d+/g, (number) =>
      random.once(12) ? random.oneOf(['65536', '-1', '4294967296', '0', '9'.repeat(400)]) : number,
    ),
  (text, random) =>
    cut(
      text,
      ...wordIn(text, random),
      random.oneOf(['a', '{ ', '"', '1 . ', '}', '!= ']).repeat(1 + random.below(3000)),
    ),
];

const likeLine = (line: string): boolean => !/[{}]|^\s*$/.test(line.replace(/\{[^{}]*\}/g, ''));

/** Replaces a line by one of the same kind, or a value by another of its kind. */
const GENTLE: readonly Mutation[] = [
  ...[1, 2, 3].map(
    (): Mutation => (text, random, other) =>
      byLines(text, random, (lines, at) => {
        const theirs = (random.once(2) ? other : text).split('\n').filter(likeLine);
        while (at < lines.length && !likeLine(lines[at]!)) at += 1;
        if (theirs.length > 0 && at < lines.length) lines.splice(at, random.below(2), random.oneOf(theirs));
      }),
  ),
  (text, random) => byLines(text, random, (lines, at) => likeLine(lines[at]!) && lines.splice(at, 1)),
  (text, random) => swapped(text, random, /\b\d+\.\d+\.\d+\.\d+(?:\/\d+)?\b/g),
  (text, random) => swapped(text, random, /\b(?:accept|drop|return|reject|jump \w+|goto \w+)\b/g),
  (text, random) => swapped(text, random, /\b\d+(?:-\d+)?\b/g),
  (text, random) => swapped(text, random, /@\w+/g),
  (text, random) => swapped(text, random, /"[^"\n]*"/g),
  (text, random) => swapped(text, random, /(?:!=|==|<|>|<=|>=) /g),
  (text, random) => swapped(text, random, /\b[sd](?:port|addr)\b/g),
  (text, random) => swapped(text, random, /\b(?:tcp|udp|th|icmp)\b/g),
  (text, random) => swapped(text, random, /\b(?:prerouting|input|forward|output|postrouting)\b/g),
];

/** Replaces one match of a pattern by another. */
function swapped(text: string, random: Random, pattern: RegExp): string {
  const found = [...text.matchAll(pattern)];
  if (found.length < 2) return text;
  const [into, from] = [random.oneOf(found), random.oneOf(found)];
  return cut(text, into.index, into.index + into[0].length, from[0]);
}

/** A text with a few faults in it. */
export function mutated(text: string, random: Random, other: string): string {
  let changed = text;
  // Half of them only move lines, so that most are still rulesets.
  const some = random.once(2) ? GENTLE : MUTATIONS;
  for (let left = 1 + random.below(random.once(5) ? 12 : 3); left > 0; left--)
    changed = random.oneOf(some)(changed, random, other);
  return changed.slice(0, 200_000);
}

/** Words in any order, in blocks that look like a table and its chains. */
export function soup(random: Random): string {
  const words = (most: number): string => random.several(1 + random.below(most), () => random.oneOf(WORDS)).join(' ');
  const rules = (): string => random.several(random.below(8), () => `${words(9)}\n`).join('');
  const base = 'type filter hook input priority 0; policy drop;\n';
  const chain = (): string => `chain ${random.oneOf(['a', 'b', 'loop'])} {\n${random.once(2) ? base : ''}${rules()}}\n`;
  const table = (): string =>
    `table ${random.oneOf(['inet', 'ip', 'ip6', 'netdev'])} x {\n${random.several(1 + random.below(3), chain).join('')}}\n`;
  return random.once(6) ? words(60) : random.several(1 + random.below(2), table).join(random.once(4) ? words(5) : '\n');
}
