import { StopPoints } from './stop-points';

/** What a platform's devices are to a delivery: what runs there, how it comes there, and what its own words mean. */
export interface DeviceSystem {
  readonly fixes: ManualFixes;
  readonly runs: AgentProgram;
  /** The form of its release files; 2 has who made a release, and what stands in for its text. */
  readonly releaseForm: 1 | 2;
  /** What on the device is a release's, as its file says it: `table NAME`, `tag OWNER`. Undefined: no text of this platform. */
  unitOf(release: { readonly text: string; readonly owner: string }): string | undefined;
  /** The platform in whose form such a device lists all that it runs. Absent: its own. */
  readonly listedAs?: string;
  /** Needed by a login that delivers to this platform by sudo. Absent: every login may. */
  readonly loginWord?: LoginWord;
  /** What its program alone refuses with. */
  readonly refusals: RefusalTexts;
  /** What its next start may lack. */
  readonly bootFaults: BootFaults;
}

/** What a person does there about what a delivery can't change: commands for root, or the pages that have it. */
export interface ManualFixes {
  readonly by: 'commands' | 'pages';
  readonly interfaces: string;
  enable(interfaceName: string): string;
  forwarding(interfaceName: string): string;
  routeTo(address: string): string;
  /** What leads there now. */
  routesOf(address: string): string;
}

/** A device program. */
export interface AgentProgram {
  /** The file in the built package, and the list of its parts in a checkout. */
  readonly built: string;
  readonly parts: string;
  readonly install: InstallCommands;
  /** Absent where the lab has no such devices. */
  readonly places?: StopPoints;
}

/** Something that a login by sudo changes only where `bootstrap --allow` names it. */
export interface LoginWord {
  readonly word: string;
  /** What it changes, in words. */
  readonly changes: string;
}

/** In the words of its shell, for root. */
export interface InstallCommands {
  /** A test whether this is such a system. */
  readonly isHere: string;
  readonly path: string;
  /** Prints the SHA-256 of the file "$new", hexadecimal. */
  readonly sum: string;
  /** Behind the installation of "$program". */
  readonly afterwards: readonly string[];
  /** Where sudo reads who may what, and commands that refuse where it doesn't. */
  readonly sudoers: { readonly folder: string; readonly check: readonly string[] };
  /** The folder in which the program finds what each login may deliver (`bootstrap --allow`). Absent: nothing that a login has to be allowed. */
  readonly logins?: string;
}

/** What is wrong and what to do about it, from the values that the device gave. */
export type RefusalTexts = Readonly<Record<string, (value: (name: string) => string) => RefusalText>>;

export interface RefusalText {
  readonly what: string;
  readonly instead: string;
}

/** By the word of the device: what it means. `loads`: without it the next start may not bring the release, or brings it beside others' rules. */
export type BootFaults = Readonly<Record<string, BootFault>>;

export interface BootFault {
  readonly says: string;
  readonly loads: boolean | 'beside others';
  /** No delivery mends it: `says` has the command for a person. */
  readonly byHand?: true;
}
