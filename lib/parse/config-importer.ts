// The type ConfigImporter: finds the parts of a platform's whole configuration that an intent can express (virtual
// IPs, 1:1 NAT, allow rules), with the reason for each part that it can't.

import { Prefix } from '../net/address';
import { NumberRange, Role } from '../net/device';

/** Imports a platform's whole configuration: finds the parts that an intent can express. */
export interface ConfigImporter {
  /**
   * Returns the entries of a captured config that an intent can express. `captured` is a text as `capture` keeps it.
   * `skippedLines` holds the lines of entries that shall stay, with the reason; entries that depend on them stay, too.
   * @throws Refusal for a text that it can't parse.
   */
  find(captured: string, skippedLines?: ReadonlyMap<number, string>): ImportableConfig;
  /** Returns the same text without these entries, which `find` found in it. Everything else stays, byte by byte. */
  without(captured: string, entries: readonly ImportableEntry[]): string;
}

/**
 * Vendor-neutral: the parts of an unmanaged config that an intent could express. Nothing is guessed: an entry that an
 * intent can't express is left where it is.
 */
export interface ImportableConfig {
  /** The platform's version, as an intent spells it; undefined if the configuration doesn't state it. */
  readonly version: string | undefined;
  readonly interfaces: readonly ImportableInterface[];
  /** Outside interfaces whose address the configuration doesn't state. */
  readonly leasedOutside: readonly string[];
  /** Named lists of addresses that allow rules and mappings use. */
  readonly sets: readonly ImportableSet[];
  readonly virtualIps: readonly ImportableVirtualIp[];
  readonly mappings: readonly ImportableMapping[];
  /** Whether reflected connections already have the device's own address. */
  readonly globalHelper: boolean;
  /** Entries that no intent can express, or should express. */
  readonly skipped: readonly SkippedEntry[];
  /** Entries that are carried over by an assumption that no text proves. */
  readonly assumed: readonly SkippedEntry[];
  /** Entries that let in everything. They are never carried over. */
  readonly objections: readonly SkippedEntry[];
}

/** An entry of a configuration, as a person finds it: `rule "Web" of wan`. */
export interface ImportableEntry {
  /** Line of the captured text, by which the entry is taken out. */
  readonly line: number;
  readonly label: string;
}

export interface SkippedEntry {
  readonly entry: ImportableEntry;
  readonly reason: string;
}

export interface ImportableInterface {
  readonly name: string;
  readonly role: Role;
  /** Addresses with the prefix length of their network: `203.0.113.2/28`. */
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly terminatesVpn: boolean;
}

export interface ImportableSet {
  /** The name that the device uses. */
  readonly name: string;
  readonly members: readonly Prefix[];
}

export interface ImportableVirtualIp {
  readonly entry: ImportableEntry;
  readonly description: string;
  readonly interface: string;
  readonly external: Prefix;
  readonly mask: number;
  readonly kind: 'ip-alias' | 'carp' | 'proxy-arp' | 'other';
  readonly carp?: { readonly vhid: number; readonly advertiseSeconds: number; readonly skew: number };
}

/** The peers that an entry is for: any, or networks and names of sets. */
export type ImportablePeers = 'anywhere' | readonly (Prefix | string)[];

export interface ImportableMapping {
  readonly entry: ImportableEntry;
  readonly description: string;
  readonly interface: string;
  readonly external: Prefix;
  readonly internal: Prefix;
  readonly peers: ImportablePeers;
  /** Peers whose packets the mapping doesn't translate. */
  readonly excluded: readonly Prefix[];
  readonly enabled: boolean;
  /** Another entry translates the packets that its hosts send. */
  readonly inboundOnly: boolean;
  readonly reflection: { readonly mode: 'pure-nat'; readonly from: readonly string[] } | { readonly mode: 'disabled' };
  readonly allowRules: readonly ImportableAllowRule[];
}

export interface ImportableAllowRule {
  readonly entry: ImportableEntry;
  readonly description: string;
  /** The entry also allows packets that no mapping covers; then it stays where it is. */
  readonly opensMore: boolean;
  /** IANA number. TCP and UDP have ports, ICMP has types. */
  readonly protocol: number;
  readonly ports: 'all' | readonly NumberRange[];
  readonly sources: ImportablePeers;
}
