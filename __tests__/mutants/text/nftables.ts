// Table of patterns by which the mutants' program changes every place of generated nftables tables (a word, a port, an
// address), and rules that it adds. named/nftables.ts has the mutants that are written one by one.

import { NetworkInterface } from '../../../lib/net/device';
import { OTHER_ADDRESSES, Pattern, TextMutation, placesChanged, prefixed } from './places';

/** Rules that another person might add to one of the owner's chains. */
const HOSTILE = [
  'accept',
  'meta nfproto ipv4 accept',
  'meta nfproto ipv6 accept',
  'tcp dport 22 accept',
  'tcp dport { 2086, 2087 } accept',
  'udp dport 0-65535 accept',
  'meta l4proto 47 accept',
  'ip protocol icmp accept',
  'icmpv6 type nd-redirect accept',
  'icmp type redirect accept',
  'ip saddr 198.51.100.66 accept',
  'ip daddr 10.0.0.10 accept',
  'ct state invalid accept',
  'ct state related accept',
  'ct state new accept',
  'ct state established,related accept',
  'ct direction original accept',
  'ct status dnat accept',
  'iifname "lan0" accept',
  'tcp flags syn accept',
  'tcp flags fin accept',
  'tcp sport 53 accept',
  'drop',
  'ct state established drop',
  'ip saddr 198.51.100.0/24 drop',
] as const;

const HOSTILE_TRANSLATIONS: Readonly<Record<string, readonly string[]>> = {
  c_prerouting: [
    'dnat ip to 10.0.0.77',
    'tcp dport 22 dnat ip to 10.0.0.77',
    'ip daddr 203.0.113.250 dnat ip to 10.0.0.10',
    'tcp dport 25 redirect to :2525',
  ],
  c_postrouting: [
    'masquerade',
    'snat ip to 203.0.113.10',
    'ip saddr 10.0.0.0/8 snat ip to 203.0.113.10',
    'oifname "lan0" masquerade',
    'tcp dport 25 snat ip to 203.0.113.99',
  ],
};

const patterns = (interfaces: readonly NetworkInterface[]): readonly Pattern[] => [
  ['a line left out', /^ {8}(?!elements|\}).*\n/gm, () => ''],
  ['accept in place of drop', /(?<=^ {8}.*)\bdrop\b/gm, () => 'accept'],
  ['drop in place of accept', /(?<=^ {8}.*)\baccept\b/gm, () => 'drop'],
  ['an element left out', /(?<=\{ (?:[^{}\n]*, )?)[^{},\n]+, |, [^{},\n]+(?= \})/g, () => ''],
  ['the last element left out', /elements = \{ [^{},\n]+ \}\n/g, () => 'elements = { }\n'],
  ...OTHER_ADDRESSES,
  ['a bit shorter', /(\d+\.\d+\.\d+\.\d+)\/(\d+)/g, ([, address, length]) => prefixed(address!, Number(length) - 1)],
  ['a bit longer', /(\d+\.\d+\.\d+\.\d+)\/(\d+)/g, ([, address, length]) => prefixed(address!, Number(length) + 1)],
  [
    'an address becomes a pair',
    /(?<=elements = .*)(?<![\d.])(\d+\.\d+\.\d+\.\d+)(?=[, ]+(?!:))(?![\d./]| :)/g,
    ([, address]) => prefixed(address!, 31),
  ],
  ['the next port', /(?<=port )\d+|(?<=inet_service\n(?:.*\n)?.*elements.*[ -])\d+/g, ([all]) => `${Number(all) + 1}`],
  [
    'the port before',
    /(?<=port )\d+|(?<=inet_service\n(?:.*\n)?.*elements.*[ -])\d+/g,
    ([all]) => `${Number(all) - 1}`,
  ],
  ['another protocol', /\b(tcp|udp)(?= dport)/g, ([all]) => (all === 'tcp' ? 'udp' : 'tcp')],
  ['another interface', /(?<=[io]ifname .*)"(\w+)"/g, ([, name]) => anotherOf(interfaces, name!)],
  ['another direction', /\b[io]ifname\b/g, ([all]) => (all === 'iifname' ? 'oifname' : 'iifname')],
  [
    'source in place of destination',
    /(?<=^ {8}.*)\bip6? (s|d)addr\b/gm,
    ([all, end]) => all.replace(`${end}addr`, end === 's' ? 'daddr' : 'saddr'),
  ],
  ['negated', /(?<=^ {8}.*)\bip6? [sd]addr (?!!=|map|vmap)/gm, ([all]) => `${all}!= `],
  ['not negated', /!= /g, () => ''],
  [
    'a condition left out',
    /(?<=^ {8}.*)(?:[io]ifname (?:"\w+"|\{[^}]*\})|[io]if "lo"|ct original ip daddr [^ ]+|ip6? [sd]addr (?:!= )?[@\d][^ ]*|ct (?:state|direction|status) \w+|(?:tcp|udp) [sd]port [^ ]+|icmp(?:v6)? type (?:\{[^}]*\}|[^ ]+)) /gm,
    () => '',
  ],
  ['another priority', /(?<=priority [a-z]* ?)- ?1(?=0|10)/g, ([all]) => all.replace('-', '+')],
  ['another hook', /hook (input|forward)/g, ([, hook]) => `hook ${hook === 'input' ? 'forward' : 'input'}`],
  ['another kind of chain', /type (nat|filter) hook/g, ([, kind]) => `type ${kind === 'nat' ? 'filter' : 'nat'} hook`],
  [
    'another state',
    /ct state (established|related)/g,
    ([, state]) => `ct state ${state === 'related' ? 'established' : 'related'}`,
  ],
  [
    'another type of message',
    /(?<=type \{.*)(?:destination-unreachable|time-exceeded|parameter-problem|packet-too-big)/g,
    () => 'echo-request',
  ],
  ['the old table stays', /^delete table.*\n/gm, () => ''],
  ['a table of IPv4', /^table inet (?=.*\{)/gm, () => 'table ip '],
  ['two lines exchanged', /^( {8}\S.*\n)( {8}\S.*\n)/gm, ([, first, second]) => `${second}${first}`],
];

const anotherOf = (interfaces: readonly NetworkInterface[], name: string): string | undefined => {
  const other = interfaces.find((one) => one.name !== name);
  return other && `"${other.name}"`;
};

/** Each place of a text changed by itself, and each hostile rule at both ends of every chain. */
export function nftablesMutations(text: string, interfaces: readonly NetworkInterface[]): readonly TextMutation[] {
  const added = [
    ...text.matchAll(/ {4}chain (\w+) \{\n(?: {8}type .*\n)?(?<first>)(?: {8}.*\n)*(?<last>) {4}\}\n/dg),
  ].flatMap((chain) =>
    (HOSTILE_TRANSLATIONS[chain[1]!] ?? HOSTILE).flatMap((rule) =>
      (['first', 'last'] as const).map((end): TextMutation => {
        const [at] = chain.indices!.groups![end]!;
        return {
          what: `added ${end === 'first' ? 'in front' : 'at the end'}: ${rule}`,
          text: `${text.slice(0, at)}        ${rule}\n${text.slice(at)}`,
        };
      }),
    ),
  );
  return [...placesChanged(text, patterns(interfaces)), ...added];
}
