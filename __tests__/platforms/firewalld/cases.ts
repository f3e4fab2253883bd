// Table of firewalld configurations, each with packets and their dispositions.

import { Tree } from './daemon';

/** A packet that comes to the server by eth0: `tcp 443 from 192.0.2.7`, to the server's address of that family. */
type Asked = string;

export interface Case {
  readonly etc: Tree;
  readonly passes: readonly Asked[];
  readonly stops: readonly Asked[];
  /** Packets that a new client gets through, and others perhaps not. */
  readonly but?: readonly Asked[];
  /** Packets that the files leave unknown. */
  readonly unknown?: readonly Asked[];
}

const BOUND = '<interface name="eth0"/>';
const conf = (...lines: readonly string[]): string => ['DefaultZone=public', ...lines, ''].join('\n');
const zone = (items: readonly string[], attributes = ''): string =>
  `<zone${attributes}>\n${items.join('\n')}\n</zone>\n`;
const one = (items: readonly string[], attributes = ''): Tree => ({
  'firewalld.conf': conf(),
  'zones/public.xml': zone([BOUND, ...items], attributes),
});

/** The service that cPanel's script writes into the default zone. */
const CPANEL = `<?xml version="1.0" encoding="utf-8"?>
<service>
  <short>cPanel</short>
  <port protocol="tcp" port="443"/>
  <port protocol="tcp" port="2087"/>
  <port protocol="tcp" port="3306"/>
  <port protocol="tcp" port="49152-65534"/>
  <port protocol="udp" port="53"/>
</service>
`;

