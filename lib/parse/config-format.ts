import { Reachability } from '../reachability/reachability';
import { Device, NetworkInterface } from '../net/device';
import { Range } from '../net/range';
import { FirewallProgram } from './firewall-programs';
import { EvaluatedConfig } from './config-parser';

/** How a platform knows its own texts, and what one of them says of the device that nobody described. */
export interface ConfigFormat {
  /** What people call such a text, and how they get it: `nftables`, `nft list ruleset`. */
  readonly called: string;
  readonly printedBy: string;
  /** What is read of it, in the middle of a list: `a config.xml of pfSense`. Default: what those commands print. */
  readonly reads?: string;
  /** Forms that are known by sight and not read. */
  readonly unread?: readonly UnsupportedFormat[];
  /** What says, in the place of rules, that they are another program's to print. */
  readonly elsewhere?: ExternalRulesHint;
  readonly shell?: TerminalOutput;
  /** How it is made sure that nothing filters where a device printed nothing at all. Absent: a device prints something always. */
  readonly whenEmpty?: string;
  /** What no such text can say: each a sentence of every report. */
  readonly limits: readonly string[];
  /** Whether a text is one of this platform's, by how it looks. The reader may refuse it still. */
  recognises(text: string): boolean;
  /** The text with what the name of its file tells and nothing in it does. Its lines keep their numbers. */
  named?(text: string, file: string): string;
  /** For whatever is asked of it. Throws Refusal as the reader does. */
  parsed(text: string): UnmanagedDeviceText;
  /**
   * Where what a device has comes in several texts, a file for each family: what this one holds of it. Texts with nothing in common are of one
   * device. Throws Refusal as the reader does.
   */
  holds?(text: string): readonly string[];
  /** A text with what it includes of others that were given, by their names, in the place of the lines that say so. */
  including?(
    text: string,
    otherTexts: ReadonlyMap<string, string>,
  ): { readonly text: string; readonly of: readonly IncludedFile[] };
  /** Where its texts are made of several files, each below its path as `tail -v -n +1` prints them. */
  readonly spread?: FileLayout;
}

/** A file that stands in another from this line on. */
export interface IncludedFile {
  readonly name: string;
  readonly line: number;
}

/** Rules that are spread over files. Paths have "/", and are relative. */
export interface FileLayout {
  /** In the middle of a list: `firewalld’s files`. */
  readonly called: string;
  /** How all of them are had from a server. */
  readonly packedBy: string;
  /** Folders that say by their path whose files they hold. */
  readonly folders: readonly string[];
  /** Whether a folder may hold some, by its path. */
  mayHold(path: string): boolean;
  /** Those that are read; and what stands in the place of a folder of them: nobody could say what isn't there. */
  among(entries: readonly { readonly path: string; readonly isFile: boolean }[]): ReadonlySet<string>;
}

/** The line above each of them, with its path. */
export const FILE_HEADER = /^==> (.+) <==$/;

export interface UnsupportedFormat {
  readonly looks: RegExp;
  readonly called: string;
  readonly instead: string;
}

export interface ExternalRulesHint {
  readonly looks: RegExp;
  readonly what: string;
  readonly instead: string;
}

/** What a terminal shows around its texts. */
export interface TerminalOutput {
  /** The programs that print them, as a part of a pattern. */
  readonly programs: string;
  /** A command as somebody typed it, where it stands alone. */
  readonly typed?: RegExp;
  /** Lines that are the text's, whatever they look like: a remark in them may hold anything. */
  readonly own?: RegExp;
}

export type UnmanagedDeviceText = UnmanagedRules | UnmanagedDeviceConfig;

/** `called`, `limits`: of texts of its kind, where a platform has several. */
interface ParsedUnmanagedText extends Pick<ConfigFormat, 'called' | 'limits'> {
  /** Whose behaviour it is read with, where it doesn't say: each a sentence. */
  readonly assumed: readonly string[];
  /** The same of a device whose addresses were told, where they decide some of it. */
  assumedOn?(interfaces: readonly NetworkInterface[]): readonly string[];
  /** What the text may leave out, though it could let in more than is shown: each a sentence. */
  readonly untold?: readonly string[];
  read(device: Device): EvaluatedConfig;
}

/** Rules alone: of the device they say no more than what they ask of it. */
export interface UnmanagedRules extends ParsedUnmanagedText {
  readonly is: 'rules';
  /** They see what comes from outside for ::1, and may lead it elsewhere. Absent: Linux drops it before any hook (ip6_rcv_core; seen, 6.18). */
  readonly seesLoopback6?: true;
  /** What comes in besides all that is shown, once sessions have agreed on it: each a sentence. */
  readonly agreed?: readonly string[];
  mentions(): DeviceReferences;
  /** What some of its rules say alone of what comes to the device itself. Absent where a platform's texts have no such parts. */
  apart?(): ProgramSubsets;
  /** Which program keeps the rule in this line, where a name of its own tells it. */
  madeBy?(line: number): FirewallProgram | undefined;
}

interface ProgramSubsets {
  /** By what each program keeps somebody out that is there for that. */
  readonly keepers: readonly BanListSubset[];
  /** Lists that decide beside each other, each with its own default; none where there is one alone. */
  readonly filters: readonly FilterSubset[];
}

/** Some of a text's rules for what comes to the device itself, as if it had no others for that. */
export interface RuleSubset {
  /** Their chains: `chain cphulk of table inet filter`. */
  readonly called: readonly string[];
  read(device: Device): Reachability;
}

export interface FilterSubset extends RuleSubset {
  /** Programs that keep rules in it. */
  readonly programs: readonly string[];
}

/** What no rule of it refuses passes. */
export interface BanListSubset extends RuleSubset {
  readonly program: FirewallProgram;
  /** Some rule leads to them. */
  readonly isAsked: boolean;
}

/** A whole configuration with its interfaces: nothing is asked and nothing assumed of the device. */
interface UnmanagedDeviceConfig extends ParsedUnmanagedText {
  readonly is: 'configuration';
  device(): Device;
}

/** Whether an interface is one that rules name: `docker*` stands for all whose names begin so. */
export const matchesInterfaceName = (name: string, pattern: string): boolean =>
  pattern === name || (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)));

/** What the rules of a text ask of a device: where they are silent, no guess about it can matter. */
export interface DeviceReferences {
  /** Interfaces by name; `docker*` stands for all whose names begin so. Without loopback. */
  readonly interfaces: readonly string[];
  /** Names that stand for several interfaces or for one: the text doesn't say which. Absent where the platform has no such names. */
  readonly groups?: readonly string[];
  /** Destinations that some rule compares with. */
  readonly destinations: readonly Range[];
  /** Addresses that rules translate destinations to. */
  readonly targets: readonly Range[];
  /** Something is led to the address of the interface that it comes by. */
  readonly redirects: boolean;
  /** Some rule asks what a packet's source is to the device. */
  readonly sourceTypes: boolean;
  /** Some rule asks whether answers go back the way a packet came. */
  readonly returns: boolean;
  /** Some rule asks whether a destination is an address of the interface that a packet came by. Absent where the platform can't ask. */
  readonly here?: boolean;
  /** Rules that only a device which forwards has a use for: translations to others, filters between interfaces. */
  readonly forwards: boolean;
}
