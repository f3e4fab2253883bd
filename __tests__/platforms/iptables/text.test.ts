// Tests which iptables texts the parser refuses (cut off, too large, wrong lines), with the line of each problem, how
// it finds the family of a table, and what stays unknown because the text doesn't tell it.

import { toLocationKey } from '../../../lib/net/device';
import { parser } from '../../../lib/platforms/iptables/parse/parser';
import { HEADER, filter, nat, whole } from './printed';
import { packetOf } from '../../evaluator/kernel/probes';
import { probe } from '../../evaluator/cases/cases';
import { GATEWAY } from '../../evaluator/packets';
import { refusals } from '../../evaluator/get-disposition';

const codes = (text: string): readonly string[] => refusals(parser, text).map((one) => one.replace('iptables/', ''));

const POLICIES = ':INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n';
/** Rules from line 6 on. */
const rules = (...some: readonly string[]): string =>
  `${HEADER.ip}*filter\n${POLICIES}${some.map((one) => `${one}\n`).join('')}COMMIT\n`;
const [FOUR, SIX] = ['-A INPUT -s 192.0.2.1/32 -j DROP', '-A INPUT -s 2001:db8::1/128 -j DROP'];
const half = (...some: readonly string[]): string => filter('DROP', 'DROP', ...some);

