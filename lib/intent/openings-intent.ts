import type { PresetName } from './data/presets';
import type { OutboundName, ServiceName } from './data/services';

/** Nobody is meant by leaving it out: `'anywhere'` is written, and a list has at least one entry. */
export type Sources = 'anywhere' | readonly string[];

/** Named sets of sources; each entry is an address or a prefix. A set is used by writing its name among the sources. */
export type SourceSets = Readonly<Record<string, readonly string[]>>;

/** An editor offers the names, and takes any text: `8443/tcp`. */
export type OpenName = ServiceName | PresetName | (string & {});
export type ReachedName = OutboundName | PresetName | (string & {});

/**
 * One thing to open. Text: a service of the port table (`https`), a preset (`web`), or a port with its protocol
 * (`8443/tcp`, `49152-65534/tcp`). The objects have sources of their own.
 */
export type ServiceIntent = OpenName | NamedServiceIntent | PortsIntent | PortsWithProtocolsIntent | ProtocolIntent;

export interface NamedServiceIntent {
  readonly service: OpenName;
  readonly from?: Sources;
}

export interface PortsIntent {
  /** `443`, `'443'`, `'49152-65534'`, or several of them. */
  readonly ports: number | string | readonly (number | string)[];
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite';
  readonly from?: Sources;
  /** Why, for people who read a plan. */
  readonly because?: string;
}

type PortProtocol = PortsIntent['protocol'];

/** `8443/tcp`, `49152-65534/tcp`. */
export type PortText = `${number}/${PortProtocol}` | `${number}-${number}/${PortProtocol}`;

/** Ports that say their protocol themselves, as they do in lists of services. */
export interface PortsWithProtocolsIntent {
  readonly ports: PortText | readonly PortText[];
  readonly protocol?: undefined;
  readonly from?: Sources;
  readonly because?: string;
}

/** A protocol without ports (`gre`, `esp`, or its IANA number), or ICMP with its types. */
export interface ProtocolIntent {
  readonly protocol: 'icmp' | 'icmpv6' | 'gre' | 'esp' | 'ah' | number;
  /** ICMP types; required for icmp and icmpv6, refused for all others. */
  readonly types?: readonly number[];
  readonly from?: Sources;
  readonly because?: string;
}

/** One thing the server may connect to: a name (`licence`, `https`), a preset, `2089/tcp`, or an object. */
export type OutboundIntent =
  | ReachedName
  | { readonly service: ReachedName; readonly to?: Sources }
  | {
      readonly ports: number | string | readonly (number | string)[];
      readonly protocol: 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite';
      /** Default anywhere. */
      readonly to?: Sources;
      /** Source ports the connection must have. Default all. */
      readonly sourcePorts?: readonly number[];
      readonly because?: string;
    };
