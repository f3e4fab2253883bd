// Types of the policy, the desired state of a device as data (gateway: virtual IPs, mappings, allow rules; server:
// allow rules, facts, NAT file). lib/intent makes it, generators and lib/spec consume it. It knows addresses
// (lib/net), and no platform's text.

import { Address, Prefix } from '../net/address';
import { NetworkInterface, NumberRange } from '../net/device';
import { Range } from '../net/range';

/**
 * The desired state of one owner on one device, vendor-neutral: complete, without defaults, without vendor words,
 * immutable. Objects are shared on purpose: the hosts of one profile hold the same `AllowRules` object, so that
 * generators and the spec work once per distinct profile.
 */
export type Policy = GatewayPolicy | ServerPolicy;

interface PolicyBase {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  readonly version: string;
  readonly interfaces: readonly NetworkInterface[];
  /** Sessions on a port that closes: `terminate` ends them with it, `keep` lets them end by themselves. */
  readonly establishedSessions: 'terminate' | 'keep';
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
  readonly external: Prefix;
  /** Length of the network it is announced in, for kinds that put the address on the interface. */
  readonly mask: number;
  readonly kind: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  readonly carp?: { readonly vhid: number; readonly advertiseSeconds: number; readonly skew: number };
  /** Untranslated traffic to it that the gateway itself shall answer; empty: dropped. */
  readonly answers: AllowRules;
}

/**
 * One 1:1 NAT. `external` and `internal` have the same length; the n-th address of one stands for the n-th of the other.
 */
export interface Mapping {
  readonly name: string;
  readonly description: string;
  /** The outside interface that the mapping is on: its VIP's. */
  readonly interface: string;
  readonly external: Prefix;
  readonly internal: Prefix;
  /** Destination restriction: only traffic with these peers is translated. */
  readonly peers: 'anywhere' | readonly Range[];
  /**
   * The packets that it must not translate: those of this part of the internal prefix with these peers. Each part may be
   * everything.
   */
  readonly exclude: readonly {
    readonly internal: 'all' | readonly Range[];
    readonly peers: 'anywhere' | readonly Range[];
  }[];
  /** True if it isn't used for connections that the inside host opens; another mapping of the host is. */
  readonly inboundOnly: boolean;
  /** A disabled mapping translates nothing and allows nothing; its VIP stays. */
  readonly enabled: boolean;
  readonly allowRules: AllowRules;
  readonly reflection: Reflection;
}

/**
 * How inside hosts reach the public addresses of a mapping. `pure-nat`: the gateway's rules translate packets from the
 * named interfaces; if client and server share a subnet, the source becomes the gateway's address in it. `nat-proxy` is
 * for platforms that relay. `disabled`: public addresses are not reachable from inside.
 */
export interface Reflection {
  readonly mode: 'nat-proxy' | 'pure-nat' | 'disabled' | 'system-default';
  /** Names of the interfaces whose hosts reach it; never outside ones. */
  readonly from: readonly string[];
  /**
   * Whether the platform's switch that translates reflected sources may be turned on, if one switch serves the whole
   * device.
   */
  readonly globalHelper: boolean;
}

/** All allow rules of one host. There is one object per distinct profile. */
export interface AllowRules {
  /** Name for people: that of the profile or of the mapping. */
  readonly name: string;
  readonly entries: readonly AllowRule[];
  /** Sources that reach only what management rules allow. Empty: no source is blocked. */
  readonly blocked: readonly Range[];
}

/** One allow rule: these ports, this protocol, from these sources. */
export interface AllowRule {
  /** IANA protocol number. Ports exist for 6 (TCP), 17 (UDP), 33 (DCCP), 132 (SCTP), 136 (UDPLite). ICMP is 1, ICMPv6 58. */
  readonly protocol: number;
  /** Destination ports; ICMP types for 1 and 58; `all` for protocols without either. */
  readonly ports: 'all' | readonly NumberRange[];
  readonly sources: 'anywhere' | readonly Range[];
  /** True if the rule comes before `blocked`. */
  readonly management: boolean;
  /** The service name or preset that the rule came from, for people. */
  readonly origin: string;
}

