// Tests which lines of the rules an exposure report names as deciding about an entry: all, or the first three and a
// count.

import { parseQuestion, ExposureOptions } from '../../lib/exposure/answer/question';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { edge, profile, recorded, server } from '../review/samples';
import { reportOf } from './report-on-file';

const rules = (...lines: readonly string[]): string =>
  `table inet filter {\n  chain input {\n    type filter hook input priority 0; policy drop;\n${lines.map((one) => `    ${one}\n`).join('')}  }\n}\n`;

/** Returns the bracketed lines at the end of the row of these packets. */
const aside = (text: string, row: RegExp): string | undefined =>
  /\[(.*)\]$/.exec(
    printExposureText(reportOf(text), { all: true })
      .split('\n')
      .find((line) => /^ {2}.*\]$/.test(line) && row.test(line)) ?? '',
  )?.[1];

describe('a row that several rules decide', () => {
  const from = (address: string): string => `ip saddr ${address} tcp dport 3306 accept`;
  test('names all of them, by sources and by ports', () => {
    expect(aside(rules(from('10.0.0.0/24'), from('192.0.2.50')), /tcp 3306/)).toBe('lines 4, 5');
    expect(aside(rules('tcp dport 80 accept', 'udp dport 53 accept', 'tcp dport 443 accept'), /tcp 80,443/)).toBe(
      'lines 4, 6',
    );
  });
  test('names the first three of more, and counts the rest', () => {
    const many = ['10.0.0.0/24', '192.0.2.50', '192.0.2.60', '192.0.2.70', '192.0.2.80'];
    expect(aside(rules(...many.map(from)), /tcp 3306/)).toBe('lines 4, 5, 6, and 2 more');
  });
  test('counts none if not all lines are known', () => {
    const bans = Array.from({ length: 40 }, (_, at) => from(`192.0.2.${2 * at}`));
    expect(aside(rules(...bans), /tcp 3306/)).toMatch(/^lines 4, 5, 6, …$/);
  });
  test('is the same in the answer to a question', () => {
    const asking = { service: ['mysql'], start: ['outside'] };
    expect(reportOf(rules(from('10.0.0.0/24'), from('192.0.2.50')), asking).headline).toMatch(/ \(rules\.nft:4, 5\)$/);
  });
  test('names no line that a rule before it overrides', () => {
    expect(aside(rules('tcp dport 3306 accept', from('10.0.0.0/24')), /tcp 3306/)).toBe('line 4');
  });
});

/** Two gateways, each with a server of its own. */
const two = [
  ...edge(
    { vip: '203.0.113.10' },
    [server('web1', '10.0.0.10', profile(['https']))],
    [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
  ),
  ...edge(
    { vip: '203.0.113.20' },
    [server('web2', '10.0.0.20', profile(['https']))],
    [{ name: 'web', virtualIp: 'vip', internal: { server: 'web2' } }],
  ).map((one) => (one.kind === 'gateway' ? { ...one, device: 'edge2' } : one)),
];
const ofTwo = (asking: ExposureOptions, policies = two) =>
  createExposureReport(
    [
      {
        is: 'releases',
        name: 'edge',
        formatLabel: 'a synthesized stack',
        unknowns: [],
        omittedLines: [],
        releases: policies.map((one) => ({ ...one, ...recorded(one) })),
      },
    ],
    NO_FACTS,
    parseQuestion({ start: ['outside'], ...asking }),
  );

describe('the texts of a stack', () => {
  test('each line has its device, and those of one device stand together', () => {
    expect(ofTwo({ to: ['203.0.113.10'] }).headline).toMatch(/\(edge: line \d+; web1: line \d+\)$/);
    expect(ofTwo({ port: ['1234/tcp'] }).headline).toMatch(
      /: NO, not from the internet \(edge: lines \d+, \d+; edge2: line \d+\)$/,
    );
    expect(ofTwo({ port: ['1234/tcp'] }).devices[0]!.deniedReasons).toEqual([
      expect.stringMatching(/203\.0\.113\.10 tcp 1234 .*: edge: line \d+ drops it, by the jump of line \d+$/),
      expect.stringMatching(/10\.0\.0\.20 tcp 1234 .*: edge2: line \d+ drops it$/),
      expect.stringMatching(/10\.0\.0\.10 tcp 1234 .*: web1: chain .*, line \d+$/),
      expect.stringMatching(/10\.0\.0\.20 tcp 1234 .*: web2: chain .*, line \d+$/),
    ]);
  });
  test('with one device there are no device names', () => {
    const alone = two.filter(({ device }) => device === 'web1');
    expect(ofTwo({ port: ['1234/tcp'] }, alone).headline).toMatch(
      /: NO, not from the internet \(policy drop, line \d+\)$/,
    );
  });
});

describe('a rule of a shared chain that tests nothing, or a protocol alone', () => {
  const shared = (...lines: readonly string[]): string =>
    `table inet filter {\n  chain refuse {\n    meta l4proto tcp reject with tcp reset\n    reject\n  }\n  chain input {\n    type filter hook input priority 0; policy accept;\n${lines.map((one) => `    ${one}\n`).join('')}  }\n}\n`;
  const closed = shared('ip saddr 0.0.0.0/0 tcp dport 3306 jump refuse', 'udp dport 53 jump refuse');
  test('is named behind the rule that jumps there', () => {
    expect(reportOf(closed, { port: ['53/udp'], start: ['outside'] }).headline).toMatch(/\(rules\.nft:9, 4\)$/);
    expect(reportOf(closed, { port: ['3306/tcp'], to: ['203.0.113.10'] }).headline).toMatch(/\(rules\.nft:8, 4\)/);
  });
  test('stands alone if no rule on the way tests more', () => {
    expect(reportOf(shared('jump refuse'), { port: ['53/udp'], start: ['outside'] }).headline).toMatch(
      /\(rules\.nft:4\)$/,
    );
  });
  test('is named in the rows that let in, too', () => {
    const text =
      'table inet filter {\n  chain allow {\n    accept\n  }\n  chain input {\n    type filter hook input priority 0; policy drop;\n    tcp dport 22 jump allow\n    tcp dport 443 goto allow\n  }\n}\n';
    expect(aside(text, /tcp 22,443/)).toBe('lines 7, 3, 8');
  });
  test('names the jump in ufw-docker’s chain for iptables', () => {
    const text =
      '# Generated by iptables-save v1.8.9\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:deny-log - [0:0]\n-A FORWARD -d 10.0.0.0/8 -p tcp -j deny-log\n-A deny-log -j DROP\nCOMMIT\n';
    expect(
      reportOf(text, { to: ['10.0.0.10'], port: ['80/tcp'] }, undefined, 'rules.txt').furtherLines.join(),
    ).toContain('if that is another host and this one forwards: no');
  });
});
