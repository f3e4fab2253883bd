// Words of the grammar of nft: those that can't be names, and of these the ones that can be values.

/** Words of nft's grammar that can't be names. Source: each tried as a name with 1.0.6. */
export const RESERVED_WORDS = new Set(
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

/** Reserved words that can be values, too. */
export const VALUE_WORDS = new Set(
  'tcp udp udplite dccp sctp esp ah icmp icmpv6 igmp comp redirect ether ip ip6 vlan arp dnat snat ecn missing exists'.split(
    ' ',
  ),
);
