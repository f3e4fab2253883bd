import type { ServiceIntent, Sources } from './service-intent';
import type { CpanelFirewallProfileIntent } from './profile-intent';

export interface VirtualIpIntent {
  readonly name: string;
  /**
   * An outside interface of the gateway, which announces the address.
   *
   * @default the only outside interface
   * @example interface: 'wan0'
   * @throws intent/virtual-ip-interface-unset, intent/unknown-interface, intent/not-an-outside-interface
   */
  readonly interface?: string;
  /**
   * One address, or a subnet for the kinds proxy-arp and other. IPv4.
   *
   * @example address: '203.0.113.10'
   * @throws intent/bad-address, intent/host-bits-set, intent/ipv6-mapping, intent/public-is-own-address, intent/kind-needs-one-address,
   * intent/virtual-ip-overlap, intent/public-on-other-interface, intent/not-a-public-prefix, intent/link-local
   */
  readonly address: string;
  /**
   * Length of the network it is announced in, 1 to 32.
   *
   * @default for ip-alias and carp that of the interface's network that it lies in, else that of `address`
   * @example mask: 24
   * @throws intent/mask-differs
   */
  readonly mask?: number;
  /**
   * How the gateway answers for it: `ip-alias` on the interface, `carp` shared with a second gateway, `proxy-arp` answered for, `other`
   * routed to the gateway. A platform that doesn't have one refuses it by a code of its own.
   *
   * @default the one that the platform has; `ip-alias` where it has several
   * @example kind: 'carp'
   */
  readonly kind?: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  /**
   * The group of gateways that share it. Required for the kind carp, refused for the others.
   *
   * @default none
   * @example carp: { vhid: 10, advertiseSeconds: 1, skew: 100 }
   * @throws intent/carp-missing, intent/carp-without-effect
   */
  readonly carp?: {
    /** Number of the group, 1 to 255, once on an interface. @throws intent/duplicate */
    readonly vhid: number;
    /** Seconds between two advertisements, 1 to 254. @default 1 */
    readonly advertiseSeconds?: number;
    /** How far behind the others this gateway stands, 0 to 254; 0 is first. @default 0 */
    readonly skew?: number;
  };
  /**
   * What the gateway itself shall answer on it; each entry has its own `from`.
   *
   * @default nothing
   * @example answers: [{ protocol: 'icmp', types: [8], from: 'anywhere' }]
   * @throws intent/sources-unset
   */
  readonly answers?: readonly ServiceIntent[];
}

/**
 * How inside hosts reach public addresses. Without any, a mapping has `pure-nat` from every inside and dmz interface
 * and, where its server is managed and can, on the server too: cPanel & WHM must reach its own public addresses, and
 * hosts beside it resolve its names to them. That opens nothing new: those hosts reach the private address anyway.
 */
export interface ReflectionIntent {
  /**
   * `pure-nat`: by the gateway's rules; `disabled`: not at all; `nat-proxy` and `system-default` where the platform has them.
   *
   * @example mode: 'pure-nat'
   */
  readonly mode: 'nat-proxy' | 'pure-nat' | 'disabled' | 'system-default';
  /**
   * Interfaces whose hosts reach it.
   *
   * @default every one of role inside or dmz; none when disabled
   * @example from: ['lan0']
   * @throws intent/reflection-from-outside, intent/unknown-interface, intent/field-without-effect
   */
  readonly from?: readonly string[];
  /**
   * Whether the server's own processes reach it, by translation on the server; without, the gateway leads them back.
   *
   * @default true where its platform can, unless disabled
   * @example onServer: false
   */
  readonly onServer?: boolean;
  /**
   * pfSense translates the source of reflected connections, which hosts beside the server need, by one switch of the whole device; it
   * changes reflected port forwards of others, too. Whether it may be turned on. Says nothing on other platforms.
   *
   * @default false
   * @example globalHelper: true
   * @throws intent/field-without-effect
   */
  readonly globalHelper?: boolean;
}

export interface NatReflectionIntent extends ReflectionIntent {
  /** Name of the one mapping it is for. Left out: for all of the gateway that have none of their own. */
  readonly mapping?: string;
}

export interface OneToOneNatIntent {
  readonly name: string;
  /** Name of a virtual IP, whose whole prefix is the outside; or `outside`. Exactly one of the two. */
  readonly virtualIp?: string;
  /** An address or subnet within a virtual IP, or within a public prefix that is routed to an outside interface. */
  readonly outside?: string;
  /** An address, a subnet as large as the outside, or a server known to the gateway (by its device name). */
  readonly inside: string | { readonly server: string; readonly address?: string };
  /**
   * Only traffic with these peers is translated. Two mappings of one inside address with different peers are two faces of one server.
   *
   * @default anywhere
   * @example destination: ['198.51.100.0/24']
   * @throws intent/inside-twice, intent/families-differ
   */
  readonly destination?: Sources;
  /** What it must not translate. @default nothing @example exclude: [{ inside: '10.0.0.12', peer: '198.51.100.7' }] */
  readonly exclude?: readonly {
    /**
     * Address or subnet within the inside. One of the two is said at least.
     *
     * @default all of it
     * @throws intent/exclusion-outside, intent/exclusion-empty, intent/all-excluded
     */
    readonly inside?: string;
    /** Address or prefix at the other end, IPv4. @default everybody @throws intent/families-differ */
    readonly peer?: string;
  }[];
  /**
   * What is open to a host without a profile; each entry has its own `from`.
   *
   * @default nothing
   * @example open: [{ service: 'https', from: 'anywhere' }]
   * @throws intent/open-beside-profile, intent/open-to-nobody, intent/sources-unset
   */
  readonly open?: readonly ServiceIntent[];
  /** For a host without a managed server. Not together with `open`. */
  readonly profile?: CpanelFirewallProfileIntent;
  /** Not used for connections that the inside host opens: another mapping of it is. @default false @example inboundOnly: true */
  readonly inboundOnly?: boolean;
  /**
   * How inside hosts reach this mapping; wins over a NatReflection of the whole gateway.
   *
   * @default as NatReflection says, else `pure-nat`
   * @example reflection: { mode: 'disabled' }
   * @throws intent/duplicate
   */
  readonly reflection?: ReflectionIntent;
  /**
   * For people; reaches the device where the platform has a place for it. At most 200 characters.
   *
   * @default none
   * @example description: 'Mail relay'
   */
  readonly description?: string;
  /** `false` translates and opens nothing, and its virtual IP stays. @default true @example enabled: false */
  readonly enabled?: boolean;
}
