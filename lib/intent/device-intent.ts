import type { SourceSets } from './openings-intent';

/** A network interface of a gateway, and what is behind it. */
export interface InterfaceIntent {
  /** As the device calls it: `eth0`. @throws intent/bad-interface-name, intent/duplicate */
  readonly name: string;
  /** Who is behind it. At least one interface of a gateway is outside. @throws intent/no-outside-interface */
  readonly role: 'outside' | 'inside' | 'dmz' | 'vpn';
  /**
   * Its own addresses with their network's length: `203.0.113.2/28`. VIPs are parts of their own.
   *
   * @throws intent/bad-address, intent/network-address, intent/duplicate, intent/same-network-twice
   */
  readonly addresses: readonly string[];
  /**
   * Public networks that arrive by it. Outside interfaces only.
   *
   * @default none
   * @throws intent/public-prefix-not-outside
   */
  readonly publicPrefixes?: readonly {
    /** The network: `203.0.113.16/28`. @throws intent/bad-address, intent/host-bits-set */
    readonly prefix: string;
    /** `on-link`: the router before it asks for each address by ARP; `routed`: it sends them here, and nothing has to answer ARP. */
    readonly delivery: 'on-link' | 'routed';
  }[];
  /**
   * Networks behind it besides those of its addresses: `10.0.16.0/28`.
   *
   * @default none
   * @throws intent/bad-address, intent/host-bits-set, intent/everything-as-prefix
   */
  readonly routes?: readonly string[];
  /** Whether a VPN ends here, as `import` found it: for people. It changes nothing that is written or proven. @default false */
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
   * @throws intent/witness-interface-unset, intent/unknown-interface
   */
  readonly arrives?: string;
  /** Address of the sender. @throws intent/bad-address */
  readonly from: string;
  /** Address that the sender names, before any translation. @throws intent/bad-address */
  readonly to: string;
  /** Of its destination port. @default tcp */
  readonly protocol?: 'tcp' | 'udp';
  /** Destination port, 1 to 65535. */
  readonly port: number;
}

/** What gateways and servers have in common. */
export interface DeviceIntent {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  /** Of the platform, as its own tool prints it: `1.0.6`. */
  readonly version: string;
  /** What becomes of running sessions on a port that closes: `cut` ends them with it, `finish` lets them end by themselves. @default cut */
  readonly whenClosed?: 'cut' | 'finish';
  /**
   * First packets that must stay allowed. A release on which the device doesn't let one through is rolled back.
   *
   * @default none
   * @throws constructs/witness-denied
   */
  readonly witnesses?: readonly WitnessIntent[];
  /**
   * The lease of this owner on the device, where another state held it until now: the id of `terraform_data.<device>_<owner>_holder` there.
   *
   * @default nothing is taken over
   * @throws intent/bad-lease
   */
  readonly adopt?: string;
}

export interface GatewayIntent extends DeviceIntent {
  /**
   * Every interface of the device, each as an object, or as plans print it: `wan: outside 203.0.113.2/24`.
   *
   * @throws intent/no-outside-interface, intent/duplicate, intent/same-network-twice
   */
  readonly interfaces: readonly (InterfaceIntent | `${string}: ${InterfaceIntent['role']} ${string}`)[];
  /** Sets that `from`, `destination` and `answers` of its parts may name. @default none */
  readonly sourceSets?: SourceSets;
  /**
   * What the device holds besides ours: the text that `cpanel-edge capture` keeps. For platforms whose configuration is one file for
   * everybody (pfSense): the proof is made on it.
   *
   * @default our entries are proven on a device that has nothing but its interfaces
   */
  readonly surroundings?: string;
}

/** With each interface as its parts. */
export type GatewayIntentWhole = Omit<GatewayIntent, 'interfaces'> & { readonly interfaces: readonly InterfaceIntent[] };
