/**
 * Numbers by the names that netfilter's programs and the C library have for them: priorities, protocols, ports, ICMP
 * types and codes, flags. Source: nft 1.0.6, `nft describe`, and services(5) for ports.
 */

import { getSystemPorts } from '../../net/port-names';

const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
  out: 100,
};
export const findPriority = (word: string): number | undefined => PRIORITIES[word];

/** Types of addresses, in the order of their numbers. Source: linux/rtnetlink.h. */
export const FIB_TYPES = new Set(
  'unspec unicast local broadcast anycast multicast blackhole unreachable prohibit'.split(' '),
);

const PROTOCOLS = new Map<string, number>(
  Object.entries({
    hopopt: 0,
    'ipv6-hopopt': 0,
    ip: 0,
    icmp: 1,
    igmp: 2,
    ggp: 3,
    ipencap: 4,
    st: 5,
    tcp: 6,
    egp: 8,
    igp: 9,
    pup: 12,
    udp: 17,
    hmp: 20,
    'xns-idp': 22,
    rdp: 27,
    'iso-tp4': 29,
    dccp: 33,
    xtp: 36,
    ddp: 37,
    'idpr-cmtp': 38,
    ipv6: 41,
    'ipv6-route': 43,
    'ipv6-frag': 44,
    idrp: 45,
    rsvp: 46,
    gre: 47,
    esp: 50,
    ah: 51,
    skip: 57,
    'ipv6-icmp': 58,
    icmpv6: 58,
    icmp6: 58,
    'ipv6-nonxt': 59,
    'ipv6-opts': 60,
    rspf: 73,
    vmtp: 81,
    eigrp: 88,
    ospf: 89,
    ospfigp: 89,
    'ax.25': 93,
    ipip: 94,
    etherip: 97,
    encap: 98,
    pim: 103,
    ipcomp: 108,
    comp: 108,
    vrrp: 112,
    l2tp: 115,
    isis: 124,
    sctp: 132,
    fc: 133,
    'mobility-header': 135,
    udplite: 136,
    'mpls-in-ip': 137,
    manet: 138,
    hip: 139,
    shim6: 140,
    wesp: 141,
    rohc: 142,
    ethernet: 143,
  }),
);

const ICMP_TYPES = new Map<string, number>(
  Object.entries({
    'echo-reply': 0,
    'destination-unreachable': 3,
    'source-quench': 4,
    redirect: 5,
    'echo-request': 8,
    'router-advertisement': 9,
    'router-solicitation': 10,
    'time-exceeded': 11,
    'parameter-problem': 12,
    'timestamp-request': 13,
    'timestamp-reply': 14,
    'info-request': 15,
    'info-reply': 16,
    'address-mask-request': 17,
    'address-mask-reply': 18,
  }),
);

const ICMPV6_TYPES = new Map<string, number>(
  Object.entries({
    'destination-unreachable': 1,
    'packet-too-big': 2,
    'time-exceeded': 3,
    'parameter-problem': 4,
    'echo-request': 128,
    'echo-reply': 129,
    'mld-listener-query': 130,
    'mld-listener-report': 131,
    'mld-listener-done': 132,
    'mld-listener-reduction': 132,
    'nd-router-solicit': 133,
    'nd-router-advert': 134,
    'nd-neighbor-solicit': 135,
    'nd-neighbor-advert': 136,
    'nd-redirect': 137,
    'router-renumbering': 138,
    'ind-neighbor-solicit': 141,
    'ind-neighbor-advert': 142,
    'mld2-listener-report': 143,
  }),
);

/** The names in services(5) that Debian has with the same port. `http-alt` has one port there. */
const PORTS = new Map<string, number>([
  ...(
    'tcpmux echo discard daytime chargen ftp-data ftp ssh telnet smtp time whois tacacs domain bootps bootpc tftp gopher ' +
    'finger http www kerberos pop3 sunrpc auth nntp ntp netbios-ns netbios-dgm netbios-ssn imap imap2 snmp snmp-trap ' +
    'snmptrap bgp irc ldap https microsoft-ds submissions urd isakmp syslog dhcpv6-client dhcpv6-server rtsp nntps ' +
    'submission ipp ldaps domain-s rsync ftps ftps-data imaps pop3s socks openvpn ms-sql-s radius nfs mysql ms-wbt-server ' +
    'ipsec-nat-t sip sip-tls mdns postgresql x11'
  )
    .split(' ')
    .map((name) => [name, getSystemPorts(name)[0]!] as const),
  ['http-alt', 8080],
]);

/** Bits of the fields that are sets of flags. Source: linux/netfilter/nf_conntrack_common.h, tcp(7). */
export const FLAGS: Readonly<Record<string, ReadonlyMap<string, number>>> = {
  state: new Map(Object.entries({ invalid: 1, established: 2, related: 4, new: 8, untracked: 64 })),
  status: new Map(
    Object.entries({ expected: 1, 'seen-reply': 2, assured: 4, confirmed: 8, snat: 16, dnat: 32, dying: 512 }),
  ),
  tcp: new Map(Object.entries({ fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 })),
  direction: new Map(Object.entries({ original: 0, reply: 1 })),
  packet: new Map(Object.entries({ host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 })),
  family: new Map(Object.entries({ ipv4: 2, ipv6: 10, ip: 2, ip6: 10 })),
  ethertype: new Map(
    Object.entries({ ip: 0x0800, ip6: 0x86dd, arp: 0x0806, vlan: 0x8100, '8021q': 0x8100, '8021ad': 0x88a8 }),
  ),
  presence: new Map(Object.entries({ missing: 0, exists: 1 })),
  none: new Map(),
};

/** Source: `nft describe icmp_code` and `icmpv6_code`, 1.0.6. */
const ICMP_CODES = new Map<string, number>(
  Object.entries({
    'net-unreachable': 0,
    'host-unreachable': 1,
    'prot-unreachable': 2,
    'port-unreachable': 3,
    'frag-needed': 4,
    'net-prohibited': 9,
    'host-prohibited': 10,
    'admin-prohibited': 13,
  }),
);

const ICMPV6_CODES = new Map<string, number>(
  Object.entries({
    'no-route': 0,
    'admin-prohibited': 1,
    'addr-unreachable': 3,
    'port-unreachable': 4,
    'policy-fail': 5,
    'reject-route': 6,
  }),
);

export const NUMBERS_BY_NAME: Readonly<
  Record<'protocol' | 'icmp' | 'icmpv6' | 'icmp code' | 'icmpv6 code' | 'port', ReadonlyMap<string, number>>
> = {
  protocol: PROTOCOLS,
  icmp: ICMP_TYPES,
  icmpv6: ICMPV6_TYPES,
  'icmp code': ICMP_CODES,
  'icmpv6 code': ICMPV6_CODES,
  port: PORTS,
};
