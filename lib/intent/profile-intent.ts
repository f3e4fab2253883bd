import type { OutboundIntent, ServiceIntent, SourceSets, Sources } from './service-intent';

/**
 * What is open to a cPanel & WHM server, whole. The same object given to several servers or mappings is compiled once.
 * SSH, WHM and MySQL are for administrators: named by themselves they need a `from` of their own, and where a preset
 * brings them they are opened to `management.from` alone.
 */
export interface CpanelFirewallProfileIntent {
  readonly name: string;
  /**
   * What is open: names of services and presets, ports, or objects. At least one.
   *
   * @example services: ['web', '8443/tcp', { service: 'mysql', from: ['198.51.100.7'] }]
   * @throws intent/unknown-service, intent/administrators-unset, intent/duplicate-opening
   */
  readonly services: readonly ServiceIntent[];
  /**
   * Who reaches the services that have no `from` of their own.
   *
   * @default nobody: each such service is refused
   * @example sources: 'anywhere'
   * @throws intent/sources-unset
   */
  readonly sources?: Sources;
  /** The way back in: comes before everything, also before `blocked`. @throws intent/management-missing */
  readonly management: {
    /** The operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to everybody. */
    readonly from: Sources;
    /** Where SSH listens: `22` or `'22/tcp'`, 1 to 65535. @throws intent/bad-port, intent/local-port */
    readonly port: number | `${number}/tcp`;
  };
  /**
   * Sources that nothing but management is open to.
   *
   * @default none
   * @example blocked: ['192.0.2.128/25']
   * @throws intent/everything-as-prefix, intent/anywhere-refused
   */
  readonly blocked?: readonly string[];
  /**
   * Connections that the server opens.
   *
   * @default anywhere
   * @example outbound: ['licence', 'dns', { service: 'https', to: ['203.0.113.80'] }]
   */
  readonly outbound?: 'anywhere' | readonly OutboundIntent[];
  /** Who may ping it. ICMP errors are never blocked. @default nobody @example ping: ['198.51.100.0/24'] */
  readonly ping?: Sources | 'nobody';
  /** More services, beside those of `services`: a server's own ones next to a shared list. @default none @example extra: ['8443/tcp'] */
  readonly extra?: readonly ServiceIntent[];
  /**
   * Sets that `sources`, `from`, `to` and `blocked` of this profile may name.
   *
   * @default none
   * @example sourceSets: { office: ['198.51.100.0/24'] }
   */
  readonly sourceSets?: SourceSets;
  /** Of the port table; `112` is the only one so far. @default 112 @example cpanelVersion: '112' @throws intent/unknown-cpanel-version */
  readonly cpanelVersion?: string;
}