export interface ServerPolicy extends PolicyBase {
  readonly kind: 'server';
  /** Every local address, IPv4 and IPv6. */
  readonly localAddresses: readonly Address[];
  /**
   * Trusted networks: prefixes whose connections the policy leaves alone (backup, monitoring, the operator's network).
   */
  readonly trustedNetworks: readonly Range[];
  /** `listed`: trusted networks, too, reach only what an allow rule names. */
  readonly trustedConnections: 'unmanaged' | 'listed';
  readonly allowRules: AllowRules;
  /** Connections that the server opens: all, or only these. */
  readonly outbound: 'anywhere' | readonly OutboundRule[];
  /** The server's own public addresses that its processes reach directly (hairpin on the server), by output DNAT. */
  readonly ownPublic: readonly { readonly public: Address; readonly local: Address }[];
  /** The public addresses that cPanel assumes. Undefined: the release doesn't write that file. */
  readonly cpnat?: CpnatPolicy;
  /** Other firewalls of the server that this one replaces: `ufw`, and platforms that can give way. Undefined: none. */
  readonly replaces?: readonly string[];
  /** Facts that were captured of the server. None of its rules depends on them. Undefined: nothing is known. */
  readonly facts?: ServerFacts;
  /** The effect of removing the release: `keep closed` leaves the inbound rules, `as before` removes all rules. */
  readonly onRemove: 'keep closed' | 'as before';
}

/**
 * The desired contents of `/var/cpanel/cpnat`. `off`: there is no such file, as on a server that has its public
 * addresses itself.
 */
export interface CpnatPolicy {
  readonly natMode: 'on' | 'off';
  /** One per line of the file, IPv4. No local address and no public address occurs twice. */
  readonly pairs: readonly { readonly local: Address; readonly public: Address }[];
  /** The reaction if accounts exist whose zones and mail have the previous addresses. */
  readonly serverInUse: 'refuse' | 'change';
  /** The page that cPanel asks for its public address. Undefined: unchanged. */
  readonly myip?: string;
  /** The address and ports that Pure-FTPd tells clients of passive connections. Undefined: unchanged. */
  readonly passiveFtp?: { readonly address: Address; readonly ports?: NumberRange };
}

/** Facts about a server besides its rules. An undefined property isn't known. */
export interface ServerFacts {
  /** In the words of os-release: `ubuntu 22.04`. */
  readonly system?: string;
  /** Version of cPanel. */
  readonly cpanel?: string;
  readonly hasAccounts?: boolean;
  /** Roles of cPanel's server profile that are off: `webserver`. */
  readonly rolesOff?: readonly string[];
  /** All TCP and UDP ports on which a program listens where other hosts reach it. */
  readonly listens?: readonly ListeningPort[];
  /** True if cpanel. and whm. of each domain lead to the panel. */
  readonly serviceSubdomains?: boolean;
  /** True if a client without TLS is redirected to the panel's port with TLS. */
  readonly redirectsToTls?: boolean;
  /** The provider that signs certificates; `off`: none. */
  readonly autossl?: string;
  /** True if Exim offers TLS older than 1.2. */
  readonly eximOldTls?: boolean;
  /** Passive ports of Pure-FTPd. */
  readonly passiveFtp?: NumberRange;
  /** Units of firewalls that start with the server, or run. */
  readonly firewalls?: readonly string[];
  /** Cron files that run the vendor's script for firewalls. */
  readonly plans?: readonly string[];
  /** Lines of `/var/cpanel/cpnat`. */
  readonly cpnat?: 'absent' | 'empty' | readonly string[];
  /** The host that is asked for public addresses, if it isn't the vendor's. */
  readonly myip?: string;
}

export interface ListeningPort {
  /** IANA number: 6 or 17. */
  readonly protocol: number;
  readonly port: number;
  /** The process name; `?` if it isn't known. */
  readonly program: string;
}

export interface OutboundRule {
  readonly protocol: number;
  readonly ports: 'all' | readonly NumberRange[];
  /** Source ports that the connection must have, e.g. 4 and 1020 for licensing. */
  readonly sourcePorts: 'all' | readonly NumberRange[];
  readonly destinations: 'anywhere' | readonly Range[];
  readonly origin: string;
}
