import { Address, Prefix } from '../net/address';
import { NetworkInterface, NumberRange } from '../net/device';
import { Range } from '../net/range';

/**
 * The vendor-neutral wish of one owner on one device: complete, no defaults, no vendor words, immutable.
 * Objects are shared on purpose: the hosts of one profile hold the same `Openings` object, so that writers and
 * meaning work once per distinct profile.
 */
export type Policy = GatewayPolicy | ServerPolicy;

interface PolicyBase {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  readonly version: string;
  readonly interfaces: readonly NetworkInterface[];
  /** `cut`: sessions on a port that closes end with it. `finish`: they may go on until they end. */
  readonly whenClosed: 'cut' | 'finish';
}

export interface GatewayPolicy extends PolicyBase {
  readonly kind: 'gateway';
  readonly virtualIps: readonly VirtualIp[];
  readonly mappings: readonly Mapping[];
}

export interface VirtualIp {
  readonly name: string;
  readonly interface: string;
  /** A single address or a subnet. */
  readonly outside: Prefix;
  /** Length of the network it is announced in, for kinds that put the address on the interface. */
  readonly mask: number;
  readonly kind: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  readonly carp?: { readonly vhid: number; readonly advertiseSeconds: number; readonly skew: number };
  /** Untranslated traffic to it that the gateway itself shall answer; empty: dropped. */
  readonly answers: AllowRules;
}

/** One 1:1 NAT. `outside` and `inside` have the same length; the n-th address of one stands for the n-th of the other. */
export interface Mapping {
  readonly name: string;
  readonly description: string;
  /** The outside interface it lives on, its VIP's. */
  readonly interface: string;
  readonly outside: Prefix;
  readonly inside: Prefix;
  /** Destination restriction: only traffic with these peers is translated. */
  readonly peers: 'anywhere' | readonly Range[];
  /** What it must not translate: the part of the inside prefix, for the peers (each part may be everything). */
  readonly exclude: readonly {
    readonly inside: 'all' | readonly Range[];
    readonly peers: 'anywhere' | readonly Range[];
  }[];
  /** Not used for connections that the inside host opens; another mapping of the host is. */
  readonly inboundOnly: boolean;
  /** A disabled mapping translates nothing and opens nothing; its VIP stays. */
  readonly enabled: boolean;
  readonly openings: AllowRules;
  readonly reflection: Reflection;
}

/**
 * How inside hosts reach the public addresses of a mapping. `pure-nat`: translated by the gateway's rules, from the
 * named interfaces; where client and server share a subnet the source becomes the gateway's address on it. `nat-proxy` is for
 * platforms that relay. `disabled`: public addresses are not reachable from inside.
 */
export interface Reflection {
  readonly mode: 'nat-proxy' | 'pure-nat' | 'disabled' | 'system-default';
  /** Names of the interfaces whose hosts reach it; never outside ones. */
  readonly from: readonly string[];
  /** Where a platform translates reflected sources by one switch of the whole device: whether it may be turned on. */
  readonly globalHelper: boolean;
}

/** What may be opened to one host, as a whole. One object per distinct profile. */
export interface AllowRules {
  /** Name for people: of the profile, or of the mapping. */
  readonly name: string;
  readonly entries: readonly AllowRule[];
  /** Sources that nothing but management is open to. Empty: none. */
  readonly blocked: readonly Range[];
}

/** One wish: these ports, this protocol, from these sources. */
export interface AllowRule {
  /** IANA protocol number. Ports exist for 6 (TCP), 17 (UDP), 33 (DCCP), 132 (SCTP), 136 (UDPLite). ICMP is 1, ICMPv6 58. */
  readonly protocol: number;
  /** Destination ports; ICMP types for 1 and 58; `all` for protocols without either. */
  readonly ports: 'all' | readonly NumberRange[];
  readonly sources: 'anywhere' | readonly Range[];
  /** Comes before `blocked`. */
  readonly management: boolean;
  /** Service name or preset that it came from, for people. */
  readonly because: string;
}

