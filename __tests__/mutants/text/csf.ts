// Table of patterns by which the mutants' program changes every place of generated csf files (a word, a port, an
// address), and lines that it adds. named/csf.ts has the mutants that are written one by one.

import { OTHER_ADDRESSES, OTHER_LENGTHS, Pattern, TextMutation, linesAdded, placesChanged } from './places';

/** Lines that another person might add to the owner's lines. */
const HOSTILE = [
  '192.0.2.0/24',
  'tcp|in|d=3306|s=192.0.2.7',
  'tcp|in|d=22|s=0.0.0.0/0',
  'udp|in|d=53|s=2001:db8::/32',
  'tcp:in:d=23:s=192.0.2.7',
  'icmp|in|d=8|s=192.0.2.7',
] as const;

const PORT = /(?<=(?:_IN|_OUT) = "[\d:,]*|\|d=[\d_,]*)\b\d+\b/g;
/** Keys that decide by themselves which packets pass; the effect of others can't be seen in a text. */
const DECIDES = 'TESTING|IPTABLES|IP6TABLES|IPV6|LF_SPI|DROP';

const PATTERNS: readonly Pattern[] = [
  ['a line left out', /^\w+\|.*\n/gm, () => ''],
  ['a key left out', new RegExp(`^(?:${DECIDES}|\\w+_IN|\\w+_OUT) = "[^"]+"\\n`, 'gm'), () => ''],
  ['a key twice', /^TCP_IN = .*\n/gm, ([all]) => all + all],
  ['on in place of off', /(?<=^(?:TESTING|ICMP_IN) = )"0"/gm, () => '"1"'],
  ['off in place of on', /(?<=^(?:IPV6|LF_SPI|ICMP_IN|ICMP_OUT) = )"1"/gm, () => '"0"'],
  ['an interface that nobody asks', /(?<=^ETH_DEVICE_SKIP = )""/gm, () => '"eth0"'],
  ['another target', /(?<=^DROP = )"DROP"/gm, () => '"ACCEPT"'],
  [
    'another key',
    /^(TCP|UDP)(6?)_(IN|OUT) /gm,
    ([, protocol, six, way]) => `${protocol!}${six!}_${way === 'IN' ? 'OUT' : 'IN'} `,
  ],
  ['no comma', /(?<=_(?:IN|OUT) = "[\d:,]*),/g, () => ' '],
  ['a semicolon', /(?<=_(?:IN|OUT) = "[\d:,]*),/g, () => ';'],
  ['one quote', /(?<=_IN = ".*)"$/gm, () => ''],
  ...OTHER_ADDRESSES,
  ...OTHER_LENGTHS,
  ['the next port', PORT, ([all]) => `${Math.min(Number(all) + 1, 65_535)}`],
  ['the port before', PORT, ([all]) => `${Math.max(Number(all) - 1, 0)}`],
  ['a range becomes its begin', /(\d+)[:_]\d+(?=["|,])/g, ([, first]) => first!],
  ['another protocol', /^(tcp|udp)(?=\|)/gm, ([is]) => (is === 'tcp' ? 'udp' : 'tcp')],
  ['the other way', /(?<=^\w+\|)(in|out)/gm, ([is]) => (is === 'in' ? 'out' : 'in')],
  ['a source port', /(?<=\|)d(?==[\d_,]+\|)/g, () => 's'],
  ['another chain', /(?<=-A ALLOW)OUT ! -o/gm, () => 'IN ! -i'],
  ['no source port', / -m multiport --sports [\d,:]+/g, () => ''],
  ['a source port more', /(?<=--sports [\d,:]+)(?= )/g, () => ',65535'],
  ['a port of a hook more', /(?<=--dports [\d,:]+)(?= )/g, () => ',65535'],
  ['source in place of destination', /(?<=\|)([sd])(?==[\da-f.:/]+$)/gm, ([is]) => (is === 's' ? 'd' : 's')],
];

/** Each place of a text changed by itself, and each hostile line at both ends of the owner's lines. */
export const csfMutations = (text: string): readonly TextMutation[] => [
  ...placesChanged(text, PATTERNS),
  ...linesAdded(text, HOSTILE),
];
