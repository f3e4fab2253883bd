// Types of what users write for a firewall profile: the complete list of services that are open on a cPanel & WHM
// server.

import type { OutboundIntent, ServiceIntent, SourceSets, Sources } from './service-intent';

/**
 * The complete list of services that are open on a cPanel & WHM server. An object that several servers or mappings have
 * is compiled once. SSH, WHM and MySQL are for administrators: an entry for one of them needs its own `from`, and a
 * preset that contains one opens it to `management.from` only.
 */
export interface CpanelFirewallProfileIntent {
  /** Name of the profile in plans and reports. */
  readonly name: string;
  /**
   * Services that are open: names of services and presets, ports, or objects. At least one.
   *
   * @example services: ['web', '8443/tcp', { service: 'mysql', from: ['198.51.100.7'] }]
   * @throws intent/unknown-service, intent/administrators-unset, intent/duplicate-opening
   */
  readonly services: readonly ServiceIntent[];
  /**
   * Sources that reach the services without a `from` of their own.
   *
   * @default none: each such service is refused
   * @example sources: 'anywhere'
   * @throws intent/sources-unset
   */
  readonly sources?: Sources;
  /**
   * SSH access of the administrators. Its allow rule precedes all others, and `blocked` too.
   *
   * @throws intent/management-missing
   */
  readonly management: {
    /** Networks of the administrators. 'anywhere' opens SSH to all addresses, and WHM too if a preset contains it. */
    readonly from: Sources;
    /** Port of SSH: `22` or `'22/tcp'`, 1 to 65535. @throws intent/bad-port, intent/local-port */
    readonly port: number | `${number}/tcp`;
  };
  /**
   * Sources that are denied everything but `management`.
   *
   * @default none
   * @example blocked: ['192.0.2.128/25']
   * @throws intent/everything-as-prefix, intent/anywhere-refused
   */
  readonly blocked?: readonly string[];
  /**
   * Services that the server may connect to.
   *
   * @default anywhere
   * @example outbound: ['licence', 'dns', { service: 'https', to: ['203.0.113.80'] }]
   */
  readonly outbound?: 'anywhere' | readonly OutboundIntent[];
  /**
   * Sources that may ping the server. ICMP errors are never blocked.
   *
   * @default nobody
   * @example ping: ['198.51.100.0/24']
   */
  readonly ping?: Sources | 'nobody';
  /**
   * Services in addition to `services`: a server's own ones beside a list that several servers share.
   *
   * @default none
   * @example extra: ['8443/tcp']
   */
  readonly extra?: readonly ServiceIntent[];
  /**
   * Source sets that `sources`, `from`, `to` and `blocked` of this profile may name.
   *
   * @default none
   * @example sourceSets: { office: ['198.51.100.0/24'] }
   */
  readonly sourceSets?: SourceSets;
  /**
   * Version of the port table. `112` is the only one.
   *
   * @default 112
   * @example cpanelVersion: '112'
   * @throws intent/unknown-cpanel-version
   */
  readonly cpanelVersion?: string;
}
