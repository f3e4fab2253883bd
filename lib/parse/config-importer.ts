import { Prefix } from '../net/address';
import { NumberRange, Role } from '../net/device';

/** How a platform's whole configuration becomes what an intent can say. */
export interface ConfigImporter {
  /**
   * `captured`: as `capture` keeps it. `left`: entries that shall stay, by line, with the reason: what hangs on them is left, too. Throws
   * Refusal for a text that it can't read.
   */
  find(captured: string, skippedLines?: ReadonlyMap<number, string>): ImportableConfig;
  /** The same text without these entries, which `find` found in it; everything else stays, byte by byte. */
  without(captured: string, entries: readonly ImportableEntry[]): string;
}

/** Vendor-neutral: what somebody else's configuration does of what an intent could ask for. Nothing is guessed: what it can't say is left. */
export interface ImportableConfig {
  /** Of the platform, as an intent has it; undefined where the configuration doesn't tell. */
  readonly version: string | undefined;
  readonly interfaces: readonly ImportableInterface[];
  /** Outside interfaces whose address the configuration doesn't say. */
  readonly leasedOutside: readonly string[];
  /** Named lists of addresses that openings and mappings use. */
  readonly sets: readonly ImportableSet[];
  readonly virtualIps: readonly ImportableVirtualIp[];
  readonly mappings: readonly ImportableMapping[];
  /** Whether reflected connections have the device's own address already. */
  readonly globalHelper: boolean;
  /** What no intent says, or should say. */
  readonly left: readonly SkippedEntry[];
  /** Entries that are carried over by an assumption that no text proves. */
  readonly assumed: readonly SkippedEntry[];
  /** What lets in everything, and so is never carried over. */
  readonly objections: readonly SkippedEntry[];
}

/** An entry of a configuration, as a person finds it: `rule "Web" of wan`. */
export interface ImportableEntry {
  /** Line of the captured text, by which it is taken out. */
  readonly line: number;
  readonly called: string;
}

export interface SkippedEntry {
  readonly entry: ImportableEntry;
  readonly why: string;
}

export interface ImportableInterface {
  readonly name: string;
  readonly role: Role;
  /** With the length of their network: `203.0.113.2/28`. */
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly terminatesVpn: boolean;
}

export interface ImportableSet {
  /** As the device calls it. */
  readonly name: string;
  readonly members: readonly Prefix[];
}

export interface ImportableVirtualIp {
  readonly entry: ImportableEntry;
  readonly description: string;
  readonly interface: string;
  readonly outside: Prefix;
  readonly mask: number;
  readonly kind: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  readonly carp?: { readonly vhid: number; readonly advertiseSeconds: number; readonly skew: number };
}

/** Whom something is for: everybody, or networks and names of sets. */
export type ImportablePeers = 'anywhere' | readonly (Prefix | string)[];

export interface ImportableMapping {
  readonly entry: ImportableEntry;
  readonly description: string;
  readonly interface: string;
  readonly outside: Prefix;
  readonly inside: Prefix;
  readonly peers: ImportablePeers;
  /** Peers that it does not translate. */
  readonly excluded: readonly Prefix[];
  readonly enabled: boolean;
  /** Another entry translates what its hosts send. */
  readonly inboundOnly: boolean;
  readonly reflection: { readonly mode: 'pure-nat'; readonly from: readonly string[] } | { readonly mode: 'disabled' };
  readonly openings: readonly ImportableAllowRule[];
}

export interface ImportableAllowRule {
  readonly entry: ImportableEntry;
  readonly description: string;
  /** It opens what no mapping has, too: then the entry stays where it is. */
  readonly opensMore: boolean;
  /** IANA number; for TCP and UDP with ports, for ICMP with types. */
  readonly protocol: number;
  readonly ports: 'all' | readonly NumberRange[];
  readonly sources: ImportablePeers;
}
