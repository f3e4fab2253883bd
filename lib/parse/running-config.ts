// The type RunningConfigInspector: finds the chain, owner and program of a line in the config that a device runs, and
// the config that would run without drift. Each platform has one. Also helpers on line numbers and addresses in such
// texts.

import { FirewallProgram } from './firewall-programs';

/**
 * Inspects the config that a device runs, for people: finds a line again, its owner, and the config that would run if
 * it were unchanged.
 */
export interface RunningConfigInspector {
  /** Returns the locator of units in a text that a device runs: `table inet filter`, the entries of an owner. */
  places(text: string): LineLocator;
  /** Returns the name of the unit that a release is on its device. */
  findUnit(release: ReleaseText): string | undefined;
  /** Returns whether an object that a text touches (see EvaluatedConfig) belongs to a unit of this owner. */
  isOwnedBy(changedObject: string, owner: string): boolean;
  /**
   * Returns the running config whole, and without the objects of an owner; both in the one form in which they compare.
   * Lines keep their numbers.
   */
  apart(text: string, owner: string): { readonly whole: string; readonly rest: string };
  /**
   * Returns the running config with only those blocks that others place by name. It lacks the rules by which this owner
   * lets in or keeps out, and blocks of others that are written defaults. A packet that this text denies and that
   * passes with the owner's rules passes by their place alone. Undefined if each list of rules decides independently,
   * so that no place matters, and if no other program keeps anything out by name. Lines keep their numbers.
   */
  keptOut?(text: string, owner: string): string | undefined;
  /**
   * Returns the config that the device would hold if these releases, and those of unknown owners, were unchanged: a
   * text for the parser. The releases of a loader are tables beside each other; those of an editor stand in the
   * captured config.
   */
  asDelivered(releases: readonly ReleaseText[], runningText: string): string;
  /**
   * Returns the config that a device would run with a release loaded beside its running config. Undefined if a release
   * is a text of another form.
   */
  beside?(text: string, release: string): string;
  /**
   * Returns whether a line translates or drops. If several lines decide, a person looks for such a line in the
   * unmanaged config.
   */
  decides(line: string): boolean;
  /** Returns a command on the device that shows all rules, or those of a unit with the details needed to remove one. */
  shown(unit?: string): string;
}

export interface ReleaseText {
  readonly text: string;
  readonly owner: string;
}

export interface LineLocator {
  /** Returns the place of a line: `line 12 of table inet filter`. */
  at(line: number): string;
  /** Returns the sentence with the place of every `line N` in it. */
  inWords(words: string): string;
  unitAt(line: number): ConfigUnit | undefined;
  /**
   * Returns which owner or program a line is of: an owner of this package, or another program. `nobody` is the device's
   * own, a default.
   */
  whose(line: number): 'ours' | 'others' | 'nobody';
  /** Returns the places in unmanaged config that name this address: a ban list's elements, or a rule. */
  mentions(address: string): readonly string[];
}

export interface ConfigUnit {
  readonly name: string;
  /** The unit belongs to an owner of this package. */
  readonly isManaged: boolean;
  /** The program that keeps the line there, if a name that only it uses tells so. */
  readonly program?: FirewallProgram | undefined;
}

/** Returns the sentence with every `line N` replaced by its place. */
export const replaceLineNumbers = (words: string, describeLine: LineLocator['at']): string =>
  words.replace(/\bline (\d+)\b/g, (_, number: string) => describeLine(Number(number)));

/** Returns whether a line names just this address, not one that begins or ends so. */
export const containsAddress = (line: string, address: string): boolean =>
  line.includes(address) && line.split(/[^0-9A-Fa-f.:]+/).includes(address);
