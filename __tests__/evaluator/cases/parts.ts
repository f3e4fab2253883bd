// Cases of cases.ts on fragments and extension headers.

import { Case, TRACKED, bySix, hook, inet, passed, probe, through, toGateway } from './cases';

const throughBySix = probe('out', '2001:db8:1::7', '2001:db8:2::10', 443);
const passedBySix = 'in: 2001:db8:1::7 > 2001:db8:2::10:443';
const reachedBySix = 'gw: 2001:db8:1::7 > 2001:db8:1::2:443';

const asked = (
  rule: string,
  policy: 'accept' | 'drop',
  untracked: string,
  tracked: string,
  at = 'forward',
  sent = through,
): readonly Case[] =>
  (
    [
      ['', untracked],
      [TRACKED, tracked],
    ] as const
  ).map(([more, becomes]) => ({
    name: `${rule} in ${at}, policy ${policy}${more === '' ? '' : ', where connections are tracked'}`,
    text: inet('  chain some {\n    tcp dport 443 accept\n  }\n', hook(at, '0', policy, rule), more),
    probe: sent,
    becomes,
  }));

/**
 * A sender may send a packet in fragments: defragmentation comes first, or not at all. Packets that are unknown here
 * come in so, seen with 6.18.
 */
export const PARTS: readonly Case[] = [
  ...asked('ip frag-off & 0x3fff != 0 accept', 'drop', 'unknown', 'denied'),
  ...asked('ip frag-off & 0x3fff != 0 jump some', 'drop', 'unknown', 'denied'),
  ...asked('ip frag-off & 0x1fff != 0 accept', 'drop', 'denied', 'denied'),
  ...asked('ip frag-off & 0x3fff == 0 accept', 'drop', passed, passed),
  ...asked('ip frag-off & 0x3fff == 0 drop', 'accept', 'unknown', 'denied'),
  ...asked('ip frag-off & 0x3fff != 0 drop', 'accept', passed, passed),
  ...asked('ip frag-off & 0x3fff != 0 accept', 'drop', 'denied', 'denied', 'input', toGateway),
  ...asked('tcp flags syn drop', 'accept', 'unknown', 'denied'),
  ...asked('tcp flags syn accept', 'drop', passed, passed),
  ...asked('tcp flags syn drop', 'accept', 'denied', 'denied', 'input', toGateway),
  ...asked('tcp dport 443 drop', 'accept', 'denied', 'denied'),
  ...asked('exthdr frag exists accept', 'drop', 'unknown', 'denied', 'input', bySix),
  ...asked('exthdr frag missing accept', 'drop', reachedBySix, reachedBySix, 'input', bySix),
  ...asked('exthdr frag missing drop', 'accept', 'unknown', 'denied', 'input', bySix),
  ...asked('exthdr frag exists drop', 'accept', reachedBySix, reachedBySix, 'input', bySix),
  // One of two fragment headers remains where connections are tracked, and only the destination host removes the other.
  ...asked('exthdr frag exists accept', 'drop', 'unknown', 'unknown', 'forward', throughBySix),
  ...asked('exthdr frag missing drop', 'accept', 'unknown', 'unknown', 'forward', throughBySix),
  ...asked('exthdr frag exists drop', 'accept', passedBySix, passedBySix, 'forward', throughBySix),
  ...asked('tcp flags syn drop', 'accept', 'unknown', 'unknown', 'forward', throughBySix),
  ...asked('tcp flags syn accept', 'drop', passedBySix, passedBySix, 'forward', throughBySix),
];

const byHeader = (
  name: string,
  becomes: string,
  policy: 'accept' | 'drop',
  rules: readonly string[],
  ...chains: readonly string[]
): Case => ({
  name: `by the first header of IPv6: ${name}`,
  text: inet(...chains, hook('input', '0', policy, ...rules)),
  probe: bySix,
  becomes,
});
const leaf = (...rules: readonly string[]): string =>
  `  chain leaf {\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`;

/**
 * With another header in front, `ip6 nexthdr` is a different protocol. Packets that are unknown here come in behind
 * one, seen with 6.18.
 */
