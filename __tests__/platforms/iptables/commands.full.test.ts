// Tests the parser on iptables-restore files as people write them and iptables-save never prints: commands for chains
// and policies, rules for one family, abbreviations.

import { toLocationKey } from '../../../lib/net/device';
import { parser } from '../../../lib/platforms/iptables/parse/parser';
import { probe } from '../../evaluator/cases/cases';
import { packetOf } from '../../evaluator/kernel/probes';
import { GATEWAY } from '../../evaluator/packets';
import { refusals } from '../../evaluator/get-disposition';
import { HEADER, filter, whole } from './printed';

const codes = (text: string): readonly string[] => refusals(parser, text).map((one) => one.replace('iptables/', ''));
/** Rules from line 6 on. */
const rules = (...some: readonly string[]): string => HEADER.ip + filter('DROP', 'DROP', ...some);

const verdictOf = (text: string, from: string, to: string): string => {
  const view = parser
    .read(text, GATEWAY)
    .reachability.views.find((one) => toLocationKey(one.startLocation) === 'interface wan0')!;
  return view.dispositions.findValue(packetOf(probe('out', from, to, 443)))?.is ?? 'denied';
};
const four = (text: string): string => verdictOf(text, '198.51.100.7', '198.51.100.2');
const six = (text: string): string => verdictOf(text, '2001:db8:1::7', '2001:db8:1::2');

const print = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/**
 * Files that a person writes for iptables-restore, and iptables-save never prints; each was compared with the rules
 * that both backends of 1.8.9 list afterwards.
 */
describe('a file for iptables-restore', () => {
  it('may create chains and policies by commands', () => {
    expect(codes(rules('-N own', '-A own -j ACCEPT', '-A INPUT -j own', '-P INPUT ACCEPT'))).toEqual([]);
    expect(codes(rules('-N own', '-N own'))).toEqual(['duplicate-chain at line 7']);
    expect(codes(rules('-P INPUT REJECT'))).toEqual(['no-policy at line 6']);
    expect(codes(rules('-P own ACCEPT'))).toEqual(['wrong-policy at line 6']);
    expect(codes(rules('-P INPUT'))).toEqual(['unexpected-text at line 6']);
    expect(codes(rules('-F INPUT'))).toEqual([]);
    expect(four(whole({ ip: filter('DROP', 'DROP', '-A INPUT -p udp -j DROP', '-P INPUT ACCEPT') }))).toBe('allowed');
  });

  it('may have rules for one of both programs, which the other skips', () => {
    const both = [
      '-6 -A INPUT -m rt --rt-type 0 -j DROP',
      '-4 -A INPUT -s 198.51.100.0/24 -j ACCEPT',
      '--ipv6 -A INPUT -j ACCEPT',
    ];
    const text = whole({ ip: filter('DROP', 'DROP', ...both), ip6: filter('DROP', 'DROP', ...both) });
    expect([codes(text), four(text), six(text)]).toEqual([[], 'allowed', 'allowed']);
    expect(codes(filter('DROP', 'DROP', ...both))).toEqual(['family-not-told at line 1']);
  });

  it("may abbreviate a translation's target option, as getopt accepts it", () => {
    const led = (option: string, target = 'DNAT'): string =>
      JSON.stringify(
        codes(
          rules().replace(
            '*filter',
            `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -j ${target} ${option}\nCOMMIT\n*filter`,
          ),
        ),
      );
    const text = (option: string, target: string): string =>
      whole({
        ip: `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 443 -j ${target} ${option}\nCOMMIT\n${filter('ACCEPT', 'ACCEPT')}`,
      });
    const evaluateOption = (option: string, target: string): unknown =>
      parser.read(text(option, target), GATEWAY).reachability;
    expect(led('--to 10.0.0.1')).toBe('[]');
    for (const [short, long, target] of [
      ['--to 10.0.0.1:80', '--to-destination 10.0.0.1:80', 'DNAT'],
      ['--to-dest 10.0.0.1', '--to-destination 10.0.0.1', 'DNAT'],
      ['--to-port 80', '--to-ports 80', 'REDIRECT'],
      ['--to 80', '--to-ports 80', 'REDIRECT'],
    ] as const)
      expect(JSON.stringify(evaluateOption(short, target), print)).toBe(
        JSON.stringify(evaluateOption(long, target), print).replaceAll(long, short),
      );
  });

  it('may insert a rule before others', () => {
    const drop = '-A INPUT -p tcp -j DROP';
    const inserted = (...lines: readonly string[]): string => four(whole({ ip: filter('DROP', 'DROP', ...lines) }));
    expect(inserted(drop, '-I INPUT -p tcp -j ACCEPT')).toBe('allowed');
    expect(inserted(drop, '-I INPUT 2 -p tcp -j ACCEPT')).toBe('denied');
    expect(inserted('-A INPUT -p udp -j DROP', drop, '--insert INPUT 2 -p tcp -j ACCEPT')).toBe('allowed');
    expect(codes(rules(drop, '-I INPUT 3 -j ACCEPT'))).toEqual(['unexpected-text at line 7']);
    expect(codes(rules('-I INPUT 0 -j ACCEPT'))).toEqual(['unexpected-text at line 6']);
    expect(codes(rules('-I later -j ACCEPT'))).toEqual(['no-such-chain at line 6']);
    expect(codes(rules('-I INPUT -j DROP\n'.repeat(200_000)))).toEqual(['too-much-to-evaluate at line 1']);
    expect(codes(rules('-I INPUT -j DROP\n'.repeat(2_000)))).toEqual([]);
  });
});
