import type { DeviceIntent } from './device-intent';
import type { FactsIntent } from './facts-intent';

export interface ServerIntent extends DeviceIntent {
  /**
   * All local addresses, IPv4 and IPv6, with or without their network's length; or `interfaces`. Exactly one of the two.
   *
   * @default `interfaces`
   * @example addresses: ['10.0.0.10/24', '2001:db8::10/64']
   * @throws intent/exactly-one, intent/bad-address, intent/duplicate, intent/network-differs, intent/link-local
   */
  readonly addresses?: readonly string[];
  /**
   * Name of the one interface that has `addresses`.
   *
   * @default eth0
   * @example interface: 'ens18'
   * @throws intent/bad-interface-name, intent/exactly-one
   */
  readonly interface?: string;
  /**
   * In place of `addresses`, where there are several.
   *
   * @default one that has `addresses`
   * @example interfaces: [{ name: 'eth0', addresses: ['10.0.0.10/24'] }, { name: 'eth1', addresses: ['10.1.0.10/24'], routes: ['10.2.0.0/16'] }]
   * @throws intent/exactly-one, intent/same-network-twice
   */
  readonly interfaces?: readonly {
    /** As the server calls it: `eth0`. @throws intent/bad-interface-name, intent/duplicate */
    readonly name: string;
    /**
     * Its own addresses with their network's length: `10.0.0.10/24`.
     *
     * @throws intent/bad-address, intent/duplicate, intent/network-differs, intent/link-local
     */
    readonly addresses: readonly string[];
    /** Networks behind it besides those of its addresses. @default none @throws intent/bad-address, intent/host-bits-set */
    readonly routes?: readonly string[];
  }[];
  /**
   * Prefixes whose connections aren't ours to close: backup, monitoring, the operator's network. Must be written; `none` is an answer.
   *
   * @throws intent/inside-missing, intent/everything-as-prefix
   */
  readonly inside: 'none' | readonly string[];
  /**
   * `unmanaged`: what comes from inside stays as it was; `listed`: inside gets what is opened, too, and no more.
   *
   * @default unmanaged
   * @example insideConnections: 'listed'
   */
  readonly insideConnections?: 'unmanaged' | 'listed';
  /**
   * What `cpanel-edge capture` wrote of the server, or is known of it: rules about services decide by it.
   *
   * @default nothing is known
   * @example facts: { cpanel: '11.126.0.21', firewalls: ['csf.service'] }
   */
  readonly facts?: FactsIntent;
  /** What cPanel takes for its public addresses (`/var/cpanel/cpnat`). @default nobody writes it @example cpnat: {} */
  readonly cpnat?: CpnatIntent;
  /** Other firewalls of the server that give way to this one. @default none: what runs stays beside */
  readonly replaces?: readonly string[];
  /**
   * What stays when the server is given up: `keep closed` leaves its inbound rules, `as before` takes them off.
   *
   * @default keep closed
   * @example onRetract: 'as before'
   */
  readonly onRetract?: 'keep closed' | 'as before';
}

/** `{}`: as which addresses the gateways of this app translate the server. */
export interface CpnatIntent {
  /**
   * `off`: no such file, as on a server that has its public addresses itself.
   *
   * @default on
   * @example natMode: 'off'
   * @throws intent/cpnat-off-with-more
   */
  readonly natMode?: 'on' | 'off';
  /**
   * For a server whose gateway is elsewhere: each address is in one pair alone.
   *
   * @default the mappings of this app that work both ways and towards everybody
   * @example pairs: [{ local: '10.0.0.10', public: '203.0.113.10' }]
   * @throws intent/cpnat-twice, intent/cpnat-nobody-translates, intent/cpnat-several
   */
  readonly pairs?: readonly {
    /** An IPv4 address of the server. @throws intent/cpnat-not-local, intent/cpnat-ipv6 */
    readonly local: string;
    /** The IPv4 address as which it is seen. @throws intent/cpnat-ipv6 */
    readonly public: string;
  }[];
  /**
   * `change`: also on a server that has accounts, whose zones and mail keep the addresses of before.
   *
   * @default refuse
   * @example serverInUse: 'change'
   */
  readonly serverInUse?: 'refuse' | 'change';
  /**
   * Page that cPanel asks from each address as whom it is seen.
   *
   * @default stays as it is there
   * @example myip: 'https://ifconfig.me/ip'
   * @throws intent/cpnat-bad-page
   */
  readonly myip?: string;
  /**
   * What Pure-FTPd tells clients of passive connections.
   *
   * @default nothing is written of it
   * @example passiveFtp: { ports: '50000-50100', address: '203.0.113.10' }
   */
  readonly passiveFtp?: {
    /**
     * Range of ports, open in the profile: `50000-50100`.
     *
     * @default stays as it is there
     * @throws intent/bad-port, intent/cpnat-passive-closed
     */
    readonly ports?: string;
    /** A public address of the server. @default that of the first pair @throws intent/cpnat-passive-elsewhere */
    readonly address?: string;
  };
}
