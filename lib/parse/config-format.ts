// The type ConfigFormat, of which each platform has one: how it recognises its own texts, which files belong together,
// and what a text says about its device. Also the types of a parsed unmanaged text. `exposure` and `import` use them
// for devices that no intent describes.

import { Reachability } from '../reachability/reachability';
import { Device, NetworkInterface } from '../net/device';
import { Range } from '../net/range';
import { FirewallProgram } from './firewall-programs';
import { EvaluatedConfig } from './config-parser';

/** How a platform recognises its own texts, and what such a text says of a device without a description. */
export interface ConfigFormat {
  /** The name that people use for such a text, and the command that prints it: `nftables`, `nft list ruleset`. */
  readonly label: string;
  readonly printCommand: string;
  /**
   * The input that the parser takes, for the middle of a list: `a config.xml of pfSense`. Default: the output of those
   * commands.
   */
  readonly inputLabel?: string;
  /** Formats that are recognised but not supported. */
  readonly unsupportedFormats?: readonly UnsupportedFormat[];
  /** Recognises a text in which another program's name stands in the place of rules: that program prints them. */
  readonly externalRules?: ExternalRulesHint;
  readonly terminalOutput?: TerminalOutput;
  /**
   * How to make sure that nothing filters if a device printed nothing at all. Absent: a device always prints something.
   */
  readonly emptyOutputHint?: string;
  /** Facts that no such text can state: each a sentence of every report. */
  readonly limits: readonly string[];
  /** Returns whether a text looks like one of this platform's. The parser may still refuse it. */
  recognises(text: string): boolean;
  /** Returns the text with the facts that only its file name tells. Its lines keep their numbers. */
  named?(text: string, file: string): string;
  /**
   * Returns the effect of an empty file of this name beside a text, as a sentence; undefined if it has no place there.
   * @throws Refusal as the parser does
   */
  explainEmptyFile?(text: string, file: string): string | undefined;
  /**
   * Returns the text, parsed once for all questions about it.
   * @throws Refusal as the parser does.
   */
  parsed(text: string): UnmanagedDeviceText;
  /**
   * Returns the parts of a device's config that this text holds, for platforms that split a config over several texts
   * (a file for each family). Texts with no part in common belong to one device.
   * @throws Refusal as the parser does.
   */
  holds?(text: string): readonly string[];
  /** Returns the text with the lines that include other given texts (found by name) replaced by those texts. */
  including?(
    text: string,
    otherTexts: ReadonlyMap<string, string>,
  ): {
    readonly text: string;
    readonly includedFiles: readonly IncludedFile[];
    readonly segments: readonly TextSegment[];
  };
  /** The layout of configs that consist of several files, each below its path as `tail -v -n +1` prints them. */
  readonly fileLayout?: FileLayout;
}

/** A file that stands in another from this line on. */
export interface IncludedFile {
  readonly name: string;
  readonly line: number;
}

/** From `line` of a joined text on, its lines are those of a file from `fileLine` on. Without a name: the including file. */
export interface TextSegment {
  readonly name?: string;
  readonly line: number;
  readonly fileLine: number;
}

/** The layout of rules that are spread over files. Paths are relative and use "/". */
export interface FileLayout {
  /** The name of the files, for the middle of a list: `firewalld’s files`. */
  readonly label: string;
  /** The command that packs all of the files on a server. */
  readonly packCommand: string;
  /** Folders whose path tells which program's files they hold. */
  readonly folders: readonly string[];
  /** Returns whether a folder may hold some of the files, by its path. */
  mayHold(path: string): boolean;
  /**
   * Returns the paths of the files that the parser reads, and of entries that stand in the place of such a folder:
   * their content can't be told.
   */
  among(entries: readonly { readonly path: string; readonly isFile: boolean }[]): ReadonlySet<string>;
}

/** Matches the line above each file, which has its path. */
export const FILE_HEADER = /^==> (.+) <==$/;

export interface UnsupportedFormat {
  readonly pattern: RegExp;
  readonly label: string;
  /** The reason why it isn't read. Default: it is not read yet. */
  readonly flaw?: string;
  readonly instead: string;
  /** Some platform recognises such a text as its rules. */
  readonly isLookalike?: true;
}

export interface ExternalRulesHint {
  readonly pattern: RegExp;
  readonly what: string;
  readonly instead: string;
}

/** The output that a terminal shows around a platform's texts. */
export interface TerminalOutput {
  /** The programs that print the texts, as a part of a pattern. */
  readonly programs: string;
  /** Matches a typed command that stands alone on its line. */
  readonly typedCommand?: RegExp;
  /** Matches lines that belong to the text, however they look: a comment in them may hold anything. */
  readonly outputPattern?: RegExp;
}

