// Tests the nftables parser and evaluator on whole nftables texts by hand: refused texts with code and line, limits
// for huge texts, and accepted spellings with the disposition of a packet.

import { printReachability } from '../../lib/reachability/print-reachability';
import { toLocationKey } from '../../lib/net/device';
import { parseAddress } from '../../lib/net/address';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { Refusal } from '../../lib/problems/problem';
import { GIANTS } from '../fuzz/giants';
import { Random } from '../fuzz/random';
import { GATEWAY } from './packets';
import { refusals } from './get-disposition';

const codes = (text: string): readonly string[] => refusals(parser, text);

const input = (rules: string): string =>
  `table inet x {\n chain in {\n  type filter hook input priority 0; policy drop;\n${rules}\n }\n}\n`;

const verdict = (
  text: string,
  packet: { port: number; sourcePort?: number; protocol?: number; from?: string; to?: string },
  device = GATEWAY,
): string => {
  const view = parser
    .read(text, device)
    .reachability.views.find((one) => toLocationKey(one.startLocation) === 'interface wan0')!;
  const disposition = view.dispositions.findValue({
    source: parseAddress(packet.from ?? '192.0.2.5')!,
    destination: parseAddress(packet.to ?? '198.51.100.2')!,
    protocol: packet.protocol ?? 6,
    port: packet.port,
    sourcePort: packet.sourcePort ?? 40_000,
  });
  return disposition === undefined ? 'denied' : disposition.is === 'allowed' ? 'allowed' : disposition.reason;
};

describe('a text that is refused or limited', () => {
  it.each<[string, string, readonly string[]]>([
    ['an include', 'table ip x {\n}\ninclude "/etc/nftables/*.nft"\n', ['nftables/include at line 3']],
    ['a text cut off in a chain', 'table ip x {\n chain c {\n  tcp dport 22 accept\n', ['nftables/cut-off at line 2']],
    [
      'a text cut off in a list',
      'table ip x {\n set s {\n  type ipv4_addr\n  elements = { 10.0.0.1,\n',
      ['nftables/cut-off at line 4'],
    ],
    ['a text cut off in a rule', input('  tcp dport { 22, 80'), ['nftables/cut-off at line 1']],
    ['a text cut off in the name of a table', 'table ip x {\n}\ntable ip oth', ['nftables/cut-off at line 3']],
    [
      'a text cut off after a list',
      `${input('')}add rule inet x in tcp dport { 22, 80 }`,
      ['nftables/cut-off at line 7'],
    ],
    ['a text cut off in a definition', 'define x = 10.0.0.1', ['nftables/cut-off at line 1']],
    ['a text cut off in a defined list', 'define x = { 10.0.0.1,\n 10.0.', ['nftables/cut-off at line 1']],
    ['an open quote', input('  comment "x accept'), ['nftables/open-quote at line 4']],
    ['another syntax', '*filter\n:INPUT ACCEPT [0:0]\n', ['nftables/unexpected-text at line 1']],
    ['iptables', '-A INPUT -j ACCEPT\n', ['nftables/unexpected-text at line 1']],
    [
      'a rule by handle',
      'table ip x {\n chain c {\n }\n}\nreplace rule ip x c handle 3 accept\n',
      ['nftables/unexpected-text at line 5'],
    ],
    [
      'a rule by position',
      'table ip x {\n chain c {\n }\n}\nadd rule ip x c position 3 accept\n',
      ['nftables/needs-live-state at line 5'],
    ],
    ['a missing chain', input('  jump nowhere'), ['nftables/no-such-chain at line 4']],
    ['a missing set', input('  ip saddr @nobody accept'), ['nftables/no-such-set at line 4']],
    ['an unknown define', input('  ip saddr $nobody accept'), ['nftables/no-such-define at line 4']],
    [
      'a loop of jumps',
      'table ip x {\n chain a {\n  jump b\n }\n chain b {\n  jump a\n }\n chain i {\n  type filter hook input priority 0;\n  jump a\n }\n}\n',
      ['nftables/jump-loop at line 6'],
    ],
    [
      'an unknown hook',
      'table ip x {\n chain a {\n  type filter hook inputt priority 0;\n }\n}\n',
      ['nftables/unexpected-text at line 3'],
    ],
    [
      'a chain with two hooks in one block, though the second is the same',
      'table ip x {\n chain a {\n  type filter hook input priority 0; policy drop;\n  type filter hook input priority 0;\n }\n}\n',
      ['nftables/two-hooks at line 4'],
    ],
    [
      'a chain with two policies in one block',
      'table ip x {\n chain a {\n  type filter hook input priority 0; policy drop; policy accept;\n }\n}\n',
      ['nftables/two-policies at line 3'],
    ],
    ['an unknown character', 'table ip x {\n\u202e}\n', ['nftables/foreign-character at line 2']],
  ])('is refused: %s', (_, text, wanted) => expect(codes(text)).toEqual(wanted));

  it('is too much if rules split packets in every dimension, and is refused before memory is full', () => {
    const giant = GIANTS['many base chains that cut all axes']!(new Random(1), 300);
    expect(codes(giant)).toEqual(['nftables/too-much-to-evaluate at line 1']);
  });

  it('is refused with a message of limited length, however many mistakes it has', () => {
    const giant = GIANTS['names that lead nowhere']!(new Random(1), 300);
    try {
      parser.read(giant, GATEWAY);
      throw new Error('not refused');
    } catch (error) {
      const { problems, message } = error as Refusal;
      expect(problems).toHaveLength(6000);
      expect(message.length).toBeLessThan(200_100);
      expect(message).toMatch(/\nand \d+ more problems$/);
    }
  });

  it('may give a chain another policy in a later block, as nft does', () => {
    const block = (policy: string): string =>
      `table inet x {\n chain in {\n  type filter hook input priority 0; policy ${policy};\n }\n}\n`;
    expect(verdict(block('accept'), { port: 22 })).toBe('allowed');
    expect(verdict(block('accept') + block('drop'), { port: 22 })).toBe('denied');
  });

  it('is printed without control characters for a terminal', () => {
    try {
      parser.read('table ip x {\n \u001b[31mred\n}\n', GATEWAY);
      throw new Error('not refused');
    } catch (error) {
      expect((error as Error).message).not.toContain('\u001b');
    }
  });
});

