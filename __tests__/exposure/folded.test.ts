// Tests that a report shortens long lists of sources and destinations, counts the rest, and prints ports that are
// translated by one distance in one line.

import { printExposureHtml } from '../../lib/exposure/print/exposure-html';
import { printExposureMarkdown } from '../../lib/exposure/print/exposure-markdown';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { sha256 } from '../printing/parsed';
import { reportOf } from './report-on-file';

const open = (...rules: readonly string[]): string =>
  `table ip t {\n chain input {\n  type filter hook input priority 0; policy drop;\n  ${rules.join('\n  ')}\n  tcp dport 443 accept\n }\n}\n`;

const rowOf = (text: string, word: string, all = false): string =>
  printExposureText(reportOf(text), { width: Infinity, all })
    .split('\n')
    .find((line) => line.trim().startsWith(word))!
    .replace(/^.* from /, '');

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
// Team Cymru's Bogon Reference: sources that no packet from the internet has.
const BOGONS =
  `0.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
  224.0.0.0/4 240.0.0.0/4`.split(/\s+/);
const BANS = Array.from({ length: 300 }, (_, at) => `198.51.${at % 200}.${2 * Math.floor(at / 3)}`);
const drop = (...sources: readonly string[]): string => `ip saddr { ${sources.join(', ')} } drop`;

describe('excluded sources on the first screen', () => {
  it.each([
    ['private networks', [...PRIVATE], 'anywhere (private blocked)'],
    [
      'these and what else is no address of the internet',
      [...PRIVATE, '127.0.0.0/8', '169.254.0.0/16'],
      'anywhere (private blocked)',
    ],
    ['all bogons', [...BOGONS], 'anywhere (bogons blocked)'],
    ['bogons and private networks', [...PRIVATE, ...BOGONS], 'anywhere (bogons and private blocked)'],
    ['somebody besides', [...PRIVATE, '192.0.2.7'], 'anywhere but 192.0.2.7 (private blocked)'],
    [
      'a network of examples, for one of somebody',
      [...PRIVATE, '198.51.100.0/24'],
      'anywhere but 198.51.100.0/24 (private blocked)',
    ],
    ['one private network of three', ['10.0.0.0/8'], 'anywhere but 10.0.0.0/8'],
  ])('are %s', (_, sources, said) => expect(rowOf(open(drop(...sources)), 'tcp 443')).toBe(said));

  it('are the first of a long list and a count', () => {
    const text = open(drop(...BANS));
    expect(rowOf(text, 'tcp 443')).toMatch(/^anywhere but (\S+, ){8}and 29\d more$/);
    expect(rowOf(text, 'tcp 443', true).split(', ').length).toBeGreaterThan(290);
  });

  it('are as short on a page and in Markdown', () => {
    const report = reportOf(open(drop(...BANS)));
    for (const text of [printExposureMarkdown(report), printExposureHtml(report, sha256)]) {
      expect(text).toMatch(/anywhere but (\S+, ){8}and 29\d more/);
      expect(text.split('198.51.').length).toBeLessThan(30);
    }
  });

  it('long lists of allowed sources are shortened as well', () => {
    const text = open(`ip saddr { ${BANS.join(', ')} } tcp dport 22 accept`);
    expect(rowOf(text, 'tcp 22')).toMatch(/^(\S+, ){8}and 29\d more$/);
  });
});

it('a long list of excluded destinations is shortened', () => {
  const text = `table ip t {\n chain forward {\n  type filter hook forward priority 0;\n  ip daddr { ${BANS.join(', ')} } drop\n }\n}\n`;
  const [line] = printExposureText(reportOf(text), { all: true })
    .split('\n')
    .filter((one) => one.includes('any other host but'));
  expect(line).toMatch(/any other host but 300 ranges/);
});

describe('ports that are translated by one distance', () => {
  const led = (...rules: readonly string[]): readonly string[] =>
    printExposureText(
      reportOf(
        `table ip t {\n chain pre {\n  type nat hook prerouting priority dstnat;\n  ${rules.join('\n  ')}\n }\n}\n`,
      ),
      { width: Infinity },
    )
      .split('\n')
      .flatMap((line) => /^ {2}(tcp [\d,-]+) .* -> (\S+ port \S+)/.exec(line)?.slice(1).join(' -> ') ?? []);
  const each = (first: number, last: number, shift: number): readonly string[] =>
    Array.from(
      { length: last - first + 1 },
      (_, at) => `tcp dport ${first + at} dnat to 10.0.0.5:${first + at + shift}`,
    );

  it('are one line', () =>
    expect(new Set(led(...each(8000, 8010, 1000)))).toEqual(new Set(['tcp 8000-8010 -> 10.0.0.5 port 9000-9010'])));

  it('are single lines if one is missing or has another destination', () => {
    expect(
      new Set(led(...each(8000, 8003, 1000), ...each(8005, 8006, 1000), 'tcp dport 8007 dnat to 10.0.0.5:9500')),
    ).toEqual(
      new Set([
        'tcp 8000-8003 -> 10.0.0.5 port 9000-9003',
        'tcp 8005-8006 -> 10.0.0.5 port 9005-9006',
        'tcp 8007 -> 10.0.0.5 port 9500',
      ]),
    );
  });

  it('are no such group if all are translated to one port', () =>
    expect(new Set(led('tcp dport 8000-8010 dnat to 10.0.0.5:80'))).toEqual(
      new Set(['tcp 8000-8010 -> 10.0.0.5 port 80']),
    ));
});
