// Tests which rules make a packet unknown, each with the reason that a report prints, and that packets which no router
// passes on aren't listed.

import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { reportOf } from './report-on-file';

const list = (rules: string, policy = 'drop', place = 'hook input'): string =>
  `table inet filter {\nchain c {\ntype filter ${place} priority 0; policy ${policy};\n${rules}\n}\n}\n`;
const input = (rule: string): string => list(rule);
const open = (rule: string): string => list(rule, 'accept');
const set = (flags: string, rules: string): string =>
  list(rules).replace('chain c', `set a {\ntype ipv4_addr\n${flags}\n}\nchain c`);
const ledTo = (target: string): string =>
  `${input('tcp dport 8080 accept')}table ip n {\nchain c {\ntype nat hook prerouting priority -100; policy accept;\ntcp dport 80 dnat to ${target}\n}\n}\n`;
const device =
  'table netdev x {\nchain c {\ntype filter hook ingress device "eth0" priority 0; policy accept;\ntcp dport 22 drop\n}\n}\n';
const bridge =
  'table bridge b {\nchain c {\ntype filter hook input priority 0; policy accept;\nip saddr 192.0.2.1 drop\n}\n}\ntable inet filter {\nchain c {\ntype filter hook input priority 0; policy drop;\ntcp dport 22 accept\n}\n}\n';
const headline = (text: string): string => reportOf(text).headline;

const ROWS: readonly (readonly [name: string, why: string, texts: readonly string[]])[] = [
  [
    '`quota`, a named limit, `last` of an element',
    'may',
    [
      set('last\nelements = { 192.0.2.1 last used never }', 'ip saddr @a accept'),
      ...['quota until 100 mbytes', 'limit name "x"'].map((one) => input(`${one} accept`)),
    ],
  ],
  [
    'a time of day, a day, a date',
    'may match or not',
    ['hour "08:00"-"17:00"', 'day "Monday"', 'time < "2027-01-01 00:00:00"'].map((one) => input(`meta ${one} accept`)),
  ],
  [
    'the sender (`skuid`, `cgroup`, `socket`), size, TTL, DSCP, processor, a random number',
    'may match or not',
    [
      'meta skuid 0',
      'meta cgroup 7',
      'socket transparent 1',
      'meta length 100',
      'ip ttl 64',
      'ip dscp cs1',
      'meta cpu 0',
      'numgen random mod 2 0',
    ].map((one) => input(`tcp dport 22 ${one} accept`)),
  ],
  [
    'drops by a bridge chain (`table bridge`) on an interface that may be a bridge',
    'a bridge chain may see it',
    [bridge],
  ],
  [
    'hardware addresses (`ether saddr`)',
    '"ether saddr" may match or not',
    [input('ether saddr 02:00:00:00:00:01 accept')],
  ],
  ['the kind of a device (`ether type`)', 'it may not have come over Ethernet', [input('ether type ip accept')]],
  [
    'the next hop (`rt ip nexthop`), and options and extension headers that a rule accepts',
    'may match or not',
    ['rt ip nexthop 192.0.2.1', 'tcp option maxseg size 1400', 'exthdr hbh exists'].map((one) =>
      input(`${one} accept`),
    ),
  ],
  [
    '`reject with tcp reset` in a table of both families',
    'nft lists a reset without the family that it is for',
    [open('meta l4proto tcp reject with tcp reset')],
  ],
  [
    '`ip6 nexthdr`, if another value would accept more',
    'is not asked of what has another header in front',
    [open('ip6 nexthdr tcp drop')],
  ],
  [
    'exact TCP flags (`tcp flags == syn`, `--tcp-flags ALL SYN`), if others would accept more',
    'a first segment may have PSH or URG beside SYN',
    [open('tcp flags & (fin | syn | rst | psh | ack | urg) == syn drop')],
  ],
  [
    '`meta pkttype`, `--pkt-type` for other protocols than TCP, if another type would accept more',
    'a neighbour may send it to all on its wire',
    [open('udp dport 53 meta pkttype host drop')],
  ],
  [
    'drops by a rule of `hook ingress` whose policy accepts',
    'a neighbour may send it within two tags of VLAN 0',
    [device],
  ],
  [
    'drops by a chain on `eth0` for packets of `eth0.10`',
    'it may come by a device on which a list stands',
    [device + open('iifname "eth0.10" accept')],
  ],
  [
    "a reversed range (`tcp dport 443-22`), and a set without a session's port (`ct original ip saddr . ct original proto-src { 192.0.2.1 }`)",
    'is not understood',
    [input('tcp dport 443-22 accept'), input('ct original ip saddr . ct original proto-src { 192.0.2.1 } accept')],
  ],
  ['a mask that leaves more than 256 pieces (`tcp dport & 1 == 1`)', 'is not', [input('tcp dport & 1 == 1 accept')]],
  ['a computed value (`tcp dport \\| 1`)', 'may match or not', [input('tcp dport | 1 == 23 accept')]],
  [
    '`notrack` where rules also set a zone (`ct zone set`',
    'it may not be tracked',
    [
      list('ct zone set 1\nnotrack', 'accept', 'hook prerouting')
        .replace('filter {', 'x {')
        .replace('priority 0', 'priority raw') + input('ct state untracked tcp dport 22 accept'),
    ],
  ],
  [
    'sets that rules add to, if they let in',
    'rules add to a set',
    [set('flags dynamic', 'tcp dport 99 add @a { ip saddr }\nip saddr @a accept')],
  ],
  [
    'the expectations of a helper (`ct helper`)',
    '"ct helper" may match or not',
    [input('ct helper "ftp" tcp dport 22 accept')],
  ],
  [
    'queues, and packets sent elsewhere (`dup`, `fwd`, `tproxy`)',
    'is not known',
    [
      input('queue num 0'),
      input('dup to 10.0.0.1'),
      input('fwd to eth0'),
      list('tcp dport 80 tproxy to :8080', 'accept', 'hook prerouting'),
    ],
  ],
  [
    'extensions of iptables that nft can\'t print (`xt match "set"`, `"recent"`, `"icmp6"`)',
    'the iptables extension',
    ['set', 'recent', 'icmp6'].map((one) => input(`xt match "${one}" accept`)),
  ],
  ['inbound packets translated to 127.0.0.0/8 (`dnat to 127.0.0.1:8080`)', 'route_localnet', [ledTo('127.0.0.1:8080')]],
  [
    'inbound packets translated to a broadcast or multicast address (`dnat to 10.0.0.255`)',
    'it is led to many at once',
    [ledTo('255.255.255.255'), ledTo('224.0.0.1')],
  ],
  ["fields and statements that the parser doesn't know", 'is not known', [input('tcp dport 22 bogus thing accept')]],
];