export const FIRST_HEADERS: readonly Case[] = [
  byHeader('a map that drops', 'unknown', 'accept', ['ip6 nexthdr vmap { tcp : drop, udp : drop }']),
  byHeader('a map that drops, and a policy that does', 'denied', 'drop', [
    'ip6 nexthdr vmap { tcp : drop, udp : accept }',
  ]),
  byHeader('a map that drops by port', 'unknown', 'accept', ['ip6 nexthdr . th dport vmap { tcp . 443 : drop }']),
  byHeader('a map that lets in', reachedBySix, 'drop', ['ip6 nexthdr vmap { tcp : accept, udp : drop }']),
  byHeader('a map that lets in all else', 'unknown', 'drop', ['ip6 nexthdr vmap { tcp : drop, * : accept }']),
  byHeader('a map that drops all else', 'denied', 'accept', ['ip6 nexthdr vmap { tcp : drop, * : drop }']),
  byHeader('a map that lets in another header', 'unknown', 'drop', ['ip6 nexthdr vmap { udp : accept, 60 : accept }']),
  byHeader('a chain that drops', 'unknown', 'accept', ['ip6 nexthdr tcp jump leaf'], leaf('tcp dport 443 drop')),
  byHeader(
    'a chain that drops, and a policy that does',
    'denied',
    'drop',
    ['ip6 nexthdr tcp jump leaf'],
    leaf('tcp dport 443 drop'),
  ),
  byHeader(
    'a chain that lets in',
    reachedBySix,
    'drop',
    ['ip6 nexthdr tcp jump leaf'],
    leaf('tcp dport 443 accept', 'drop'),
  ),
  byHeader(
    'a chain of a map that drops',
    'unknown',
    'accept',
    ['ip6 nexthdr vmap { tcp : jump leaf }'],
    leaf('tcp dport 22 accept', 'drop'),
  ),
  byHeader(
    'a chain of a map that lets in',
    reachedBySix,
    'drop',
    ['ip6 nexthdr vmap { tcp : jump leaf, udp : drop }'],
    leaf('tcp dport 443 accept', 'drop'),
  ),
  byHeader(
    'chains behind a chain',
    'unknown',
    'accept',
    ['ip6 nexthdr { tcp, udp } jump some'],
    leaf('tcp dport vmap { 443 : drop }'),
    '  chain some {\n    ip6 saddr 2001:db8:1::7 jump leaf\n  }\n',
  ),
  byHeader(
    'a chain that goes back, and lets in all else',
    'unknown',
    'drop',
    ['jump leaf'],
    leaf('ip6 nexthdr tcp return', 'accept'),
  ),
  byHeader('a mark that is dropped', 'unknown', 'accept', ['ip6 nexthdr tcp meta mark set 5', 'meta mark 5 drop']),
  byHeader('a mark that lets in', reachedBySix, 'drop', ['ip6 nexthdr tcp meta mark set 5', 'meta mark 5 accept']),
  ...[0, 43, 44, 60].map((header) =>
    byHeader(`${header} beside an address`, 'unknown', 'drop', [
      `ip6 saddr . ip6 nexthdr { 2001:db8:1::7 . ${header} } accept`,
    ]),
  ),
  byHeader('another protocol beside an address', 'denied', 'drop', [
    'ip6 saddr . ip6 nexthdr { 2001:db8:1::7 . 17 } accept',
  ]),
  byHeader('a map of addresses and protocols', 'unknown', 'drop', [
    'ip6 saddr . ip6 nexthdr vmap { 2001:db8:1::7 . 60 : accept }',
  ]),
  byHeader('all but one', 'unknown', 'accept', ['ip6 saddr . ip6 nexthdr != { 2001:db8:1::7 . 60 } drop']),
  byHeader(
    'no tracking',
    'unknown',
    'drop',
    ['ct state untracked accept'],
    hook('prerouting', '-300', 'accept', 'ip6 nexthdr 60 notrack'),
  ),
  byHeader(
    'a chain that another test jumps to, too',
    'denied',
    'accept',
    ['ip6 nexthdr udp jump leaf', 'meta l4proto tcp jump leaf'],
    leaf('drop'),
  ),
];
