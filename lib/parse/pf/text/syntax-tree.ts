// Types of the syntax tree of pf's text: rules, translations, anchors, tables. Macros are replaced; names of the
// device aren't resolved.

import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';
import { PfFlags, PfLine } from '../model';

/** Syntax tree of a text of FreeBSD's pf: macros are replaced, and nothing is known of the device yet. */
export interface ParsedPf {
  /** Rules in their order. The rules of an anchor stand where the anchor does. */
  readonly rules: readonly ParsedPfRule[];
  readonly tables: ReadonlyMap<string, ParsedPfTable>;
  /** Interfaces and groups after `set skip on`. */
  readonly skips: readonly ParsedPfSkip[];
  /** Tags, and the rules that set them. No packet has any other tag. */
  readonly tags: ReadonlyMap<string, readonly (ParsedPfFilterRule | ParsedPfTranslation)[]>;
  /** A statement for which pfctl refuses the whole text, or whose meaning isn't known. */
  readonly unloadable?: { readonly line: PfLine; readonly reason: string };
  /** The lists that were printed under a heading; empty without headings. */
  readonly sections: ReadonlySet<'nat' | 'rules'>;
  /** The text defines tables, macros or options: it is a file, and the running config may differ. */
  readonly isFile: boolean;
  /** A file has a binat of any source, or of a negated one, which old releases of pf refuse. */
  readonly newerBinatLine?: PfLine;
}

export interface ParsedPfSkip {
  readonly line: PfLine;
  readonly name: string;
  /** pfctl listed the interface as skipped. The interfaces of an unknown group have lines of their own. */
  readonly listed?: true;
}

export type ParsedPfRule = ParsedPfFilterRule | ParsedPfTranslation | ParsedPfAnchor;

/** A host; `reason` says what isn't known of it. */
export type ParsedPfHost =
  | { readonly is: 'any' }
  /** `reason`: it matches a part of the range at most. */
  | { readonly is: 'range'; readonly range: Range; readonly reason?: string }
  /**
   * The addresses of an interface, of a group, or of all (`self`). `part`: its addresses, its first one, or its
   * networks.
   */
  | { readonly is: 'interface'; readonly name: string; readonly part: 'addresses' | 'first' | 'network' | 'broadcast' }
  | { readonly is: 'self' }
  | { readonly is: 'table'; readonly name: string }
  | { readonly is: 'unclear'; readonly reason: string };

export interface NegatedHost {
  readonly negated: boolean;
  readonly host: ParsedPfHost;
}

/** One end of a match. Undefined: any. */
export interface ParsedPfEndpoint {
  readonly hosts?: readonly NegatedHost[];
  readonly ports?: readonly ParsedPfPorts[];
}

/** The ports that one element of a list matches. A shifted target counts from `first`. */
export interface ParsedPfPorts {
  readonly ranges: readonly NumberRange[];
  /** Undefined if it matches ports below the named one. */
  readonly first?: number;
  /** It is neither a single port nor a range with a colon. */
  readonly compared?: true;
  /** The name isn't known, or several ports have it: it matches some of them. */
  readonly reason?: string;
}

export interface ParsedPfInterface {
  readonly negated: boolean;
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
  /** Undefined if the rule has none; empty for `any`. */
  readonly flags?: readonly PfFlags[];
  readonly tagged?: { readonly negated: boolean; readonly tag: string };
  /** Other conditions that have to hold and can't be evaluated. */
  readonly unknownReasons: readonly string[];
  /** It matches nothing: `fragment` matches no first packet. */
  readonly matchesNothing: boolean;
  /** The anchors around it: they have to match, too. */
  readonly enclosingAnchors: readonly ParsedPfMatch[];
}

export interface ParsedPfFilterRule {
  readonly is: 'filter';
  readonly match: ParsedPfMatch;
  readonly direction: 'in' | 'out' | 'both';
  readonly action: 'pass' | 'block' | 'match';
  readonly quick: boolean;
  readonly state: boolean;
  /** Interfaces of `route-to`. */
  readonly routes: readonly string[];
  /**
   * The rule ends the list by `quick` of an anchor around it, unless pf steps into one of these later anchors: then
   * releases of pf differ.
   */
  readonly releasedBy?: readonly EnteredAnchor[];
}

/** An anchor with its own rules, which pf steps into if it matches. */
export interface EnteredAnchor {
  readonly match: ParsedPfMatch;
  readonly direction: ParsedPfFilterRule['direction'];
}

export interface ParsedPfTranslation {
  readonly is: 'nat' | 'rdr' | 'binat';
  readonly match: ParsedPfMatch;
  readonly no: boolean;
  readonly pass: boolean;
  /** All words before the target, without `tag`. */
  readonly matchKey: string;
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
  readonly direction: 'in' | 'out' | 'both';
  /** `load anchor` fills it from a file. */
  readonly loaded: boolean;
}

export interface ParsedPfTable {
  readonly line: PfLine;
  readonly entries: readonly NegatedHost[];
  /** Why there may be more in it: a file, or a program or operator that fills it while the device runs. */
  readonly reason?: string;
}
