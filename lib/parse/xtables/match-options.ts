// Lists the matches (`-m`) of iptables that the parser supports, with their options.

/** The number of values that each option takes. */
type OptionValueCounts = Readonly<Record<string, number>>;

const PORT_OPTIONS: OptionValueCounts = { '--sport': 1, '--source-port': 1, '--dport': 1, '--destination-port': 1 };

/** The supported matches and their options. Any other match may hold or not. */
export const MATCH_OPTIONS: Readonly<Record<string, OptionValueCounts>> = {
  tcp: { ...PORT_OPTIONS, '--tcp-flags': 2, '--syn': 0, '--tcp-option': 1 },
  udp: PORT_OPTIONS,
  sctp: { ...PORT_OPTIONS, '--chunk-types': 2 },
  dccp: { ...PORT_OPTIONS, '--dccp-types': 1, '--dccp-option': 1 },
  icmp: { '--icmp-type': 1 },
  icmp6: { '--icmpv6-type': 1 },
  esp: { '--espspi': 1 },
  ah: { '--ahspi': 1, '--ahlen': 1, '--ahres': 0 },
  mh: { '--mh-type': 1 },
  multiport: { '--sports': 1, '--source-ports': 1, '--dports': 1, '--destination-ports': 1, '--ports': 1 },
  comment: { '--comment': 1 },
  state: { '--state': 1 },
  conntrack: Object.fromEntries(
    'state proto origsrc origdst replsrc repldst origsrcport origdstport replsrcport repldstport status expire dir'
      .split(' ')
      .map((word) => [`--ct${word}`, 1]),
  ),
  mark: { '--mark': 1 },
  connmark: { '--mark': 1 },
  addrtype: { '--src-type': 1, '--dst-type': 1, '--limit-iface-in': 0, '--limit-iface-out': 0 },
  iprange: { '--src-range': 1, '--dst-range': 1 },
  mac: { '--mac-source': 1 },
  pkttype: { '--pkt-type': 1 },
  set: {
    '--match-set': 2,
    '--return-nomatch': 0,
    '--update-counters': 0,
    '--update-subcounters': 0,
    '--packets-eq': 1,
    '--packets-lt': 1,
    '--packets-gt': 1,
    '--bytes-eq': 1,
    '--bytes-lt': 1,
    '--bytes-gt': 1,
  },
  recent: {
    '--set': 0,
    '--rcheck': 0,
    '--update': 0,
    '--remove': 0,
    '--seconds': 1,
    '--reap': 0,
    '--hitcount': 1,
    '--rttl': 0,
    '--name': 1,
    '--rsource': 0,
    '--rdest': 0,
    '--mask': 1,
  },
  rpfilter: { '--loose': 0, '--validmark': 0, '--accept-local': 0, '--invert': 0 },
};