export interface ServerPolicy extends PolicyBase {
  readonly kind: 'server';
  /** Every local address, IPv4 and IPv6. */
  readonly localAddresses: readonly Address[];
  /** Prefixes whose connections aren't ours to close (backup, monitoring, the operator's network). */
  readonly inside: readonly Range[];
  /** `listed`: inside sources get only what is opened, too. */
  readonly insideConnections: 'unmanaged' | 'listed';
  readonly openings: AllowRules;
  /** Connections that the server opens: everything, or only these. */
  readonly outbound: 'anywhere' | readonly OutboundRule[];
  /** Own public addresses that processes of the server reach directly (hairpin on the server), by output DNAT. */
  readonly ownPublic: readonly { readonly public: Address; readonly local: Address }[];
  /** What cPanel takes for its public addresses. Absent: nobody of ours writes that. */
  readonly cpnat?: CpnatPolicy;
  /** Other firewalls of the server that give way to this one: `ufw`, and platforms that can. Absent: none. */
  readonly replaces?: readonly string[];
  /** What was captured of the server. No rule of it depends on that. Absent: nothing is known. */
  readonly facts?: ServerFacts;
  /** What removal of the release does: the inbound rules stay, or all rules go. */
  readonly onRetract: 'keep closed' | 'as before';
}

/** Of `/var/cpanel/cpnat`. `off`: no such file, as on a server that has its public addresses itself. */
export interface CpnatPolicy {
  readonly natMode: 'on' | 'off';
  /** A line each, IPv4: no local address and no public one twice. */
  readonly pairs: readonly { readonly local: Address; readonly public: Address }[];
  /** Where there are accounts whose zones and mail have the addresses of before. */
  readonly serverInUse: 'refuse' | 'change';
  /** Page that cPanel asks as whom it is seen. Absent: as it was. */
  readonly myip?: string;
  /** What Pure-FTPd tells clients of passive connections. Absent: as it was. */
  readonly passiveFtp?: { readonly address: Address; readonly ports?: NumberRange };
}

/** What a server has besides its rules. Whatever is absent isn't known. */
export interface ServerFacts {
  /** As os-release says: `ubuntu 22.04`. */
  readonly system?: string;
  /** Version of cPanel. */
  readonly cpanel?: string;
  readonly hasAccounts?: boolean;
  /** Roles of cPanel's server profile that are off: `webserver`. */
  readonly rolesOff?: readonly string[];
  /** All TCP and UDP ports on which something listens where others reach it. */
  readonly listens?: readonly ListeningPort[];
  /** cpanel. and whm. of each domain lead to the panel. */
  readonly serviceSubdomains?: boolean;
  /** Whoever comes without TLS to the panel is sent to the port with it. */
  readonly redirectsToTls?: boolean;
  /** Who signs certificates; `off`: nobody. */
  readonly autossl?: string;
  /** Exim offers TLS older than 1.2. */
  readonly eximOldTls?: boolean;
  /** Of Pure-FTPd. */
  readonly passiveFtp?: NumberRange;
  /** Units of firewalls that are started with the server, or run. */
  readonly firewalls?: readonly string[];
  /** Files of cron that run the vendor's script for firewalls. */
  readonly plans?: readonly string[];
  /** Lines of `/var/cpanel/cpnat`. */
  readonly cpnat?: 'absent' | 'empty' | readonly string[];
  /** Host that is asked for public addresses, where another than the vendor's was set. */
  readonly myip?: string;
}

export interface ListeningPort {
  /** IANA number: 6 or 17. */
  readonly protocol: number;
  readonly port: number;
  /** As the process is called; `?` where nobody knows. */
  readonly program: string;
}

export interface OutboundRule {
  readonly protocol: number;
  readonly ports: 'all' | readonly NumberRange[];
  /** Source ports that the connection must have, e.g. 4 and 1020 for licensing. */
  readonly sourcePorts: 'all' | readonly NumberRange[];
  readonly destinations: 'anywhere' | readonly Range[];
  readonly because: string;
}
