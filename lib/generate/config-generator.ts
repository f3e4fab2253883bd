import { Policy } from '../policy/policy';

/** What a platform's writer makes of a policy: everything that this owner puts on the device. */
export interface GeneratedConfig {
  /**
   * Native text, whole: what the platform's reader reads. Of a loader the unit that it loads. Of an editor the configuration with our
   * entries in it, of which the device takes only those that are tagged as this owner's.
   */
  readonly text: string;
  /** The same without this owner. Of a loader nothing; of an editor what was captured, or else a device with nothing but its interfaces. */
  readonly surroundings: UnmanagedConfig;
  /** What the device must have besides its rules, in the order in which it is set up. */
  readonly addresses: readonly DeviceAddress[];
}

/**
 * A VIP as the device must hold it: `alias` is an address on the interface, `proxy-arp` answers for it without
 * having it, `routed` needs nothing on the device and is listed so that check can look for it.
 */
export interface DeviceAddress {
  readonly kind: 'alias' | 'proxy-arp' | 'routed';
  readonly interface: string;
  /** Address with length, as the platform's tools take it: `203.0.113.10/32`. */
  readonly address: string;
}

/** What is on a device besides one owner's entries. */
export interface UnmanagedConfig {
  readonly text: string;
  /** It was captured from the device. Otherwise it is assumed, and only our own text is evidence. */
  readonly captured: boolean;
  /** No line of it is on the device: they stand for whatever is there, which nobody knows. */
  readonly supposed?: true;
}

/** The half that writes. Knows no exposure and no reader. */
export interface ConfigGenerator {
  /**
   * `captured`: what the device holds, as `capture` keeps it, with or without entries of this owner; a loader refuses it. Throws
   * Refusal with every wish that the platform can't meet.
   */
  write(policy: Policy, captured?: string): GeneratedConfig;
  /**
   * Of a loader: what a device loads in place of a text that is damaged or that it can't load. Closed, within what the policy asks for,
   * but for the management of the device itself. Throws as `write`.
   */
  closing?(policy: Policy): string;
  /** What a text of this writer holds besides the owner's entries. Throws Refusal for a text that no writer made. */
  without(text: string, owner: string): UnmanagedConfig;
}
