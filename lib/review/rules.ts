/**
 * A team's own rules for its changes, as data in the repository (`cpanel-edge.rules.json`). Everything in it but `format` may be
 * left out; what isn't said isn't enforced. Judged on what will be reachable after the change, end to end, from outside.
 */
export interface ReviewRules {
  /** Of this file; there is one so far. */
  readonly format: 1;
  /** The only services that may be reachable from outside. An entry without `to` is for every public address. @default not enforced */
  readonly allowed?: readonly AllowedOpening[];
  /** Services that must be reachable from these sources alone. @default not enforced */
  readonly admin?: readonly {
    /** Names as profiles use them, or presets: `ssh`, `2087/tcp`. */
    readonly services: readonly string[];
    /** Addresses or prefixes. */
    readonly from: readonly string[];
  }[];
  /** Services that must not be reachable from outside by anybody. @default not enforced */
  readonly forbidden?: readonly string[];
  /** Lint that somebody looked at. Past its expiry date it doesn't count. @default none */
  readonly acknowledged?: readonly Acknowledgement[];
  /** Greatest number of devices that one change may touch. @default not enforced */
  readonly mostDevices?: number;
}

/** What may be reachable from outside. */
export interface AllowedOpening {
  /** Names of services or presets, `443/tcp`, `60000-60100/udp`. */
  readonly services: readonly string[];
  /** Addresses or prefixes of those who may reach it. @default anywhere */
  readonly from?: readonly string[];
  /** Public addresses or prefixes. @default all */
  readonly to?: readonly string[];
}

/** A finding of lint that somebody looked at, and why it may stay. */
export interface Acknowledgement {
  /** Of a lint rule: `ports/mysql-public`. */
  readonly code: string;
  /** Part of the finding's `where`. @default wherever it is found */
  readonly where?: string;
  /** Why it may stay, for whoever reads the review. */
  readonly reason: string;
  /** The last day on which it counts, `2027-01-31`. */
  readonly expires: string;
}
