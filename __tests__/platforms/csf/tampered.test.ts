// Tests single edits of csf's files: each must change the exposure exactly as the truth by hand says.

import { Folder, Settings, printed, seen } from './folder';

const ALL4 = '198.51.100.50 all protocols from anywhere';
const ALL6 = '2001:db8:0:1::50 all protocols from anywhere';
const PING = (line: number, from = 'anywhere'): string =>
  `198.51.100.50 icmp echo-request from ${from}, but line ${line}: a limit may be reached`;
const ICMP = '198.51.100.50 icmp all but echo-request from anywhere';
const ALL_ICMP = '198.51.100.50 icmp from anywhere';
const ICMP6 = '2001:db8:0:1::50 icmpv6 from anywhere';
const TCP = '198.51.100.50 tcp 22,443 from anywhere';
const TCP6 = '2001:db8:0:1::50 tcp 443 from anywhere';
const UDP = '198.51.100.50 udp 53 from anywhere';
const BASE = [ICMP, PING(31), TCP, UDP, ICMP6, TCP6];
const EVERYTHING = [ALL4, ALL6];
const tcp = (ports: string, from = 'anywhere'): string => `198.51.100.50 tcp ${ports} from ${from}`;
const but = (...gone: readonly string[]): readonly string[] => BASE.filter((line) => !gone.includes(line));

interface Edit {
  readonly conf?: Settings;
  readonly files?: Folder;
  /** Appends to csf.conf. */
  readonly more?: string;
  /** The exposure by hand. */
  readonly gives: readonly string[];
}

const conf = (settings: Settings, ...gives: readonly string[]): Edit => ({ conf: settings, gives });
const allow = (text: string, ...gives: readonly string[]): Edit => ({ files: { 'csf.allow': text }, gives });
const deny = (text: string, ...gives: readonly string[]): Edit => ({ files: { 'csf.deny': text }, gives });

const IPSET: Settings = { LF_IPSET: '1' };
/** A block list as lfd has fetched it. */
const listed = (text: string, name = 'BL'): Folder => ({
  'csf.blocklists': `${name}|86400|0|http://x\n`,
  [`var/lib/csf/csf.block.${name}`]: text,
});
const without = (gone: string): readonly string[] =>
  BASE.map((line) => (line.startsWith('2001') ? line : line.replace('anywhere', `anywhere but ${gone}`)));
const unknown = (line: number, why: string): readonly string[] =>
  EVERYTHING.map((one) => `UNKNOWN ${one}: line ${line}: ${why}`);
const COUNTRY = { 'var/lib/csf/zone/nl.zone': '77.0.0.0/8\n2001:db8:6::/48\n78.0.0.0/8\n' };
const PRIVATE = { 'var/lib/csf/zone/us.zone': '8.0.0.0/8\n10.0.0.0/8\n' };
const SIXTEEN = '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16';

