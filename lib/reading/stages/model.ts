import { Family } from '../../net/address';
import { NumberRange } from '../../net/device';
import { Range } from '../../net/range';
import { Field } from './fields';

export type TableFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

/** The ruleset with every name resolved and every text read, as both evaluators take it. */
export interface Understood {
  readonly bases: readonly BaseChain[];
  /** The first table of which no rule is asked though it has some. */
  readonly dormant?: { readonly called: string; readonly line: number };
  readonly facts: TextFacts;
}

/** What one line says that changes what others mean. */
export interface TextFacts {
  /** The mark of a connection is set somewhere, so later packets of one may have any. */
  connectionMarks: boolean;
  /** A connection helper is in use: what it expects arrives as `related`. */
  helpers: boolean;
  /** Families in which some rule needs connection tracking: without one the kernel runs neither it nor nat chains. */
  readonly tracks: Set<'ip' | 'ip6'>;
  /** Sets that rules themselves add to, as `family table set`. */
  readonly learned: Set<string>;
}

export interface Base {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: string;
  readonly priority: number;
  readonly devices: readonly string[];
  policy: 'accept' | 'drop';
  /** Where the policy, or else the hook, is written. */
  line: number;
}

export interface BaseChain extends Base {
  readonly family: TableFamily;
  readonly chain: UnderstoodChain;
  /** Whether rules take packets out of connection tracking: of the chain itself alone, or of chains that it leads to. */
  readonly untracks: 'itself' | 'deeper' | undefined;
}

export interface UnderstoodChain {
  /** `chain x of table inet y`. */
  readonly called: string;
  readonly rules: UnderstoodRule[];
}

export interface UnderstoodRule {
  readonly line: number;
  readonly text: string;
  readonly conditions: readonly Condition[];
  /** How many of the conditions stand before `notrack`, where it has one. */
  readonly notrackAfter?: number;
  /** Which marks it sets. */
  readonly marks?: ReadonlySet<'mark' | 'ct mark'>;
  readonly end?: End;
}

/** What one text of an element stands for, by the field it is compared with. */
export type Value =
  | { readonly is: 'addresses'; readonly range: Range }
  | { readonly is: 'numbers'; readonly range: NumberRange }
  | { readonly is: 'name'; readonly name: string; readonly wild: boolean }
  | { readonly is: 'any' };

/** Steps of work for an entry of a map, in each rule that names it. */
export const PER_ENTRY = 4;

export interface Tuple {
  readonly values: readonly Value[];
  /** It may be gone by itself. */
  readonly fleeting: boolean;
}

/** Which packets a set holds. Several rules that name one set share it. */
export interface Members {
  readonly tuples: readonly Tuple[];
  /** Rules add to it while packets flow. */
  readonly learned: boolean;
}

export type Condition =
  | { readonly is: 'member'; readonly fields: readonly Field[]; readonly members: Members; readonly negated: boolean }
  /** What a number known of a first packet has to be. */
  | { readonly is: 'fact'; readonly field: Field; readonly holds: (value: number) => boolean }
  /** `both` where the text is meant as it stands, `loose` where its compiler made one comparison of two. */
  | {
      readonly is: 'joined';
      readonly fields: readonly Field[];
      readonly both: readonly Condition[];
      readonly loose: Condition;
      readonly because: string;
    }
  /** The packet has them. */
  | { readonly is: 'has'; readonly fields: readonly Field[] }
  /** May match or not where the packet has the fields. */
  | { readonly is: 'doubt'; readonly because: string; readonly fields: readonly Field[] };

export type End =
  | { readonly is: 'verdict'; readonly verdict: Decision }
  | {
      readonly is: 'choose';
      readonly fields: readonly Field[];
      readonly choices: readonly (Tuple & { readonly verdict: Decision })[];
      readonly learned: boolean;
    }
  | { readonly is: 'translate'; readonly kind: 'dnat' | 'snat'; readonly to: Target; readonly random: boolean }
  | {
      readonly is: 'look up';
      readonly kind: 'dnat' | 'snat';
      readonly fields: readonly Field[];
      readonly entries: readonly (Tuple & { readonly to: Target })[];
      readonly random: boolean;
      readonly learned: boolean;
    }
  | { readonly is: 'masquerade'; readonly random: boolean }
  | { readonly is: 'redirect'; readonly port?: number }
  | { readonly is: 'opaque'; readonly because: string };

export type Decision =
  | { readonly is: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly is: 'jump' | 'goto'; readonly chain: UnderstoodChain }
  | { readonly is: 'opaque'; readonly because: string };

/** Where a packet is sent, or as what: addresses of one family, a port, or both. */
export interface Target {
  readonly family?: Family;
  readonly addresses?: Range;
  readonly ports?: NumberRange;
  /** Host bits are kept. */
  readonly prefix: boolean;
}

export function chainsOf(end: End | undefined): readonly UnderstoodChain[] {
  if (end?.is === 'verdict') return end.verdict.is === 'jump' || end.verdict.is === 'goto' ? [end.verdict.chain] : [];
  if (end?.is !== 'choose') return [];
  return end.choices.flatMap(({ verdict }) => (verdict.is === 'jump' || verdict.is === 'goto' ? [verdict.chain] : []));
}
