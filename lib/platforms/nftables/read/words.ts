/** Names that nft(8) and its library give to numbers. Source: nft 1.0.6, `nft describe`, and services(5) for ports. */

const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
  out: 100,
};
export const priorityNamed = (word: string): number | undefined => PRIORITIES[word];

/** Words of nft's grammar that nothing can be called by. Source: each tried as a name with 1.0.6. */
export const RESERVED = new Set(
  `accept add ah all and arp auto-merge bridge cgroup chain comment comp constant continue counter cpu create ct day dccp define delete
   describe device devices dnat drop dst dup dynamic ecn element elements eq esp ether exists expires export exthdr fib flags flow
   flowtable flush frag fwd gc-interval ge goto gt handle hbh hook hour ibriport ibrname icmp icmpv6 igmp iif iifgroup iifname iiftype
   import include index inet insert interval ip ip6 ipsec jhash jump le limit list log lshift lt map mark masquerade meta mh missing
   monitor ne netdev nftrace notrack numgen obriport obrname oif oifgroup oifname oiftype or osf pkttype policy position priority queue
   quota random redefine redirect reject rename replace reset return rshift rt rt0 rt2 rtclassid rule ruleset sctp secmark set size skgid
   skuid snat socket srh symhash synproxy table tcp th time timeout tproxy type typeof udp udplite undefine update vlan vmap xor xt`.split(
    /\s+/,
  ),
);

/** Of these, the ones that are values, too. */
export const VALUE_WORDS = new Set(
  'tcp udp udplite dccp sctp esp ah icmp icmpv6 igmp comp redirect ether ip ip6 vlan arp dnat snat ecn missing exists'.split(' '),
);

export const FIB_TYPES = new Set('unspec unicast local broadcast anycast multicast blackhole unreachable prohibit'.split(' '));

export const VERDICTS = new Set(['accept', 'drop', 'return', 'continue', 'jump', 'goto', 'queue']);

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
    dccp: 33,
    ipv6: 41,
    'ipv6-route': 43,
    'ipv6-frag': 44,
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
    udplite: 136,
    manet: 138,
    hip: 139,
    shim6: 140,
  }),
);

const ICMP = new Map<string, number>(
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

const ICMPV6 = new Map<string, number>(
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

const PORTS = new Map<string, number>(
  Object.entries({
    tcpmux: 1,
    echo: 7,
    discard: 9,
    daytime: 13,
    chargen: 19,
    'ftp-data': 20,
    ftp: 21,
    ssh: 22,
    telnet: 23,
    smtp: 25,
    time: 37,
    whois: 43,
    tacacs: 49,
    domain: 53,
    bootps: 67,
    bootpc: 68,
    tftp: 69,
    gopher: 70,
    finger: 79,
    http: 80,
    www: 80,
    kerberos: 88,
    pop3: 110,
    sunrpc: 111,
    auth: 113,
    nntp: 119,
    ntp: 123,
    'netbios-ns': 137,
    'netbios-dgm': 138,
    'netbios-ssn': 139,
    imap: 143,
    imap2: 143,
    snmp: 161,
    'snmp-trap': 162,
    snmptrap: 162,
    bgp: 179,
    irc: 194,
    ldap: 389,
    https: 443,
    'microsoft-ds': 445,
    submissions: 465,
    urd: 465,
    isakmp: 500,
    syslog: 514,
    'dhcpv6-client': 546,
    'dhcpv6-server': 547,
    rtsp: 554,
    nntps: 563,
    submission: 587,
    ipp: 631,
    ldaps: 636,
    'domain-s': 853,
    rsync: 873,
    ftps: 990,
    'ftps-data': 989,
    imaps: 993,
    pop3s: 995,
    socks: 1080,
    openvpn: 1194,
    'ms-sql-s': 1433,
    radius: 1812,
    nfs: 2049,
    mysql: 3306,
    'ms-wbt-server': 3389,
    'ipsec-nat-t': 4500,
    sip: 5060,
    'sip-tls': 5061,
    mdns: 5353,
    postgresql: 5432,
    x11: 6000,
    'http-alt': 8080,
  }),
);

/** Bits of the fields that are sets of flags. Source: linux/netfilter/nf_conntrack_common.h, tcp(7). */
export const FLAGS: Readonly<Record<string, ReadonlyMap<string, number>>> = {
  state: new Map(Object.entries({ invalid: 1, established: 2, related: 4, new: 8, untracked: 64 })),
  status: new Map(Object.entries({ expected: 1, 'seen-reply': 2, assured: 4, confirmed: 8, snat: 16, dnat: 32, dying: 512 })),
  tcp: new Map(Object.entries({ fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 })),
  direction: new Map(Object.entries({ original: 0, reply: 1 })),
  packet: new Map(Object.entries({ host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 })),
  family: new Map(Object.entries({ ipv4: 2, ipv6: 10, ip: 2, ip6: 10 })),
  presence: new Map(Object.entries({ missing: 0, exists: 1 })),
  none: new Map(),
};

export const NUMBERS: Readonly<Record<'protocol' | 'icmp' | 'icmpv6' | 'port', ReadonlyMap<string, number>>> = {
  protocol: PROTOCOLS,
  icmp: ICMP,
  icmpv6: ICMPV6,
  port: PORTS,
};
