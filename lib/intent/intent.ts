/**
 * What people write. Plain data: every text is parsed and every default is chosen by the compilation in this room
 * and nowhere else. Names are `[a-z][a-z0-9-]*`. Text that holds `${` (a token of another resource) is refused:
 * nothing could be proven of it.
 */
import type { FactsIntent } from './facts-intent';
import type { OutboundIntent, ServiceIntent, SourceSets, Sources } from './openings-intent';

export type * from './openings-intent';

export interface InterfaceIntent {
  /** As the device calls it. */
  readonly name: string;
  readonly role: 'outside' | 'inside' | 'dmz' | 'vpn';
  /** Its own addresses with their network's length: `203.0.113.2/28`. VIPs are parts of their own. */
  readonly addresses: readonly string[];
  /** Public networks that arrive by it. `routed` needs nothing that answers ARP. Outside interfaces only. */
  readonly publicPrefixes?: readonly { readonly prefix: string; readonly delivery: 'on-link' | 'routed' }[];
  /** What is behind it besides the networks of its addresses. */
  readonly routes?: readonly string[];
  readonly terminatesVpn?: boolean;
}

/** A first packet that must stay allowed; evaluated on the device before a release is kept. */
export interface WitnessIntent {
  /** Interface by which it arrives. May be left out where only one outside interface exists. */
  readonly arrives?: string;
  readonly from: string;
  readonly to: string;
  /** Default tcp. */
  readonly protocol?: 'tcp' | 'udp';
  readonly port: number;
}

interface DeviceIntent {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  /** Of the platform, as its own tool prints it: `1.0.6`. */
  readonly version: string;
  /** Default `cut`: sessions on a port that closes end with it. */
  readonly whenClosed?: 'cut' | 'finish';
  readonly witnesses?: readonly WitnessIntent[];
  /** The lease of an owner on the device that another state holds. */
  readonly adopt?: string;
}

export interface GatewayIntent extends DeviceIntent {
  /** Each as an object, or as plans print it: `wan: outside 203.0.113.2/24`. */
  readonly interfaces: readonly (InterfaceIntent | `${string}: ${InterfaceIntent['role']} ${string}`)[];
  /** Sets that `from`, `destination` and `exclude` of its parts may name. */
  readonly sourceSets?: SourceSets;
  /**
   * What the device holds besides ours: the text that `cpanel-edge capture` keeps. For platforms whose configuration is one file for
   * everybody (pfSense): the proof is made on it. Without it our entries are proven on a device that has nothing but its interfaces.
   */
  readonly surroundings?: string;
}

/** With each interface as its parts. */
export type GatewayIntentWhole = Omit<GatewayIntent, 'interfaces'> & { readonly interfaces: readonly InterfaceIntent[] };

export interface VirtualIpIntent {
  readonly name: string;
  /** An outside interface of the gateway. May be left out where only one exists. */
  readonly interface?: string;
  /** `203.0.113.10`, or a subnet for the kinds proxy-arp and other. */
  readonly address: string;
  /**
   * Length of the network it is announced in. Default for ip-alias and carp: that of the interface's network that it
   * lies in, else a single address; for the other kinds: that of `address`.
   */
  readonly mask?: number;
  /** Default: the one that the platform has; `ip-alias` where it has several. */
  readonly kind?: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  /** Required for carp, refused for the other kinds. Defaults: advertiseSeconds 1, skew 0. */
  readonly carp?: { readonly vhid: number; readonly advertiseSeconds?: number; readonly skew?: number };
  /** What the gateway itself shall answer on it. Default: nothing. */
  readonly answers?: readonly ServiceIntent[];
}

/**
 * How inside hosts reach public addresses. Without any, a mapping has `pure-nat` from every inside and dmz interface
 * and, where its server is managed, on the server too: cPanel & WHM must reach its own public addresses, and hosts
 * beside it resolve its names to them. That opens nothing new: those hosts reach the private address anyway.
 */
export interface ReflectionIntent {
  readonly mode: 'nat-proxy' | 'pure-nat' | 'disabled' | 'system-default';
  /** Interfaces whose hosts reach it. Default: every one of role inside or dmz; none when disabled. */
  readonly from?: readonly string[];
  /** Whether the server's own processes reach it by translation on the server. Default: unless disabled. */
  readonly onServer?: boolean;
  /**
   * pfSense translates the source of reflected connections, which hosts beside the server need, by one switch of the whole device; it
   * changes reflected port forwards of others, too. Whether it may be turned on. Default no. Says nothing on other platforms.
   */
  readonly globalHelper?: boolean;
}

export interface NatReflectionIntent extends ReflectionIntent {
  /** Name of the one mapping it is for. Left out: for all of the gateway that have none of their own. */
  readonly mapping?: string;
}

