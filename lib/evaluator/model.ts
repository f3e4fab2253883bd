import { Family } from '../net/address';
import { NumberRange } from '../net/device';
import { PacketSet } from '../net/packet-map';
import { Range } from '../net/range';
import { Settled } from '../parse/reader';
import { Field } from './fields';
import { MarkChange } from './marks';

export type TableFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

/** The ruleset with every name resolved and every text read, as both evaluators take it. */
export interface LoweredRuleset {
  readonly bases: readonly BaseChain[];
  /** The first table of which no rule is asked though it has some. */
  readonly dormant?: { readonly called: string; readonly line: number };
  /** Chains by which programs keep somebody out, whether any rule leads to them or not. */
  readonly keepers?: readonly KeptChain[];
  readonly facts: TextFacts;
  readonly box: Box;
  /** The chains as the first answer meets them to a packet that passed without a state. Undefined: it doesn't matter whether answers pass. */
  readonly answering?: readonly BaseChain[] | undefined;
  /** Why nothing at all can be said: the box could not load this, and runs what it had before. */
  readonly unloadable?: { readonly line: number; readonly text: string; readonly because: string };
}

/** What a box does whatever its rules say. */
export interface Box {
  /** The interface over which it talks to itself. */
  readonly loopback: string;
  /** Which packets its translations are asked of: those that start what connection tracking follows, or all. */
  readonly translates: 'tracked' | 'all';
  /** What leaves over the loopback interface comes in again: as it left, or to be translated like anything that comes in. */
  readonly loops: 'as it left' | 'to be translated';
  /** What people say that a rule does with a packet. */
  readonly words: { readonly accept: string; readonly drop: string };
  /** Of what is addressed to the box itself or nearby, where a rule sends it out by an interface: why it may be routed all the same. */
  readonly leavesToRoutes?: string;
  /** Why what rules led to a loopback address of IPv4, of what came in by an interface, may be dropped. */
  readonly keepsFromLoopback?: string;
}

/** Linux. What loops back is translated once. */
export const NETFILTER: Box = {
  loopback: 'lo',
  translates: 'tracked',
  loops: 'as it left',
  words: { accept: 'accepts', drop: 'drops' },
  keepsFromLoopback:
    'it is led to a loopback address, which the kernel drops unless route_localnet of its interface is 1',
};

/** What one line says that changes what others mean. */
export interface TextFacts {
  /** The mark of a connection is set somewhere, so later packets of one may have any. */
  connectionMarks: boolean;
  /** A connection helper is in use: what it expects arrives as `related`. */
  helpers: boolean;
  /** Rules give packets a zone, or something else of a connection, before they are tracked: what has it is new by then, and no notrack counts. */
  templates?: boolean;
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
  policy: 'accept' | 'drop' | 'pass without state';
  /** Where the policy, or else the hook, is written. */
  line: number;
}

export interface BaseChain extends Base {
  readonly family: TableFamily;
  readonly chain: LoweredChain;
  /** What is said where no rule decides. Undefined: the policy. */
  readonly otherwise?: Settled & { readonly words: string };
}

/** A chain with the family of its table. */
export interface KeptChain {
  readonly family: TableFamily;
  readonly line: number;
  readonly chain: LoweredChain;
}

export interface LoweredChain {
  /** `chain x of table inet y`. */
  readonly called: string;
  /** As its text names it, where it does. */
  readonly name?: string;
  readonly rules: LoweredRule[];
  /** What coming here makes of the packet besides its header. */
  readonly sets?: readonly Setting[];
  /** Nothing comes back from here: it leads on, or to the end of the list that a hook asks. */
  readonly leads?: 'on' | 'to the end';
}

export interface LoweredRule extends Said {
  readonly conditions: readonly Condition[];
  /** What it makes of the packet besides its header, each after so many of the conditions: a chain does so in its place. */
  readonly sets?: readonly { readonly after: number; readonly what: Setting }[];
  readonly end?: End;
}

/** `untracked`: a packet without an entry of connection tracking gets none. */
export type Setting = MarkChange | 'untracked' | 'perhaps untracked';

export const marksAmong = (settings: readonly Setting[]): readonly MarkChange[] =>
  settings.flatMap((what) => (typeof what === 'object' ? [what] : []));

/** Where a rule stands. */
export interface Said {
  readonly line: number;
  readonly text: string;
  /** The text is a name for it, not what stands in that line. */
  readonly isName?: true;
}

