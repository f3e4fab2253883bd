import { Family } from '../net/address';
import { NumberRange } from '../net/device';
import { PacketSet } from '../net/packet-map';
import { Range } from '../net/range';
import { DecisionSource } from '../parse/config-parser';
import { PacketField } from './packet-fields';
import { MarkChange } from './marks';

export type TableFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

/** The ruleset with every name resolved and every text read, as both evaluators take it. */
export interface LoweredRuleset {
  readonly bases: readonly BaseChain[];
  /** The first table of which no rule is asked though it has some. */
  readonly dormant?: { readonly called: string; readonly line: number };
  /** Chains by which programs keep somebody out, whether any rule leads to them or not. */
  readonly keepers?: readonly BanChain[];
  readonly facts: RulesetFacts;
  readonly box: KernelBehavior;
  /** The chains as the first answer meets them to a packet that passed without a state. Undefined: it doesn't matter whether answers pass. */
  readonly answering?: readonly BaseChain[] | undefined;
  /** Why nothing at all can be said: the box could not load this, and runs what it had before. */
  readonly unloadable?: { readonly line: number; readonly text: string; readonly because: string };
}

/** What a box does whatever its rules say. */
export interface KernelBehavior {
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
export const NETFILTER: KernelBehavior = {
  loopback: 'lo',
  translates: 'tracked',
  loops: 'as it left',
  words: { accept: 'accepts', drop: 'drops' },
  keepsFromLoopback:
    'it is led to a loopback address, which the kernel drops unless route_localnet of its interface is 1',
};

/** What one line says that changes what others mean. */
export interface RulesetFacts {
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

export interface BaseChainHeader {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: string;
  readonly priority: number;
  readonly devices: readonly string[];
  policy: 'accept' | 'drop' | 'pass without state';
  /** Where the policy, or else the hook, is written. */
  line: number;
}

export interface BaseChain extends BaseChainHeader {
  readonly family: TableFamily;
  readonly chain: LoweredChain;
  /** What is said where no rule decides. Undefined: the policy. */
  readonly otherwise?: DecisionSource & { readonly words: string };
}

/** A chain with the family of its table. */
export interface BanChain {
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
  readonly sets?: readonly PacketChange[];
  /** Nothing comes back from here: it leads on, or to the end of the list that a hook asks. */
  readonly leads?: 'on' | 'to the end';
}

export interface LoweredRule extends RuleSource {
  readonly conditions: readonly Condition[];
  /** What it makes of the packet besides its header, each after so many of the conditions: a chain does so in its place. */
  readonly sets?: readonly { readonly after: number; readonly what: PacketChange }[];
  readonly end?: RuleAction;
}

/** `untracked`: a packet without an entry of connection tracking gets none. */
export type PacketChange = MarkChange | 'untracked' | 'perhaps untracked';

export const listMarkChanges = (changes: readonly PacketChange[]): readonly MarkChange[] =>
  changes.flatMap((change) => (typeof change === 'object' ? [change] : []));

/** Where a rule stands. */
export interface RuleSource {
  readonly line: number;
  readonly text: string;
  /** The text is a name for it, not what stands in that line. */
  readonly isName?: true;
}

/** What one text of an element stands for, by the field it is compared with. */
export type FieldValue =
  | { readonly is: 'addresses'; readonly range: Range }
  | { readonly is: 'numbers'; readonly range: NumberRange }
  | { readonly is: 'name'; readonly name: string; readonly wild: boolean }
  | { readonly is: 'any' };

/** Whether an interface has that name, or begins so. */
export const matchesName = ({ name, wild }: FieldValue & { readonly is: 'name' }, interfaceName: string): boolean =>
  wild ? interfaceName.startsWith(name) : interfaceName === name;

/** Steps of work for an entry of a map, in each rule that names it. */
export const STEPS_PER_ENTRY = 4;

export interface Tuple {
  readonly values: readonly FieldValue[];
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
  | {
      readonly is: 'member';
      readonly fields: readonly PacketField[];
      readonly members: Members;
      readonly negated: boolean;
    }
  /** What a number known of a first packet has to be. */
  | { readonly is: 'fact'; readonly field: PacketField; readonly holds: (value: number) => boolean }
  /** `both` where the text is meant as it stands, `loose` where its compiler made one comparison of two. */
  | {
      readonly is: 'joined';
      readonly fields: readonly PacketField[];
      readonly both: readonly Condition[];
      readonly loose: Condition;
      readonly because: string;
    }
  /** The packet has them. */
  | { readonly is: 'has'; readonly fields: readonly PacketField[] }
  /** May match or not where the packet has the fields. */
  | { readonly is: 'doubt'; readonly because: string; readonly fields: readonly PacketField[] };

export type RuleAction =
  | { readonly is: 'verdict'; readonly verdict: RuleVerdict }
  | {
      readonly is: 'choose';
      readonly fields: readonly PacketField[];
      readonly choices: readonly (Tuple & { readonly verdict: RuleVerdict })[];
      readonly learned: boolean;
    }
  | ({
      readonly is: 'translate';
      readonly kind: 'dnat' | 'snat';
      readonly to: TranslationTarget;
      readonly random: boolean;
    } & FilterSkip)
  /** To one of some addresses, nobody can say which; `among`: of these. */
  | ({
      readonly is: 'one of';
      readonly kind: 'dnat' | 'snat';
      readonly among: readonly Range[] | undefined;
      readonly port?: number;
      readonly because: string;
    } & FilterSkip)
  | {
      readonly is: 'look up';
      readonly kind: 'dnat' | 'snat';
      readonly fields: readonly PacketField[];
      readonly entries: readonly (Tuple & { readonly to: TranslationTarget; readonly by?: RuleSource })[];
      readonly random: boolean;
      readonly learned: boolean;
    }
  | { readonly is: 'masquerade'; readonly random: boolean }
  | { readonly is: 'redirect'; readonly port?: number }
  | { readonly is: 'opaque'; readonly because: string };

/** What is translated isn't asked of the filter: of boxes that translate all. */
interface FilterSkip {
  readonly skipsFilter?: true;
}

export type RuleVerdict =
  /**
   * `out`: by this interface, whatever the routes say. Without a state answers pass where rules let them. In lists of the prerouting and the
   * postrouting hook; elsewhere what it passes is unknown.
   */
  | { readonly is: 'pass'; readonly state: boolean; readonly out?: string }
  | { readonly is: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly is: 'jump' | 'goto'; readonly chain: LoweredChain }
  | { readonly is: 'opaque'; readonly because: string };

/** Where a packet is sent, or as what: addresses of one family, a port, or both. */
export interface TranslationTarget {
  readonly family?: Family;
  readonly addresses?: Range;
  readonly ports?: NumberRange;
  /** Host bits are kept. */
  readonly prefix: boolean;
}

export const isDrop = (action: RuleAction | undefined): boolean =>
  action?.is === 'verdict' && action.verdict.is === 'drop';

/** The same with each of its verdicts as `of` makes it. */
export function mapVerdicts(action: RuleAction, convert: (verdict: RuleVerdict) => RuleVerdict): RuleAction {
  if (action.is === 'verdict') return { ...action, verdict: convert(action.verdict) };
  return action.is === 'choose'
    ? { ...action, choices: action.choices.map((choice) => ({ ...choice, verdict: convert(choice.verdict) })) }
    : action;
}

export function listJumpTargets(action: RuleAction | undefined): readonly LoweredChain[] {
  if (action?.is === 'verdict')
    return action.verdict.is === 'jump' || action.verdict.is === 'goto' ? [action.verdict.chain] : [];
  if (action?.is !== 'choose') return [];
  return action.choices.flatMap(({ verdict }) =>
    verdict.is === 'jump' || verdict.is === 'goto' ? [verdict.chain] : [],
  );
}

/** Each once, with those that they lead to. */
export function listChains(bases: readonly Pick<BaseChain, 'chain'>[]): ReadonlySet<LoweredChain> {
  const visited = new Set<LoweredChain>();
  const pending = bases.map(({ chain }) => chain);
  for (let chain = pending.pop(); chain; chain = pending.pop()) {
    if (visited.has(chain)) continue;
    visited.add(chain);
    for (const { end } of chain.rules) pending.push(...listJumpTargets(end));
  }
  return visited;
}

/** What a rule looks at, for its conditions and to choose among its ends. */
export function listFields({ conditions, end }: LoweredRule): readonly PacketField[] {
  const fields = conditions.flatMap((condition) =>
    condition.is === 'fact' ? [condition.field] : condition.is === 'packets' ? [] : condition.fields,
  );
  return end?.is === 'choose' || end?.is === 'look up' ? [...fields, ...end.fields] : fields;
}
