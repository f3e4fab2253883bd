// Tables of iptables' options and targets for the parser, by iptables(8) and iptables-extensions(8) of 1.8.9.

/** The options of a rule that need no `-m`, by all their names. */
export const BASIC_OPTIONS: Readonly<Record<string, { readonly name: string; readonly values: number }>> =
  Object.fromEntries(
    (
      [
        ['protocol', 1, '-p', '--protocol', '--proto'],
        ['source', 1, '-s', '--source', '--src'],
        ['destination', 1, '-d', '--destination', '--dst'],
        ['in', 1, '-i', '--in-interface'],
        ['out', 1, '-o', '--out-interface'],
        ['fragment', 0, '-f', '--fragment'],
        ['counters', 2, '-c', '--set-counters'],
        ['match', 1, '-m', '--match'],
        ['jump', 1, '-j', '--jump'],
        ['goto', 1, '-g', '--goto'],
      ] as const
    ).flatMap(([name, values, ...words]) => words.map((word) => [word, { name, values }])),
  );

/** The match that a protocol implies. */
export const IMPLIED_MATCHES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tcp: 'tcp',
    '6': 'tcp',
    udp: 'udp',
    '17': 'udp',
    sctp: 'sctp',
    '132': 'sctp',
    dccp: 'dccp',
    '33': 'dccp',
    icmp: 'icmp',
    '1': 'icmp',
    'ipv6-icmp': 'icmp6',
    icmpv6: 'icmp6',
    '58': 'icmp6',
    esp: 'esp',
    '50': 'esp',
    ah: 'ah',
    '51': 'ah',
    'mobility-header': 'mh',
    mh: 'mh',
    '135': 'mh',
  }),
);

/** Matches for which the kernel tracks connections. */
export const TRACKING_MATCHES = new Set([
  'state',
  'conntrack',
  'connmark',
  'connbytes',
  'connlimit',
  'connlabel',
  'helper',
  'cluster',
]);
export const TRACKING_TARGETS = new Set([
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'NETMAP',
  'CONNMARK',
  'CONNSECMARK',
  'SYNPROXY',
]);

/**
 * Options whose value may look like another option, because iptables-save doesn't quote it. An unknown option takes the
 * words that don't begin with `-`.
 */
export const FREE_TEXT_OPTIONS = new Set(
  'string hex-string log-prefix nflog-prefix ulog-prefix hashlimit-name helper path uid-owner gid-owner nfacct-name rateest-name label'
    .split(' ')
    .map((word) => `--${word}`),
);

/** Targets of extensions that don't change whether a packet passes and where it goes. */
export const HARMLESS_TARGETS = new Set(
  `LOG NFLOG ULOG AUDIT TRACE CHECKSUM CLASSIFY SECMARK CONNSECMARK IDLETIMER LED RATEEST TCPMSS TCPOPTSTRIP ECN DSCP TOS TTL HL NFACCT`.split(
    ' ',
  ),
);

/** The supported targets; `OPAQUE_TARGETS` may do anything with a packet. */
const KNOWN_TARGETS =
  `ACCEPT DROP RETURN REJECT QUEUE MARK CONNMARK HMARK CT NOTRACK SET DNAT SNAT MASQUERADE REDIRECT NETMAP`.split(' ');
const OPAQUE_TARGETS =
  `NFQUEUE TPROXY TEE SYNPROXY CLUSTERIP DNPT SNPT MIRROR SAME RAWDNAT RAWSNAT TARPIT CHAOS DELUDE ECHO ACCOUNT DNETMAP
  IPMARK LOGMARK SYSRQ DHCPMAC STEAL FULLCONENAT FLOWOFFLOAD IMQ ROUTE BALANCE NFLOAD`.split(/\s+/);
export const TARGETS = new Set([...KNOWN_TARGETS, ...OPAQUE_TARGETS, ...HARMLESS_TARGETS]);

const toOptionNames = (text: string): ReadonlySet<string> => new Set(text.split(' ').map((word) => `--${word}`));
/** The supported options of a target. With any other option a target may do anything. */
export const TARGET_OPTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  ACCEPT: new Set(),
  DROP: new Set(),
  RETURN: new Set(),
  QUEUE: new Set(),
  NOTRACK: new Set(),
  DNAT: toOptionNames('to-destination random persistent'),
  SNAT: toOptionNames('to-source random random-fully persistent'),
  MASQUERADE: toOptionNames('to-ports random random-fully'),
  REDIRECT: toOptionNames('to-ports random'),
  NETMAP: toOptionNames('to'),
  CT: toOptionNames('notrack helper timeout ctevents expevents zone zone-orig zone-reply'),
  CONNMARK: toOptionNames('set-xmark set-mark and-mark or-mark xor-mark save-mark restore-mark nfmask ctmask mask'),
  SET: toOptionNames('add-set del-set map-set exist timeout map-mark map-prio map-queue'),
};

/**
 * The table in which the kernel takes a target, if it is limited to one. `inward`: true where destinations are
 * translated, false where sources are.
 */
export const TARGET_TABLES: Readonly<Record<string, { readonly table: string; readonly inward?: boolean }>> = {
  ...Object.fromEntries(
    'TTL HL TOS DSCP CHECKSUM ECN TPROXY TCPOPTSTRIP'.split(' ').map((name) => [name, { table: 'mangle' }]),
  ),
  DNAT: { table: 'nat', inward: true },
  REDIRECT: { table: 'nat', inward: true },
  SNAT: { table: 'nat', inward: false },
  MASQUERADE: { table: 'nat', inward: false },
  NETMAP: { table: 'nat' },
  CT: { table: 'raw' },
  NOTRACK: { table: 'raw' },
  REJECT: { table: 'filter' },
};
