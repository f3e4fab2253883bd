import { Policy } from '../policy/policy';

/** What a platform's writer makes of a policy: everything that this owner puts on the device. */
export interface Written {
  /** Native text of the rules, loaded as one unit. */
  readonly text: string;
  /** What the device must have besides its rules, in the order in which it is set up. */
  readonly addresses: readonly AddressLine[];
}

/**
 * A VIP as the device must hold it: `alias` is an address on the interface, `proxy-arp` answers for it without
 * having it, `routed` needs nothing on the device and is listed so that check can look for it.
 */
export interface AddressLine {
  readonly kind: 'alias' | 'proxy-arp' | 'routed';
  readonly interface: string;
  /** Address with length, as the platform's tools take it: `203.0.113.10/32`. */
  readonly address: string;
}

/** The half that writes. Knows no exposure and no reader. Throws Refusal with every wish the platform can't meet. */
export interface Writer {
  write(policy: Policy): Written;
}
