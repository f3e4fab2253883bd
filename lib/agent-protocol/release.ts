// Types of what the driver delivers: Release (everything that one owner puts on one device: text, addresses, policy,
// digest), its health checks, the SSH connection with jump hosts, and both as the work of a delivery.

/** The format of a Release and of the driver's work. The driver refuses any other before it sends anything. */
export const RELEASE_FORMAT = 1;

/** Everything that one owner puts on one device, as one unit. Plain data, no commands, no secrets. */
export interface Release {
  readonly format: typeof RELEASE_FORMAT;
  readonly device: string;
  readonly owner: string;
  readonly role: 'gateway' | 'server';
  readonly platform: string;
  /** sha256 over text and addresses, hexadecimal; names the release. */
  readonly digest: string;
  readonly text: string;
  readonly addresses: readonly {
    readonly kind: 'alias' | 'proxy-arp' | 'routed';
    readonly interface: string;
    readonly address: string;
  }[];
  /**
   * The desired contents of `/var/cpanel/cpnat`, in lines as the device takes them (`lib/policy/cpnat-pairs.ts`).
   * Undefined: the release doesn't write it.
   */
  readonly cpnat?: readonly string[];
  /** Firewalls of a server that give way to this release, by name: `ufw`. Undefined: none. */
  readonly replaces?: readonly string[];
  /**
   * The policy as canonical JSON (lib/verifier/policy-codec.ts). The verification of the live rules compares with it.
   */
  readonly policy: string;
  /** Readable sorted lines: one per mapping naming its profile, one per allow rule of each distinct profile. */
  readonly lines: readonly string[];
  /**
   * Prefixes that this owner owns. A release whose prefixes overlap those of another owner is refused with that owner's
   * name.
   */
  readonly claims: { readonly outside: readonly string[]; readonly inside: readonly string[] };
  /**
   * Packets that must stay allowed, besides management. They are evaluated on the device, and connected if the runner
   * is the source.
   */
  readonly witnesses: readonly HealthCheck[];
  readonly onRetract: 'keep closed' | 'as before';
  readonly rollbackSeconds: number;
}

/** A first packet that must stay allowed, whatever else a device's rules do. */
export interface HealthCheck {
  /** Interface by which it arrives. */
  readonly arrives: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/**
 * How the driver reaches a device. Secrets are references only: an agent, a file on the runner, the name of an
 * environment variable.
 */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Public host keys as in known_hosts without the host part (`ssh-ed25519 AAAA…`), or `@cert-authority <key>`. At least one. */
  readonly hostKeys: readonly string[];
  /** Path of a private key file on the runner, or undefined for the agent. */
  readonly identityFile?: string;
  /** Name of the variable that holds the path of the agent's socket. Default SSH_AUTH_SOCK. */
  readonly agentVariable?: string;
  readonly jump?: Connection;
  /** Whether ~/.ssh/config is read. Default: no. */
  readonly userConfiguration: boolean;
  /** The platform whose agent answers there. Default: the agent that all Linux platforms share. */
  readonly platform?: string;
}

/** Returns the device first, then the jump hosts outwards. */
export const listHops = (connection: Connection): readonly Connection[] => [
  connection,
  ...(connection.jump ? listHops(connection.jump) : []),
];

/**
 * The driver's work: the data that `deliver` and `retract` get from the provisioner's environment, beside the owner
 * token.
 */
export interface DeliveryWork {
  readonly format: typeof RELEASE_FORMAT;
  readonly connection: Connection;
  readonly release: Release;
}
