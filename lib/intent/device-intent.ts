import type { SourceSets } from './service-intent';

/** A network interface of a gateway, and what is behind it. */
export interface InterfaceIntent {
  /** As the device calls it. @example name: 'eth0' @throws intent/bad-interface-name, intent/duplicate */
  readonly name: string;
  /** Who is behind it. At least one interface of a gateway is outside. @example role: 'outside' @throws intent/no-outside-interface */
  readonly role: 'outside' | 'inside' | 'dmz' | 'vpn';
  /**
   * Its own addresses with their network's length. VIPs are parts of their own.
   *
   * @example addresses: ['203.0.113.2/28']
   * @throws intent/bad-address, intent/network-address, intent/duplicate, intent/same-network-twice
   */
  readonly addresses: readonly string[];
  /**
   * Public networks that arrive by it. Outside interfaces only.
   *
   * @default none
   * @example publicPrefixes: [{ prefix: '203.0.113.16/28', delivery: 'routed' }]
   * @throws intent/public-prefix-not-outside
   */
  readonly publicPrefixes?: readonly {
    /** The network: `203.0.113.16/28`. @throws intent/bad-address, intent/host-bits-set */
    readonly prefix: string;
    /** `on-link`: the router before it asks for each address by ARP; `routed`: it sends them here, and nothing has to answer ARP. */
    readonly delivery: 'on-link' | 'routed';
  }[];
  /**
   * Networks behind it besides those of its addresses.
   *
   * @default none
   * @example routes: ['10.0.16.0/28']
   * @throws intent/bad-address, intent/host-bits-set, intent/everything-as-prefix
   */
  readonly routes?: readonly string[];
  /**
   * Whether a VPN ends here, as `import` found it: for people. It changes nothing that is written or proven.
   *
   * @default false
   * @example terminatesVpn: true
   */
  readonly terminatesVpn?: boolean;
}

/**
 * A first packet that must stay allowed; evaluated on the device before a release is kept.
 *
 * @throws intent/families-differ
 */
export interface WitnessIntent {
  /**
   * Interface by which it arrives.
   *
   * @default of a gateway its only outside interface, of a server its only interface
   * @example arrives: 'wan0'
   * @throws intent/witness-interface-unset, intent/unknown-interface
   */
  readonly arrives?: string;
  /** Address of the sender. @example from: '198.51.100.7' @throws intent/bad-address */
  readonly from: string;
  /** Address that the sender names, before any translation. @example to: '203.0.113.10' @throws intent/bad-address */
  readonly to: string;
  /** Of its destination port. @default tcp @example protocol: 'udp' */
  readonly protocol?: 'tcp' | 'udp';
  /** Destination port, 1 to 65535. @example port: 443 */
  readonly port: number;
}

/** What gateways and servers have in common. */
export interface DeviceIntent {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  /** Of the platform, as its own tool prints it: `1.0.6`. */
  readonly version: string;
  /**
   * What becomes of running sessions on a port that closes: `cut` ends them with it, `finish` lets them end by themselves.
   *
   * @default cut
   * @example whenClosed: 'finish'
   */
  readonly whenClosed?: 'cut' | 'finish';
  /**
   * First packets that must stay allowed. A release on which the device doesn't let one through is rolled back. They are asked of each delivery:
   * a new one alone plans none, as no rule changes.
   *
   * @default none
   * @example witnesses: [{ from: '198.51.100.7', to: '203.0.113.10', port: 443 }]
   * @throws constructs/witness-denied
   */
  readonly witnesses?: readonly WitnessIntent[];
  /**
   * The lease of this owner on the device, where another state held it until now: the id of `terraform_data.<device>_<owner>_holder` there.
   *
   * @default nothing is taken over
   * @example adopt: '01234567-89ab-cdef-0123-456789abcdef'
   * @throws intent/bad-lease
   */
  readonly adopt?: string;
}

export interface GatewayIntent extends DeviceIntent {
  /**
   * Every interface of the device, each as an object, or as plans print it: `wan: outside 203.0.113.2/24`.
   *
   * @example interfaces: ['wan: outside 203.0.113.2/24', { name: 'lan', role: 'inside', addresses: ['10.0.0.1/24'] }]
   * @throws intent/no-outside-interface, intent/duplicate, intent/same-network-twice
   */
  readonly interfaces: readonly (InterfaceIntent | `${string}: ${InterfaceIntent['role']} ${string}`)[];
  /**
   * Sets that `from`, `destination` and `answers` of its parts may name.
   *
   * @default none
   * @example sourceSets: { office: ['198.51.100.0/24'] }
   */
  readonly sourceSets?: SourceSets;
  /**
   * What the device holds besides ours: the text that `cpanel-edge capture` keeps. For platforms whose configuration is one file for
   * everybody (pfSense): the proof is made on it.
   *
   * @default our entries are proven on a device that has nothing but its interfaces
   * @example surroundings: readFileSync('edge1.captured.xml', 'utf8')
   */
  readonly surroundings?: string;
}

/** A gateway's intent with each interface written as an object. */
export type ExpandedGatewayIntent = Omit<GatewayIntent, 'interfaces'> & {
  readonly interfaces: readonly InterfaceIntent[];
};
