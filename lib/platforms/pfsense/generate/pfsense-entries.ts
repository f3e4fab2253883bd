// Types of generated entries of pfSense's config.xml: virtual IPs, 1:1 NAT, rules, aliases. `lower.ts` creates them,
// `render.ts` prints them.

import { Address, Prefix } from '../../../net/address';

/** All entries of one owner on a box. */
export interface PfsenseEntries {
  readonly owner: string;
  readonly virtualIps: readonly VirtualIpEntry[];
  /** In the order of the configuration: the first match translates. */
  readonly oneToOnes: readonly OneToOneEntry[];
  /** Floating rules first, then the rules of each interface in the order in which they decide. */
  readonly rules: readonly PfsenseRule[];
  readonly aliases: readonly PfsenseAlias[];
  /** Whether this release needs `system/enablenatreflectionhelper`, by consent. */
  readonly helper: boolean;
}

/** An entry of `virtualip`. The box makes a CARP password itself: none is ever generated. */
export interface VirtualIpEntry {
  readonly mode: 'ipalias' | 'carp' | 'proxyarp' | 'other';
  /** Key of the interface, like in all entries. */
  readonly interface: string;
  /** Id for references of other entries; undefined for kinds that don't put the address on the interface. */
  readonly uniqid?: string;
  readonly address: Address;
  readonly bits: number;
  readonly type: 'single' | 'network';
  readonly carp?: { readonly vhid: number; readonly advbase: number; readonly advskew: number };
  readonly descr: string;
}

/** An entry of `nat/onetoone`. */
export interface OneToOneEntry {
  readonly interface: string;
  /** An address without a length: the length is that of the source. */
  readonly external: Address;
  readonly source: Prefix;
  readonly destination: PfsenseEndpoint;
  /** Undefined: the default of the box. */
  readonly reflection?: 'enable' | 'disable';
  readonly disabled: boolean;
  readonly descr: string;
}

/** One side of a rule or of an entry. */
export type PfsenseEndpoint =
  | { readonly is: 'any' }
  | { readonly is: 'prefix'; readonly prefix: Prefix; readonly negated?: true }
  | { readonly is: 'alias'; readonly name: string };

export const ANY_ENDPOINT: PfsenseEndpoint = { is: 'any' };

/** A rule of `filter`. All rules are for IPv4 and for arriving packets, and end the search. */
export interface PfsenseRule {
  readonly action: 'pass' | 'block';
  readonly on: PfsenseRuleScope;
  /** Name of the protocol in pfSense's spelling; undefined: all protocols. */
  readonly protocol?: string;
  readonly icmpTypes?: readonly string[];
  readonly source: PfsenseEndpoint;
  readonly destination: PfsenseEndpoint;
  /** `443`, `1000-2000`, or the name of an alias. */
  readonly ports?: string;
  readonly tracker: number;
  readonly descr: string;
}

/** The interfaces of a rule; a floating rule may name several, separated by commas. */
export interface PfsenseRuleScope {
  readonly is: 'interface' | 'floating';
  readonly key: string;
}

export interface PfsenseAlias {
  readonly name: string;
  readonly type: 'network' | 'port';
  readonly entries: readonly string[];
  readonly descr: string;
}

export const createNoEntries = (owner: string): PfsenseEntries => ({
  owner,
  virtualIps: [],
  oneToOnes: [],
  rules: [],
  aliases: [],
  helper: false,
});
