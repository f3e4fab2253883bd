import { FirewallProgram } from './firewall-programs';

/** What a device runs, for people: where they find a line again, whose it is, and what it would be if nobody had touched it. */
export interface RunningConfigInspector {
  /** What belongs together in a text that a device runs: `table inet filter`, the entries of an owner. */
  places(text: string): LineLocator;
  /** Name of the unit that a release is on its device. */
  unitOf(release: ReleaseText): string | undefined;
  /** Whether something that a text touches (see Reading) is a unit of this owner's. */
  isOf(changedObject: string, owner: string): boolean;
  /**
   * What a device runs, and the same without what an owner has there; both in the one form in which they compare. Lines keep their
   * numbers.
   */
  apart(text: string, owner: string): { readonly whole: string; readonly rest: string };
  /**
   * What a device runs as if nothing kept anything out but what others keep out by name: without what this owner's rules let in or keep
   * out, and without blocks of others that are defaults which somebody wrote. What is denied then, and passes with the
   * owner's rules, passes by their place alone. Undefined where each list of rules has its own say, so that no place matters, and where
   * nobody else keeps anything out by name. Lines keep their numbers.
   */
  keptOut?(text: string, owner: string): string | undefined;
  /**
   * What the device would hold of these releases, and of owners that nobody here knows, if nobody had changed anything: a text for the
   * reader. A loader's are tables beside each other, an editor's stand in what was captured.
   */
  asDelivered(releases: readonly ReleaseText[], runningText: string): string;
  /** What a device would run with a release loaded beside what it runs. Undefined where a release is a text of another form. */
  beside?(text: string, release: string): string;
  /** Whether a line translates or drops: of several that decide, such a one of somebody else is what a person looks for. */
  decides(line: string): boolean;
  /** A command on the device that shows all rules, or those of a unit with what it takes to remove one. */
  shown(unit?: string): string;
}

export interface ReleaseText {
  readonly text: string;
  readonly owner: string;
}

export interface LineLocator {
  /** `line 12 of table inet filter`. */
  at(line: number): string;
  /** The same for every `line N` in a sentence. */
  inWords(words: string): string;
  unitAt(line: number): ConfigUnit | undefined;
  /** Who wrote a line: an owner of this package, or somebody else; nobody wrote what a device has of its own, a default. */
  whose(line: number): 'ours' | 'others' | 'nobody';
  /** Places of others that name this address: a ban list's elements, or a rule. */
  mentions(address: string): readonly string[];
}

export interface ConfigUnit {
  readonly name: string;
  /** Of an owner of this package. */
  readonly ours: boolean;
  /** Who keeps the line there, where a name of somebody's tells it. */
  readonly madeBy?: FirewallProgram | undefined;
}

/** A sentence with its places in place of every `line N`. */
export const replaceLineNumbers = (words: string, describeLine: LineLocator['at']): string =>
  words.replace(/\bline (\d+)\b/g, (_, number: string) => describeLine(Number(number)));

/** Whether a line names just this address, not one that begins or ends so. */
export const containsAddress = (line: string, address: string): boolean =>
  line.includes(address) && line.split(/[^0-9A-Fa-f.:]+/).includes(address);
