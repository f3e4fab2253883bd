import { MarkChange } from '../../../evaluator/marks';
import { BaseChainHeader, TableFamily, RulesetFacts } from '../../../evaluator/ruleset-model';

/** The ruleset as it is written: names and values are still texts, nothing is resolved. */

export interface ParsedNftRuleset {
  /** A kernel runs it, see listing.ts. */
  readonly isListing: boolean;
  readonly tables: readonly ParsedNftTable[];
  /** `table inet x` of each table that the text says anything of, gone again or not; `every table`. */
  readonly touches: ReadonlySet<string>;
  /** Of these, tables that the text doesn't remove before it fills them: what a device has in them stays, beside what the text says. */
  readonly addsTo: ReadonlySet<string>;
  readonly facts: RulesetFacts;
}

export interface ParsedNftTable {
  readonly family: TableFamily;
  readonly name: string;
  readonly chains: Map<string, ParsedNftChain>;
  readonly sets: Map<string, ParsedNftSet>;
  /** The line that says that none of its rules is asked. */
  dormant?: number;
  /** A line of a listing that is not understood, of a part that may decide anything: it might be a chain at any hook. */
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
  /** Of a listing: it is not understood, so that it may hold anything. */
  isUnread?: true;
}

/** What a set may hold, as its header says it. */
export interface NftSetHeader {
  readonly isMap: boolean;
  /** A type for each concatenated field, where it is known: `typeof` names fields instead. */
  readonly key: readonly (string | undefined)[] | undefined;
  readonly data: readonly (string | undefined)[] | undefined;
  readonly intervalData: boolean;
  /** `constant`, `interval`, `dynamic`; `timeout`: elements may have a time to live. */
  readonly flags: ReadonlySet<string>;
  /** Elements vanish by themselves. */
  readonly timeout: boolean;
  readonly autoMerge: boolean;
  readonly size: number | undefined;
  /** What each element has of its own: `counter`, `limit`. */
  readonly statements: ReadonlySet<string>;
}

/** Whether elements may have a time to live. */
export const canExpire = ({ timeout, flags }: NftSetHeader): boolean => timeout || flags.has('timeout');

/** One element: a text for each concatenated field (`10.0.0.1`, `10.0.0.0/8`, `22-25`, `*` for the default). */
export interface ParsedNftElement {
  readonly key: readonly string[];
  /** Of maps: an address, a port, both. */
  readonly data?: readonly string[];
  /** Of verdict maps. */
  readonly verdict?: ParsedNftVerdict;
  readonly fleeting?: boolean;
  /** What it has of its own: `timeout`, `counter`, `limit`. */
  readonly options?: readonly string[];
  readonly line: number;
}

export type ParsedNftVerdict =
  | { readonly is: 'accept' | 'drop' | 'return' | 'continue' | 'unclear' }
  | { readonly is: 'jump' | 'goto'; readonly chain: string };

/** What a field is compared with: a named set, or what is listed in place. */
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
  /** Nobody wrote it: how a packet is rejected says which, or a map has to hold it. */
  readonly implied?: 'rejects' | 'map';
}

export interface NftTranslation {
  readonly is: 'translate';
  readonly kind: 'dnat' | 'snat' | 'masquerade' | 'redirect';
  /** A fixed address or range, or a lookup. */
  readonly to?: { readonly address?: string; readonly port?: string } | NftMapLookup;
  /** The port where only the address is looked up. */
  readonly port?: string;
  readonly family?: 'ip' | 'ip6';
  readonly prefix: boolean;
  /** `random` or `fully-random`. */
  readonly random: boolean;
}

/** Where a map leads to. */
interface NftMapLookup {
  readonly fields: readonly string[];
  readonly map: NftOperand;
  /** The port alone is looked up; `address`: besides this. */
  readonly isPort?: true;
  readonly address?: string;
}

/** What a rule adds to a set: a field for each part of the key, undefined for a value that is written there. */
export interface NftSetAddition {
  readonly set: string;
  readonly key: readonly (string | undefined)[];
  /** It doesn't take anything out. */
  readonly grows: boolean;
}

export type NftStatement =
  | NftTest
  | NftTranslation
  | { readonly is: 'choose'; readonly fields: readonly string[]; readonly map: NftOperand }
  | { readonly is: 'verdict'; readonly verdict: ParsedNftVerdict; readonly rejects?: true }
  | { readonly is: 'notrack' }
  /** It sets marks, and the packet goes on. */
  | { readonly is: 'marks'; readonly sets: readonly MarkChange[] }
  /** Nothing but that the packet has these fields: without them the rule ends there. */
  | { readonly is: 'has'; readonly fields: readonly string[]; readonly into?: NftSetAddition }
  /** May match or not, whatever the packet is: limits, quotas, random numbers. */
  | { readonly is: 'perhaps'; readonly what: string }
  /** Not known: from here on this rule may do anything. `word`: what it begins with. */
  | { readonly is: 'opaque'; readonly what: string; readonly word?: string };

export interface ParsedNftRule {
  readonly line: number;
  readonly text: string;
  readonly statements: readonly NftStatement[];
}
