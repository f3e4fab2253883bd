/**
 * A team's own rules for its changes, as data in the repository (`cpanel-edge.rules.json`). Everything in it but `format` may be
 * left out; what isn't said isn't enforced. Judged on what will be reachable after the change, end to end, from outside.
 */
export interface ReviewRules {
  /** Of this file; there is one so far. @example format: 1 */
  readonly format: 1;
  /**
   * The only services that may be reachable from outside. An entry without `to` is for every public address.
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
  /** Services that must not be reachable from outside by anybody. @default not enforced @example forbidden: ['mysql'] */
  readonly forbidden?: readonly string[];
  /**
   * Lint that somebody looked at. Past its expiry date it doesn't count.
   *
   * @default none
   * @example acknowledged: [{ code: 'ports/mysql-public', reason: 'Replica elsewhere.', expires: '2027-01-31' }]
   */
  readonly acknowledged?: readonly Acknowledgement[];
  /** Greatest number of devices that one change may touch. @default not enforced @example mostDevices: 3 */
  readonly mostDevices?: number;
}

/** What may be reachable from outside. */
export interface AllowedOpening {
  /** Names of services or presets, `443/tcp`, `60000-60100/udp`. @example services: ['web', '60000-60100/udp'] */
  readonly services: readonly string[];
  /** Addresses or prefixes of those who may reach it. @default anywhere @example from: ['198.51.100.0/24'] */
  readonly from?: readonly string[];
  /** Public addresses or prefixes. @default all @example to: ['203.0.113.10'] */
  readonly to?: readonly string[];
}

/** A finding of lint that somebody looked at, and why it may stay. */
export interface Acknowledgement {
  /** Of a lint rule. @example code: 'ports/mysql-public' */
  readonly code: string;
  /** Part of the finding's `where`. @default wherever it is found @example where: 'server web1' */
  readonly where?: string;
  /** Why it may stay, for whoever reads the review. @example reason: 'A replica reads it, over TLS, until it moves.' */
  readonly reason: string;
  /** The last day on which it counts. @example expires: '2027-01-31' */
  readonly expires: string;
}
