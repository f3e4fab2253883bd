// The contract of a platform's generator: a policy comes in, native text goes out. A generator knows no reachability
// and no parser, so the verifier checks its text independently.

import { Policy } from '../policy/policy';

/** The output of a platform's generator for a policy: everything that this owner puts on the device. */
export interface GeneratedConfig {
  /**
   * The whole native text, as the platform's parser takes it. For a loader it is the unit that it loads. For an editor
   * it is the configuration with our entries in it; the device takes only the entries that are tagged as this owner's.
   */
  readonly text: string;
  /**
   * The text without this owner. For a loader it is empty; for an editor it is the captured config, or a device with
   * nothing but its interfaces.
   */
  readonly unmanagedConfig: UnmanagedConfig;
  /** Addresses that the device must have besides its rules, in the order in which they are set up. */
  readonly addresses: readonly DeviceAddress[];
}

/**
 * A VIP as the device must hold it. `alias`: an address on the interface. `proxy-arp`: the device answers for the
 * address without having it. `routed`: the device needs nothing for it; it is listed so that check can look for it.
 */
export interface DeviceAddress {
  readonly kind: 'alias' | 'proxy-arp' | 'routed';
  readonly interface: string;
  /** Address with length, as the platform's tools take it: `203.0.113.10/32`. */
  readonly address: string;
}

/** The unmanaged config: what is on a device besides one owner's entries. */
export interface UnmanagedConfig {
  readonly text: string;
  /** True if it was captured from the device. Otherwise it is assumed, and only our own text is evidence. */
  readonly isCaptured: boolean;
  /** True if no line of it is on the device: the lines stand for unmanaged config that isn't known. */
  readonly isAssumed?: true;
}

/** The generator of a platform. It knows no reachability and no parser. */
export interface ConfigGenerator {
  /**
   * Generates the config of a policy. `captured`: what the device holds, as `capture` keeps it, with or without entries
   * of this owner; a loader refuses it.
   *
   * @throws Refusal with every part of the policy that the platform can't meet.
   */
  write(policy: Policy, captured?: string): GeneratedConfig;
  /**
   * Generates the config that a device loads in place of one that is damaged or that it can't load; loaders only. It is
   * closed, within what the policy asks for, except for the management of the device itself.
   *
   * @throws the same as `write`.
   */
  closing?(policy: Policy): string;
  /**
   * Returns what a text of this generator holds besides the owner's entries.
   *
   * @throws Refusal for a text that no generator made.
   */
  without(text: string, owner: string): UnmanagedConfig;
}
