import type { PresetName } from './data/presets';
import type { OutboundName, ServiceName } from './data/services';

/**
 * Whom something is for: addresses, prefixes and names of source sets, at least one; or everybody, which is written out. Leaving it out
 * never means everybody.
 *
 * @throws intent/bad-address, intent/host-bits-set, intent/everything-as-prefix, intent/anywhere-in-list, intent/unknown-source-set
 */
export type Sources = 'anywhere' | readonly string[];

/**
 * Named sets of sources; each entry is an address or a prefix. A set is used by writing its name among the sources.
 *
 * @throws intent/set-in-set, intent/anywhere-refused, intent/everything-as-prefix
 */
export type SourceSets = Readonly<Record<string, readonly string[]>>;

/** An editor offers the names of services and presets, and takes any text: `8443/tcp`. */
export type OpenName = ServiceName | PresetName | (string & {});

/** As `OpenName`, for what a server connects to: `licence`, `https`. */
export type ReachedName = OutboundName | PresetName | (string & {});

/**
 * One thing to open. Text: a service of the port table (`https`), a preset (`web`), or a port with its protocol
 * (`8443/tcp`, `49152-65534/tcp`). The objects have sources of their own.
 *
 * @throws intent/unknown-service, intent/protocol-missing, intent/duplicate-opening
 */
export type ServiceIntent = OpenName | NamedServiceIntent | PortsIntent | PortsWithProtocolsIntent | ProtocolIntent;

/** A service by its name, for sources of its own. */
export interface NamedServiceIntent {
  /** A service, a preset, or a port with its protocol. @throws intent/unknown-service */
  readonly service: OpenName;
  /**
   * Who reaches it.
   *
   * @default as the profile's `sources`; on a mapping it must be written
   * @throws intent/sources-unset, intent/administrators-unset
   */
  readonly from?: Sources;
}

/** Ports of one protocol. */
export interface PortsIntent {
  /**
   * `443`, `'443'`, `'49152-65534'`, or several of them.
   *
   * @throws intent/bad-port, intent/port-zero, intent/reversed-range, intent/local-port
   */
  readonly ports: number | string | readonly (number | string)[];
  /** Of all these ports. */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite';
  /** Who reaches them. @default as the profile's `sources`; on a mapping it must be written @throws intent/sources-unset */
  readonly from?: Sources;
  /** Why, for people who read a plan. At most 120 characters. @default the ports themselves */
  readonly because?: string;
}

type PortProtocol = PortsIntent['protocol'];

/** A port or a range with its protocol: `8443/tcp`, `49152-65534/tcp`. */
export type PortText = `${number}/${PortProtocol}` | `${number}-${number}/${PortProtocol}`;

/** Ports that say their protocol themselves, as they do in lists of services. */
export interface PortsWithProtocolsIntent {
  /** One, or several of any protocols. @throws intent/protocol-missing, intent/bad-port, intent/local-port */
  readonly ports: PortText | readonly PortText[];
  readonly protocol?: undefined;
  /** Who reaches them. @default as the profile's `sources`; on a mapping it must be written @throws intent/sources-unset */
  readonly from?: Sources;
  /** Why, for people who read a plan. At most 120 characters. @default the ports themselves */
  readonly because?: string;
}

/** A protocol without ports, or ICMP with its types. */
export interface ProtocolIntent {
  /** Its name, or its IANA number, 1 to 254. @throws intent/ports-missing */
  readonly protocol: 'icmp' | 'icmpv6' | 'gre' | 'esp' | 'ah' | number;
  /**
   * ICMP types, 0 to 255; required for icmp and icmpv6, refused for all others.
   *
   * @default none
   * @throws intent/types-missing, intent/field-without-effect
   */
  readonly types?: readonly number[];
  /**
   * Who may send it.
   *
   * @default as the profile's `sources`; on a mapping it must be written
   * @throws intent/sources-unset, intent/sources-of-other-family
   */
  readonly from?: Sources;
  /** Why, for people who read a plan. At most 120 characters. @default the protocol's number */
  readonly because?: string;
}

/** One thing the server may connect to: a name (`licence`, `https`), a preset, `2089/tcp`, or an object. @throws intent/unknown-service */
export type OutboundIntent = ReachedName | NamedOutboundIntent | OutboundPortsIntent;

/** A service by its name, at some hosts alone. */
export interface NamedOutboundIntent {
  /** A name, a preset, or a port with its protocol. @throws intent/unknown-service, intent/field-without-effect */
  readonly service: ReachedName;
  /** Whom it connects to. @default anywhere */
  readonly to?: Sources;
}

/** Ports of one protocol that the server connects to. */
export interface OutboundPortsIntent {
  /** `443`, `'443'`, `'49152-65534'`, or several of them. @throws intent/bad-port, intent/port-zero, intent/reversed-range */
  readonly ports: number | string | readonly (number | string)[];
  /** Of all these ports. */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite';
  /** Whom it connects to. @default anywhere */
  readonly to?: Sources;
  /** Source ports the connection must have, 1 to 65535. @default all */
  readonly sourcePorts?: readonly number[];
  /** Why, for people who read a plan. At most 120 characters. @default the ports themselves */
  readonly because?: string;
}