describe('a hostile text', () => {
  it('with endless chains is refused', () => {
    const chains = Array.from({ length: 20_000 }, (_, i) => ` chain c${i} {\n  jump c${i + 1}\n }\n`).join('');
    const text = `table ip x {\n${chains} chain c20000 {\n }\n chain i {\n  type filter hook input priority 0;\n  jump c0\n }\n}\n`;
    expect(codes(text)[0]).toMatch(/^nftables\/too-deep at line /);
  });

  it('with chains that fan out at every level is evaluated at once', () => {
    const level = (i: number): string =>
      ` chain c${i} {\n${`  jump c${i + 1}\n`.repeat(12)}  tcp dport ${100 + i} limit rate 1/second accept\n }\n`;
    const text = `table ip x {\n${Array.from({ length: 15 }, (_, i) => level(i)).join('')} chain c15 {\n }\n chain i {\n  type filter hook input priority 0; policy drop;\n  jump c0\n }\n}\n`;
    expect(verdict(text, { port: 105 })).toContain('allowed');
  });

  it('with definitions that double one another is refused', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `define a${i + 1} = { $a${i}, $a${i} }`).join('\n');
    expect(codes(`define a0 = 10.0.0.1\n${lines}\n${input('  ip saddr $a40 accept')}`)[0]).toMatch(
      /^nftables\/too-long/,
    );
  });
});

