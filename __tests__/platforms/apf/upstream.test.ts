// Tests the parser on files of APF 2.0.2: sample servers and single edits of them against their exposure by hand.

import { configFormat } from '../../../lib/platforms/apf/parse/config-format';
import { host, port } from '../../devices';
import { OWN, SERVER } from '../server-rows';
import { Folder, Settings, printedUpstream, seen } from './folder';

const ALL = 'all protocols from anywhere';
const ALL6 = 'IPv6 all protocols from anywhere';
const EVERYTHING = [ALL, ALL6];
const ICMP = 'icmp destination-unreachable,echo-request from anywhere';
const TCP = 'tcp 22,443 from anywhere';
const UDP = 'udp 53 from anywhere';
const BASE = [ICMP, TCP, UDP, ALL6];
const ICMP6 =
  'IPv6 icmpv6 destination-unreachable,packet-too-big,time-exceeded,parameter-problem,echo-request,echo-reply,nd-router-solicit,nd-router-advert,nd-neighbor-solicit,nd-neighbor-advert from anywhere';
const BASE6 = [ICMP, TCP, UDP, ICMP6, `IPv6 ${TCP}`, `IPv6 ${UDP}`];
const but = (...gone: readonly string[]): readonly string[] => BASE.filter((line) => !gone.includes(line));
const unknown = (why: string): readonly string[] => EVERYTHING.map((line) => `UNKNOWN ${line}: ${why}`);

interface Edit {
  readonly conf?: Settings;
  readonly files?: Folder;
  /** Exposure to the internet by hand; most rows were also seen with APF 2.0.2 itself. */
  readonly gives: readonly string[];
}

const conf = (settings: Settings, ...gives: readonly string[]): Edit => ({ conf: settings, gives });
const allow = (text: string, ...gives: readonly string[]): Edit => ({ files: { 'allow_hosts.rules': text }, gives });
const deny = (text: string, ...gives: readonly string[]): Edit => ({ files: { 'deny_hosts.rules': text }, gives });

/** Typical servers. */
const WILD: Readonly<Record<string, Edit>> = {
  'as upstream ships it': conf(
    { DEVEL_MODE: '1', BLK_RESNET: '1', IG_TCP_CPORTS: '22', IG_UDP_CPORTS: '' },
    ...EVERYTHING,
  ),
  'the ports of cPanel, in both families': conf(
    {
      USE_IPV6: '1',
      BLK_P2P_PORTS: '1214,4660_4678',
      TCR_PASS: '1',
      IG_ICMP_TYPES: '3,5,11,0,30,8',
      IG_UDP_CPORTS: '53',
      IG_TCP_CPORTS: '21,22,25,53,80,443,2083,2087,49152_65534',
    },
    'icmp echo-reply,destination-unreachable,type 5,echo-request,time-exceeded,type 30 from anywhere',
    ICMP6,
    'tcp 21-22,25,53,80,443 from anywhere',
    'tcp 2083,2087,49152-65534 source port 0-1213,1215-4659,4679-65535 from anywhere',
    'IPv6 tcp 21-22,25,53,80,443 from anywhere',
    'IPv6 tcp 2083,2087,49152-65534 source port 0-1213,1215-4659,4679-65535 from anywhere',
    UDP,
    'udp 33434-33534 source port 0-1213,1215-4659,4679-65535 from anywhere',
    `IPv6 ${UDP}`,
    'IPv6 udp 33434-33534 source port 0-1213,1215-4659,4679-65535 from anywhere',
  ),
  'SSH and WHM for the office alone': {
    conf: { IG_TCP_CPORTS: '80,443', IG_UDP_CPORTS: '', IG_ICMP_TYPES: '' },
    files: {
      'allow_hosts.rules':
        '##\n# allow_hosts\n##\n\ntcp:in:d=22,2087:s=203.0.113.0/28\n# added 192.0.2.7 on 01/01/26 with comment: boss\n192.0.2.7\n',
      'deny_hosts.rules': '# added 203.0.113.1 on 01/01/26 addedtime=1\n203.0.113.1\n',
    },
    gives: [
      'all protocols from 192.0.2.7',
      'tcp 22,2087 from 192.0.2.7, 203.0.113.0/28',
      'tcp 80,443 from anywhere but 203.0.113.1',
      ALL6,
    ],
  },
  'private networks blocked': {
    conf: { BLK_PRVNET: '1' },
    files: { 'internals/private.networks': '# private\n10.0.0.0/8\n\n2001:db8::/32\n192.168.0.0/16\n' },
    gives: BASE.map((line) =>
      line === ALL6 ? line : line.replace('anywhere', 'anywhere but 10.0.0.0/8, 192.168.0.0/16'),
    ),
  },
};

