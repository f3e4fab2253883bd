// Sample servers with csf as administrators set it up (settings, lists and hooks), each with its exposure as written by
// hand.

import { Folder, Settings } from './folder';
import { HOOKS, QUIET, Wild } from './wild-hooks';

const CPANEL: Settings = {
  TCP_IN: '20,21,22,25,53,80,110,143,443,465,587,853,993,995,2077,2078,2079,2080,2082,2083,2086,2087,2095,2096,8443',
  UDP_IN: '20,21,53,80,443,853',
  TCP6_IN: '20,21,22,25,53,80,110,143,443,465,587,853,993,995,2077,2078,2082,2083,2086,2087,2095,2096,8443',
  UDP6_IN: '20,21,53,80,443',
};
const ZONES: Folder = {
  'var/lib/csf/zone/nl.zone': '77.0.0.0/8\n78.1.2.3\n# x\n',
  'var/lib/csf/zone/us.zone': '8.0.0.0/8\n10.0.0.0/8\n',
  'var/lib/csf/zone/us.zone6': '2001:db8:5::/48\n',
};

/** Files as real servers have them. */
export const WILD: Readonly<Record<string, Wild>> = {
  'the template for cPanel': {
    conf: CPANEL,
    files: {
      'csf.allow': 'Include /etc/csf/cpanel.allow\n\n203.0.113.5 # csf SSH installation/upgrade IP address\n',
      'cpanel.allow': 'tcp|in|d=4|s=192.0.2.2 # cPanel Auth Server\ntcp|in|d=40|s=192.0.2.2 # cPanel Auth Server\n',
      'csf.deny': '198.51.100.7 # lfd: (sshd) Failed SSH login\n',
      'etc/resolv.conf': 'nameserver 127.0.0.53\n',
    },
    truth: `
      198.51.100.50 all protocols from 203.0.113.5
      198.51.100.50 icmp all but echo-request from anywhere but 198.51.100.7
      198.51.100.50 icmp echo-request from anywhere but 198.51.100.7, 203.0.113.5, but line 31: a limit may be reached
      198.51.100.50 tcp 4,40 from 192.0.2.2, 203.0.113.5
      198.51.100.50 tcp 20-22,25,53,80,110,143,443,465,587,853,993,995,2077-2080,2082-2083,2086-2087,2095-2096,8443 from anywhere but 198.51.100.7
      198.51.100.50 udp 20-21,53,80,443,853 from anywhere but 198.51.100.7
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'the template for cPanel with IPv6, as one server has it': {
    conf: { ...CPANEL, IPV6: '1', ICMP_IN_RATE: '0' },
    truth: `
      198.51.100.50 icmp from anywhere
      198.51.100.50 tcp 20-22,25,53,80,110,143,443,465,587,853,993,995,2077-2080,2082-2083,2086-2087,2095-2096,8443 from anywhere
      198.51.100.50 udp 20-21,53,80,443,853 from anywhere
      2001:db8:0:1::50 icmpv6 from anywhere
      2001:db8:0:1::50 tcp 20-22,25,53,80,110,143,443,465,587,853,993,995,2077-2078,2082-2083,2086-2087,2095-2096,8443 from anywhere
      2001:db8:0:1::50 udp 20-21,53,80,443 from anywhere`,
  },
  'hardened: SSH and WHM for the office': {
    conf: { ...QUIET, DROP: 'REJECT', ICMP_TIMESTAMPDROP: '1', DNS_STRICT: '1', DNS_STRICT_NS: '1' },
    files: {
      'csf.allow': 'tcp|in|d=22,2087|s=203.0.113.0/28\ntcp|in|d=22|s=2001:db8:9::/48\n',
      'etc/resolv.conf': 'nameserver 192.0.2.53\n',
    },
    truth: `
      198.51.100.50 icmp all but echo-request,type 13 from anywhere
      198.51.100.50 tcp 22,2087 from 203.0.113.0/28
      198.51.100.50 tcp 80,443 from anywhere
      2001:db8:0:1::50 icmpv6 from anywhere
      2001:db8:0:1::50 tcp 22 from 2001:db8:9::/48
      2001:db8:0:1::50 tcp 443 from anywhere`,
  },
  'the whole of a private network in csf.allow': {
    conf: { ...QUIET, IPV6: '0' },
    files: { 'csf.allow': '10.0.0.0/8\n' },
    truth: `
      198.51.100.50 all protocols from 10.0.0.0/8
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp 80,443 from anywhere
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'blocked countries, except private networks in their lists': {
    conf: { ...QUIET, CC_DENY: 'us', CC6_LOOKUPS: '1' },
    files: ZONES,
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere but 8.0.0.0/8
      198.51.100.50 tcp 80,443 from anywhere but 8.0.0.0/8
      2001:db8:0:1::50 icmpv6 from anywhere but 2001:db8:5::/48
      2001:db8:0:1::50 tcp 443 from anywhere but 2001:db8:5::/48`,
  },
  'one country alone, without an IPv6 list': {
    conf: { ...QUIET, CC_ALLOW_FILTER: 'nl' },
    files: ZONES,
    truth: `
      198.51.100.50 icmp all but echo-request from 77.0.0.0/8, 78.1.2.3
      198.51.100.50 tcp 80,443 from 77.0.0.0/8, 78.1.2.3
      2001:db8:0:1::50 icmpv6 from anywhere
      2001:db8:0:1::50 tcp 443 from anywhere`,
  },
  'a port for one country, and one that is closed for another': {
    conf: { ...QUIET, CC_ALLOW_PORTS: 'nl', CC_ALLOW_PORTS_TCP: '3306', CC_DENY_PORTS: 'us', CC_DENY_PORTS_TCP: '443' },
    files: ZONES,
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp 80 from anywhere
      198.51.100.50 tcp 443 from anywhere but 8.0.0.0/8
      198.51.100.50 tcp 3306 from 77.0.0.0/8, 78.1.2.3
      2001:db8:0:1::50 icmpv6 from anywhere
      2001:db8:0:1::50 tcp 443 from anywhere`,
  },
  'block lists, as lfd has fetched them': {
    conf: { ...QUIET, IPV6: '1' },
    files: {
      'csf.blocklists': '#OFF|86400|0|http://x\nspamdrop|86400|0|http://x\n',
      'var/lib/csf/csf.block.SPAMDROP': '203.0.113.0/24\n2001:db8:77::/48\n127.0.0.1\n',
      'var/lib/csf/csf.block.OFF': '192.0.2.0/24\n',
    },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere but 203.0.113.0/24
      198.51.100.50 tcp 80,443 from anywhere but 203.0.113.0/24
      2001:db8:0:1::50 icmpv6 from anywhere but 2001:db8:77::/48
      2001:db8:0:1::50 tcp 443 from anywhere but 2001:db8:77::/48`,
  },
  'bans and temporary allows': {
    conf: { ...QUIET, IPV6: '0' },
    files: {
      'var/lib/csf/csf.tempban': '1700000000|203.0.113.6|80|in|3600|lfd\n',
      'var/lib/csf/csf.tempallow': '1700000000|203.0.113.7|3306|in|3600|me\n',
    },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp 80 from anywhere but 203.0.113.6
      198.51.100.50 tcp 80 from 203.0.113.6, but line 80: an element may expire
      198.51.100.50 tcp 443 from anywhere
      198.51.100.50 tcp 3306 from 203.0.113.7, but line 83: an element may expire
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'a resolver, which reaches more than intended': {
    conf: { ...QUIET, IPV6: '0', TCP_IN: '' },
    files: { 'etc/resolv.conf': 'nameserver 192.0.2.53\n' },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp/udp 0-52,54-65535 source port 53 from 192.0.2.53
      198.51.100.50 tcp/udp 53 from 192.0.2.53
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'resolvers with further text after their addresses': {
    conf: { ...QUIET, IPV6: '0', TCP_IN: '' },
    files: { 'etc/resolv.conf': 'nameserver 192.0.2.853\nNAMESERVER 192.0.2.7\nnameserver 9.9.9.9.9\n' },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp/udp 0-52,54-65535 source port 53 from 9.9.9.9, 192.0.2.85
      198.51.100.50 tcp/udp 53 from 9.9.9.9, 192.0.2.85
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'without state, on an old container host': {
    conf: { ...QUIET, IPV6: '1', LF_SPI: '0', IPV6_SPI: '0' },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp 80,443 from anywhere
      198.51.100.50 udp 32768-61000 from anywhere
      2001:db8:0:1::50 icmpv6 from anywhere
      2001:db8:0:1::50 tcp 443 from anywhere
      2001:db8:0:1::50 udp 32768-61000 from anywhere`,
  },
  limits: {
    conf: { ...QUIET, IPV6: '0', CONNLIMIT: '80;20', PORTFLOOD: '443;tcp;5;300' },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp 80 from anywhere, but line 42: a limit of connections may be reached
      198.51.100.50 tcp 443 from anywhere, but line 43: its count of earlier packets may be reached
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  knocking: {
    conf: { ...QUIET, IPV6: '0', PORTKNOCKING: '22;TCP;20;100;200;300' },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      UNKNOWN 198.51.100.50 tcp 22 from anywhere: line 44: "-m recent" may match or not
      198.51.100.50 tcp 80,443 from anywhere
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'a port that is redirected to another': {
    conf: { ...QUIET, IPV6: '0' },
    files: { 'csf.redirect': '*|8080|*|80|tcp\n*|8081|*|81|tcp\n' },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp 80,443,8080 from anywhere
      198.51.100.50 tcp 8080 from anywhere port 80
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'a typed range in a list that is included': {
    conf: QUIET,
    files: {
      'csf.allow': 'Include /etc/csf/office.list\n',
      'office.list': '203.0.113.1\ntcp|in|d=100-200|s=203.0.113.2\n',
    },
    truth: `
      198.51.100.50 all protocols from anywhere
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'a trailing remark with a quote': {
    conf: { ...QUIET, TCP_IN: '80" # was "443' },
    truth: `
      198.51.100.50 all protocols from anywhere
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  ...HOOKS,
  'an Include of a file that the text lacks': {
    conf: QUIET,
    files: { 'csf.deny': 'Include /root/bad.deny\n' },
    truth: `
      UNKNOWN 198.51.100.50 all protocols from anywhere: line 76: "/root/bad.deny" is included, and not in the text
      UNKNOWN 2001:db8:0:1::50 all protocols from anywhere: line 76: "/root/bad.deny" is included, and not in the text`,
  },
  'countries whose lists the text lacks': {
    conf: { ...QUIET, IPV6: '0', CC_ALLOW_PORTS: 'nl', CC_ALLOW_PORTS_TCP: '22' },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      UNKNOWN 198.51.100.50 tcp 22 from anywhere: line 48: the members of set "zone/nl.zone-ip" are not told (ipset save)
      198.51.100.50 tcp 80,443 from anywhere
      2001:db8:0:1::50 all protocols from anywhere`,
  },
  'rules that were saved at the shutdown, whatever csf.conf contains now': {
    conf: { ...QUIET, IPV6: '0' },
    files: {
      'var/lib/csf/csf.4.saved': `# Generated by iptables-save v1.8.9 (nf_tables)
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
-A INPUT -p tcp -m tcp --dport 3306 -j ACCEPT
COMMIT
`,
    },
    truth: `
      198.51.100.50 tcp 3306 from anywhere
      2001:db8:0:1::50 all protocols from anywhere`,
  },
};