describe('spellings', () => {
  it.each<[string, string, number, string]>([
    ['a name of a service', 'tcp dport { ssh, https } accept', 443, 'allowed'],
    ['a hexadecimal port', 'tcp dport 0x16 accept', 22, 'allowed'],
    ['a name of a protocol below', 'meta protocol ip tcp dport 22 accept', 22, 'allowed'],
    ['another name of a protocol below', 'meta protocol ip6 tcp dport 22 accept', 22, 'denied'],
    ['the tracked family', 'ct l3proto ipv4 tcp dport 22 accept', 22, 'allowed'],
    ['a class of a queue', 'meta priority set 1:2 tcp dport 22 accept', 22, 'allowed'],
    [
      'a code by its name',
      'icmp type destination-unreachable icmp code net-unreachable drop; tcp dport 22 accept',
      22,
      'allowed',
    ],
    [
      'a code in a list of names',
      'icmpv6 type . icmpv6 code { destination-unreachable . no-route } drop; tcp dport 22 accept',
      22,
      'allowed',
    ],
    ['an octal port', 'tcp dport 026 accept', 22, 'allowed'],
    ['an invalid octal port', 'tcp dport 022 accept', 22, 'denied'],
    [
      'an unknown kind of address',
      'fib daddr type locale accept',
      22,
      'line 4: what "fib daddr type" is compared with is not understood',
    ],
    ['IPv4 inside IPv6', 'ip6 saddr ::ffff:0.0.0.0/96 drop; tcp dport 22 accept', 22, 'allowed'],
    ['a range with blanks', 'tcp dport 20 - 25 accept', 22, 'allowed'],
    ['a list without blanks', 'tcp dport {22,80}accept', 22, 'allowed'],
    ['a vmap without blanks', 'tcp dport vmap {22:accept,80:drop}', 22, 'allowed'],
    ['a continued line', 'tcp dport 22 \\\n  accept', 22, 'allowed'],
    ['several rules on a line', 'tcp dport 21 accept; tcp dport 22 accept', 22, 'allowed'],
    ['a counter and a handle', 'tcp dport 22 counter packets 3 bytes 180 accept # handle 12', 22, 'allowed'],
    ['words for comparing', 'tcp dport ge 22 tcp dport le 22 accept', 22, 'allowed'],
    [
      'a host by its name',
      'ip saddr office.example.com tcp dport 22 accept',
      22,
      'line 4: "office.example.com" is a name: the program that loads the rules looks its addresses up',
    ],
    [
      'an unknown service',
      'tcp dport no-such-service accept',
      22,
      'line 4: what "tcp dport" is compared with is not understood',
    ],
    ['an unknown field', 'ip ttl 64 tcp dport 22 accept', 22, 'line 4: "ip ttl" may match or not'],
    ['a raw piece of the packet', '@nh,8,8 22 accept', 22, 'line 4: "@nh,8,8" may match or not'],
    ['a raw piece of the packet that is a port', '@th,16,16 22 accept', 22, 'allowed'],
    ['a chain in a rule', 'tcp dport 22 jump { accept; }', 22, 'allowed'],
    [
      'several chains in a line',
      'tcp dport 21 jump { drop; }; tcp dport 22 goto { tcp dport 22 accept; }',
      22,
      'allowed',
    ],
  ])('%s', (_, rule, port, wanted) => {
    expect(verdict(input(`  ${rule}`), { port })).toBe(wanted);
  });

  // Compared with a kernel by a raw socket: nft 1.0.6 tests the family before `icmpv6 type` unless the protocol was
  // tested before.
  it('accepts an ICMP type for both families after its protocol', () => {
    const odd = { protocol: 58, port: 128 };
    expect(verdict(input('  icmpv6 type echo-request accept'), odd)).toBe('denied');
    expect(verdict(input('  meta l4proto ipv6-icmp icmpv6 type echo-request accept'), odd)).toBe('allowed');
    expect(
      verdict(input('  meta l4proto 58 icmpv6 type . icmpv6 code { 128 . 0 } accept'), { ...odd, sourcePort: 0 }),
    ).toBe('allowed');
    expect(verdict(input('  meta nfproto ipv6 meta l4proto 58 icmpv6 type echo-request accept'), odd)).toBe('denied');
    expect(verdict(input('  meta l4proto != 58 icmp type echo-request accept'), { protocol: 1, port: 8 })).toBe(
      'allowed',
    );
  });

  it('merges several definitions of a table, inserts in front and deletes elements', () => {
    const text = `table inet x\ndelete table inet x\n${input('  tcp dport 22 accept')}table inet x {\n set s {\n  type ipv4_addr\n  elements = { 192.0.2.5, 192.0.2.6 }\n }\n}\ninsert rule inet x in ip saddr @s drop\ndelete element inet x s { 192.0.2.5 }\nadd element inet x s { 192.0.2.7 }\n`;
    expect([5, 6, 7, 8].map((last) => verdict(text, { port: 22, from: `192.0.2.${last}` }))).toEqual([
      'allowed',
      'denied',
      'denied',
      'allowed',
    ]);
  });

  it('drops the rules that a flush removes', () => {
    expect(verdict(`${input('  drop')}flush ruleset\n${input('  tcp dport 22 accept')}`, { port: 22 })).toBe('allowed');
    expect(verdict(`${input('  tcp dport 22 accept')}flush table inet x\n`, { port: 22 })).toBe('denied');
  });

  it.each<[string, string, readonly string[]]>([
    ['a table as nft prints it', input('  accept'), ['table inet x']],
    ['a table that is removed first', `table inet x\ndelete table inet x\n${input('  accept')}`, []],
    ['a table that is removed between', `${input('  accept')}delete table inet x\n${input('  accept')}`, []],
    ['a table that is removed', 'table inet x\ndelete table inet x\n', []],
    ['a table that is removed where it is', `destroy table inet x\n${input('  accept')}`, []],
    [
      'a table whose rules alone are removed',
      `table inet x\nflush table inet x\n${input('  accept')}`,
      ['table inet x'],
    ],
    [
      'a table beside one that is removed',
      `table ip y\ndelete table ip y\n${input('  accept')}table ip y\n`,
      ['table inet x'],
    ],
    ['everything anew', `flush ruleset\n${input('  accept')}`, []],
    ['everything of one family anew', `flush ruleset ip\n${input('  accept')}table ip y\n`, ['table inet x']],
  ])('reports the tables of the device that a text extends: %s', (_, text, wanted) =>
    expect(parser.read(text, GATEWAY).extendedObjects).toEqual(wanted),
  );

  it('treats an empty text as a device without rules', () => {
    const { reachability } = parser.read('', GATEWAY);
    expect(printReachability(reachability, GATEWAY)).toContain('any IPv4 all protocols from anywhere');
  });
});

