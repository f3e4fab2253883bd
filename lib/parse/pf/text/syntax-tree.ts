import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';
import { PfFlags, PfLine } from '../model';

/** A text of FreeBSD's pf as it is written: macros are replaced, and nothing is known of the device yet. */
export interface ParsedPf {
  /** In their order. What stands in an anchor stands where the anchor does. */
  readonly rules: readonly ParsedPfRule[];
  readonly tables: ReadonlyMap<string, ParsedPfTable>;
  /** Interfaces and groups after `set skip on`. */
  readonly skips: readonly ParsedPfSkip[];
  /** Tags, and the rules that set them: any other is on no packet. */
  readonly tags: ReadonlyMap<string, readonly (ParsedPfFilterRule | ParsedPfTranslation)[]>;
  /** What pfctl would refuse, and with it the whole text; or what nobody can tell the meaning of. */
  readonly unloadable?: { readonly line: PfLine; readonly because: string };
  /** Which lists were printed under a heading; none without headings. */
  readonly sections: ReadonlySet<'nat' | 'rules'>;
  /** It defines tables, macros or options: somebody wrote it, and what runs may be something else. */
  readonly written: boolean;
}

export interface ParsedPfSkip {
  readonly line: PfLine;
  readonly name: string;
  /** pfctl listed it as skipped: what is in a group that nobody told has lines of its own. */
  readonly listed?: true;
}

export type ParsedPfRule = ParsedPfFilterRule | ParsedPfTranslation | ParsedPfAnchor;

/** With what nobody wrote down: `because`. */
export type ParsedPfHost =
  | { readonly is: 'any' }
  /** `because`: it matches part of them at most. */
  | { readonly is: 'range'; readonly range: Range; readonly because?: string }
  /** Of an interface, of a group, or of all (`self`). `what`: its addresses, its first one, or its networks. */
  | { readonly is: 'interface'; readonly name: string; readonly what: 'addresses' | 'first' | 'network' | 'broadcast' }
  | { readonly is: 'self' }
  | { readonly is: 'table'; readonly name: string }
  | { readonly is: 'unclear'; readonly because: string };

export interface NegatedHost {
  readonly not: boolean;
  readonly host: ParsedPfHost;
}

/** One end of a match. Undefined: any. */
export interface ParsedPfEndpoint {
  readonly hosts?: readonly NegatedHost[];
  readonly ports?: readonly ParsedPfPorts[];
}

/** What one element of a list of ports matches; `first` is what a shifted target counts from. */
export interface ParsedPfPorts {
  readonly ranges: readonly NumberRange[];
  /** Undefined where it matches ports below the one that is named. */
  readonly first?: number;
  /** It is no single port and no range of them with a colon. */
  readonly compared?: true;
  /** The name isn't known, or several ports have it: it matches some of them. */
  readonly because?: string;
}

export interface ParsedPfInterface {
  readonly not: boolean;
  readonly name: string;
}

export interface ParsedPfIcmpType {
  readonly family: Family;
  readonly type: number;
  readonly code?: number;
}

export interface ParsedPfMatch {
  readonly line: PfLine;
  readonly on?: readonly ParsedPfInterface[];
  readonly family?: Family;
  readonly protocols?: readonly number[];
  readonly from: ParsedPfEndpoint;
  readonly to: ParsedPfEndpoint;
  readonly icmp?: readonly ParsedPfIcmpType[];
  /** Undefined where none are written; empty for `any`. */
  readonly flags?: readonly PfFlags[];
  readonly tagged?: { readonly not: boolean; readonly tag: string };
  /** What else has to hold, of which nothing is told. */
  readonly doubts: readonly string[];
  /** Never: `fragment` matches what isn't the first packet of anything. */
  readonly never: boolean;
  /** The anchors that it stands in: they have to match, too. */
  readonly within: readonly ParsedPfMatch[];
}

export interface ParsedPfFilterRule {
  readonly is: 'filter';
  readonly match: ParsedPfMatch;
  readonly way: 'in' | 'out' | 'both';
  readonly action: 'pass' | 'block' | 'match';
  readonly quick: boolean;
  readonly state: boolean;
  /** Interfaces of `route-to`. */
  readonly routes: readonly string[];
  /** Ends the list by `quick` of an anchor around it, unless pf steps into one of these anchors behind it: then releases of pf differ. */
  readonly releasedBy?: readonly EnteredAnchor[];
}

/** An anchor with rules of its own that pf steps into where it matches. */
export interface EnteredAnchor {
  readonly match: ParsedPfMatch;
  readonly way: ParsedPfFilterRule['way'];
}

export interface ParsedPfTranslation {
  readonly is: 'nat' | 'rdr' | 'binat';
  readonly match: ParsedPfMatch;
  readonly no: boolean;
  readonly pass: boolean;
  /** All words before the target but `tag`. */
  readonly asks: string;
  readonly target?: ParsedPfTarget;
}

export interface ParsedPfTarget {
  readonly hosts: readonly NegatedHost[];
  readonly port?: { readonly first: number; readonly last: number | 'as many' };
  readonly pool?: 'bitmask' | 'other';
  readonly staticPort: boolean;
}

/** An anchor whose rules the text doesn't hold. */
export interface ParsedPfAnchor {
  readonly is: 'anchor';
  readonly kind: 'filter' | 'nat' | 'rdr' | 'binat';
  readonly name: string;
  readonly match: ParsedPfMatch;
  readonly way: 'in' | 'out' | 'both';
  /** `load anchor` fills it from a file. */
  readonly loaded: boolean;
}

export interface ParsedPfTable {
  readonly line: PfLine;
  readonly entries: readonly NegatedHost[];
  /** Why there may be more in it: a file, or somebody who fills it while the box runs. */
  readonly because?: string;
}