/** One edit of a good folder. */
const EDITS: Readonly<Record<string, Edit>> = {
  'a range without an end': conf({ IG_TCP_CPORTS: '22_' }, ...but(TCP), 'tcp 22-134,140-65535 from anywhere'),
  'a range with a dash, and an invalid port': conf(
    { IG_TCP_CPORTS: '22,80-90,99999' },
    ...but(TCP),
    'tcp 22 from anywhere',
  ),
  'USE_IPV6 on': conf({ USE_IPV6: '1' }, ...BASE6),
  'all of ICMPv6': conf(
    { USE_IPV6: '1', IG_ICMPV6_TYPES: 'ALL' },
    ...BASE6.map((line) => (line === ICMP6 ? 'IPv6 icmpv6 from anywhere' : line)),
  ),
  'an unknown TCP_STOP loads nothing': conf({ TCP_STOP: 'drop' }, ...EVERYTHING),
  'a rate without a unit loads nothing': conf({ ICMP_LIM: '30' }, ...EVERYTHING),
  'a limit without a port loads nothing': conf({ IG_TCP_CLIMIT: '80' }, ...EVERYTHING),
  'invalid values of settings that are off': conf({ RAB_TIMER: '0', SYNFLOOD_RATE: 'x', LOG_TARGET: 'x' }, ...BASE),
  'ALL_STOP has an effect': conf({ ALL_STOP: 'ACCEPT' }, ...EVERYTHING),
  'an empty ALL_STOP': conf({ ALL_STOP: '' }, ...BASE),
  'the older name of the interface': conf({ IFACE_UNTRUSTED: '', IFACE_IN: 'eth0' }, ...BASE),
  'an interface that does not exist': conf({ IFACE_UNTRUSTED: 'ens3' }, ...EVERYTHING),
  'an interface that does not exist, without VF_ROUTE': conf({ IFACE_UNTRUSTED: 'ens3', VF_ROUTE: '0' }, ...BASE),
  'a trusted interface': conf({ IFACE_TRUSTED: 'eth0' }, ...EVERYTHING),
  'RESV_DNS off': conf({ RESV_DNS: '0' }, ...BASE),
  'a resolver, and traceroute': {
    conf: { TCR_PASS: '1' },
    files: { 'etc/resolv.conf': 'nameserver 9.9.9.9\n' },
    gives: [...but(UDP), 'udp 53 from anywhere', 'udp 33434-33534 source port 0-52,54-65535 from anywhere'],
  },
  'a port of BLK_P2P_PORTS': conf(
    { BLK_P2P_PORTS: '443' },
    ...but(TCP, UDP),
    'tcp 22 from anywhere',
    'udp 53 from anywhere',
  ),
  'reserved networks that are fetched at each start': conf(
    { BLK_RESNET: '1' },
    ALL6,
    ...[ICMP, TCP, UDP].map(
      (line) => `UNKNOWN ${line}: line 39: set "internals/reserved.networks" has "networks that each start fetches"`,
    ),
  ),
  'RAB, by which hosts may be blocked': conf(
    { RAB: '1' },
    ALL6,
    ...[ICMP, TCP, UDP].map((line) => `UNKNOWN ${line}: line 19: "-m recent" may match or not`),
  ),
  'a limit of connections': conf(
    { IG_TCP_CLIMIT: '443:50' },
    ...but(TCP),
    'tcp 22 from anywhere',
    'tcp 443 from anywhere, but line 58: a limit of connections may be reached',
  ),
  'an address': allow('192.0.2.9\n', 'all protocols from 192.0.2.9', ...BASE),
  'two addresses in a line': allow('192.0.2.9 192.0.2.11\n', ...BASE),
  'a blank before an address': allow(' 192.0.2.9\n', ...BASE),
  'a comment after an address': allow('192.0.2.9 # me\n192.0.2.7\n', 'all protocols from 192.0.2.7', ...BASE),
  'the server’s own address': allow(`${OWN[0]}\n`, ...BASE),
  'the server’s own address with a length': allow(`${OWN[0]}/32\n`, ...EVERYTHING),
  'the server’s own network': allow('198.51.100.0/24\n', ...EVERYTHING),
  'a port for one source': allow('tcp:in:d=3306:s=192.0.2.9\n', ...BASE, 'tcp 3306 from 192.0.2.9'),
  'a port for one source, without a protocol': allow('d=3306:s=192.0.2.9\n', ...BASE, 'tcp/udp 3306 from 192.0.2.9'),
  'a port of the server for any source': allow(
    `d=3306:d=${OWN[0]}\n`,
    ...but(TCP, UDP),
    'tcp 22,443,3306 from anywhere',
    'udp 53,3306 from anywhere',
  ),
  'a port of the server, outbound': allow(`out:d=3306:d=${OWN[0]}\n`, ...BASE),
  'one line that iptables refuses discards the others': allow(
    '192.0.2.9\ntcp:in:d=70000:s=192.0.2.7\nd=3306:s=192.0.2.9\n',
    ...BASE,
  ),
  'a comment after a rule discards them, too': allow('192.0.2.9\nd=22:s=192.0.2.7 # me\n', ...BASE),
  'a range without an end in a list discards them, too': allow('192.0.2.9\nd=22_:s=192.0.2.7\n', ...BASE),
  'a protocol without ports discards them, too': allow('192.0.2.9\nicmp:in:d=8:s=192.0.2.7\n', ...BASE),
  'a refused line in deny_hosts.rules blocks no host': deny('192.0.2.9\nd=70000:s=192.0.2.7\n', ...BASE),
  'a line that APF itself skips discards none': deny(
    '192.0.2.9\n192.0.2.300\nd=22:s=2001:db8::1\n',
    ...BASE.map((line) => (line === ALL6 ? line : line.replace('anywhere', 'anywhere but 192.0.2.9'))),
  ),
  'refused lines of one family discard those of that family': {
    conf: { USE_IPV6: '1' },
    files: { 'allow_hosts.rules': '192.0.2.9\n2001:db8:9::1\nd=70000:s=[2001:db8:9::2]\n' },
    gives: ['all protocols from 192.0.2.9', ...BASE6],
  },
  'an IPv6 address in brackets': {
    conf: { USE_IPV6: '1' },
    files: { 'allow_hosts.rules': 'tcp:in:d=25:s=[2001:db8:9::/48]\n' },
    gives: [...BASE6, 'IPv6 tcp 25 from 2001:db8:9::/48'],
  },
  'an invalid address': {
    conf: { USE_IPV6: '1' },
    files: { 'allow_hosts.rules': '2001:db8:9\n' },
    gives: unknown('line 65: whether iptables takes this address is not known'),
  },
  'more lines than SET_TRIM keeps': {
    conf: { SET_TRIM: '1' },
    files: { 'deny_hosts.rules': '192.0.2.9\n192.0.2.11\n' },
    gives: unknown(
      'line 16: deny_hosts.rules has more lines than SET_TRIM, and how many of them APF keeps is not known',
    ),
  },
  'addresses without any port': { files: { 'silent_ips.rules': `${OWN[0]} # old\n` }, gives: [ALL6] },
  'a last line without a newline': {
    conf: { BLK_PRVNET: '1' },
    files: { 'internals/private.networks': '10.0.0.0/8', 'preroute.rules': '\n' },
    gives: unknown('line 71: a last line without an end is read in vain'),
  },
  'lists of all servers': { files: { 'glob_allow.rules': '0.0.0.0/0\n' }, gives: BASE },
  'blocked countries': {
    files: { 'cc_deny.rules': '# x\nCN\n' },
    gives: unknown('line 72: cc_deny.rules keeps out or lets in addresses that are in no file of the text'),
  },
  'lists for ipset': {
    files: { 'ipset.rules': 'x:src:ip:0:0:0:/root/x\n' },
    gives: unknown('line 71: ipset.rules keeps out or lets in addresses that are in no file of the text'),
  },
  'lists for ipset, off': {
    conf: { USE_IPSET: '0' },
    files: { 'ipset.rules': 'x:src:ip:0:0:0:/root/x\n' },
    gives: BASE,
  },
  'SET_VNET on': conf({ SET_VNET: '1' }, ...unknown('line 12: what 2.0.2 loads with this SET_VNET is not followed')),
  'a list that is fetched': conf({ USE_RGT: '1' }, ...unknown('line 51: USE_RGT is on: what it fetches is not known')),
  'a hook': {
    files: { 'hook_post.sh': '#!/bin/bash\nipt -I INPUT -j ACCEPT\n' },
    gives: unknown('line 72: hook_post.sh is not as 2.0.2 has it, and may load any rule'),
  },
  'a hook with comments only': { files: { 'hook_pre.sh': '#!/bin/bash\n# ipt -N X\n' }, gives: BASE },
  'another apf_core.sh': {
    files: { 'internals/apf_core.sh': 'start() { :; }\n' },
    gives: unknown('line 71: internals/apf_core.sh is not as 2.0.2 has it, and may load any rule'),
  },
  'the previous version': {
    files: { VERSION: 'version: 2.0.1\n' },
    gives: unknown('line 62: of an APF in /etc/apf only version 2.0.2 is read'),
  },
  'the next version': {
    files: { VERSION: 'version: 2.0.3\n' },
    gives: unknown('line 62: of an APF in /etc/apf only version 2.0.2 is read'),
  },
  'another folder': conf({ INSTALL_PATH: '/opt/apf' }, ...unknown('line 7: INSTALL_PATH is not /etc/apf')),
};