export const CASES: Readonly<Record<string, Case>> = {
  'cPanel’s own service opens its ports to any source in both families': {
    etc: { ...one(['<service name="ssh"/>', '<service name="cpanel"/>']), 'services/cpanel.xml': CPANEL },
    passes: [
      'tcp 22 from 192.0.2.7',
      'tcp 3306 from 192.0.2.7',
      'tcp 65534 from 2001:db8:9::9',
      'udp 53 from 2001:db8:9::9',
      'icmp 8 from 192.0.2.7',
    ],
    stops: [
      'tcp 2086 from 192.0.2.7',
      'tcp 65535 from 192.0.2.7',
      'udp 443 from 192.0.2.7',
      'tcp 53 from 2001:db8:9::9',
    ],
  },
  'a rich drop of priority 0 beats all accepts, also narrower ones': {
    etc: one([
      '<rule family="ipv4"><source address="192.0.2.7"/><port port="22" protocol="tcp"/><accept/></rule>',
      '<rule family="ipv4"><source address="192.0.2.0/24"/><drop/></rule>',
      '<port port="443" protocol="tcp"/>',
    ]),
    passes: ['tcp 443 from 198.18.0.1', 'tcp 443 from 2001:db8:9::9'],
    stops: ['tcp 22 from 192.0.2.7', 'tcp 443 from 192.0.2.9', 'icmp 8 from 192.0.2.9'],
  },
  'an accept of a negative priority comes before a drop': {
    etc: one([
      '<rule family="ipv4"><source address="192.0.2.0/24"/><drop/></rule>',
      '<rule family="ipv4" priority="-10"><source address="192.0.2.7"/><port port="22" protocol="tcp"/><accept/></rule>',
    ]),
    passes: ['tcp 22 from 192.0.2.7'],
    stops: ['tcp 22 from 192.0.2.9', 'tcp 23 from 192.0.2.7'],
  },
  'of overlapping sources the first zone by name wins, not the longer prefix': {
    etc: {
      'firewalld.conf': conf(),
      'zones/alpha.xml': zone(['<source address="192.0.2.0/24"/>', '<port port="1" protocol="tcp"/>']),
      'zones/zulu.xml': zone(['<source address="192.0.2.7"/>', '<port port="2" protocol="tcp"/>']),
    },
    passes: ['tcp 1 from 192.0.2.7', 'tcp 22 from 198.18.0.1'],
    stops: ['tcp 2 from 192.0.2.7', 'tcp 22 from 192.0.2.7', 'tcp 1 from 198.18.0.1'],
  },
  'a zone without a target rejects, and answers pings': {
    etc: one([]),
    passes: ['icmp 8 from 192.0.2.7', 'icmpv6 128 from 2001:db8:9::9'],
    stops: ['tcp 22 from 192.0.2.7', 'udp 546 from 2001:db8:9::9'],
  },
  'target DROP answers no pings, but accepts neighbour discovery': {
    etc: one([], ' target="DROP"'),
    passes: ['icmpv6 135 from 2001:db8:9::9', 'icmpv6 134 from fe80::1'],
    stops: ['icmp 8 from 192.0.2.7', 'icmpv6 128 from 2001:db8:9::9'],
  },
  'a blocked ICMP type is rejected, and inverted it is the only one that is not': {
    etc: one(['<icmp-block name="echo-request"/>', '<icmp-block-inversion/>']),
    passes: ['icmp 8 from 192.0.2.7', 'icmpv6 128 from 2001:db8:9::9'],
    stops: ['icmp 13 from 192.0.2.7'],
  },
  'an interface that no zone names is in the default zone': {
    etc: {
      'firewalld.conf': conf().replace('public', 'work'),
      'zones/work.xml': zone(['<port port="1" protocol="tcp"/>']),
      'zones/public.xml': zone(['<port port="2" protocol="tcp"/>']),
    },
    passes: ['tcp 1 from 192.0.2.7'],
    stops: ['tcp 2 from 192.0.2.7'],
  },
  'a source port alone opens every port to packets from it': {
    etc: one(['<source-port port="4" protocol="tcp"/>']),
    passes: ['tcp 3306 from 192.0.2.7 source port 4'],
    stops: ['tcp 3306 from 192.0.2.7 source port 5'],
  },
  'a set of addresses is matched, and temporary entries may keep out clients': {
    etc: {
      ...one([
        '<rule><source ipset="staff"/><service name="ssh"/><accept/></rule>',
        '<rule><source ipset="banned"/><drop/></rule>',
        '<port port="443" protocol="tcp"/>',
      ]),
      'ipsets/staff.xml': '<ipset type="hash:net"><entry>192.0.2.0/28</entry><entry>198.18.0.1</entry></ipset>\n',
      'ipsets/banned.xml': '<ipset type="hash:ip"><option name="timeout" value="600"/></ipset>\n',
    },
    passes: ['tcp 443 from 2001:db8:9::9'],
    stops: ['tcp 22 from 192.0.2.16'],
    but: ['tcp 22 from 192.0.2.15', 'tcp 443 from 192.0.2.99'],
  },
  'a policy before the zones decides first, one behind them last': {
    etc: {
      ...one(['<port port="443" protocol="tcp"/>']),
      'policies/before.xml': `<policy target="CONTINUE" priority="-5"><ingress-zone name="ANY"/><egress-zone name="HOST"/>
<rule family="ipv4"><source address="192.0.2.0/24"/><drop/></rule></policy>\n`,
      'policies/behind.xml': `<policy target="CONTINUE" priority="5"><ingress-zone name="public"/><egress-zone name="HOST"/>
<port port="80" protocol="tcp"/></policy>\n`,
    },
    passes: ['tcp 443 from 198.18.0.1', 'tcp 80 from 198.18.0.1'],
    stops: ['tcp 443 from 192.0.2.7', 'tcp 80 from 192.0.2.7', 'tcp 81 from 198.18.0.1'],
  },
  'a policy of an unbound zone has no effect': {
    etc: {
      'firewalld.conf': conf(),
      'zones/public.xml': zone([]),
      'policies/behind.xml': `<policy target="CONTINUE" priority="5"><ingress-zone name="public"/><egress-zone name="HOST"/>
<port port="80" protocol="tcp"/></policy>\n`,
    },
    passes: [],
    stops: ['tcp 80 from 198.18.0.1'],
  },
  'a rule that firewalld may ignore may do anything, also before a drop': {
    etc: one([
      '<port port="443" protocol="tcp"/>',
      '<rule family="ipv4" priority="-5"><source address="192.0.2.8"/><drop/></rule>',
      '<rule><source address="192.0.2.7"/><accept/></rule>',
    ]),
    passes: [],
    stops: [],
    unknown: ['tcp 443 from 192.0.2.7', 'tcp 22 from 192.0.2.7', 'tcp 22 from 192.0.2.8'],
  },
  'the first of two equal keys counts': {
    etc: {
      'firewalld.conf': 'DefaultZone=work\nDefaultZone=public\n',
      'zones/work.xml': zone(['<port port="1" protocol="tcp"/>']),
    },
    passes: ['tcp 1 from 192.0.2.7'],
    stops: ['tcp 22 from 192.0.2.7'],
  },
  'port numbers are decimal': {
    etc: one(['<port port="022" protocol="tcp"/>']),
    passes: ['tcp 22 from 192.0.2.7'],
    stops: ['tcp 18 from 192.0.2.7'],
  },
  'invalid entries are left out of a set, and white space makes one invalid': {
    etc: {
      ...one(['<rule><source ipset="x"/><drop/></rule>', '<port port="443" protocol="tcp"/>']),
      'ipsets/x.xml':
        '<ipset type="hash:net"><entry>\n 192.0.2.1\n</entry><entry>0.0.0.0/0</entry><entry>192.0.2.9</entry></ipset>\n',
    },
    passes: ['tcp 443 from 192.0.2.1', 'tcp 443 from 198.18.0.1'],
    stops: ['tcp 443 from 192.0.2.9'],
  },
  'a zone’s source of another kind, or inverted, is ignored': {
    etc: {
      ...one(['<port port="443" protocol="tcp"/>']),
      'zones/zulu.xml': zone(
        ['<source address="192.0.2.0/24" invert="no"/>', '<source mac="00:11:22:33:44:55"/>'],
        ' target="DROP"',
      ),
    },
    passes: ['tcp 443 from 192.0.2.7'],
    stops: ['tcp 22 from 192.0.2.7'],
  },
  'a rule that only logs decides nothing': {
    etc: one([
      '<port port="443" protocol="tcp"/>',
      '<rule><service name="ssh"/><log prefix="x"/></rule>',
      '<rule priority="-1"><log/></rule>',
    ]),
    passes: ['tcp 443 from 192.0.2.7'],
    stops: ['tcp 22 from 192.0.2.7'],
  },
  'a drop with an unknown log level may be ignored': {
    etc: one([
      '<port port="443" protocol="tcp"/>',
      '<rule family="ipv4"><source address="192.0.2.0/24"/><log level="warn"/><drop/></rule>',
    ]),
    passes: [],
    stops: [],
    unknown: ['tcp 443 from 192.0.2.7'],
  },
  'masquerade that is disabled is on, and libvirt’s long name is valid': {
    etc: {
      ...one(['<port port="443" protocol="tcp"/>', '<masquerade enabled="no"/>']),
      'policies/libvirt-routed-out.xml':
        '<policy target="ACCEPT"><ingress-zone name="public"/><egress-zone name="ANY"/></policy>\n',
    },
    passes: ['tcp 443 from 192.0.2.7'],
    stops: ['tcp 22 from 192.0.2.7'],
  },
  'a limit may be reached': {
    etc: one(['<rule><port port="443" protocol="tcp"/><accept><limit value="10/m"/></accept></rule>']),
    passes: [],
    stops: ['tcp 444 from 192.0.2.7'],
    but: ['tcp 443 from 192.0.2.7'],
  },
  'direct rules may do anything': {
    etc: {
      ...one(['<port port="443" protocol="tcp"/>']),
      'direct.xml':
        '<direct><rule ipv="ipv4" table="filter" chain="INPUT" priority="0">-p tcp --dport 443 -j DROP</rule></direct>\n',
    },
    passes: [],
    stops: [],
    unknown: ['tcp 443 from 192.0.2.7', 'tcp 444 from 192.0.2.7'],
  },
};
