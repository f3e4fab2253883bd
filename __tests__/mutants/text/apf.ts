// Table of patterns by which the mutants' program changes every place of generated APF files (a word, a port, an
// address), and lines that it adds. named/apf.ts has the mutants that are written one by one.

import { OTHER_ADDRESSES, OTHER_LENGTHS, Pattern, TextMutation, linesAdded, placesChanged } from './places';

/** Lines that another person might add to the owner's lines. */
const HOSTILE = [
  '192.0.2.0/24',
  'tcp:in:d=3306:s=192.0.2.7',
  'tcp:in:d=22:s=0.0.0.0/0',
  'd=22:s=192.0.2.7',
  'udp:out:s=53:s=192.0.2.7',
  'tcp|in|d=23|s=192.0.2.7',
] as const;

const PORT = /(?<=_CPORTS="[\d,_]*|:d=[\d_]*)\b\d+(?=[",_:])/g;
/** Keys that decide by themselves which packets pass; the effect of others can't be seen in a text. */
const DECIDES = '[A-Z]+_[A-Z_]*(?:STOP|PASS|LIM|DNS|NET|MODE|TRUSTED|PATH|CPORTS|TYPES)|EGF|RUN|USE_RGT';

const PATTERNS: readonly Pattern[] = [
  ['a line left out', /^\w+:in:.*\n/gm, () => ''],
  ['a resolver left in', /^for i .*\n/gm, () => ''],
  ['another rule taken away', /(?<=^for i .*--sport )53/gm, () => '54'],
  ['a key left out', new RegExp(`^(?:${DECIDES})="[^"]*"\\n`, 'gm'), () => ''],
  ['on in place of off', /(?<=^(?:DEVEL_MODE|EGF|USE_RGT|BLK_PRVNET|SET_VNET)=)"0"/gm, () => '"1"'],
  ['an interface that is trusted', /(?<=^IFACE_TRUSTED=)""/gm, () => '"eth0"'],
  ['an interface that is not there', /(?<=^IFACE_IN=")\w+/gm, () => 'eth9'],
  ['another target', /(?<=^(?:TCP|UDP)_STOP=)"DROP"/gm, () => '"ACCEPT"'],
  ['another key', /^IG_(TCP|UDP)_/gm, ([, protocol]) => `EG_${protocol!}_`],
  ['another protocol', /(?<=^IG_)(TCP|UDP)(?=_CPORTS="\d)/gm, ([is]) => (is === 'TCP' ? 'UDP' : 'TCP')],
  ['a dash', /(?<=_CPORTS="[\d,_]*)_/g, () => '-'],
  ['no underscore', /(?<=_CPORTS="[\d,_]*\d)_(?=\d)/g, () => ''],
  ['a semicolon', /(?<=_CPORTS="[\d,_]*),/g, () => ';'],
  ['one quote', /(?<=_CPORTS="\d.*)"$/gm, () => ''],
  ['a range without an end', /(?<=_CPORTS="[\d,_]*\b\d+)(?=[",])/g, () => '_'],
  ...OTHER_ADDRESSES,
  ...OTHER_LENGTHS,
  ['the next port', PORT, ([all]) => `${Math.min(Number(all) + 1, 65_535)}`],
  ['the port before', PORT, ([all]) => `${Math.max(Number(all) - 1, 0)}`],
  ['a range becomes its begin', /(?<!\d)(\d+)_\d+(?=[",:])/g, ([, first]) => first!],
  ['another type', /(?<=^IG_ICMP_TYPES="[\d,]*)\b\d+(?=[",])/gm, ([all]) => `${Number(all) + 1}`],
  ['all types', /(?<=^IG_ICMP_TYPES=)"\d.*"/gm, () => '"all"'],
  ['a line of the other protocol', /^(tcp|udp)(?=:in:)/gm, ([is]) => (is === 'tcp' ? 'udp' : 'tcp')],
  ['a source port', /(?<=:in:)d(?==)/g, () => 's'],
  ['destination in place of source', /(?<=^\w+:in:.*:)s(?==)/gm, () => 'd'],
];

/** Each place of a text changed by itself, and each hostile line at both ends of the owner's lines. */
export const apfMutations = (text: string): readonly TextMutation[] => [
  ...placesChanged(text, PATTERNS),
  ...linesAdded(text, HOSTILE),
];
