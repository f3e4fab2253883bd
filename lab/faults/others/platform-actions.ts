// Type of a platform's actions in the fault tests: shell commands by which other programs and operators load rules
// or restart services. nftables.ts, iptables.ts and firewalld.ts have the commands.
import { DeviceName } from '../moment';

/**
 * Actions of other programs on a device: rules that they load, and their services, as root's commands on a platform.
 */
export interface Others {
  /**
   * Combinations (fault and step) of a further platform that every full test run has. Default: those that depend on the
   * platform.
   */
  readonly few?: readonly string[];
  /** Version of the program in the lab's Debian, as the intent must name it. */
  readonly version: string;
  /** Command that turns an installed server into one with this program, whose rules open more than any release. */
  readonly begins?: string;
  /**
   * Commands for a program that a delivery starts when another firewall is replaced: `off` ends it for good, and `on`
   * runs it again.
   */
  readonly starts?: { readonly off: string; readonly on: string };
  /** Program that refuses a wrong text. */
  readonly program: string;
  /** Actions on services that load their own rules over all others. */
  readonly services: readonly Service[];
  /** The restart of the service that every device has. */
  readonly restart: string;
  /** The unit or file that restores our rules after each action: its name in the status, and its path. */
  readonly bringBack: Readonly<Record<string, string>>;
  /**
   * Commands of a program with two backends: they select the other one and the first one, and print our rules that are
   * left in the first.
   */
  readonly backEnds?: { readonly other: string; readonly first: string; readonly left: string };
  /** A person's decisions about a program that starts with the device, by name. */
  readonly nextStart?: Readonly<Record<string, NextStart>>;
  /** Files that an installation lacks, other than the store and our own units. */
  readonly written: readonly string[];
  /** A sed program that makes the text invalid: from then on loading it is refused. */
  readonly misspells: string;
  /** Command that adds a rule without effect among ours. */
  readonly edits: string;
  /** Action that deletes all rules, which no service restores. */
  readonly flushes: { readonly name: string; readonly does: string };
  /** Opens a port of a mapped address that no release opens. */
  opens(device: DeviceName): Theirs;
  drops(source: string, port?: number): Theirs;
  /** Denies all sources that our rules allow, except the operator, like a firewalld, ufw or csf that was overlooked. */
  closes(device: DeviceName): Theirs;
  /** A ban list that changes continuously. */
  readonly bans: Theirs & { ban(address: string): string };
}

export interface Service {
  readonly name: string;
  readonly begins: string;
  readonly does: string;
  /** A moment without any rules, and a second one when this command ends it; otherwise the next shutdown would. */
  readonly gap?: { readonly ends: string };
}

/** A command on a device after which a restart doesn't load the release. */
export interface NextStart {
  readonly does: string;
  /** Value of `boot=`. */
  readonly boot: string;
  /** Word of the message by which a delivery is refused. */
  readonly refused: string;
  /** Command that reverts it. */
  readonly mends: string;
}

/** Rules of another program beside ours. */
export interface Theirs {
  readonly load: string;
  readonly remove: string;
  /** Command that succeeds while the rules are present. */
  readonly there: string;
  /** True if the rules have no effect once a release is loaded, because its rules come first. */
  readonly passedOver?: boolean;
}
