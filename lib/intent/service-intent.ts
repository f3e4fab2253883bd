import type { PresetName } from './data/presets';
import type { OutboundName, ServiceName } from './data/services';

/**
 * Whom something is for: addresses, prefixes and names of source sets, at least one; or everybody, which is written out. Leaving it out
 * never means everybody.
 *
 * @example ['198.51.100.0/24', '2001:db8:7::/48', 'office']
 * @throws intent/bad-address, intent/host-bits-set, intent/everything-as-prefix, intent/anywhere-in-list, intent/unknown-source-set
 */
export type Sources = 'anywhere' | readonly string[];

/**
 * Named sets of sources; each entry is an address or a prefix. A set is used by writing its name among the sources.
 *
 * @example { office: ['198.51.100.0/24', '2001:db8:7::/48'] }
 * @throws intent/set-in-set, intent/anywhere-refused, intent/everything-as-prefix
 */
export type SourceSets = Readonly<Record<string, readonly string[]>>;

/** An editor offers the names of services and presets, and takes any text: `8443/tcp`. @example 'https' */
export type OpenName = ServiceName | PresetName | (string & {});

/** As `OpenName`, for what a server connects to: `licence`, `https`. @example 'licence' */
export type ReachedName = OutboundName | PresetName | (string & {});

/**
 * One thing to open. Text: a service of the port table (`https`), a preset (`web`), or a port with its protocol
 * (`8443/tcp`, `49152-65534/tcp`). The objects have sources of their own.
 *
 * @example { service: 'mysql', from: ['198.51.100.7'] }
 * @throws intent/unknown-service, intent/protocol-missing, intent/duplicate-opening
 */
export type ServiceIntent = OpenName | NamedServiceIntent | PortsIntent | PortsWithProtocolsIntent | ProtocolIntent;

/** A service by its name, for sources of its own. */
export interface NamedServiceIntent {
  /** A service, a preset, or a port with its protocol. @example service: 'mysql' @throws intent/unknown-service */
  readonly service: OpenName;
  /**
   * Who reaches it.
   *
   * @default as the profile's `sources`; on a mapping it must be written
   * @example from: ['198.51.100.7', 'office']
   * @throws intent/sources-unset, intent/administrators-unset
   */
  readonly from?: Sources;
}

/** Ports of one protocol. */
export interface PortsIntent {
  /**
   * `443`, `'443'`, `'49152-65534'`, or several of them.
   *
   * @example ports: [2089, '50000-50100']
   * @throws intent/bad-port, intent/port-zero, intent/reversed-range, intent/local-port
   */
  readonly ports: number | string | readonly (number | string)[];
  /** Of all these ports. @example protocol: 'udp' */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite';
  /**
   * Who reaches them.
   *
   * @default as the profile's `sources`; on a mapping it must be written
   * @example from: 'anywhere'
   * @throws intent/sources-unset
   */
  readonly from?: Sources;
  /** Why, for people who read a plan. At most 120 characters. @default the ports themselves @example because: 'The monitoring agent.' */
  readonly because?: string;
}

type PortProtocol = PortsIntent['protocol'];

/** A port or a range with its protocol: `8443/tcp`, `49152-65534/tcp`. @example '49152-65534/tcp' */
export type PortText = `${number}/${PortProtocol}` | `${number}-${number}/${PortProtocol}`;

/** Ports that say their protocol themselves, as they do in lists of services. */
export interface PortsWithProtocolsIntent {
  /**
   * One, or several of any protocols.
   *
   * @example ports: ['8443/tcp', '60000-60100/udp']
   * @throws intent/protocol-missing, intent/bad-port, intent/local-port
   */
  readonly ports: PortText | readonly PortText[];
  readonly protocol?: undefined;
  /**
   * Who reaches them.
   *
   * @default as the profile's `sources`; on a mapping it must be written
   * @example from: ['198.51.100.0/24']
   * @throws intent/sources-unset
   */
  readonly from?: Sources;
  /** Why, for people who read a plan. At most 120 characters. @default the ports themselves @example because: 'The monitoring agent.' */
  readonly because?: string;
}

/** A protocol without ports, or ICMP with its types. */
export interface ProtocolIntent {
  /** Its name, or its IANA number, 1 to 254. @example protocol: 'gre' @throws intent/ports-missing */
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
   * Who may send it.
   *
   * @default as the profile's `sources`; on a mapping it must be written
   * @example from: ['198.51.100.7']
   * @throws intent/sources-unset, intent/sources-of-other-family
   */
  readonly from?: Sources;
  /**
   * Why, for people who read a plan. At most 120 characters.
   *
   * @default the protocol's number
   * @example because: 'The tunnel to the other site.'
   */
  readonly because?: string;
}

/**
 * One thing the server may connect to: a name (`licence`, `https`), a preset, `2089/tcp`, or an object.
 *
 * @example { service: 'https', to: ['203.0.113.80'] }
 * @throws intent/unknown-service
 */
export type OutboundIntent = ReachedName | NamedOutboundIntent | OutboundPortsIntent;

/** A service by its name, at some hosts alone. */
export interface NamedOutboundIntent {
  /**
   * A name, a preset, or a port with its protocol.
   *
   * @example service: 'https'
   * @throws intent/unknown-service, intent/field-without-effect
   */
  readonly service: ReachedName;
  /** Whom it connects to. @default anywhere @example to: ['203.0.113.80'] */
  readonly to?: Sources;
}

/** Ports of one protocol that the server connects to. */
export interface OutboundPortsIntent {
  /**
   * `443`, `'443'`, `'49152-65534'`, or several of them.
   *
   * @example ports: [2089, '50000-50100']
   * @throws intent/bad-port, intent/port-zero, intent/reversed-range
   */
  readonly ports: number | string | readonly (number | string)[];
  /** Of all these ports. @example protocol: 'tcp' */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite';
  /** Whom it connects to. @default anywhere @example to: ['203.0.113.80'] */
  readonly to?: Sources;
  /** Source ports the connection must have, 1 to 65535. @default all @example sourcePorts: [4, 1020] */
  readonly sourcePorts?: readonly number[];
  /** Why, for people who read a plan. At most 120 characters. @default the ports themselves @example because: 'The backup store.' */
  readonly because?: string;
}
