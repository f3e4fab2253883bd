/**
 * A team's own rules for its changes, as data in the repository (`cpanel-edge.rules.json`). Everything in it is optional; what isn't
 * said isn't enforced. Judged on what will be reachable after the change, end to end, from outside.
 */
export interface ReviewRules {
  readonly format: 1;
  /** The only services that may be reachable from outside. An entry without `to` is for every public address. */
  readonly allowed?: readonly AllowedOpening[];
  /** Services that must be reachable from these sources alone. */
  readonly admin?: readonly { readonly services: readonly string[]; readonly from: readonly string[] }[];
  /** Services that must not be reachable from outside by anybody. */
  readonly forbidden?: readonly string[];
  /** Lint that somebody looked at. Without an expiry date, or past it, it doesn't count. */
  readonly acknowledged?: readonly Acknowledgement[];
  /** Greatest number of devices that one change may touch. */
  readonly mostDevices?: number;
}

export interface AllowedOpening {
  /** Names of services.json or presets, `443/tcp`, `60000-60100/udp`. */
  readonly services: readonly string[];
  /** Default: anywhere. */
  readonly from?: readonly string[];
  /** Public addresses or prefixes. Default: all. */
  readonly to?: readonly string[];
}

export interface Acknowledgement {
  /** Of a lint rule. */
  readonly code: string;
  /** Part of the finding's `where`; default: wherever it is found. */
  readonly where?: string;
  readonly reason: string;
  /** The last day on which it counts, `2027-01-31`. */
  readonly expires: string;
}