const expected = ({ gives }: Edit): readonly string[] => [...gives].sort();

describe('APF 2.0.2: sample servers', () => {
  it.each(Object.entries(WILD))('%s', (_, edit) =>
    expect(seen(printedUpstream(edit.conf ?? {}, edit.files))).toEqual(expected(edit)),
  );
});

describe('APF 2.0.2: one edit of a folder', () => {
  it('has before the edit the exposure written by hand', () =>
    expect(seen(printedUpstream({}))).toEqual([...BASE].sort()));

  it.each(Object.entries(EDITS))('%s', (_, edit) =>
    expect(seen(printedUpstream(edit.conf ?? {}, edit.files))).toEqual(expected(edit)),
  );

  it('leaves the version UNKNOWN if the text doesn’t contain it', () =>
    expect(seen(printedUpstream({}).replace(/==> etc\/apf\/VERSION <==\n.*\n/, ''))).toEqual(
      [...unknown('line 2: VERSION is not in the text: which APF is in /etc/apf, it says')].sort(),
    ));

  it('accepts from everywhere an own address on another interface', () => {
    const two = host(
      port('eth1', 'inside', ['10.0.0.1/24', `${OWN[0]}/32`]),
      port('eth0', 'outside', ['198.51.100.9/24']),
    );
    expect(seen(printedUpstream({}, { 'allow_hosts.rules': `${OWN[0]}\n` }), two)).toContain(ALL);
  });
});

