// Sample servers with firewalld as administrators set it up (zones, policies and sets), each with its exposure as
// written by hand.

import { Tree } from './daemon';

interface Wild {
  readonly etc: Tree;
  /**
   * Exposure to the internet by hand, without ICMP of IPv6: each version accepts other types whatever a zone says
   * (neighbours, later multicast listeners). Rows that accept ICMP by a zone's target name both its protocols, for
   * either family.
   */
  readonly truth: string;
}

const CONF = { 'firewalld.conf': 'DefaultZone=public\nIPv6_rpfilter=no\n' };
const services = (...names: readonly string[]): string => names.map((name) => `  <service name="${name}"/>\n`).join('');
const zone = (items: string, attributes = ''): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<zone${attributes}>\n  <short>Zone</short>\n${items}</zone>\n`;
const service = (...ports: readonly string[]): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<service>\n${ports
    .map((port) => port.split(' '))
    .map(([protocol, port]) => `  <port protocol="${protocol}" port="${port}"/>\n`)
    .join('')}</service>\n`;
const ICMP = `
      198.51.100.50 icmp/icmpv6 from anywhere`;
const both = (what: string): string => `
      198.51.100.50 ${what} from anywhere
      2001:db8:0:1::50 ${what} from anywhere`;

/** Files as real servers have them. */
export const WILD: Readonly<Record<string, Wild>> = {
  'Enterprise Linux as installed: the DHCP client accepts link-local addresses alone': {
    etc: { ...CONF, 'zones/public.xml': zone(`${services('ssh', 'dhcpv6-client', 'cockpit')}  <forward/>\n`) },
    truth: ICMP + both('tcp 22,9090'),
  },
  'cPanel’s script: its service in the default zone, beside ssh': {
    etc: {
      ...CONF,
      'services/cpanel.xml': service(
        ...[
          'tcp 2082',
          'tcp 2083',
          'tcp 2086',
          'tcp 2087',
          'tcp 2095',
          'tcp 2096',
          'tcp 25',
          'tcp 80',
          'tcp 443',
          'tcp 3306',
        ],
        ...['tcp 53', 'udp 53', 'tcp 49152-65534'],
      ),
      'zones/public.xml': zone(services('ssh', 'dhcpv6-client', 'cpanel')),
    },
    truth: ICMP + both('tcp 22,25,53,80,443,2082-2083,2086-2087,2095-2096,3306,49152-65534') + both('udp 53'),
  },
  'a zone that drops, and the office by its address in trusted': {
    etc: {
      ...CONF,
      'zones/public.xml': zone(services('http', 'https'), ' target="DROP"'),
      'zones/trusted.xml': zone('  <source address="203.0.113.0/28"/>\n', ' target="ACCEPT"'),
    },
    truth: `
      198.51.100.50 all protocols from 203.0.113.0/28${both('tcp 80,443')}`,
  },
  'bans of fail2ban as rich rules, of one port and of all': {
    etc: {
      ...CONF,
      'zones/public.xml': zone(
        services('ssh', 'http') +
          '  <rule family="ipv4">\n    <source address="198.51.100.7"/>\n    <port port="22" protocol="tcp"/>\n' +
          '    <reject type="icmp-port-unreachable"/>\n  </rule>\n' +
          '  <rule family="ipv6">\n    <source address="2001:db8:77::/48"/>\n    <drop/>\n  </rule>\n',
      ),
    },
    truth: `
      198.51.100.50 icmp/icmpv6 from anywhere
      198.51.100.50 tcp 22 from anywhere but 198.51.100.7
      198.51.100.50 tcp 80 from anywhere
      2001:db8:0:1::50 tcp 22,80 from anywhere but 2001:db8:77::/48`,
  },
  'a list of networks in the zone drop': {
    etc: {
      ...CONF,
      'ipsets/blocked.xml':
        '<?xml version="1.0" encoding="utf-8"?>\n<ipset type="hash:net">\n  <option name="family" value="inet"/>\n' +
        '  <entry>203.0.113.0/24</entry>\n  <entry>198.18.7.0/24</entry>\n</ipset>\n',
      'zones/drop.xml': zone('  <source ipset="blocked"/>\n', ' target="DROP"'),
      'zones/public.xml': zone(services('https')),
    },
    truth: `
      198.51.100.50 icmp/icmpv6 from anywhere but 198.18.7.0/24, 203.0.113.0/24
      198.51.100.50 tcp 443 from anywhere but 198.18.7.0/24, 203.0.113.0/24
      2001:db8:0:1::50 tcp 443 from anywhere`,
  },
  'an own zone for the interface: WHM for the office, with a log line, and MySQL for one host': {
    etc: {
      'firewalld.conf': 'DefaultZone=drop\nIPv6_rpfilter=no\nLogDenied=all\n',
      'zones/hosting.xml': zone(
        '  <interface name="eth0"/>\n  <icmp-block name="echo-request"/>\n  <port port="80" protocol="tcp"/>\n  <port port="49152-65534" protocol="tcp"/>\n' +
          '  <rule family="ipv4">\n    <source address="203.0.113.0/28"/>\n    <port port="2087" protocol="tcp"/>\n    <log prefix="whm"/>\n    <accept/>\n  </rule>\n' +
          '  <rule family="ipv4">\n    <source address="192.0.2.9"/>\n    <service name="mysql"/>\n    <accept/>\n  </rule>\n',
      ),
    },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 icmpv6 from anywhere
      198.51.100.50 tcp 80,49152-65534 from anywhere
      198.51.100.50 tcp 2087 from 203.0.113.0/28
      198.51.100.50 tcp 3306 from 192.0.2.9
      2001:db8:0:1::50 tcp 80,49152-65534 from anywhere`,
  },
  'a published guide: everything is trusted, and a rich rule closes SSH': {
    etc: {
      'firewalld.conf': 'DefaultZone=trusted\nIPv6_rpfilter=no\n',
      'zones/trusted.xml': zone(
        '  <rule>\n    <port port="22" protocol="tcp"/>\n    <drop/>\n  </rule>\n',
        ' target="ACCEPT"',
      ),
    },
    truth: both('protocol 0/icmp/igmp/protocol 3/protocol 4/protocol 5/protocols 7-255') + both('tcp 0-21,23-65535'),
  },
  'a port that is forwarded to another of the server, for IPv4 alone': {
    etc: {
      ...CONF,
      'zones/public.xml': zone(`${services('https')}  <forward-port port="8443" protocol="tcp" to-port="2083"/>\n`),
    },
    truth: `${ICMP}
      198.51.100.50 tcp 443,8443 from anywhere
      198.51.100.50 tcp 8443 from anywhere port 2083
      2001:db8:0:1::50 tcp 443 from anywhere`,
  },
};
