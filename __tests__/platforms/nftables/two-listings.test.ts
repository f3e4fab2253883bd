// Tests that a text with the nftables listings of two hosts is refused: each host's rules would count for the other.

import { codesOf } from '../../problems';
import { reportOf, wild } from '../../exposure/report-on-file';

const read = (text: string): string => codesOf(() => reportOf(text)).join() || 'read';

const rules = (...inside: readonly string[]): string =>
  `table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n${inside.map((one) => `\t\t${one}\n`).join('')}\t}\n}\n`;
const [one, other] = [rules('tcp dport 22 accept'), rules('tcp dport 3306 accept')];

describe('two listings in one text', () => {
  it('of two hosts are refused: each host’s rules would count for the other', () => {
    expect(read(one + other)).toBe('nftables/two-listings');
    expect(read(`${one}2: eth0    inet 203.0.113.10/24 scope global eth0\n${other}`)).toBe('nftables/two-listings');
    expect(read((one + other).replaceAll('\t', '  '))).toBe('nftables/two-listings');
    expect(read(wild('fail2ban') + wild('fail2ban'))).toBe('nftables/two-listings');
    expect(() => reportOf(one + other)).toThrow(
      'line 9: chain "input" is there as in line 3: two listings are in the text.',
    );
  });

  it('are told from tables and chains of other names, and from a script, which may open a chain again', () => {
    expect(read(one + other.replace('inet', 'ip'))).toBe('read');
    expect(read(one + other.replace('input', 'incoming'))).toBe('read');
    expect(read(one + other.replace(/.*hook.*\n/, ''))).toBe('read');
    for (const begin of ['#!/usr/sbin/nft -f\n', 'flush ruleset\n', 'define port = 22\n', 'add table inet filter\n'])
      expect(read(begin + one + other)).toBe('read');
  });
});