/** One edit of a good folder, and the whole exposure after it. */
const EDITS: Readonly<Record<string, Edit>> = {
  'a semicolon in a list of ports': conf({ TCP_IN: '22;443' }, ...EVERYTHING),
  'a range with a dash': conf({ UDP_IN: '50-53' }, ...EVERYTHING),
  'a name of a service': conf({ TCP_OUT: 'http,443' }, ...EVERYTHING),
  'blanks in place of commas make one number': conf({ TCP_IN: '22 44' }, ...but(TCP), tcp('2244')),
  'a no-break space between ports': conf({ TCP_IN: '22,\u00a0443' }, ...EVERYTHING),
  'a no-break space before a comment': { more: '\u00a0# a = b\n', gives: EVERYTHING },
  'an invalid port, with FASTSTART': conf({ TCP_IN: '22,70000' }, ...EVERYTHING),
  'an invalid port, without FASTSTART': conf({ TCP_IN: '22,70000', FASTSTART: '0' }, ...but(TCP), tcp('22')),
  'a reversed range': conf({ TCP_IN: '2100:2000' }, ...EVERYTHING),
  'three ends': conf({ TCP_IN: '1:2:3' }, ...EVERYTHING),
  'an open range': conf({ TCP_IN: '65000:' }, ...but(TCP), tcp('65000-65535')),
  'a lone colon': conf({ TCP_IN: ':' }, ...but(TCP), tcp('')),
  'an octal number': conf({ TCP_IN: '026' }, ...but(TCP), tcp('22')),
  'a UDP port that iptables may parse differently': conf(
    { UDP_IN: '053' },
    ...unknown(3, 'whether iptables takes "UDP_IN = "053"" is not known'),
  ),
  'an invalid octal number': conf({ TCP_IN: '08' }, ...EVERYTHING),
  'empty members': conf({ TCP_IN: ' ,22,, ' }, ...but(TCP), tcp('22')),
  TESTING: conf({ TESTING: '1' }, ...EVERYTHING),
  'IPV6 off': conf({ IPV6: '0' }, ...but(ICMP6, TCP6), ALL6),
  'a name twice': { more: 'TCP_IN = "22"\n', gives: EVERYTHING },
  'a value without quotes': { more: 'FOO = 1\n', gives: EVERYTHING },
  'a comment with a letter that ends its line': { more: '# доступ х = нет\n', gives: EVERYTHING },
  'a comment after blanks': { more: ' \t# a = b\n', gives: BASE },
  'no program': conf({ IPTABLES: '' }, ...EVERYTHING),
  'no state': conf({ LF_SPI: '0' }, ...but(TCP, UDP), tcp('22,443'), '198.51.100.50 udp 53,32768-61000 from anywhere'),
  'ping off': conf({ ICMP_IN: '0' }, ...but(PING(31))),
  'ping without a rate': conf({ ICMP_IN_RATE: '0' }, ALL_ICMP, ...but(ICMP, PING(31))),
  'timestamps off': conf(
    { ICMP_IN: '0', ICMP_TIMESTAMPDROP: '1' },
    '198.51.100.50 icmp all but echo-request,type 13 from anywhere',
    ...but(ICMP, PING(31)),
  ),
  'DROP that accepts': conf({ DROP: 'ACCEPT' }, ALL4, ALL6),
  'a DROP that does not exist': conf({ DROP: 'reject' }, ...EVERYTHING),
  'a DROP for TCP alone': conf({ DROP: 'REJECT --reject-with tcp-reset' }, ...EVERYTHING),
  'another interface': conf({ ETH_DEVICE: 'eth1' }),
  'a skipped interface': conf({ ETH_DEVICE_SKIP: 'eth0' }, ...EVERYTHING),
  'CONNLIMIT with a colon': conf({ CONNLIMIT: '22:5' }, ...EVERYTHING),
  'PORTFLOOD with an unknown protocol': conf({ PORTFLOOD: '22;sctp;5;300' }, ...EVERYTHING),
  CONNLIMIT: conf(
    { CONNLIMIT: '22;5' },
    ...but(TCP),
    tcp('443'),
    '198.51.100.50 tcp 22 from anywhere, but line 42: a limit of connections may be reached',
  ),
  'an address in csf.allow': allow(
    '203.0.113.9 # me\n',
    '198.51.100.50 all protocols from 203.0.113.9',
    ...but(PING(31)),
    PING(31, 'anywhere but 203.0.113.9'),
  ),
  'a comment without a blank': allow('203.0.113.9#me\n', ...BASE),
  'a no-break space after an address': deny('203.0.113.0/24\u00a0# me\n', ...BASE),
  'an IPv4-mapped IPv6 address': allow(
    '::ffff:192.0.2.9\n',
    ...BASE,
    '2001:db8:0:1::50 all protocols from ::ffff:c000:209',
  ),
  'a network of length 0': allow('203.0.113.9/0\n', ALL4, ICMP6, TCP6),
  'a network with an invalid length': allow('203.0.113.9/33\n', ...BASE),
  'a port for one source': allow('tcp|in|d=3306|s=203.0.113.77\n', ...BASE, tcp('3306', '203.0.113.77')),
  'a range with a dash in csf.allow': allow('tcp|in|d=1-5|s=203.0.113.77\n', ...EVERYTHING),
  'sixteen ports': allow('tcp|in|d=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16|s=203.0.113.77\n', ...EVERYTHING),
  'ICMP for an IPv6 source': allow('icmp|in|d=8|s=2001:db8::1\n', ...EVERYTHING),
  'pings of one source, by name': allow(
    'icmp|in|d=ping|s=203.0.113.77\n',
    ...but(PING(31)),
    '198.51.100.50 icmp echo-request from 203.0.113.77',
    PING(31, 'anywhere but 203.0.113.77'),
  ),
  'the beginning of an ICMP name': allow('icmp|in|d=timestamp-req|s=203.0.113.77\n', ...BASE),
  'an ICMP name that only nft has': allow('icmp|in|d=info-request|s=203.0.113.77\n', ...EVERYTHING),
  'the beginning of several ICMP names': allow('icmp|in|d=time|s=203.0.113.77\n', ...EVERYTHING),
  'a line without a port': allow('tcp|in|s=203.0.113.77\n', ...BASE),
  'another protocol counts as TCP': allow('sctp|in|d=7023|s=203.0.113.77\n', ...BASE, tcp('7023', '203.0.113.77')),
  'colons in place of bars': allow('tcp:in:d=3306:s=203.0.113.77\n', ...BASE, tcp('3306', '203.0.113.77')),
  'a network in csf.deny': deny(
    '203.0.113.0/24\n',
    ...BASE.map((line) => (line.startsWith('2001') ? line : line.replace('anywhere', 'anywhere but 203.0.113.0/24'))),
  ),
  'csf.allow before csf.deny': {
    files: { 'csf.allow': '203.0.113.0/24\n', 'csf.deny': '203.0.113.0/24\n' },
    gives: [
      '198.51.100.50 all protocols from 203.0.113.0/24',
      ...but(PING(31)),
      PING(31, 'anywhere but 203.0.113.0/24'),
    ],
  },
  'the server’s own address, blocked': { files: { 'csf.sips': '198.51.100.50\n' }, gives: [ICMP6, TCP6] },
  'an Include, twice': {
    files: { 'csf.sips': 'Include /etc/csf/own\nInclude /etc/csf/own\n', own: '198.51.100.50\n' },
    gives: [ICMP6, TCP6],
  },
  'csf.disable': { files: { 'csf.disable': '' }, gives: EVERYTHING },
  'csf.error': { files: { 'csf.error': 'Error: x, at line 1 in /usr/sbin/csf\n' }, gives: EVERYTHING },
  'an invalid redirect': { files: { 'csf.redirect': '*|666|10.0.0.1|25|tcp\n' }, gives: EVERYTHING },
  'an invalid length in a block list': { files: listed('203.0.113.1\n203.0.113.2/08\n'), gives: EVERYTHING },
  'an invalid length in a block list, without FASTSTART': {
    conf: { FASTSTART: '0' },
    files: listed('203.0.113.1\n203.0.113.2/08\n203.0.113.9\n'),
    gives: without('203.0.113.1, 203.0.113.9'),
  },
  'an invalid length in a block list, with ipset, which loads none of it': {
    conf: IPSET,
    files: listed('203.0.113.1\n203.0.113.2/08\n'),
    gives: BASE,
  },
  'an invalid octal number in a block list': {
    files: listed('203.0.113.1\n078.1.2.3\n'),
    gives: unknown(84, 'whether iptables takes "078.1.2.3" is not known'),
  },
  'a network of length 0 in a block list': { files: listed('0.0.0.0/0\n'), gives: [ICMP6, TCP6] },
  'a network of length 0 in a block list, with ipset, which ends there': {
    conf: IPSET,
    files: listed('203.0.113.1\n0.0.0.0/0\n203.0.113.9\n'),
    gives: without('203.0.113.1'),
  },
  'a block list that csf takes for an IPv6 one': {
    conf: IPSET,
    files: listed('203.0.113.1\n2001:db8:77::/48\n', 'MY_6'),
    gives: [...but(ICMP6, TCP6), ...[ICMP6, TCP6].map((line) => `${line} but 2001:db8:77::/48`)],
  },
  'a block list that csf takes for an IPv6 one, without ipset': {
    files: listed('203.0.113.1\n2001:db8:77::/48\n', 'MY_6'),
    gives: without('203.0.113.1').map((line) => (line.startsWith('2001') ? `${line} but 2001:db8:77::/48` : line)),
  },
  'an interface in a block list': { files: listed('203.0.113.1\nfe80::1%eth0\n'), gives: without('203.0.113.1') },
  'a block list called INVALID': { files: listed('203.0.113.1\n', 'INVALID'), gives: EVERYTHING },
  'a block list called ALLOWIN': {
    files: listed('203.0.113.1\n', 'ALLOWIN'),
    gives: unknown(80, "a list is called ALLOWIN, as something of csf's or iptables' own is"),
  },
  'more addresses than a set may have': {
    conf: { ...IPSET, LF_IPSET_MAXELEM: '2' },
    files: { 'csf.deny': '203.0.113.1\n203.0.113.1/32\n203.0.113.3\n203.0.113.5\n203.0.113.7\n' },
    gives: without('203.0.113.1, 203.0.113.3'),
  },
  'a maximum in octal': {
    conf: { ...IPSET, LF_IPSET_MAXELEM: '01' },
    files: { 'csf.deny': '203.0.113.1\n203.0.113.3\n' },
    gives: without('203.0.113.1'),
  },
  'more networks of a country than a set may have': {
    conf: { ...IPSET, LF_IPSET_MAXELEM: '1', CC_DENY: 'us' },
    files: { 'var/lib/csf/zone/us.zone': '8.0.0.0/8\n9.0.0.0/8\n' },
    gives: without('8.0.0.0/8'),
  },
  'a private network of a country': { conf: { CC_DENY: 'us' }, files: PRIVATE, gives: without('8.0.0.0/8') },
  'a private network of a country, with csf 14': {
    conf: { CC_DENY: 'us' },
    files: { ...PRIVATE, 'version.txt': '14.15' },
    gives: without('8.0.0.0/8, 10.0.0.0/8'),
  },
  'IPv6 in a country’s IPv4 list': { conf: { CC_DENY: 'nl' }, files: COUNTRY, gives: EVERYTHING },
  'IPv6 in a country’s IPv4 list, without FASTSTART, which leaves the line out': {
    conf: { CC_DENY: 'nl', FASTSTART: '0' },
    files: COUNTRY,
    gives: without('77.0.0.0-78.255.255.255'),
  },
  'a set that ipset can’t create': { conf: { ...IPSET, LF_IPSET_HASHSIZE: 'abc' }, gives: EVERYTHING },
  'a set that ipset can’t create, without FASTSTART': {
    conf: { ...IPSET, LF_IPSET_HASHSIZE: 'abc', FASTSTART: '0' },
    files: { 'csf.deny': '203.0.113.1\n', ...listed('203.0.113.2\n') },
    gives: BASE,
  },
  'a messenger for more ports than a rule may have': {
    conf: { MESSENGER: '1', MESSENGER_HTML_IN: SIXTEEN },
    files: { 'csf.deny': '203.0.113.1\n' },
    gives: without('203.0.113.1'),
  },
  'a hook of another program': {
    files: { 'csfpre.sh': '#!/root/open.sh\n' },
    gives: unknown(80, '/etc/csf/csfpre.sh may change any rule'),
  },
  'a hook with comments only': { files: { 'csfpre.sh': '#!/bin/sh\n\n# nothing\n' }, gives: BASE },
};

/** Removes where a device sends a packet; other tests compare that. */
const sorted = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => (/ is UNKNOWN \(/.test(line) ? [] : [line.replace('tcp  from', 'tcp from')])).sort();

describe('csf: one edit of a folder', () => {
  it('has before the edit the exposure written by hand', () =>
    expect(sorted(seen(printed({ IPV6: '1' })))).toEqual(sorted(BASE)));

  it.each(Object.entries(EDITS))('%s', (_, { conf: settings = {}, files = {}, more = '', gives }) =>
    expect(sorted(seen(printed({ IPV6: '1', ...settings }, files, more)))).toEqual(sorted(gives)),
  );
});
