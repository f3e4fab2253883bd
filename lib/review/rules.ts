// Types of a team's review rules, as `cpanel-edge.rules.json` has them.

/**
 * A team's own rules for its changes, as data in the repository (`cpanel-edge.rules.json`). Every key but `format` is
 * optional; a rule that is left out isn't enforced. The rules are judged on what is reachable from outside after the
 * change, end to end.
 */
export interface ReviewRules {
  /** Version of this file's format; there is one so far. @example format: 1 */
  readonly format: 1;
  /**
   * The only services that may be reachable from outside. An entry without `to` applies to every public address.
   *
   * @default not enforced
   * @example allowed: [{ services: ['web'], to: ['203.0.113.10'] }]
   */
  readonly allowed?: readonly AllowedOpening[];
  /**
   * Services that must be reachable from these sources alone.
   *
   * @default not enforced
   * @example admin: [{ services: ['ssh', '2087/tcp'], from: ['198.51.100.0/24'] }]
   */
  readonly admin?: readonly {
    /** Names as profiles use them, or presets: `ssh`, `2087/tcp`. */
    readonly services: readonly string[];
    /** Addresses or prefixes. */
    readonly from: readonly string[];
  }[];
  /** Services that no source may reach from outside. @default not enforced @example forbidden: ['mysql'] */
  readonly forbidden?: readonly string[];
  /**
   * Lint findings that the team has accepted. An acknowledgement doesn't count past its expiry date.
   *
   * @default none
   * @example acknowledged: [{ code: 'ports/mysql-public', reason: 'Replica elsewhere.', expires: '2027-01-31' }]
   */
  readonly acknowledged?: readonly Acknowledgement[];
  /** Greatest number of devices that one change may touch. @default not enforced @example mostDevices: 3 */
  readonly mostDevices?: number;
}

/** One entry of `allowed`: services that may be reachable from outside. */
export interface AllowedOpening {
  /** Names of services or presets, `443/tcp`, `60000-60100/udp`. @example services: ['web', '60000-60100/udp'] */
  readonly services: readonly string[];
  /** Source addresses or prefixes that may reach it. @default anywhere @example from: ['198.51.100.0/24'] */
  readonly from?: readonly string[];
  /** Public addresses or prefixes. @default all @example to: ['203.0.113.10'] */
  readonly to?: readonly string[];
}

/** A lint finding that the team has accepted, and the reason. */
export interface Acknowledgement {
  /** Code of a lint rule. @example code: 'ports/mysql-public' */
  readonly code: string;
  /** Part of the finding's `where`. @default wherever it is found @example where: 'server web1' */
  readonly where?: string;
  /** Why it may stay, for readers of the review. @example reason: 'A replica reads it, over TLS, until it moves.' */
  readonly reason: string;
  /** The last day on which it counts. @example expires: '2027-01-31' */
  readonly expires: string;
}
