import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';
import { PfFlags, PfLine } from '../model';

/** A text of FreeBSD's pf as it is written: macros are replaced, and nothing is known of the device yet. */
export interface PfText {
  /** In their order. What stands in an anchor stands where the anchor does. */
  readonly rules: readonly Rule[];
  readonly tables: ReadonlyMap<string, TableText>;
  /** Interfaces and groups after `set skip on`. */
  readonly skips: readonly SkipText[];
  /** Tags, and the rules that set them: any other is on no packet. */
  readonly tags: ReadonlyMap<string, readonly (FilterText | TranslationText)[]>;
  /** What pfctl would refuse, and with it the whole text; or what nobody can tell the meaning of. */
  readonly unloadable?: { readonly line: PfLine; readonly because: string };
  /** Which lists were printed under a heading; none without headings. */
  readonly sections: ReadonlySet<'nat' | 'rules'>;
  /** It defines tables, macros or options: somebody wrote it, and what runs may be something else. */
  readonly written: boolean;
}

export interface SkipText {
  readonly line: PfLine;
  readonly name: string;
  /** pfctl listed it as skipped: what is in a group that nobody told has lines of its own. */
  readonly listed?: true;
}

export type Rule = FilterText | TranslationText | AnchorText;

/** With what nobody wrote down: `because`. */
export type HostText =
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
  readonly host: HostText;
}

/** One end of a match. Undefined: any. */
export interface SideText {
  readonly hosts?: readonly NegatedHost[];
  readonly ports?: readonly PortText[];
}

/** What one element of a list of ports matches; `first` is what a shifted target counts from. */
export interface PortText {
  readonly ranges: readonly NumberRange[];
  /** Undefined where it matches ports below the one that is named. */
  readonly first?: number;
  /** It is no single port and no range of them with a colon. */
  readonly compared?: true;
  /** The name isn't known, or several ports have it: it matches some of them. */
  readonly because?: string;
}

export interface InterfaceText {
  readonly not: boolean;
  readonly name: string;
}

export interface IcmpText {
  readonly family: Family;
  readonly type: number;
  readonly code?: number;
}

export interface MatchText {
  readonly line: PfLine;
  readonly on?: readonly InterfaceText[];
  readonly family?: Family;
  readonly protocols?: readonly number[];
  readonly from: SideText;
  readonly to: SideText;
  readonly icmp?: readonly IcmpText[];
  /** Undefined where none are written; empty for `any`. */
  readonly flags?: readonly PfFlags[];
  readonly tagged?: { readonly not: boolean; readonly tag: string };
  /** What else has to hold, of which nothing is told. */
  readonly doubts: readonly string[];
  /** Never: `fragment` matches what isn't the first packet of anything. */
  readonly never: boolean;
  /** The anchors that it stands in: they have to match, too. */
  readonly within: readonly MatchText[];
}

export interface FilterText {
  readonly is: 'filter';
  readonly match: MatchText;
  readonly way: 'in' | 'out' | 'both';
  readonly action: 'pass' | 'block' | 'match';
  readonly quick: boolean;
  readonly state: boolean;
  /** Interfaces of `route-to`. */
  readonly routes: readonly string[];
  /** Ends the list by `quick` of an anchor around it, unless pf steps into one of these anchors behind it: then releases of pf differ. */
  readonly releasedBy?: readonly SteppedInto[];
}

/** An anchor with rules of its own that pf steps into where it matches. */
export interface SteppedInto {
  readonly match: MatchText;
  readonly way: FilterText['way'];
}

export interface TranslationText {
  readonly is: 'nat' | 'rdr' | 'binat';
  readonly match: MatchText;
  readonly no: boolean;
  readonly pass: boolean;
  /** All words before the target but `tag`. */
  readonly asks: string;
  readonly target?: TargetText;
}

export interface TargetText {
  readonly hosts: readonly NegatedHost[];
  readonly port?: { readonly first: number; readonly last: number | 'as many' };
  readonly pool?: 'bitmask' | 'other';
  readonly staticPort: boolean;
}

/** An anchor whose rules the text doesn't hold. */
export interface AnchorText {
  readonly is: 'anchor';
  readonly kind: 'filter' | 'nat' | 'rdr' | 'binat';
  readonly name: string;
  readonly match: MatchText;
  readonly way: 'in' | 'out' | 'both';
  /** `load anchor` fills it from a file. */
  readonly loaded: boolean;
}

export interface TableText {
  readonly line: PfLine;
  readonly entries: readonly NegatedHost[];
  /** Why there may be more in it: a file, or somebody who fills it while the box runs. */
  readonly because?: string;
}