describe('APF 2.0.2: the notes of a report', () => {
  const said = (settings: Settings, files: Folder = {}): readonly string[] =>
    configFormat.parsed(printedUpstream(settings, files)).assumedOn!(SERVER.interfaces);

  it('name this version', () => {
    const all = said({}, { 'allow_hosts.rules': '192.0.2.7\nd=70000:s=192.0.2.9\n' });
    expect(all).toEqual(
      expect.arrayContaining([
        'line 10: USE_IPV6 is off: APF filters nothing of IPv6, and all of it is open',
        'line 66: iptables refuses it, and APF with it all lines of allow_hosts.rules for IPv4. It is as if it were not there',
        expect.stringMatching(/^line 15: with SET_REFRESH, .* is let in to all while lists are loaded again$/),
        expect.stringMatching(/^not in the text, and taken for what 2\.0\.2 has: .*internals\/apf_core\.sh/),
        'it is read as APF 2.0.2 loads it at its first start',
      ]),
    );
    expect(all.join('\n')).not.toMatch(/9\.7|SYSCTL_ROUTE/);
  });

  it('name the setting because of which nothing is loaded', () =>
    expect(said({ TCP_STOP: 'drop' })[0]).toMatch(
      /^line \d+: APF loads nothing where TCP_STOP is this\. Everything is open$/,
    ));
});
