// Types of what users write for a cPanel & WHM server: addresses, trusted networks, profile, `cpnat`.

import type { DeviceIntent } from './device-intent';
import type { FactsIntent } from './facts-intent';

/** A cPanel & WHM server, with its addresses and trusted networks. */
export interface ServerIntent extends DeviceIntent {
  /**
   * All local addresses, IPv4 and IPv6, with or without a prefix length. Write either `addresses` or `interfaces`.
   *
   * @default `interfaces`
   * @example addresses: ['10.0.0.10/24', '2001:db8::10/64']
   * @throws intent/exactly-one, intent/bad-address, intent/duplicate, intent/network-differs, intent/link-local
   */
  readonly addresses?: readonly string[];
  /**
   * Name of the server's only interface, which has all `addresses`.
   *
   * @default eth0
   * @example interface: 'ens18'
   * @throws intent/bad-interface-name, intent/exactly-one
   */
  readonly interface?: string;
  /**
   * Interfaces of a server that has several. Takes the place of `addresses`.
   *
   * @default one interface with `addresses`
   * @example interfaces: [{ name: 'eth0', addresses: ['10.0.0.10/24'] }, { name: 'eth1', addresses: ['10.1.0.10/24'], routes: ['10.2.0.0/16'] }]
   * @throws intent/exactly-one, intent/same-network-twice
   */
  readonly interfaces?: readonly {
    /** Name of the interface on the server: `eth0`. @throws intent/bad-interface-name, intent/duplicate */
    readonly name: string;
    /**
     * The interface's own addresses, each with the prefix length of its network: `10.0.0.10/24`.
     *
     * @throws intent/bad-address, intent/duplicate, intent/network-differs, intent/link-local
     */
    readonly addresses: readonly string[];
    /**
     * Networks behind the interface other than those of its addresses.
     *
     * @default none
     * @throws intent/bad-address, intent/host-bits-set
     */
    readonly routes?: readonly string[];
  }[];
  /**
   * Trusted networks: prefixes whose connections the policy leaves alone, such as backup, monitoring or the operator's
   * network. Required; `none` is a valid value.
   *
   * @throws intent/inside-missing, intent/everything-as-prefix
   */
  readonly trustedNetworks: 'none' | readonly string[];
  /**
   * Connections from the trusted networks. `unmanaged`: the policy leaves them alone. `listed`: they reach the services
   * that are open to them and nothing else.
   *
   * @default unmanaged
   * @example trustedConnections: 'listed'
   */
  readonly trustedConnections?: 'unmanaged' | 'listed';
  /**
   * Facts about the server, as `cpanel-edge capture` writes them. Lint rules about services use them.
   *
   * @default none: all facts are unknown
   * @example facts: { cpanel: '11.126.0.21', firewalls: ['csf.service'] }
   */
  readonly facts?: FactsIntent;
  /** Public addresses for cPanel's NAT file, `/var/cpanel/cpnat`. @default the file isn't managed @example cpnat: {} */
  readonly cpnat?: CpnatIntent;
  /** Other firewalls of the server that this one replaces. @default none: they keep running beside it */
  readonly replaces?: readonly string[];
  /**
   * Rules that stay when the release is removed. `keep closed` leaves the inbound rules; `as before` takes them off.
   *
   * @default keep closed
   * @example onRemove: 'as before'
   */
  readonly onRemove?: 'keep closed' | 'as before';
}

/** cPanel's view of the server's public addresses. `{}` takes them from the mappings of this app's gateways. */
export interface CpnatIntent {
  /**
   * Whether the server has the NAT file. `off` is for a server that has its public addresses itself.
   *
   * @default on
   * @example natMode: 'off'
   * @throws intent/cpnat-off-with-more
   */
  readonly natMode?: 'on' | 'off';
  /**
   * Pairs for a server whose gateway isn't in this app. Each address is in one pair only.
   *
   * @default the mappings of this app that translate both ways and for all peers
   * @example pairs: [{ local: '10.0.0.10', public: '203.0.113.10' }]
   * @throws intent/cpnat-twice, intent/cpnat-nobody-translates, intent/cpnat-several
   */
  readonly pairs?: readonly {
    /** Local IPv4 address of the server. @throws intent/cpnat-not-local, intent/cpnat-ipv6 */
    readonly local: string;
    /** Public IPv4 address that the local one is translated to. @throws intent/cpnat-ipv6 */
    readonly public: string;
  }[];
  /**
   * Whether the file may change on a server with accounts. `change` allows it; zones and mail of the accounts keep
   * their addresses.
   *
   * @default refuse
   * @example serverInUse: 'change'
   */
  readonly serverInUse?: 'refuse' | 'change';
  /**
   * URL that cPanel asks from each address. The answer is the public address that it sees.
   *
   * @default unchanged on the server
   * @example myip: 'https://ifconfig.me/ip'
   * @throws intent/cpnat-bad-page
   */
  readonly myip?: string;
  /**
   * Pure-FTPd's settings for passive connections.
   *
   * @default not managed
   * @example passiveFtp: { ports: '50000-50100', address: '203.0.113.10' }
   */
  readonly passiveFtp?: {
    /**
     * Range of the passive ports, which the profile must open: `50000-50100`.
     *
     * @default unchanged on the server
     * @throws intent/bad-port, intent/cpnat-passive-closed
     */
    readonly ports?: string;
    /**
     * Public address that the server tells FTP clients.
     *
     * @default the public address of the first pair
     * @throws intent/cpnat-passive-elsewhere
     */
    readonly address?: string;
  };
}
