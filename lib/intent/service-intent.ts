// Types of what users write for services, sources and outbound connections, shared by profiles and mappings.

import type { PresetName } from './data/presets';
import type { OutboundName, ServiceName } from './data/services';

/**
 * Addresses, prefixes and names of source sets, at least one; or `anywhere` for all addresses. Leaving out `from` or
 * `sources` never means all addresses.
 *
 * @example ['198.51.100.0/24', '2001:db8:7::/48', 'office']
 * @throws intent/bad-address, intent/host-bits-set, intent/everything-as-prefix, intent/anywhere-in-list,
 * intent/unknown-source-set
 */
export type Sources = 'anywhere' | readonly string[];

/**
 * Named lists of sources. Each entry is an address or a prefix. Write a set's name among the sources to use it.
 *
 * @example { office: ['198.51.100.0/24', '2001:db8:7::/48'] }
 * @throws intent/set-in-set, intent/anywhere-refused, intent/everything-as-prefix
 */
export type SourceSets = Readonly<Record<string, readonly string[]>>;

/** Name of a service or preset, which an editor completes; or any other text: `8443/tcp`. @example 'https' */
export type OpenName = ServiceName | PresetName | (string & {});

/** Like `OpenName`, for services that a server connects to: `licence`, `https`. @example 'licence' */
export type ReachedName = OutboundName | PresetName | (string & {});

/**
 * One service or port to open. As text: a service of the port table (`https`), a preset (`web`), or a port with its
 * protocol (`8443/tcp`, `49152-65534/tcp`). As an object: with its own sources.
 *
 * @example { service: 'mysql', from: ['198.51.100.7'] }
 * @throws intent/unknown-service, intent/protocol-missing, intent/duplicate-opening
 */
export type ServiceIntent = OpenName | NamedServiceIntent | PortsIntent | PortsWithProtocolsIntent | ProtocolIntent;

/** A service by its name, with its own sources. */
export interface NamedServiceIntent {
  /** A service, a preset, or a port with its protocol. @example service: 'mysql' @throws intent/unknown-service */
  readonly service: OpenName;
  /**
   * Sources that reach the service.
   *
   * @default `sources` of the profile; required on a mapping
   * @example from: ['198.51.100.7', 'office']
   * @throws intent/sources-unset, intent/administrators-unset
   */
  readonly from?: Sources;
}

/** Ports of one protocol. */
export interface PortsIntent {
  /**
   * `443`, `'443'`, `'49152-65534'`, or a list of them.
   *
   * @example ports: [2089, '50000-50100']
   * @throws intent/bad-port, intent/port-zero, intent/reversed-range, intent/local-port
   */
  readonly ports: number | string | readonly (number | string)[];
  /** Protocol of all these ports. @example protocol: 'udp' */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite';
  /**
   * Sources that reach the ports.
   *
   * @default `sources` of the profile; required on a mapping
   * @example from: 'anywhere'
   * @throws intent/sources-unset
   */
  readonly from?: Sources;
  /**
   * Reason for people who read a plan, at most 120 characters.
   *
   * @default the ports themselves
   * @example reason: 'The monitoring agent.'
   */
  readonly reason?: string;
}

type PortProtocol = PortsIntent['protocol'];

/** A port or a range with its protocol: `8443/tcp`, `49152-65534/tcp`. @example '49152-65534/tcp' */
export type PortText = `${number}/${PortProtocol}` | `${number}-${number}/${PortProtocol}`;

/** Ports that each name their protocol, as in a list of services. */
export interface PortsWithProtocolsIntent {
  /**
   * A port or a range with its protocol, or a list of them. The protocols may differ.
   *
   * @example ports: ['8443/tcp', '60000-60100/udp']
   * @throws intent/protocol-missing, intent/bad-port, intent/local-port
   */
  readonly ports: PortText | readonly PortText[];
  readonly protocol?: undefined;
  /**
   * Sources that reach the ports.
   *
   * @default `sources` of the profile; required on a mapping
   * @example from: ['198.51.100.0/24']
   * @throws intent/sources-unset
   */
  readonly from?: Sources;
  /**
   * Reason for people who read a plan, at most 120 characters.
   *
   * @default the ports themselves
   * @example reason: 'The monitoring agent.'
   */
  readonly reason?: string;
}

/** A protocol without ports, or ICMP with its types. */
export interface ProtocolIntent {
  /** Name of the protocol, or its IANA number, 1 to 254. @example protocol: 'gre' @throws intent/ports-missing */
  readonly protocol: 'icmp' | 'icmpv6' | 'gre' | 'esp' | 'ah' | number;
  /**
   * ICMP types, 0 to 255; required for icmp and icmpv6, refused for all others.
   *
   * @default none
   * @example types: [8]
   * @throws intent/types-missing, intent/field-without-effect
   */
  readonly types?: readonly number[];
  /**
   * Sources that may send it.
   *
   * @default `sources` of the profile; required on a mapping
   * @example from: ['198.51.100.7']
   * @throws intent/sources-unset, intent/sources-of-other-family
   */
  readonly from?: Sources;
  /**
   * Reason for people who read a plan, at most 120 characters.
   *
   * @default the protocol's number
   * @example reason: 'The tunnel to the other site.'
   */
  readonly reason?: string;
}

/**
 * One service or port that the server may connect to: a name (`licence`, `https`), a preset, a port with its protocol
 * (`2089/tcp`), or an object.
 *
 * @example { service: 'https', to: ['203.0.113.80'] }
 * @throws intent/unknown-service
 */
export type OutboundIntent = ReachedName | NamedOutboundIntent | OutboundPortsIntent;

/** A service by its name, at certain hosts. */
export interface NamedOutboundIntent {
  /**
   * A service, a preset, or a port with its protocol.
   *
   * @example service: 'https'
   * @throws intent/unknown-service, intent/field-without-effect
   */
  readonly service: ReachedName;
  /** Hosts that the server may connect to. @default anywhere @example to: ['203.0.113.80'] */
  readonly to?: Sources;
}

/** Ports of one protocol that the server may connect to. */
export interface OutboundPortsIntent {
  /**
   * `443`, `'443'`, `'49152-65534'`, or a list of them.
   *
   * @example ports: [2089, '50000-50100']
   * @throws intent/bad-port, intent/port-zero, intent/reversed-range
   */
  readonly ports: number | string | readonly (number | string)[];
  /** Protocol of all these ports. @example protocol: 'tcp' */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite';
  /** Hosts that the server may connect to. @default anywhere @example to: ['203.0.113.80'] */
  readonly to?: Sources;
  /** Source ports that the connection must have, 1 to 65535. @default all @example sourcePorts: [4, 1020] */
  readonly sourcePorts?: readonly number[];
  /**
   * Reason for people who read a plan, at most 120 characters.
   *
   * @default the ports themselves
   * @example reason: 'The backup store.'
   */
  readonly reason?: string;
}
