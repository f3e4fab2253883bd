// Tests single edits of generated APF files: each must change the exposure exactly as the truth by hand says.

import { host, port } from '../../devices';
import { OWN } from '../server-rows';
import { Folder, Settings, printed, seen } from './folder';

const ALL = 'all protocols from anywhere';
const ALL6 = 'IPv6 all protocols from anywhere';
const EVERYTHING = [ALL, ALL6];
const ICMP = 'icmp destination-unreachable,echo-request from anywhere';
const TCP = 'tcp 22,443 from anywhere';
const UDP = 'udp 53 from anywhere';
const BASE = [ICMP, TCP, UDP, ALL6];
const tcp = (ports: string, from = 'anywhere'): string => `tcp ${ports} from ${from}`;
const udp = (ports: string, from = 'anywhere'): string => `udp ${ports} from ${from}`;
const but = (...gone: readonly string[]): readonly string[] => BASE.filter((line) => !gone.includes(line));
const without = (gone: string): readonly string[] =>
  BASE.map((line) => (line === ALL6 ? line : line.replace('anywhere', `anywhere but ${gone}`)));
const unknown = (why: string): readonly string[] => EVERYTHING.map((line) => `UNKNOWN ${line}: ${why}`);
const NOT_FOLLOWED = 'only NAME="value" is followed here, and a shell may do anything else with this line';

/** The lines of postroute.rules that remove the resolvers which RESV_DNS accepts. */
const TAKEN = {
  udp: 'for i in $LDNS 0/0; do $IPT -D INPUT -p udp -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done\n',
  tcp: 'for i in $LDNS 0/0; do $IPT -D INPUT -p tcp -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done\n',
};

interface Edit {
  readonly conf?: Settings;
  readonly files?: Folder;
  /** Appends to conf.apf. */
  readonly more?: string;
  /** Names of files that are not in the text. */
  readonly without?: readonly string[];
  /** The exposure by hand. */
  readonly gives: readonly string[];
}

const conf = (settings: Settings, ...gives: readonly string[]): Edit => ({ conf: settings, gives });
const allow = (text: string, ...gives: readonly string[]): Edit => ({ files: { 'allow_hosts.rules': text }, gives });
const deny = (text: string, ...gives: readonly string[]): Edit => ({ files: { 'deny_hosts.rules': text }, gives });
const more = (text: string, ...gives: readonly string[]): Edit => ({ more: text, gives });