/** What one text of an element stands for, by the field it is compared with. */
export type Value =
  | { readonly is: 'addresses'; readonly range: Range }
  | { readonly is: 'numbers'; readonly range: NumberRange }
  | { readonly is: 'name'; readonly name: string; readonly wild: boolean }
  | { readonly is: 'any' };

/** Whether an interface has that name, or begins so. */
export const fits = ({ name, wild }: Value & { readonly is: 'name' }, one: string): boolean =>
  wild ? one.startsWith(name) : one === name;

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
  /** What it matches for certain, and what it may match, that included. */
  | { readonly is: 'packets'; readonly sure: PacketSet; readonly may: PacketSet; readonly because: string }
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
  | ({
      readonly is: 'translate';
      readonly kind: 'dnat' | 'snat';
      readonly to: Target;
      readonly random: boolean;
    } & Skipping)
  /** To one of some addresses, nobody can say which; `among`: of these. */
  | ({
      readonly is: 'one of';
      readonly kind: 'dnat' | 'snat';
      readonly among: readonly Range[] | undefined;
      readonly port?: number;
      readonly because: string;
    } & Skipping)
  | {
      readonly is: 'look up';
      readonly kind: 'dnat' | 'snat';
      readonly fields: readonly Field[];
      readonly entries: readonly (Tuple & { readonly to: Target; readonly by?: Said })[];
      readonly random: boolean;
      readonly learned: boolean;
    }
  | { readonly is: 'masquerade'; readonly random: boolean }
  | { readonly is: 'redirect'; readonly port?: number }
  | { readonly is: 'opaque'; readonly because: string };

/** What is translated isn't asked of the filter: of boxes that translate all. */
interface Skipping {
  readonly skipsFilter?: true;
}

export type Decision =
  /**
   * `out`: by this interface, whatever the routes say. Without a state answers pass where rules let them. In lists of the prerouting and the
   * postrouting hook; elsewhere what it passes is unknown.
   */
  | { readonly is: 'pass'; readonly state: boolean; readonly out?: string }
  | { readonly is: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly is: 'jump' | 'goto'; readonly chain: LoweredChain }
  | { readonly is: 'opaque'; readonly because: string };

/** Where a packet is sent, or as what: addresses of one family, a port, or both. */
export interface Target {
  readonly family?: Family;
  readonly addresses?: Range;
  readonly ports?: NumberRange;
  /** Host bits are kept. */
  readonly prefix: boolean;
}

export const isDrop = (end: End | undefined): boolean => end?.is === 'verdict' && end.verdict.is === 'drop';

/** The same with each of its verdicts as `of` makes it. */
export function withDecisions(end: End, of: (verdict: Decision) => Decision): End {
  if (end.is === 'verdict') return { ...end, verdict: of(end.verdict) };
  return end.is === 'choose'
    ? { ...end, choices: end.choices.map((one) => ({ ...one, verdict: of(one.verdict) })) }
    : end;
}

export function chainsOf(end: End | undefined): readonly LoweredChain[] {
  if (end?.is === 'verdict') return end.verdict.is === 'jump' || end.verdict.is === 'goto' ? [end.verdict.chain] : [];
  if (end?.is !== 'choose') return [];
  return end.choices.flatMap(({ verdict }) => (verdict.is === 'jump' || verdict.is === 'goto' ? [verdict.chain] : []));
}

/** Each once, with those that they lead to. */
export function everyChain(bases: readonly Pick<BaseChain, 'chain'>[]): ReadonlySet<LoweredChain> {
  const seen = new Set<LoweredChain>();
  const waiting = bases.map(({ chain }) => chain);
  for (let chain = waiting.pop(); chain; chain = waiting.pop()) {
    if (seen.has(chain)) continue;
    seen.add(chain);
    for (const { end } of chain.rules) waiting.push(...chainsOf(end));
  }
  return seen;
}

/** What a rule looks at, for its conditions and to choose among its ends. */
export function fieldsOf({ conditions, end }: LoweredRule): readonly Field[] {
  const fields = conditions.flatMap((one) =>
    one.is === 'fact' ? [one.field] : one.is === 'packets' ? [] : one.fields,
  );
  return end?.is === 'choose' || end?.is === 'look up' ? [...fields, ...end.fields] : fields;
}
