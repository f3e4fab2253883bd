// Table of patterns by which the mutants' program changes every place of generated firewalld files (an element, a port,
// an address), and rules that it adds. named/firewalld.ts has the mutants that are written one by one.

import { OTHER_ADDRESSES, OTHER_LENGTHS, Pattern, TextMutation, placesChanged } from './places';

/** Rules that another person might add to one of the owner's policies. */
const HOSTILE = [
  '<rule priority="-10"><accept/></rule>',
  '<rule priority="-10"><port port="22" protocol="tcp"/><accept/></rule>',
  '<rule priority="-10"><source-port port="53" protocol="udp"/><accept/></rule>',
  '<rule priority="-10" family="ipv4"><source address="192.0.2.0/24"/><drop/></rule>',
  '<rule><port port="3306" protocol="tcp"/><accept/></rule>',
  '<rule priority="-10"><protocol value="gre"/><accept/></rule>',
  '<port port="3306" protocol="tcp"/>',
  '<protocol value="47"/>',
] as const;

const PORT = /(?<=<port port="(?:\d+-)?)\d+/g;

const PATTERNS: readonly Pattern[] = [
  ['a rule left out', /^ {2}<rule .*\n(?: {4}.*\n)* {2}<\/rule>\n/gm, () => ''],
  ['a file left out', /^==> .*\n(?:[^=\n].*\n)*\n?/gm, () => ''],
  ['an entry left out', /^ {2}<entry>.*\n/gm, () => ''],
  ['an end left out', /^ {4}<(?:source|destination) .*\n/gm, () => ''],
  ['what it asks left out', /^ {4}<(?:port|protocol|icmp-type) .*\n/gm, () => ''],
  ['the family left out', / family="ipv\d"/g, () => ''],
  ['the other family', / family="ipv(\d)"/g, ([, is]) => ` family="ipv${is === '4' ? 6 : 4}"`],
  ['accept in place of drop', /<drop\/>/g, () => '<accept/>'],
  ['drop in place of accept', /<accept\/>/g, () => '<drop/>'],
  ['not inverted', / invert="True"/g, () => ''],
  ['inverted', /(?<=<(?:source|destination) \w+="[^"]+")(?=\/>)/g, () => ' invert="True"'],
  ['another target', /target="\w+"/g, ([is]) => (is === 'target="DROP"' ? 'target="CONTINUE"' : 'target="DROP"')],
  ['the target of who trusts', /target="\w+"/g, () => 'target="ACCEPT"'],
  ['behind the zones', /priority="-32000"/g, () => 'priority="100"'],
  ['asked later', /(?<=<rule priority=")-\d+/g, () => '-1'],
  ['asked earlier', /(?<=<rule priority=")-\d+/g, () => '-100'],
  ...OTHER_ADDRESSES,
  ...OTHER_LENGTHS,
  ['the next port', PORT, ([all]) => `${Number(all) + 1}`],
  ['the port before', PORT, ([all]) => `${Number(all) - 1}`],
  ['a range becomes its begin', /(?<=port=")(\d+)-\d+/g, ([, first]) => first!],
  ['another protocol', /protocol="(\w+)"/g, ([, is]) => `protocol="${is === 'tcp' ? 'udp' : 'tcp'}"`],
  // No host has a multicast address, and packets to one reach none of the addresses.
  [
    'source in place of destination',
    /<(source|destination) (?!address="ff00::)/g,
    ([, is]) => (is === 'source' ? '<destination ' : '<source '),
  ],
  ['a source port', /<port /g, () => '<source-port '],
  ['another type of message', /<icmp-type name="[^"]+"/g, () => '<icmp-type name="redirect"'],
  ['a set that is not there', /(?<=ipset="[^"]+)\w(?=")/g, ([is]) => (is === '0' ? '1' : '0')],
  [
    'another way',
    /<(ingress|egress)-zone name="(\w+)"/g,
    ([, side, is]) => `<${side!}-zone name="${is === 'ANY' ? 'HOST' : 'ANY'}"`,
  ],
];

/** Each place of a text changed by itself, and each hostile rule at both ends of every policy. */
export function firewalldMutations(text: string): readonly TextMutation[] {
  const added = HOSTILE.flatMap((rule) =>
    (
      [
        ['in front', /(?<=<egress-zone .*\n)/g],
        ['at the end', /(?=<\/policy>)/g],
      ] as const
    ).flatMap(([where, at]) =>
      [...text.matchAll(at)].map((found): TextMutation => ({
        what: `added ${where}: ${rule}`,
        text: `${text.slice(0, found.index)}  ${rule}\n${text.slice(found.index)}`,
      })),
    ),
  );
  return [...placesChanged(text, PATTERNS), ...added];
}