/** One edit of a good folder, and the whole exposure after it. */
const EDITS: Readonly<Record<string, Edit>> = {
  'blanks between ports': conf({ IG_TCP_CPORTS: '22 80' }, ...but(TCP), tcp('22,80')),
  'an empty member': conf({ IG_TCP_CPORTS: '22,,80' }, ...but(TCP), tcp('22,80')),
  'a range with a dash, and an invalid port': conf({ IG_TCP_CPORTS: '22,80-90,99999' }, ...but(TCP), tcp('22')),
  'a range with a colon': conf({ IG_TCP_CPORTS: '80:90' }, ...but(TCP), tcp('80-90')),
  'a range with an underscore': conf({ IG_TCP_CPORTS: '80_90' }, ...but(TCP), tcp('80-90')),
  'a range without an end': conf({ IG_TCP_CPORTS: '22_' }, ...but(TCP), tcp('22-134,140-65535')),
  'a range without a beginning': conf({ IG_UDP_CPORTS: '_53' }, ...but(UDP), udp('0-53')),
  'a UDP port that is too large is cut to 16 bits': conf(
    { IG_UDP_CPORTS: '65589,99999' },
    ...but(UDP),
    udp('53,34463'),
  ),
  'a UDP port is never octal': conf({ IG_UDP_CPORTS: '053' }, ...BASE),
  'a reversed UDP range': conf({ IG_UDP_CPORTS: '53,90:80' }, ...BASE),
  'a semicolon between ports': conf({ IG_TCP_CPORTS: '22;443' }, ...but(TCP)),
  'an octal port': conf({ IG_TCP_CPORTS: '026' }, ...but(TCP), tcp('22')),
  'ports that are dropped before': conf({ BLK_PORTS: '22_30,443' }, ...but(TCP)),
  'a port of BLK_P2P_PORTS': conf({ BLK_P2P_PORTS: '443' }, ...but(TCP, UDP), tcp('22'), udp('53')),
  traceroute: conf({ TCR_PASS: '1' }, ...but(UDP), udp('53,33434-33534')),
  'traceroute with an underscore': conf({ TCR_PASS: '1', TCR_PORTS: '33434_33534' }, ...BASE),
  'all of ICMP': conf({ IG_ICMP_TYPES: 'ALL' }, ...but(ICMP), 'icmp from anywhere'),
  'a rate of ICMP': conf({ ICMP_LIM: '30/s' }, ...but(ICMP), `${ICMP}, but line 4: a limit may be reached`),
  'an ICMP type that does not exist': conf({ IG_ICMP_TYPES: '8,300' }, ...but(ICMP), 'icmp echo-request from anywhere'),
  DEVEL_MODE: conf({ DEVEL_MODE: '1' }, ...EVERYTHING),
  'SET_VNET opens nothing': conf({ SET_VNET: '1' }, ALL6),
  'a TCP_STOP that does not exist': conf({ TCP_STOP: 'drop' }, ...BASE),
  'TCP_STOP that accepts': conf({ TCP_STOP: 'ACCEPT' }, 'tcp from anywhere', ICMP, UDP, ALL6),
  'UDP_STOP with the reset of TCP lets UDP pass': conf({ UDP_STOP: 'RESET', BLK_PORTS: '53' }, ...BASE),
  'UDP_STOP that refuses': conf({ UDP_STOP: 'PROHIBIT', BLK_PORTS: '53' }, ...but(UDP)),
  'ALL_STOP has no effect': conf({ ALL_STOP: 'ACCEPT' }, ...BASE),
  'ALL_STOP after the scripts has an effect': more(
    'ALL_STOP="ACCEPT"\n',
    TCP,
    UDP,
    ALL6,
    'protocol 0/icmp/igmp/protocol 3/protocol 4/protocol 5/protocols 7-16/protocols 18-255 from anywhere',
  ),
  'RAB, by which hosts may be blocked': conf(
    { RAB: '1' },
    ...but(ICMP, TCP, UDP),
    ...[ICMP, TCP, UDP].map((line) => `UNKNOWN ${line}: line 19: "-m recent" may match or not`),
  ),
  'an interface that does not exist': conf({ IFACE_IN: 'ens3' }, ...EVERYTHING),
  'a trusted interface': conf({ IFACE_TRUSTED: 'eth0' }, ...EVERYTHING),
  'a comma between trusted interfaces': conf({ IFACE_TRUSTED: 'eth0,eth1' }, ...EVERYTHING),
  'VF_LGATE makes no rule': conf({ VF_LGATE: 'aa:bb:cc:dd:ee:ff' }, ...BASE),
  'reserved networks that the text lacks': conf(
    { BLK_RESNET: '1' },
    ALL6,
    ...[ICMP, TCP, UDP].map(
      (line) => `UNKNOWN ${line}: line 36: set "internals/reserved.networks" has "networks that are not in the text"`,
    ),
  ),
  'a list that is fetched': conf(
    { DLIST_SPAMHAUS: '1' },
    ...unknown('line 48: DLIST_SPAMHAUS is on: what it fetches is not known, and without wget nothing is loaded'),
  ),
  'RESV_DNS off': conf({ RESV_DNS: '0' }, ...BASE, 'tcp/udp 1023-65535 source port 53 from anywhere'),
  'a resolver': {
    files: { 'etc/resolv.conf': 'nameserver 9.9.9.9\n#nameserver 8.8.8.8\nnameserver 2001:db8::53\n' },
    gives: [...BASE, 'tcp/udp 1023-65535 source port 53 from 9.9.9.9'],
  },
  'a resolver that is removed again': {
    files: { 'etc/resolv.conf': 'nameserver 9.9.9.9\n', 'postroute.rules': TAKEN.udp + TAKEN.tcp },
    gives: BASE,
  },
  'a resolver that is removed for UDP': {
    files: { 'etc/resolv.conf': 'nameserver 9.9.9.9\n', 'postroute.rules': `# names\n${TAKEN.udp}` },
    gives: [...BASE, 'tcp 1023-65535 source port 53 from 9.9.9.9'],
  },
  'source port 53 from any host, removed for TCP': {
    conf: { RESV_DNS: '0' },
    files: { 'postroute.rules': TAKEN.tcp },
    gives: [...BASE, 'udp 1023-65535 source port 53 from anywhere'],
  },
  'missing resolvers, removed': {
    files: { 'postroute.rules': TAKEN.udp + TAKEN.tcp },
    without: ['etc/resolv.conf'],
    gives: BASE,
  },
  'resolvers removed without the line for all hosts': {
    files: { 'postroute.rules': TAKEN.udp.replace(' 0/0;', ';') },
    gives: unknown('line 64: postroute.rules is not as the package has it, and may load any rule'),
  },
  'resolvers removed before they are added': {
    files: { 'preroute.rules': TAKEN.udp },
    gives: unknown('line 64: preroute.rules is not as the package has it, and may load any rule'),
  },
  'a name twice': more('IG_TCP_CPORTS="80"\n', ...but(TCP), tcp('80')),
  'several values in a line': more("IG_TCP_CPORTS='80'\tIG_UDP_CPORTS=123 # both\n", ICMP, tcp('80'), udp('123'), ALL6),
  'a value over two lines': more('IG_TCP_CPORTS="80,\n81"\n', ...but(TCP), tcp('80-81')),
  'a variable in a value': more('P=80\nIG_TCP_CPORTS="22,${P}"\n', ...but(TCP), tcp('22,80')),
  'a variable without a value': more(
    'IG_TCP_CPORTS="22,$P"\n',
    ...unknown('line 53: what a shell makes of "IG_TCP_CPORTS="22,$P"" is not known'),
  ),
  'an unused setting': more('X="$HOME"\n', ...BASE),
  'a command in a value': more('X="$(date)"\n', ...unknown(`line 53: ${NOT_FOLLOWED}`)),
  'a command in a comment': more('# $(date) `x`; "\n', ...BASE),
  backticks: more('IG_TCP_CPORTS=`cat p`\n', ...unknown(`line 53: ${NOT_FOLLOWED}`)),
  'a condition': more('if true; then\nIG_TCP_CPORTS=""\nfi\n', ...unknown(`line 53: ${NOT_FOLLOWED}`)),
  'a semicolon': more('IG_TCP_CPORTS="80"; IG_UDP_CPORTS=""\n', ...unknown(`line 53: ${NOT_FOLLOWED}`)),
  'an open quote': more('IG_TCP_CPORTS="80\n', ...unknown(`line 53: ${NOT_FOLLOWED}`)),
  'blanks around the sign': more('IG_TCP_CPORTS = "80"\n', ...unknown(`line 53: ${NOT_FOLLOWED}`)),
  'another script': more('. /root/more\n', ...unknown(`line 53: ${NOT_FOLLOWED}`)),
  'another IPT': more(
    'IPT="/root/iptables"\n',
    ...unknown('line 53: what APF does with another value of IPT is not known'),
  ),
  'an address': allow('192.0.2.9\n', 'all protocols from 192.0.2.9', ...BASE),
  'a comment after an address': allow('192.0.2.9 # me\n', ...BASE),
  'two addresses in a line': allow('192.0.2.9 192.0.2.11\n', 'all protocols from 192.0.2.9, 192.0.2.11', ...BASE),
  'the server’s own address': allow('198.51.100.50\n', ...BASE),
  everybody: allow('0/0\n', ...EVERYTHING),
  'one number': allow('10\n', 'all protocols from 10.0.0.0', ...BASE),
  'a network of two octets': allow('10.1/16\n', 'all protocols from 10.1.0.0/16', ...BASE),
  'a port for one source': allow('tcp:in:d=3306:s=192.0.2.9\n', ...BASE, tcp('3306', '192.0.2.9')),
  'a port for one source, without a protocol': allow('in:d=3306:s=192.0.2.9\n', ...BASE, tcp('3306', '192.0.2.9')),
  'a port for one source, outbound': allow('out:d=3306:s=192.0.2.9\n', ...BASE, tcp('3306', '192.0.2.9')),
  'a port of the server for any source': allow('d=3306:d=198.51.100.50\n', ...but(TCP), tcp('22,443,3306')),
  'a range for one source': allow('udp:in:d=1_9:s=192.0.2.9\n', ...BASE, udp('1-9', '192.0.2.9')),
  'a range without an end in a list': allow('udp:in:d=60000_:s=192.0.2.9\n', ...BASE, udp('60000-65535', '192.0.2.9')),
  'a source port for one source': allow(
    'tcp:in:s=4:s=192.0.2.9\n',
    ...BASE,
    'tcp 0-21,23-442,444-65535 source port 4 from 192.0.2.9',
  ),
  'a protocol in capitals': allow('TCP:in:d=80:s=192.0.2.9\n', ...BASE, tcp('80', '192.0.2.9')),
  'a protocol without ports': allow('icmp:in:d=80:s=192.0.2.9\n', ...BASE),
  'an ICMP type for one source': allow(
    'icmp:in:d=8:s=192.0.2.9\nicmp:in:d=4:s=192.0.2.9\nicmp:in:d=6:s=192.0.2.9\n',
    ...BASE,
  ),
  'ports with a comma': allow('tcp:in:d=80,81:s=192.0.2.9\n', ...BASE),
  'a protocol without a direction': allow('tcp:d=80:s=192.0.2.9\n', ...BASE),
  'a plain IPv6 address': allow('2001:db8::1\n', ...BASE),
  'a part of an IPv6 address counts as IPv4': allow('d=7003:s=2001:db8:ffff::99\n', ...BASE, tcp('7003', '0.0.7.209')),
  'a blocked address': deny('192.0.2.9\n', ...without('192.0.2.9')),
  'a port that is blocked for one host is blocked for UDP, too': deny(
    'd=53:s=192.0.2.9\n',
    ...but(UDP),
    udp('53', 'anywhere but 192.0.2.9'),
  ),
  'a host that is allowed and blocked': {
    files: { 'allow_hosts.rules': '192.0.2.9\n', 'deny_hosts.rules': '192.0.2.0/24\n' },
    gives: ['all protocols from 192.0.2.9', ICMP, TCP, UDP, ALL6].map((line, at) =>
      at === 0 || line === ALL6
        ? line
        : line.replace('anywhere', 'anywhere but 192.0.2.0-192.0.2.8, 192.0.2.10-192.0.2.255'),
    ),
  },
  'lists of all servers': { files: { 'glob_allow.rules': '0/0\n', 'glob_deny.rules': '0/0\n' }, gives: BASE },
  'lists that were fetched before': { files: { 'ds_hosts.rules': '0/0\n' }, gives: BASE },
  'comments in preroute.rules': { files: { 'preroute.rules': '# $IPT -A INPUT -j ACCEPT\n' }, gives: BASE },
  'a rule in preroute.rules': {
    files: { 'preroute.rules': '\n$IPT -A INPUT -j ACCEPT\n' },
    gives: unknown('line 65: preroute.rules is not as the package has it, and may load any rule'),
  },
  'another main.rules': {
    files: { 'main.rules': 'echo\n' },
    gives: unknown('line 64: main.rules is not as the package has it, and may load any rule'),
  },
  'another version': { files: { VERSION: 'version: 1.7.6\n' }, gives: unknown('line 64: only version 9.7 is read') },
  'RUN with a variable': {
    files: { 'etc/default/apf-firewall': 'RUN=$X\n' },
    gives: unknown('line 59: what a shell makes of "RUN=$X" is not known'),
  },
  'RUN in capitals': { files: { 'etc/default/apf-firewall': 'RUN="YES"\n' }, gives: EVERYTHING },
  'no RUN': { files: { 'etc/default/apf-firewall': '#RUN="yes"\n' }, gives: EVERYTHING },
  'carriage returns': deny(
    '192.0.2.9\r\n',
    ...unknown('line 57: deny_hosts.rules has carriage returns, which a shell takes for letters'),
  ),
};

describe('APF: one edit of a folder', () => {
  it('has before the edit the exposure written by hand', () => expect(seen(printed({}))).toEqual([...BASE].sort()));

  it.each(Object.entries(EDITS))(
    '%s',
    (_, { conf: settings = {}, files = {}, more: behind = '', without: gone = [], gives }) =>
      expect(seen(printed(settings, files, behind, ...gone))).toEqual([...gives].sort()),
  );

  it('accepts from everywhere an own address on another interface', () => {
    const two = host(
      port('eth1', 'inside', ['10.0.0.1/24', `${OWN[0]}/32`]),
      port('eth0', 'outside', ['198.51.100.9/24']),
    );
    expect(seen(printed({}, { 'allow_hosts.rules': `${OWN[0]}\n` }), two)).toContain(ALL);
  });

  it('leaves UNKNOWN whether APF starts if the text has nothing about it', () =>
    expect(seen(printed({}, {}, '', 'etc/default/apf-firewall'))).toEqual(
      [...unknown('line 2: /etc/default/apf-firewall is not in the text: it says whether APF starts')].sort(),
    ));
});