export interface OneToOneNatIntent {
  readonly name: string;
  /** Name of a virtual IP, whose whole prefix is the outside; or `outside`. Exactly one of the two. */
  readonly virtualIp?: string;
  /** An address or subnet within a virtual IP, or within a public prefix that is routed to an outside interface. */
  readonly outside?: string;
  /** An address, a subnet as large as the outside, or a server known to the gateway (by its device name). */
  readonly inside: string | { readonly server: string; readonly address?: string };
  /** Only traffic with these peers is translated. Default: anywhere. */
  readonly destination?: Sources;
  /** What it must not translate. An entry has at least one of the two. */
  readonly exclude?: readonly { readonly inside?: string; readonly peer?: string }[];
  /** Refused where the server has a profile. Each entry has its own `from`. Default: nothing is opened. */
  readonly open?: readonly ServiceIntent[];
  /** For a host without a managed server. Not together with `open`. */
  readonly profile?: CpanelFirewallProfileIntent;
  /** Not used for connections that the inside host opens. Default no. */
  readonly inboundOnly?: boolean;
  readonly reflection?: ReflectionIntent;
  readonly description?: string;
  /** Default yes. */
  readonly enabled?: boolean;
}

/**
 * What is open to a cPanel & WHM server, whole. The same object given to several servers or mappings is compiled once.
 * SSH, WHM and MySQL are for administrators: named by themselves they need a `from` of their own, and where a preset
 * brings them they are opened to `management.from` alone.
 */
export interface CpanelFirewallProfileIntent {
  readonly name: string;
  readonly services: readonly ServiceIntent[];
  /** For services without a `from` of their own. */
  readonly sources?: Sources;
  /**
   * The way back in: comes before everything, also before `blocked`. `from` the operators' networks; 'anywhere' opens SSH, and WHM where a
   * preset has it, to everybody.
   */
  readonly management: { readonly from: Sources; readonly port: number | string };
  /** Sources that nothing but management is open to. Default: none. */
  readonly blocked?: readonly string[];
  /** Connections that the server opens. Default: anywhere. */
  readonly outbound?: 'anywhere' | readonly OutboundIntent[];
  /** Who may ping it. Default: nobody, since nothing opens by default; ICMP errors are never blocked. */
  readonly ping?: Sources | 'nobody';
  /** More services, beside the port table's. */
  readonly extra?: readonly ServiceIntent[];
  readonly sourceSets?: SourceSets;
  /** Of the port table. Default and only one so far: `112`. */
  readonly cpanelVersion?: string;
}

export interface ServerIntent extends DeviceIntent {
  /** All local addresses, IPv4 and IPv6, with or without their network's length; or `interfaces`. Exactly one of the two. */
  readonly addresses?: readonly string[];
  /** Name of the one interface that has `addresses`. Default eth0. */
  readonly interface?: string;
  readonly interfaces?: readonly { readonly name: string; readonly addresses: readonly string[]; readonly routes?: readonly string[] }[];
  /** Prefixes whose connections aren't ours to close: backup, monitoring, the operator's network. Must be written. */
  readonly inside: 'none' | readonly string[];
  /** Default `unmanaged`: what comes from inside stays as it was. */
  readonly insideConnections?: 'unmanaged' | 'listed';
  /** What `cpanel-edge capture` wrote of the server, or is known of it: rules about services decide by it. Default: nothing is known. */
  readonly facts?: FactsIntent;
  /** What cPanel takes for its public addresses (`/var/cpanel/cpnat`). Default: nobody writes it. */
  readonly cpnat?: CpnatIntent;
  /** Default `keep closed`. */
  readonly onRetract?: 'keep closed' | 'as before';
}

/** `{}`: as which addresses the gateways of this app translate the server. */
export interface CpnatIntent {
  /** `off`: no such file, as on a server that has its public addresses itself. Default `on`. */
  readonly natMode?: 'on' | 'off';
  /** For a server whose gateway is elsewhere. Default: the mappings of this app that work both ways and towards everybody. */
  readonly pairs?: readonly { readonly local: string; readonly public: string }[];
  /** `change`: also on a server that has accounts, whose zones and mail keep the addresses of before. Default `refuse`. */
  readonly serverInUse?: 'refuse' | 'change';
  /** Page that cPanel asks from each address as whom it is seen: `https://ifconfig.me/ip`. Default: stays as it is there. */
  readonly myip?: string;
  /** What Pure-FTPd tells clients of passive connections. `ports`: `50000-50100`, open in the profile. `address`: a public one, default the first. */
  readonly passiveFtp?: { readonly ports?: string; readonly address?: string };
}

/** How the driver reaches a device. Secrets are references only. */
export interface ConnectionIntent {
  readonly host: string;
  /** Default 22. */
  readonly port?: number;
  /** Default root. */
  readonly user?: string;
  /** Public host keys as in known_hosts without the host part, or `@cert-authority <key>`. */
  readonly hostKeys: readonly string[];
  /** Path of a private key file on the runner. Default: the agent. */
  readonly identityFile?: string;
  /** Name of the variable with the agent's socket. Default SSH_AUTH_SOCK. */
  readonly agentVariable?: string;
  /** Default none, which has to be written where defaults have one. */
  readonly jump?: ConnectionIntent | 'none';
  /** Whether ~/.ssh/config is read. Default no. */
  readonly userConfiguration?: boolean;
  /** Seconds until an unconfirmed release is undone, 10 to 3600. Default 90. Not on a jump host. */
  readonly rollbackSeconds?: number;
}
