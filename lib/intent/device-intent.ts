// Types of what users write for a gateway (interfaces, networks behind them), and of the fields that gateways and
// servers share.

import type { SourceSets } from './service-intent';

/** A network interface of a gateway, with the networks behind it. */
export interface InterfaceIntent {
  /** Name of the interface on the device. @example name: 'eth0' @throws intent/bad-interface-name, intent/duplicate */
  readonly name: string;
  /**
   * Side of the gateway that the interface is on. A gateway has at least one outside interface.
   *
   * @example role: 'outside'
   * @throws intent/no-outside-interface
   */
  readonly role: 'outside' | 'inside' | 'dmz' | 'vpn';
  /**
   * The interface's own addresses, each with the prefix length of its network. Virtual IPs aren't listed here.
   *
   * @example addresses: ['203.0.113.2/28']
   * @throws intent/bad-address, intent/network-address, intent/duplicate, intent/same-network-twice
   */
  readonly addresses: readonly string[];
  /**
   * Public networks whose packets arrive by this interface. Only for outside interfaces.
   *
   * @default none
   * @example publicPrefixes: [{ prefix: '203.0.113.16/28', delivery: 'routed' }]
   * @throws intent/public-prefix-not-outside
   */
  readonly publicPrefixes?: readonly {
    /** The network as a prefix: `203.0.113.16/28`. @throws intent/bad-address, intent/host-bits-set */
    readonly prefix: string;
    /**
     * `on-link`: the upstream router asks for each address by ARP. `routed`: it routes the network to the gateway, and
     * no address needs an ARP answer.
     */
    readonly delivery: 'on-link' | 'routed';
  }[];
  /**
   * Networks behind the interface other than those of its addresses.
   *
   * @default none
   * @example routes: ['10.0.16.0/28']
   * @throws intent/bad-address, intent/host-bits-set, intent/everything-as-prefix
   */
  readonly routes?: readonly string[];
  /**
   * Whether a VPN ends at the interface, as `import` found it. It is information for people: neither the generated
   * config nor the proof depends on it.
   *
   * @default false
   * @example terminatesVpn: true
   */
  readonly terminatesVpn?: boolean;
}

/**
 * A health check: a first packet that must stay allowed. The device evaluates it before a release is kept.
 *
 * @throws intent/families-differ
 */
export interface HealthCheckIntent {
  /**
   * Interface by which the packet arrives.
   *
   * @default the only outside interface of a gateway, the only interface of a server
   * @example interface: 'wan0'
   * @throws intent/witness-interface-unset, intent/unknown-interface
   */
  readonly interface?: string;
  /** Source address of the packet. @example from: '198.51.100.7' @throws intent/bad-address */
  readonly from: string;
  /**
   * Destination address of the packet, before any translation.
   *
   * @example to: '203.0.113.10'
   * @throws intent/bad-address
   */
  readonly to: string;
  /** Protocol of the destination port. @default tcp @example protocol: 'udp' */
  readonly protocol?: 'tcp' | 'udp';
  /** Destination port, 1 to 65535. @example port: 443 */
  readonly port: number;
}

/** Fields that gateways and servers share. */
export interface DeviceIntent {
  /** Name of the device in Terraform and in reports. */
  readonly device: string;
  /** Owner of this part of the device. Parts of other owners are never touched. */
  readonly owner: string;
  /** Platform that runs on the device: `nftables`. */
  readonly platform: string;
  /** Version of the platform, as its own tool prints it: `1.0.6`. */
  readonly version: string;
  /**
   * Established sessions on a port that closes: `terminate` ends them, `keep` lets them end by themselves.
   *
   * @default terminate
   * @example establishedSessions: 'keep'
   */
  readonly establishedSessions?: 'terminate' | 'keep';
  /**
   * Health checks: first packets that must stay allowed. Each delivery evaluates them on the device, and a release that
   * denies one is rolled back. A new health check alone plans no delivery, because no rule changes.
   *
   * @default none
   * @example healthChecks: [{ from: '198.51.100.7', to: '203.0.113.10', port: 443 }]
   * @throws constructs/witness-denied
   */
  readonly healthChecks?: readonly HealthCheckIntent[];
  /**
   * Owner token of this owner on the device, to take the owner over from another state. It is the id of
   * `terraform_data.<device>_<owner>_holder` in that state.
   *
   * @default nothing is taken over
   * @example adopt: '01234567-89ab-cdef-0123-456789abcdef'
   * @throws intent/bad-lease
   */
  readonly adopt?: string;
}

/** A gateway: its interfaces, and the rules on it that aren't ours. */
export interface GatewayIntent extends DeviceIntent {
  /**
   * All interfaces of the device. Each is an object, or a text as plans print it: `wan: outside 203.0.113.2/24`.
   *
   * @example interfaces: ['wan: outside 203.0.113.2/24', { name: 'lan', role: 'inside', addresses: ['10.0.0.1/24'] }]
   * @throws intent/no-outside-interface, intent/duplicate, intent/same-network-twice
   */
  readonly interfaces: readonly (InterfaceIntent | `${string}: ${InterfaceIntent['role']} ${string}`)[];
  /**
   * Source sets that `from`, `destination` and `answers` of the gateway's mappings and virtual IPs may name.
   *
   * @default none
   * @example sourceSets: { office: ['198.51.100.0/24'] }
   */
  readonly sourceSets?: SourceSets;
  /**
   * Captured config: the text that `cpanel-edge capture` wrote, with the rules on the device that aren't ours. The
   * proof is made on it. It is for platforms with one configuration file for all owners (pfSense).
   *
   * @default the proof is made on a device that has nothing but its interfaces and our entries
   * @example capturedConfig: readFileSync('edge1.captured.xml', 'utf8')
   */
  readonly capturedConfig?: string;
}

/** A gateway's intent with each interface written as an object. */
export type ExpandedGatewayIntent = Omit<GatewayIntent, 'interfaces'> & {
  readonly interfaces: readonly InterfaceIntent[];
};
