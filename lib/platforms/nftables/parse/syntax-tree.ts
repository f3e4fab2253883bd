// Types of the syntax tree of an nftables ruleset: tables, chains, sets, rules and statements, with names and values
// as text.

import { MarkChange } from '../../../evaluator/marks';
import { BaseChainHeader, TableFamily, RulesetFacts } from '../../../evaluator/ruleset-model';

/** The ruleset as it is written: names and values are still texts, and nothing is resolved. */

export interface ParsedNftRuleset {
  /** True if a kernel runs the text, see parse-ruleset.ts. */
  readonly isListing: boolean;
  readonly tables: readonly ParsedNftTable[];
  /** `table inet x` for each table that the text mentions, deleted or not; `every table`. */
  readonly changedObjects: ReadonlySet<string>;
  /**
   * Tables of `changedObjects` that the text doesn't delete before it fills them. The content that a device has in them stays.
   */
  readonly extendedObjects: ReadonlySet<string>;
  readonly facts: RulesetFacts;
}

export interface ParsedNftTable {
  readonly family: TableFamily;
  readonly name: string;
  readonly chains: Map<string, ParsedNftChain>;
  readonly sets: Map<string, ParsedNftSet>;
  /** The line that makes the table dormant: none of its rules is evaluated. */
  dormant?: number;
  /**
   * The line of a part of a listing that is not understood. It may decide anything: it might be a chain at any hook.
   */
  unread?: number;
}

export interface ParsedNftChain {
  readonly name: string;
  readonly line: number;
  base?: BaseChainHeader;
  readonly rules: ParsedNftRule[];
}

export interface ParsedNftSet {
  readonly name: string;
  readonly line: number;
  readonly head: NftSetHeader;
  elements: ParsedNftElement[];
  /** True for a set of a listing that is not understood. It may hold anything. */
  isUnread?: true;
}

/** The content that a set may have, as its header declares it. */
export interface NftSetHeader {
  readonly isMap: boolean;
  /** The type of each concatenated field. Undefined if it isn't known: `typeof` names fields instead. */
  readonly key: readonly (string | undefined)[] | undefined;
  readonly data: readonly (string | undefined)[] | undefined;
  readonly intervalData: boolean;
  /** `constant`, `interval`, `dynamic`, or `timeout`: elements may expire. */
  readonly flags: ReadonlySet<string>;
  /** True if elements expire by default. */
  readonly timeout: boolean;
  readonly autoMerge: boolean;
  readonly size: number | undefined;
  /** The statements that each element has: `counter`, `limit`. */
  readonly statements: ReadonlySet<string>;
}

/** Returns whether elements may expire. */
export const canExpire = ({ timeout, flags }: NftSetHeader): boolean => timeout || flags.has('timeout');

/** One element: a text for each concatenated field (`10.0.0.1`, `10.0.0.0/8`, `22-25`, `*` for the default). */
export interface ParsedNftElement {
  readonly key: readonly string[];
  /** For maps: an address, a port, or both. */
  readonly data?: readonly string[];
  /** For verdict maps. */
  readonly verdict?: ParsedNftVerdict;
  readonly expires?: boolean;
  /** The element's own options: `timeout`, `counter`, `limit`. */
  readonly options?: readonly string[];
  readonly line: number;
}

export type ParsedNftVerdict =
  | { readonly is: 'accept' | 'drop' | 'return' | 'continue' | 'unclear' }
  | { readonly is: 'jump' | 'goto'; readonly chain: string };

/** The operand of a comparison: a named set, or the values that are listed in place. */
export type NftOperand =
  { readonly set: string } | { readonly elements: readonly ParsedNftElement[]; readonly braces: boolean };

export type NftComparison = '' | '==' | '!=' | '!' | '<' | '>' | '<=' | '>=';

export interface NftTest {
  readonly is: 'test';
  readonly fields: readonly string[];
  /** The mask of `field & mask`, or of the newer `field value / mask`. */
  readonly mask?: string;
  readonly comparison: NftComparison;
  readonly right: NftOperand;
  /** The test isn't written in the text. It follows from a reject type, or from a map that must hold the key. */
  readonly implied?: 'rejects' | 'map';
}

export interface NftTranslation {
  readonly is: 'translate';
  readonly kind: 'dnat' | 'snat' | 'masquerade' | 'redirect';
  /** A fixed address or range, or a lookup. */
  readonly to?: { readonly address?: string; readonly port?: string } | NftMapLookup;
  /** The port if only the address is looked up. */
  readonly port?: string;
  readonly family?: 'ip' | 'ip6';
  readonly prefix: boolean;
  /** `random` or `fully-random`. */
  readonly random: boolean;
}

/** A target that a map gives. */
interface NftMapLookup {
  readonly fields: readonly string[];
  readonly map: NftOperand;
  /** True if only the port is looked up. `address` is then the fixed address. */
  readonly isPort?: true;
  readonly address?: string;
}

/** An addition to a set by a rule. `key` has a field for each part; undefined stands for a fixed value. */
export interface NftSetAddition {
  readonly set: string;
  readonly key: readonly (string | undefined)[];
  /** True if the statement adds an element, false if it removes one. */
  readonly grows: boolean;
}

export type NftStatement =
  | NftTest
  | NftTranslation
  | { readonly is: 'choose'; readonly fields: readonly string[]; readonly map: NftOperand }
  | { readonly is: 'verdict'; readonly verdict: ParsedNftVerdict; readonly rejects?: true }
  | { readonly is: 'notrack' }
  /** Sets marks. The packet goes on. */
  | { readonly is: 'marks'; readonly sets: readonly MarkChange[] }
  /** Requires that the packet has these fields. Without them the rule ends. */
  | { readonly is: 'has'; readonly fields: readonly string[]; readonly into?: NftSetAddition }
  /**
   * May match or not, whatever the packet is: limits, quotas, random numbers. `newClient`: whether it matches a client's
   * first packet while nobody goes over the limit.
   */
  | { readonly is: 'perhaps'; readonly what: string; readonly newClient?: boolean }
  /** Unknown: from here on the rule may do anything. `word`: the first word of the statement. */
  | { readonly is: 'opaque'; readonly what: string; readonly word?: string };

export interface ParsedNftRule {
  readonly line: number;
  readonly text: string;
  readonly statements: readonly NftStatement[];
}