test.each(ROWS)('UNKNOWN: %s', (_, why, texts) => {
  for (const text of texts) {
    const line = headline(text);
    expect([text, line.slice(line.indexOf('UNKNOWN'))]).toEqual([text, expect.stringMatching(/^UNKNOWN/) as string]);
    expect(line).toContain(why);
  }
});

test.each([
  [
    'a limit may be reached',
    ['limit rate 3/minute', 'meter m { ip saddr limit rate 3/minute }'].map((one) => input(`${one} accept`)),
  ],
  ['a limit of connections may be reached', [input('ct count 5 accept')]],
  [
    'an element may expire',
    [set('flags timeout\nelements = { 192.0.2.1 timeout 10m expires 8m }', 'ip saddr @a accept')],
  ],
  [
    'rules add to a set',
    [set('flags dynamic', 'ip saddr @a drop\ntcp dport 99 add @a { ip saddr } drop\ntcp dport 25 accept')],
  ],
])('open, with the reason why some clients may be kept out: %s', (why, texts) => {
  for (const text of texts)
    expect([text, headline(text)]).toEqual([
      text,
      expect.stringMatching(
        new RegExp(`^(?!.*UNKNOWN).*Some clients may be kept out of .*${why}\\)\\.( By IPv6: nothing\\.)?$`),
      ) as string,
    ]);
});

describe('packets from outside that no router forwards', () => {
  const ADDRESSES =
    '2: eth0    inet 203.0.113.10/24 scope global eth0\n2: eth0    inet6 2001:db8::10/64 scope global\n';
  const wire = ['ip daddr 224.0.0.251', 'ip daddr 255.255.255.255', 'ip daddr 169.254.0.0/16', 'ip6 daddr ff02::fb'];
  const text = input([...wire.map((one) => `${one} udp dport 5353 accept`), 'tcp dport 22 accept'].join('\n'));
  const listed = (of: string): readonly string[] =>
    reportOf(of).devices[0]!.sections.flatMap(({ entries }) =>
      entries.filter(({ service }) => service === 'udp 5353').map(({ destinations }) => destinations.join(', ')),
    );

  test('are listed if rules name them and no address is given, as sent by neighbours on the same wire', () => {
    expect(listed(text)).toEqual([
      '169.254.0.0/16, 224.0.0.251, 255.255.255.255 (by neighbours on its own wire)',
      'ff02::fb (by neighbours on its own wire)',
    ]);
    expect(listed(text + ADDRESSES)).toEqual([]);
    for (const of of [text, text + ADDRESSES]) expect(headline(of)).toBe('Open to the internet: tcp 22.');
  });

  test("aren't listed for loopback addresses without translation", () => {
    const loopback = input(
      'ip daddr 127.0.0.1 accept\nip6 daddr ::1 accept\nip saddr 127.0.0.1 accept\ntcp dport 22 accept',
    );
    for (const of of [loopback, loopback + ADDRESSES]) {
      const report = reportOf(of, { start: ['outside'], port: ['3306'] }, { ...NO_FACTS, forwarding: false });
      expect([report.devices.flatMap(({ sections }) => sections), headline(of)]).toEqual([
        [],
        'Open to the internet: tcp 22.',
      ]);
    }
  });
});
