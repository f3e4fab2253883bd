// The type DeviceSystem: all that the driver must know of the devices of one platform. It has the agent and its
// installation, the words of its refusals and boot faults, and repairs by hand. It knows nothing about configs.

import { StopPoints } from './stop-points';

/** The devices of a platform from the view of a delivery: the agent, its installation, and the meaning of its words. */
export interface DeviceSystem {
  readonly manualFixes: ManualFixes;
  readonly agentProgram: AgentProgram;
  /** Version of its release files. 2 also has the maker of a release, and the closed text that stands in for it. */
  readonly releaseForm: 1 | 2;
  /**
   * Returns the object on the device that a release owns, in the words of its file: `table NAME`, `tag OWNER`.
   * Undefined: the text isn't of this platform.
   */
  findUnit(release: { readonly text: string; readonly owner: string }): string | undefined;
  /** The platform in whose format such a device lists all that it runs. Undefined: its own. */
  readonly listingPlatform?: string;
  /** The word that a login by sudo needs to deliver to this platform. Undefined: every login may deliver. */
  readonly loginWord?: LoginWord;
  /** Refusals that only its agent has. */
  readonly refusals: RefusalTexts;
  /** Faults of its next start. */
  readonly bootFaults: BootFaults;
}

/** Repairs that a delivery can't make and a person must: commands for root, or the pages of an interface. */
export interface ManualFixes {
  readonly by: 'commands' | 'pages';
  readonly interfaces: string;
  enable(interfaceName: string): string;
  forwarding(interfaceName: string): string;
  routeTo(address: string): string;
  /** Returns commands that show the present routes to an address. */
  describeRoutes(address: string): string;
}

/** The agent of a platform. */
export interface AgentProgram {
  /** The file in the built package, and the list of its parts in a checkout. */
  readonly built: string;
  readonly parts: string;
  readonly install: InstallCommands;
  /** Undefined if the lab has no such devices. */
  readonly stopPoints?: StopPoints;
}

/** A word for something that a login by sudo may change only if `bootstrap --allow` names it. */
export interface LoginWord {
  readonly word: string;
  /** The thing that it changes, in words. */
  readonly changes: string;
}

/** Commands for root, in the language of the device's shell. */
export interface InstallCommands {
  /** A test that succeeds on such a system. */
  readonly testCommand: string;
  readonly path: string;
  /** Prints the SHA-256 of the file "$new", hexadecimal. */
  readonly sum: string;
  /** Commands after the installation of "$program". */
  readonly afterwards: readonly string[];
  /** The folder from which sudo reads its rules, and commands that fail if it doesn't read them. */
  readonly sudoers: { readonly folder: string; readonly check: readonly string[] };
  /**
   * The folder in which the agent finds what each login may deliver (`bootstrap --allow`). Undefined: no login needs
   * permission.
   */
  readonly logins?: string;
}

/** Messages with the problem and the remedy, from the values in the device's answer. */
export type RefusalTexts = Readonly<Record<string, (value: (name: string) => string) => RefusalText>>;

export interface RefusalText {
  readonly what: string;
  readonly instead: string;
}

/**
 * Faults by the word of the device. `loads`: with this fault the next start may not load the release, or loads it
 * beside the rules of others.
 */
export type BootFaults = Readonly<Record<string, BootFault>>;

export interface BootFault {
  readonly description: string;
  readonly loads: boolean | 'beside others';
  /** True if no delivery repairs it: `description` has the command for a person. */
  readonly byHand?: true;
}
