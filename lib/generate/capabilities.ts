import { Excess } from '../policy/platform-excess';
import { GatewayPolicy, Mapping, ServerPolicy, VirtualIp } from '../policy/policy';

/** `true`, or for people why not, and what to write instead: a sentence each. */
export type Capability = true | { readonly what: string; readonly instead: string };

/** The same of some by their names, and of the others why not. */
export type NamedCapability =
  Capability | { readonly of: readonly string[]; readonly what: string; readonly instead: string };

export const hasCapability = (capability: NamedCapability, name: string): boolean =>
  capability === true || ('of' in capability && capability.of.includes(name));

/** What a target can do exactly. Writers refuse by it, docs/platforms.md is made from it, plans print what matters. */
export interface Capabilities {
  /** Its key in the registry; its problem codes begin with it. */
  readonly id: string;
  /** As people write it. */
  readonly name: string;
  /** Versions of the platform that were tried, as people write them, and how. First the one that most tests run. */
  readonly versions: readonly string[];
  /** The command that prints it on a device. */
  readonly versionBy: string;
  /** A version below this one is refused: it can't do what is written. Absent where none is known to be too old. */
  readonly oldest?: string;
  /** What comes after it (`1.1`: 1.2 and later) is refused: nobody knows what it makes of a text. Absent where versions have no order. */
  readonly newest?: string;
  /** Where the name of an owner has to stand, and how many characters it may have there. */
  readonly owner: { readonly within: string; readonly most: number };
  /** IANA numbers of the protocols whose ports it can compare. */
  readonly portsOf: readonly number[];
  /** As a gateway; absent where it isn't one. */
  readonly gateway?: GatewayCapabilities;
  /** As the firewall of a server; absent where it isn't one. */
  readonly server?: ServerCapabilities;
  /** What passes besides what is asked for. The meaning's upper bounds grow by it, and every report says so. */
  readonly excess: Excess;
  readonly transition: 'atomic' | 'never wider' | 'brief closed' | 'brief open';
  readonly commitConfirm: 'yes' | 'with reboot' | 'no';
  readonly rebootUndo: boolean;
}

export const TRANSLATES_NO_IPV6 = {
  what: 'IPv6 addresses are not translated: a server has its public IPv6 address itself.',
  instead: "an IPv4 mapping; the server's own firewall opens its IPv6 addresses.",
} satisfies Capability;

export interface GatewayCapabilities {
  /** What its names of interfaces look like, and what they are, for people. */
  readonly interfaces: { readonly form: RegExp; readonly are: string };
  readonly virtualIps: Readonly<Record<VirtualIp['kind'], Capability>>;
  /** Mappings of more than one address. */
  readonly subnets: Capability;
  readonly destinationRestriction: Capability;
  readonly exclusion: { readonly inside: Capability; readonly peers: Capability };
  readonly inboundOnly: Capability;
  readonly reflection: Readonly<Record<Mapping['reflection']['mode'], Capability>>;
  readonly ipv6: Capability;
  /** Whether translation keeps a connection's source port. */
  readonly keepsSourcePorts: boolean;
}

export interface ServerCapabilities {
  readonly ipv6: Capability;
  /** Own public addresses that lead to local ones. */
  readonly ownPublic: Capability;
  /** What a server may reach can be listed, and by source ports. */
  readonly outbound: Capability;
  readonly sourcePorts: Capability;
  /** A delivery can take the place of other firewalls there: none of them takes its rules away as it stops. */
  readonly replaces: NamedCapability;
  /** By the name of a firewall that gives way: a sentence for a reviewer about more that goes with it. */
  readonly replacesMore?: Readonly<Record<string, string>>;
  /** It gives way itself to a delivery of another platform. Absent: its rules stand beside. */
  readonly givesWay?: {
    /** A chain or a table of its own, as `iptables-save` and `nft list ruleset` print it. Absent: its rules are in nobody's chains. */
    readonly tells?: RegExp;
  };
}

/** The kind of a virtual IP that says none: the only one there is, else the one that every device has. */
export function getDefaultVirtualIpKind({ gateway }: Capabilities): VirtualIp['kind'] {
  const kinds = gateway
    ? (Object.keys(gateway.virtualIps) as VirtualIp['kind'][]).filter((kind) => gateway.virtualIps[kind] === true)
    : [];
  const [single, ...more] = kinds;
  return single !== undefined && more.length === 0 ? single : 'ip-alias';
}

export const listRoles = ({ gateway, server }: Capabilities): readonly (GatewayPolicy | ServerPolicy)['kind'][] => [
  ...(gateway ? (['gateway'] as const) : []),
  ...(server ? (['server'] as const) : []),
];
