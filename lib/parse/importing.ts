import { Prefix } from '../net/address';
import { NumberRange, Role } from '../net/device';

/** How a platform's whole configuration becomes what an intent can say. */
export interface Importing {
  /**
   * `captured`: as `capture` keeps it. `left`: entries that shall stay, by line, with the reason: what hangs on them is left, too. Throws
   * Refusal for a text that it can't read.
   */
  find(captured: string, left?: ReadonlyMap<number, string>): Found;
  /** The same text without these entries, which `find` found in it; everything else stays, byte by byte. */
  without(captured: string, entries: readonly FoundEntry[]): string;
}

/** Vendor-neutral: what somebody else's configuration does of what an intent could ask for. Nothing is guessed: what it can't say is left. */
export interface Found {
  /** Of the platform, as an intent has it; undefined where the configuration doesn't tell. */
  readonly version: string | undefined;
  readonly interfaces: readonly FoundInterface[];
  /** Outside interfaces whose address the configuration doesn't say. */
  readonly leasedOutside: readonly string[];
  /** Named lists of addresses that openings and mappings use. */
  readonly sets: readonly FoundSet[];
  readonly virtualIps: readonly FoundVirtualIp[];
  readonly mappings: readonly FoundMapping[];
  /** Whether reflected connections have the device's own address already. */
  readonly globalHelper: boolean;
  /** What no intent says, or should say. */
  readonly left: readonly Left[];
  /** Entries that are carried over by an assumption that no text proves. */
  readonly assumed: readonly Left[];
  /** What lets in everything, and so is never carried over. */
  readonly objections: readonly Left[];
}

/** An entry of a configuration, as a person finds it: `rule "Web" of wan`. */
export interface FoundEntry {
  /** Line of the captured text, by which it is taken out. */
  readonly line: number;
  readonly called: string;
}

export interface Left {
  readonly entry: FoundEntry;
  readonly why: string;
}

export interface FoundInterface {
  readonly name: string;
  readonly role: Role;
  /** With the length of their network: `203.0.113.2/28`. */
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly terminatesVpn: boolean;
}

export interface FoundSet {
  /** As the device calls it. */
  readonly name: string;
  readonly members: readonly Prefix[];
}

export interface FoundVirtualIp {
  readonly entry: FoundEntry;
  readonly description: string;
  readonly interface: string;
  readonly outside: Prefix;
  readonly mask: number;
  readonly kind: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  readonly carp?: { readonly vhid: number; readonly advertiseSeconds: number; readonly skew: number };
}

/** Whom something is for: everybody, or networks and names of sets. */
export type FoundPeers = 'anywhere' | readonly (Prefix | string)[];

export interface FoundMapping {
  readonly entry: FoundEntry;
  readonly description: string;
  readonly interface: string;
  readonly outside: Prefix;
  readonly inside: Prefix;
  readonly peers: FoundPeers;
  /** Peers that it does not translate. */
  readonly excluded: readonly Prefix[];
  readonly enabled: boolean;
  /** Another entry translates what its hosts send. */
  readonly inboundOnly: boolean;
  readonly reflection: { readonly mode: 'pure-nat'; readonly from: readonly string[] } | { readonly mode: 'disabled' };
  readonly openings: readonly FoundOpening[];
}

export interface FoundOpening {
  readonly entry: FoundEntry;
  readonly description: string;
  /** It opens what no mapping has, too: then the entry stays where it is. */
  readonly opensMore: boolean;
  /** IANA number; for TCP and UDP with ports, for ICMP with types. */
  readonly protocol: number;
  readonly ports: 'all' | readonly NumberRange[];
  readonly sources: FoundPeers;
}
