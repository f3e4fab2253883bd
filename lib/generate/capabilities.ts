// Types of a platform's capabilities: what it can express of a policy, and what to write instead of the rest; with
// functions that ask them. Generators refuse by them, and a table of the docs is made from them.

import { Excess } from '../policy/platform-excess';
import { GatewayPolicy, Mapping, ServerPolicy, VirtualIp } from '../policy/policy';

/** `true`, or why it isn't supported and what to write instead: one sentence each, for people. */
export type Capability = true | { readonly what: string; readonly instead: string };

/** A capability that only some names have: `names` lists them, the sentences are for the others. */
export type NamedCapability =
  Capability | { readonly names: readonly string[]; readonly what: string; readonly instead: string };

export const hasCapability = (capability: NamedCapability, name: string): boolean =>
  capability === true || ('names' in capability && capability.names.includes(name));

/**
 * The exact abilities of a target. Generators refuse by it, docs/reference/platforms.md is made from it, plans print what
 * matters.
 */
export interface Capabilities {
  /** Key in the registry; the platform's problem codes begin with it. */
  readonly id: string;
  /** Name as people write it. */
  readonly name: string;
  /**
   * Versions of the platform that were tried, as people write them, and how. The first is the one that most tests run.
   */
  readonly versions: readonly string[];
  /** The command that prints the version on a device. */
  readonly versionCommand: string;
  /**
   * A version below this one is refused: it can't do what the config needs. Undefined if no version is known to be too
   * old.
   */
  readonly oldest?: string;
  /**
   * A version after this one (`1.1`: 1.2 and later) is refused: its interpretation of a config isn't known. Undefined
   * if versions have no order.
   */
  readonly newest?: string;
  /** The place where an owner's name has to stand, and the number of characters it may have there. */
  readonly owner: { readonly location: string; readonly maxLength: number };
  /** IANA numbers of the protocols whose ports the platform can compare. */
  readonly portProtocols: readonly number[];
  /** Capabilities as a gateway; undefined if it isn't one. */
  readonly gateway?: GatewayCapabilities;
  /** Capabilities as the firewall of a server; undefined if it isn't one. */
  readonly server?: ServerCapabilities;
  /** Packets that pass besides those asked for. The upper bounds of the spec grow by it, and every report says so. */
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
  /** The form of its interface names, and a description for people. */
  readonly interfaces: { readonly pattern: RegExp; readonly description: string };
  readonly virtualIps: Readonly<Record<VirtualIp['kind'], Capability>>;
  /** Mappings of more than one address. */
  readonly subnets: Capability;
  readonly destinationRestriction: Capability;
  readonly exclusion: { readonly internal: Capability; readonly peers: Capability };
  readonly inboundOnly: Capability;
  readonly reflection: Readonly<Record<Mapping['reflection']['mode'], Capability>>;
  readonly ipv6: Capability;
  /** Whether translation keeps the source port of a connection. */
  readonly keepsSourcePorts: boolean;
}

export interface ServerCapabilities {
  readonly ipv6: Capability;
  /** Own public addresses that are translated to local ones. */
  readonly ownPublic: Capability;
  /** Whether the destinations that a server may reach can be listed, and by source ports. */
  readonly outbound: Capability;
  readonly sourcePorts: Capability;
  /** Whether a delivery can replace other firewalls there: none of them removes its rules when it stops. */
  readonly replaces: NamedCapability;
  /** By the name of a firewall that gives way: a sentence for a reviewer about more that is removed with it. */
  readonly replacesMore?: Readonly<Record<string, string>>;
  /** Defined if the platform itself gives way to a delivery of another platform. Undefined: its rules stand beside. */
  readonly givesWay?: {
    /**
     * A chain or a table of its own, as `iptables-save` and `nft list ruleset` print it. Undefined: its rules are in no
     * chain of its own.
     */
    readonly tells?: RegExp;
  };
}

/**
 * Returns the kind of a virtual IP without a kind: the only supported kind, otherwise the one that every device has.
 */
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
