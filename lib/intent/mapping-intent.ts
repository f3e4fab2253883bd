// Types of what users write for virtual IPs, 1:1 NAT mappings and NAT reflection.

import type { ServiceIntent, Sources } from './service-intent';
import type { CpanelFirewallProfileIntent } from './profile-intent';

/** A virtual IP: a public address, or a subnet of them, that a gateway answers for. */
export interface VirtualIpIntent {
  /** Name of the virtual IP in plans and reports. */
  readonly name: string;
  /**
   * Outside interface on which the gateway announces the address.
   *
   * @default the only outside interface
   * @example interface: 'wan0'
   * @throws intent/virtual-ip-interface-unset, intent/unknown-interface, intent/not-an-outside-interface
   */
  readonly interface?: string;
  /**
   * An IPv4 address; a subnet only for the kinds proxy-arp and other.
   *
   * @example address: '203.0.113.10'
   * @throws intent/bad-address, intent/host-bits-set, intent/ipv6-mapping, intent/public-is-own-address,
   * intent/kind-needs-one-address, intent/virtual-ip-overlap, intent/public-on-other-interface,
   * intent/not-a-public-prefix, intent/link-local
   */
  readonly address: string;
  /**
   * Prefix length of the network in which the address is announced, 1 to 32.
   *
   * @default for ip-alias and carp, that of the interface's network that contains the address; else that of `address`
   * @example mask: 24
   * @throws intent/mask-differs
   */
  readonly mask?: number;
  /**
   * How the gateway answers for the address. `ip-alias`: the interface has it. `carp`: the gateway shares it with a
   * second one. `proxy-arp`: the gateway answers ARP for it. `other`: it is routed to the gateway. A platform refuses a
   * kind that it doesn't have, by a code of its own.
   *
   * @default the platform's only kind; `ip-alias` if it has several
   * @example kind: 'carp'
   */
  readonly kind?: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  /**
   * CARP group of the gateways that share the address. Required for the kind carp, refused for all others.
   *
   * @default none
   * @example carp: { vhid: 10, advertiseSeconds: 1, skew: 100 }
   * @throws intent/carp-missing, intent/carp-without-effect
   */
  readonly carp?: {
    /** Number of the CARP group, 1 to 255. It is unique on an interface. @throws intent/duplicate */
    readonly vhid: number;
    /** Seconds between two CARP advertisements, 1 to 254. @default 1 */
    readonly advertiseSeconds?: number;
    /** CARP skew of this gateway, 0 to 254. A lower one comes first. @default 0 */
    readonly skew?: number;
  };
  /**
   * Services that the gateway itself answers on the address. Each entry has its own `from`.
   *
   * @default nothing
   * @example answers: [{ protocol: 'icmp', types: [8], from: 'anywhere' }]
   * @throws intent/sources-unset
   */
  readonly answers?: readonly ServiceIntent[];
}

/**
 * NAT reflection (hairpin): how inside hosts reach public addresses. Without any, a mapping has `pure-nat` from every
 * inside and dmz interface. A managed server whose platform can translate them has it for its own connections, too.
 * cPanel & WHM must reach its own public addresses, and hosts beside it resolve its names to them. This opens nothing
 * new: those hosts reach the private address anyway.
 */
export interface ReflectionIntent {
  /**
   * `pure-nat`: by rules of the gateway. `disabled`: not at all. `nat-proxy`, `system-default`: on platforms that have
   * them.
   *
   * @example mode: 'pure-nat'
   */
  readonly mode: 'nat-proxy' | 'pure-nat' | 'disabled' | 'system-default';
  /**
   * Interfaces whose hosts reach the public address.
   *
   * @default all interfaces of role inside or dmz; none if `disabled`
   * @example from: ['lan0']
   * @throws intent/reflection-from-outside, intent/unknown-interface, intent/field-without-effect
   */
  readonly from?: readonly string[];
  /**
   * Whether the server translates connections of its own processes to the public address. If false, the gateway
   * translates them back to the server.
   *
   * @default true if the server's platform can, unless `disabled`
   * @example onServer: false
   */
  readonly onServer?: boolean;
  /**
   * Whether pfSense may translate the source of reflected connections. Hosts beside the server need it. pfSense has one
   * switch for the whole device, which changes other owners' reflected port forwards, too. Other platforms ignore this.
   *
   * @default false
   * @example globalHelper: true
   * @throws intent/field-without-effect
   */
  readonly globalHelper?: boolean;
}

/** NAT reflection of one mapping, or of a whole gateway. */
export interface NatReflectionIntent extends ReflectionIntent {
  /** Name of the mapping. Without it, the reflection is for all mappings of the gateway that have none of their own. */
  readonly mapping?: string;
}

/** A mapping (1:1 NAT): an external and an internal address, or two subnets of one size, translated both ways. */
export interface OneToOneNatIntent {
  /** Name of the mapping in plans and reports. */
  readonly name: string;
  /** Name of a virtual IP, whose whole prefix is the external address. Write either this or `external`. */
  readonly virtualIp?: string;
  /** External address or subnet: part of a virtual IP, or of a public prefix that is routed to an outside interface. */
  readonly external?: string;
  /**
   * Internal address; a subnet as large as the external one; or a server that the gateway knows, by its device name.
   */
  readonly internal: string | { readonly server: string; readonly address?: string };
  /**
   * Peers whose traffic is translated; all other traffic isn't. Two mappings with different peers may have the same
   * internal address.
   *
   * @default anywhere
   * @example destination: ['198.51.100.0/24']
   * @throws intent/inside-twice, intent/families-differ
   */
  readonly destination?: Sources;
  /**
   * Traffic that the mapping doesn't translate. Each entry has `internal`, `peer` or both.
   *
   * @default nothing
   * @example exclude: [{ internal: '10.0.0.12', peer: '198.51.100.7' }]
   */
  readonly exclude?: readonly {
    /**
     * Address or subnet within the internal address.
     *
     * @default the whole internal address
     * @throws intent/exclusion-outside, intent/exclusion-empty, intent/all-excluded
     */
    readonly internal?: string;
    /** Address or prefix of the peer, IPv4. @default all peers @throws intent/families-differ */
    readonly peer?: string;
  }[];
  /**
   * Services that are open on a host without a profile. Each entry has its own `from`.
   *
   * @default nothing
   * @example open: [{ service: 'https', from: 'anywhere' }]
   * @throws intent/open-beside-profile, intent/open-to-nobody, intent/sources-unset
   */
  readonly open?: readonly ServiceIntent[];
  /** Firewall profile of a host that isn't a managed server. Refused together with `open`. */
  readonly profile?: CpanelFirewallProfileIntent;
  /**
   * If true, connections that the internal host opens use another mapping of the host.
   *
   * @default false
   * @example inboundOnly: true
   */
  readonly inboundOnly?: boolean;
  /**
   * NAT reflection of this mapping. It overrides a NatReflection of the whole gateway.
   *
   * @default that of the gateway's NatReflection, else `pure-nat`
   * @example reflection: { mode: 'disabled' }
   * @throws intent/duplicate
   */
  readonly reflection?: ReflectionIntent;
  /**
   * Text for people, at most 200 characters. The device shows it if the platform has a place for it.
   *
   * @default none
   * @example description: 'Mail relay'
   */
  readonly description?: string;
  /** If false, the mapping translates and opens nothing. Its virtual IP stays. @default true @example enabled: false */
  readonly enabled?: boolean;
}