describe('a text that is refused or limited', () => {
  it.each<[string, string, readonly string[]]>([
    ['cut off in a table', rules().replace('COMMIT\n', ''), ['cut-off at line 2']],
    ['cut off before the next table', rules().replace('COMMIT\n', '') + nat(), ['cut-off at line 2']],
    ['cut off in COMMIT', rules().replace('COMMIT\n', 'COMM'), ['unexpected-text at line 6']],
    ['cut off after a header', `${rules()}${HEADER.ip6}`, ['cut-off at line 7']],
    ['cut off in a set', 'create x hash:ip family inet\nadd x 10.0.0.1', ['cut-off at line 2']],
    ['cut off in a rule', rules('-A INPUT -p tcp -m tcp --dport'), ['option-without-value at line 6']],
    ['an open quote', rules('-A INPUT -m comment --comment "x -j DROP'), ['open-quote at line 6']],
    ['an unknown table', `${HEADER.ip}*filtre\nCOMMIT\n`, ['unknown-table at line 2']],
    ['a chain that does not exist', rules('-A INPUT -j nowhere'), ['no-such-chain at line 6']],
    ['goto to a chain that does not exist', rules('-A INPUT -g nowhere'), ['no-such-chain at line 6']],
    ['goto to a target', rules('-A INPUT -g DROP'), ['no-such-chain at line 6']],
    ['a rule before its chain', rules('-A later -j DROP', ':later - [0:0]'), ['no-such-chain at line 6']],
    [
      'a rule of a table before its chain has a policy',
      `${HEADER.ip}*nat\n-A PREROUTING -j ACCEPT\nCOMMIT\n`,
      ['no-policy at line 3'],
    ],
    ['a built-in chain without a policy', rules().replace('INPUT DROP', 'INPUT -'), ['no-policy at line 3']],
    ['a built-in chain that is missing', rules().replace(/:FORWARD.*\n/, ''), ['no-policy at line 2']],
    ['a policy that does not exist', rules().replace('INPUT DROP', 'INPUT REJECT'), ['no-policy at line 3']],
    ['a policy of a chain that is not built in', rules(':own ACCEPT [0:0]'), ['wrong-policy at line 6']],
    ['a chain without a policy field', rules(':own'), ['unexpected-text at line 6']],
    [
      'more ports than a match holds',
      rules(`-A INPUT -p tcp -m multiport --dports ${[...Array(14).keys()].join(',')},20:21 -j DROP`),
      ['too-many-ports at line 6'],
    ],
    ['a chain twice', rules(':own - [0:0]', ':own - [0:0]'), ['duplicate-chain at line 7']],
    ['a chain with a target’s name', rules(':LOG - [0:0]'), ['reserved-name at line 6']],
    ['an option that does not exist', rules('-A INPUT --dport 22 -j ACCEPT'), ['unknown-option at line 6']],
    [
      'each of several wrong lines',
      rules('-A INPUT --dport 22 -j ACCEPT', '-A INPUT -p tcp --dportx 80', '-A INPUT -j ACCPET'),
      ['unknown-option at line 6', 'unknown-option at line 7', 'no-such-chain at line 8'],
    ],
    [
      'an option of another match',
      rules('-A INPUT -p tcp -m tcp --icmp-type 8 -j ACCEPT'),
      ['unknown-option at line 6'],
    ],
    ['an option that no target has', rules('-A INPUT --to-destination 10.0.0.1'), ['unknown-option at line 6']],
    [
      'an option without a match after a chain',
      rules(':own - [0:0]', '-A INPUT -j own --dport 22'),
      ['unknown-option at line 7'],
    ],
    ['a word in place of an option', rules('-A INPUT tcp -j ACCEPT'), ['unexpected-text at line 6']],
    ['two targets', rules('-A INPUT -j ACCEPT -j DROP'), ['unexpected-text at line 6']],
    ['another command', rules('-D INPUT -j ACCEPT'), ['unexpected-text at line 6']],
    [
      'a loop of jumps',
      rules(':a - [0:0]', ':b - [0:0]', '-A INPUT -j a', '-A a -j b', '-A b -g a'),
      ['jump-loop at line 10'],
    ],
    ['a chain that jumps to itself', rules(':a - [0:0]', '-A INPUT -j a', '-A a -j a'), ['jump-loop at line 8']],
    ['a translation in a filter', rules('-A INPUT -j DNAT --to-destination 10.0.0.1'), ['wrong-place at line 6']],
    [
      'a source translation in a chain for destinations',
      whole({ ip: nat('-A PREROUTING -j SNAT --to-source 10.0.0.1') }),
      ['wrong-place at line 7'],
    ],
    [
      'a destination translation in a chain for sources',
      whole({ ip: nat(':x - [0:0]', '-A POSTROUTING -j x', '-A x -j REDIRECT') }),
      ['wrong-place at line 9'],
    ],
    [
      'a family that nothing shows',
      filter('DROP', 'DROP', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'),
      ['family-not-told at line 1'],
    ],
    ['a header of the other family', HEADER.ip6 + half(FOUR), ['both-families at line 6']],
    ['both families in one table', half(FOUR, SIX), ['both-families at line 6']],
    // iptables-restore keeps the last: seen with 1.8.9 in both backends.
    ['a table twice in a file for iptables-restore', half(FOUR) + half(FOUR), ['too-many-tables at line 7']],
    ['a table of a program and again without a header', HEADER.ip + half() + half(FOUR), ['too-many-tables at line 7']],
    [
      'a table twice of one program, as of two hosts',
      HEADER.ip + half() + HEADER.ip + half(),
      ['too-many-tables at line 8'],
    ],
    ['an element without its set', 'add x 10.0.0.1\n*filter\n', ['no-such-set at line 1']],
    ['a set without a type', 'create x hash\n*filter\n', ['unexpected-text at line 1']],
    ['a set twice', 'create x hash:ip\ncreate x hash:ip\n*filter\n', ['duplicate-set at line 2']],
    [
      'an element with a further word',
      'create x hash:ip\nadd x 10.0.0.1 10.0.0.2\n*filter\n',
      ['unexpected-text at line 2'],
    ],
    ['another command of ipset', 'create x hash:ip\nflush x\n*filter\n', ['unexpected-text at line 2']],
    ['sets alone', 'create x hash:ip\n', ['no-tables at line 1']],
    ['nothing', '', ['no-tables at line 1']],
    ['an error message of a shell', `${rules()}bash: ipset: command not found\n`, ['unexpected-text at line 7']],
    ['bytes', `${HEADER.ip}\u0000\u0001\n`, ['unexpected-text at line 2']],
    ['prototypes', `${rules('-A INPUT -m constructor --x 1 -j toString')}`, ['no-such-chain at line 6']],
    [
      'a table with the name of a JavaScript property',
      `${HEADER.ip}*constructor\nCOMMIT\n`,
      ['unknown-table at line 2'],
    ],
  ])('%s is refused', (_, text, wanted) => expect(codes(text)).toEqual(wanted));

  it('a table from which only both comment lines are left is complete', () => {
    const empty = `${HEADER.ip}# Completed on Tue Jul 22 18:27:25 2014\n`;
    expect(codes(rules() + empty)).toEqual([]);
    expect(codes(rules() + HEADER.ip)).toEqual(['cut-off at line 7']);
  });

  it('all its faults are reported at once', () =>
    expect(codes(rules(':own ACCEPT [0:0]', '-A INPUT -j one', '-A two -j ACCEPT'))).toEqual([
      'wrong-policy at line 6',
      'no-such-chain at line 8',
      'no-such-chain at line 7',
    ]));

  it('chains that jump too deep are refused', () => {
    const chains = Array.from({ length: 20_000 }, (_, at) => `:c${at} - [0:0]`);
    const jumps = chains.slice(1).map((_, at) => `-A c${at} -j c${at + 1}`);
    expect(codes(rules(...chains, ...jumps, '-A INPUT -j c0'))[0]).toMatch(/^too-deep at line /);
  });

  it('huge texts are refused within the step budget', () => {
    expect(codes(`${HEADER.ip}*nat\nCOMMIT\n`.repeat(100_000))[0]).toBe('too-many-tables at line 5');
    expect(codes('*nat\nCOMMIT\n'.repeat(100_000))[0]).toBe('family-not-told at line 1');
    expect(codes(rules('-A INPUT -j DROP\n'.repeat(3_000_000)))).toEqual(['too-much-to-evaluate at line 1']);
  });
});

const verdictOf = (text: string, from: string, to: string): string => {
  const view = parser
    .read(text, GATEWAY)
    .reachability.views.find((one) => toLocationKey(one.startLocation) === 'interface wan0')!;
  const disposition = view.dispositions.findValue(packetOf(probe('out', from, to, 443)));
  return disposition === undefined ? 'denied' : disposition.is === 'unknown' ? disposition.reason : disposition.is;
};
const four = (text: string): string => verdictOf(text, '198.51.100.7', '198.51.100.2');
const six = (text: string): string => verdictOf(text, '2001:db8:1::7', '2001:db8:1::2');
const open = filter('ACCEPT', 'DROP');

describe('the family of a table', () => {
  it('is that of its header, with each backend', () => {
    for (const backEnd of ['', '-nft', '-legacy']) {
      const text = `# Generated by iptables${backEnd}-save v1.8.9 on Sat\n${open}# Generated by ip6tables${backEnd}-save v1.4.21 on Sat\n${half()}`;
      expect([four(text), six(text)]).toEqual(['allowed', 'denied']);
    }
  });

  it.each([
    ['an address', '-A INPUT -s 192.0.2.1/32 -j DROP', '-A INPUT -s 2001:db8::1/128 -j DROP'],
    ['a range', '-A INPUT -m iprange --src-range 192.0.2.1-192.0.2.9', '-A INPUT -m iprange --dst-range ::1-::2'],
    ['a protocol', '-A INPUT -p icmp -m icmp --icmp-type 8', '-A INPUT -p ipv6-icmp -j ACCEPT'],
    [
      'the reject type',
      '-A OUTPUT -j REJECT --reject-with icmp-port-unreachable',
      '-A OUTPUT -j REJECT --reject-with icmp6-port-unreachable',
    ],
    ['a hop limit', '-A OUTPUT -m ttl --ttl-lt 5', '-A OUTPUT -m hl --hl-lt 5'],
  ])('is shown by %s', (_, ip, ip6) => {
    const text = filter('ACCEPT', 'DROP', ip.replace(/ -j DROP/, '')) + half(ip6.replace('INPUT', 'FORWARD'));
    expect([four(text), six(text)]).toEqual(['allowed', 'denied']);
  });

  it('is shown by the tables beside it, up to one of the same name', () => {
    const text =
      filter('ACCEPT', 'DROP') +
      nat('-A PREROUTING -d 203.0.113.9/32 -j ACCEPT') +
      half('-A FORWARD -s ::1/128 -j DROP');
    expect([four(text), six(text)]).toEqual(['allowed', 'denied']);
    const told = '-A PREROUTING -d 203.0.113.9/32 -j ACCEPT';
    expect(codes(filter('DROP', 'DROP') + nat(told) + half() + nat())).toEqual([
      'family-not-told at line 13',
      'family-not-told at line 18',
    ]);
  });
});

describe('a part that a text lacks', () => {
  it('a family without rules is unknown', () => {
    expect(six(whole({ ip: open }))).toBe('the text holds no rules of IPv6 (ip6tables-save)');
    expect(four(whole({ ip6: open }))).toBe('the text holds no rules of IPv4 (iptables-save)');
  });

  const WARNING = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n';
  it('the other backend is unknown, unless its tables are in the text', () => {
    const hidden = 'line 7: iptables-legacy-save shows tables that are not in the text';
    const text = whole({ ip: open }) + WARNING + whole({ ip6: open });
    expect([four(text), six(text)]).toEqual([hidden, 'allowed']);
    const legacy = HEADER.ip.replace(' (nf_tables)', '');
    expect(four(text + legacy + half())).toBe('denied');
    expect(four(text + legacy + open)).toBe('allowed');
  });

  // Through a pipe a program prints blocks of 4096 bytes that end anywhere, and its warnings at once.
  it('the other backend is unknown, wherever its warning stands in the text', () => {
    const text = whole({ ip: open, ip6: open });
    for (let at = 1; at < text.length; at += 5) {
      const broken = text.slice(0, at) + WARNING + text.slice(at);
      const line = broken.slice(0, broken.indexOf(WARNING)).split('\n').length;
      const hidden = `line ${line}: iptables-legacy-save shows tables that are not in the text`;
      expect([four(broken), six(broken)]).toEqual([hidden, 'allowed']);
    }
    expect(codes(`${text}:INPUT DROP${WARNING}`)).toEqual(['unexpected-text at line 14']);
  });

  it('a table that iptables can not show is unknown', () =>
    expect(four(`${HEADER.ip}# Table \`nat' is incompatible, use 'nft' tool.\n${open}`)).toBe(
      'line 2: table nat holds rules that only nft shows',
    ));

  it.each(["is incompatible, use 'nft' tool.", "contains incompatible base-chains, use 'nft' tool to list them."])(
    'a table of which iptables says that it %s is unknown in the family of the table after it, or in both',
    (says) => {
      const remark = `# Table \`nat' ${says}\n`;
      const hidden = (line: number): string => `line ${line}: table nat holds rules that only nft shows`;
      const said = (text: string): readonly string[] => [four(text), six(text)];
      const [ip, ip6] = [whole({ ip: open }), whole({ ip6: open })];
      const lines = ip.split('\n').length;
      expect(said(remark + ip + ip6)).toEqual([hidden(1), 'allowed']);
      expect(
        said(ip + remark + ip.replace(/filter/g, 'security').replace(/^:(?!INPUT|FORWARD|OUTPUT).*\n/gm, '') + ip6),
      ).toEqual([hidden(lines), 'allowed']);
      expect(said(ip + remark + ip6)).toEqual([hidden(lines), hidden(lines)]);
      expect(said(ip + ip6 + remark)).toEqual([hidden(2 * lines - 1), hidden(2 * lines - 1)]);
    },
  );

  it('an unknown match is unknown, whatever its name', () =>
    expect(four(rules('-A INPUT -p tcp -m constructor --x 1 -j ACCEPT'))).toBe(
      'line 6: "-m constructor" may match or not',
    ));

  it('a host given by its name is unknown', () =>
    expect(four(whole({ ip: filter('DROP', 'DROP', '-A INPUT -s office.example.com -j ACCEPT') }))).toBe(
      'line 6: "office.example.com" is a name: the program that loads the rules looks its addresses up',
    ));

  it('a set without members in the text is unknown', () =>
    expect(four(rules('-A INPUT -m set --match-set bad src -j ACCEPT'))).toBe(
      'line 6: the members of set "bad" are not told (ipset save)',
    ));

  it('counters, comments and blanks change nothing', () => {
    const text = `\n# mine\n${HEADER.ip}*filter\n:INPUT DROP [12:3456]\n:FORWARD DROP\n:OUTPUT ACCEPT [0:0]\n  [3:180] -A INPUT -c 3 180 -p tcp -j ACCEPT\r\n\n# x\nCOMMIT\n# Completed on Sat\n`;
    expect(four(text)).toBe('allowed');
  });
});