it('applies an ingress hook on a device name with a star to all devices that begin so', () => {
  const ingress = (device: string): string =>
    `table netdev x {\n chain in {\n  type filter hook ingress device "${device}" priority 0; policy drop;\n  tcp dport 80 accept\n }\n}\n`;
  expect(['wan0', 'wan*', 'lan*'].map((device) => verdict(ingress(device), { port: 22 }))).toEqual([
    'denied',
    'denied',
    'allowed',
  ]);
});

it('evaluates a chain with hardware offload by its rules', () => {
  const text =
    'table netdev x {\n chain in {\n  type filter hook ingress device "wan0" priority 0; policy drop; flags offload;\n  tcp dport 80 accept\n }\n}\n';
  expect([22, 80].map((port) => verdict(text, { port }))).toEqual(['denied', 'allowed']);
});

// Compared with a kernel, 6.18, by packets of a neighbour.
it('treats a link-local destination as one of the device’s own addresses', () => {
  const of = (type: string): string =>
    verdict(
      input(`  fib daddr type ${type} accept`),
      { port: 22, from: 'fe80::7', to: 'fe80::2' },
      { ...GATEWAY, mayHaveLinkLocal: true },
    );
  expect(['local', '!= local', 'unicast'].map(of)).toEqual(['allowed', 'denied', 'denied']);
});

it('looks up in a map with unknown keys only packets with that field', () => {
  const rule = '  icmp checksum vmap { 22 : accept }';
  const words = ['line 4: icmp checksum may match or not', 'denied'];
  expect([1, 17].map((protocol) => verdict(input(rule), { port: 8, protocol }))).toEqual(words);
});

it('leaves a packet without the changed header as it came', () => {
  const datagram = { port: 443, protocol: 17, from: '2001:db8:1::7', to: '2001:db8:1::2' };
  const rules = ['tcp dport set 80', 'ip daddr set 10.0.0.10', 'udp dport set 80'];
  expect(rules.map((rule) => verdict(input(`  ${rule}`), datagram))).toEqual([
    'denied',
    'denied',
    'line 4: "udp dport set 80" is not known',
  ]);
});

// nft 1.0.6 loads each of them, but the two of vxlan, which nft 1.1 lists.
describe('a field that is not read', () => {
  it.each<[field: string, quoted: string]>([
    ['ipsec in reqid 1', 'ipsec in reqid'],
    ['ipsec out ip saddr 192.0.2.1', 'ipsec out ip saddr'],
    ['ipsec exists', 'meta ipsec'],
    ['meta mark | 0x3 == 0x1', 'meta mark | 0x3 == 0x1'],
    ['meta mark & 3 | 4 == 5', 'meta mark & 3 | 4 == 5'],
    ['osf ttl skip name "Linux"', 'osf ttl skip name'],
    ['tcp option mptcp subtype 1', 'tcp option mptcp subtype'],
    ['tcp option @255,8,8 5', 'tcp option @255,8,8'],
    ['meta hour "08:00"-"18:00"', 'meta hour'],
    ['meta day "Saturday"', 'meta day'],
  ])('leaves the rule to packets of its other fields: %s', (field, quoted) => {
    const text = input(`  ${field} tcp dport 22 accept`);
    expect(verdict(text, { port: 22 })).toContain(`"${quoted}" may match or not`);
    expect(verdict(text, { port: 80 })).toBe('denied');
    expect(verdict(text, { port: 22, protocol: 17 })).toBe('denied');
  });

  it.each<[field: string, quoted: string, protocol: number, other: number]>([
    ['sctp chunk init initial-tsn 5', 'sctp chunk init initial-tsn', 132, 6],
    ['udp dport 4789 vxlan vni 5', 'vxlan vni', 17, 6],
    ['udp dport 4789 vxlan ip saddr 10.0.0.1', 'vxlan ip saddr', 17, 6],
  ])('leaves the rule to packets that have it: %s', (field, quoted, protocol, other) => {
    const text = input(`  ${field} accept`);
    expect(verdict(text, { port: 4789, protocol })).toContain(`"${quoted}" may match or not`);
    expect(verdict(text, { port: 4789, protocol: other })).toBe('denied');
  });

  it('keeps a drop from closing the packets that it may leave', () => {
    const text = input('  meta mark | 3 == 1 tcp dport 22 drop\n  tcp dport { 22, 80 } accept');
    expect(verdict(text, { port: 22 })).toContain('may match or not');
    expect(verdict(text, { port: 80 })).toBe('allowed');
  });
});