export type UnmanagedDeviceText = UnmanagedRules | UnmanagedDeviceConfig;

/** `label` and `limits` describe texts of this kind, on a platform that has several kinds. */
interface ParsedUnmanagedText extends Pick<ConfigFormat, 'label' | 'limits'> {
  /** Assumptions about the behaviour of the device that the text doesn't state: each a sentence. */
  readonly assumptions: readonly string[];
  /** The same assumptions for a device with known addresses, which decide some of them. */
  assumedOn?(interfaces: readonly NetworkInterface[]): readonly string[];
  /** Omissions of the text that could let in more than is shown: each a sentence. */
  readonly omissions?: readonly string[];
  read(device: Device): EvaluatedConfig;
}

/** Rules alone: they say no more of the device than the properties that they test. */
export interface UnmanagedRules extends ParsedUnmanagedText {
  readonly is: 'rules';
  /**
   * The rules see packets from outside to ::1, and may translate them. Absent: Linux drops these before any hook
   * (ip6_rcv_core; seen, 6.18).
   */
  readonly seesLoopback6?: true;
  /** Traffic that comes in besides all that is shown, after sessions have agreed on it: each a sentence. */
  readonly negotiatedTraffic?: readonly string[];
  getReferences(): DeviceReferences;
  /**
   * Returns the parts of the rules that each decide alone about packets to the device itself. Absent on platforms whose
   * texts have no such parts.
   */
  selectSubsets?(): ProgramSubsets;
  /** Returns the program that keeps the rule in this line, if a name that only it uses tells so. */
  findProgram?(line: number): FirewallProgram | undefined;
}

interface ProgramSubsets {
  /** Ban lists: the rules by which each program keeps clients out that exists for that. */
  readonly banLists: readonly BanListSubset[];
  /** Lists that decide independently, each with its own default; empty if there is only one. */
  readonly filters: readonly FilterSubset[];
}

/** A subset of a text's rules for packets to the device itself, evaluated as if it were the only one. */
export interface RuleSubset {
  /** The chains of the subset: `chain cphulk of table inet filter`. */
  readonly chainLabels: readonly string[];
  read(device: Device): Reachability;
}

export interface FilterSubset extends RuleSubset {
  /** Programs that keep rules in this list. */
  readonly programs: readonly string[];
}

/** A ban list. A packet that no rule of it refuses passes. */
export interface BanListSubset extends RuleSubset {
  readonly program: FirewallProgram;
  /** Some rule jumps to the chains of the ban list. */
  readonly isReferenced: boolean;
}

/** A whole configuration with its interfaces. It needs no facts and no assumptions about the device. */
interface UnmanagedDeviceConfig extends ParsedUnmanagedText {
  readonly is: 'configuration';
  device(): Device;
}

/**
 * Returns whether a rule's interface pattern matches an interface name: `docker*` matches every name that begins so.
 */
export const matchesInterfaceName = (name: string, pattern: string): boolean =>
  pattern === name || (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)));

/**
 * The properties of a device that a text's rules test. If the rules test nothing of a kind, no guess about it can
 * matter.
 */
export interface DeviceReferences {
  /** Interfaces by name, without loopback; `docker*` stands for all whose names begin so. */
  readonly interfaces: readonly string[];
  /**
   * Names that stand for one interface or for several: the text doesn't say which. Absent on platforms without such
   * names.
   */
  readonly groups?: readonly string[];
  /** Destinations that some rule compares with. */
  readonly destinations: readonly Range[];
  /** Addresses that rules translate destinations to. */
  readonly targets: readonly Range[];
  /** Some rule redirects packets to the address of the interface that they arrived on. */
  readonly hasRedirects: boolean;
  /** Some rule tests what kind of address a packet's source is to the device. */
  readonly testsSourceTypes: boolean;
  /** Some rule tests whether answers leave by the interface that the packet arrived on. */
  readonly testsReversePath: boolean;
  /**
   * Some rule tests whether a destination is an address of the interface that the packet arrived on. Absent on
   * platforms that can't test it.
   */
  readonly testsArrivalInterface?: boolean;
  /**
   * Interfaces and groups whose own addresses some rule compares with, by name. Absent on platforms without such names
   * in place of addresses.
   */
  readonly addressedInterfaces?: readonly string[];
  /** Some rules only matter on a device that forwards: translations to other hosts, filters between interfaces. */
  readonly needsForwarding: boolean;
}
