// Types of the ruleset model, into which all platforms lower native text: hooks, chains, rules, conditions, actions,
// translations, and the behaviour of a kernel (`NETFILTER` is Linux's). Also functions that list or map the parts of a
// rule. Both evaluators take the model.
import { Family } from '../net/address';
import { NumberRange } from '../net/device';
import { PacketSet } from '../net/packet-map';
import { Range } from '../net/range';
import { DecisionSource } from '../parse/config-parser';
import { PacketField } from './packet-fields';
import { MarkChange } from './marks';

export type TableFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

/** The ruleset with every name resolved and every text parsed. Both evaluators take it. */
export interface LoweredRuleset {
  readonly baseChains: readonly BaseChain[];
  /** The first table that has rules of which none is asked. */
  readonly dormantTable?: { readonly label: string; readonly line: number };
  /** Chains by which programs ban addresses, whether any rule leads to them or not. */
  readonly banChains?: readonly BanChain[];
  readonly facts: RulesetFacts;
  readonly kernel: KernelBehavior;
  /**
   * The chains as the first answer meets them, for packets that passed without a state. Undefined: it doesn't matter
   * whether answers pass.
   */
  readonly replyChains?: readonly BaseChain[] | undefined;
  /** Why nothing at all can be said: the device could not load this text, and runs its previous one. */
  readonly unloadable?: { readonly line: number; readonly text: string; readonly reason: string };
}

/** Behaviour of a kernel that doesn't depend on its rules. */
export interface KernelBehavior {
  /** The interface over which the device talks to itself. */
  readonly loopback: string;
  /** Packets that ask for translations: those that start what connection tracking follows, or all. */
  readonly translates: 'tracked' | 'all';
  /**
   * How a packet that leaves over the loopback interface comes in again: as it left, or to be translated like any
   * packet that comes in.
   */
  readonly loops: 'as it left' | 'to be translated';
  /** The words for what a rule does with a packet. */
  readonly actionWords: { readonly accept: string; readonly drop: string };
  /** Why a packet to the device itself or nearby may be routed although a rule sends it out by an interface. */
  readonly routedAnywayReason?: string;
  /** Why a packet that came in by an interface and is translated to a loopback address of IPv4 may be dropped. */
  readonly loopbackDropReason?: string;
}

/** Linux. A packet that loops back is translated once. */
export const NETFILTER: KernelBehavior = {
  loopback: 'lo',
  translates: 'tracked',
  loops: 'as it left',
  actionWords: { accept: 'accepts', drop: 'drops' },
  loopbackDropReason:
    'it is led to a loopback address, which the kernel drops unless route_localnet of its interface is 1',
};

/** Facts that one line states and that change the meaning of others. */
export interface RulesetFacts {
  /** The mark of a connection is set somewhere, so its later packets may have any mark. */
  hasConnectionMarks: boolean;
  /** A connection helper is in use: the packets that it expects arrive as `related`. */
  hasHelpers: boolean;
  /**
   * Rules give packets a zone, or something else of a connection, before they are tracked. Such a packet is new by
   * then, and no notrack counts.
   */
  hasTemplates?: boolean;
  /**
   * Families in which some rule needs connection tracking. Without one the kernel runs neither tracking nor nat chains.
   */
  readonly trackedFamilies: Set<'ip' | 'ip6'>;
  /** Sets that rules themselves add to, as `family table set`. */
  readonly dynamicSets: Set<string>;
}

export interface BaseChainHeader {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: string;
  readonly priority: number;
  readonly devices: readonly string[];
  policy: 'accept' | 'drop' | 'pass without state';
  /** The line of the policy, or else of the hook. */
  line: number;
}

export interface BaseChain extends BaseChainHeader {
  readonly family: TableFamily;
  readonly chain: LoweredChain;
  /** The source of the decision if no rule decides. Undefined: the policy. */
  readonly defaultSource?: DecisionSource & { readonly description: string };
}

/** A chain with the family of its table. */
export interface BanChain {
  readonly family: TableFamily;
  readonly line: number;
  readonly chain: LoweredChain;
}

export interface LoweredChain {
  /** As in `chain x of table inet y`. */
  readonly label: string;
  /** The chain's name in its text. Undefined: the text has none. */
  readonly name?: string;
  readonly rules: LoweredRule[];
  /** The changes of a packet, besides its header, that entering this chain makes. */
  readonly packetChanges?: readonly PacketChange[];
  /** Nothing returns from this chain: it leads on, or to the end of the base chain. */
  readonly noReturn?: 'on' | 'to the end';
}

export interface LoweredRule extends RuleSource {
  readonly conditions: readonly Condition[];
  /**
   * The changes of a packet, besides its header, that the rule makes. Each comes after so many of the conditions. After
   * splitChains a chain makes them in its place.
   */
  readonly packetChanges?: readonly { readonly after: number; readonly change: PacketChange }[];
  readonly action?: RuleAction;
}

/** A change of a packet besides its header. `untracked`: a packet without an entry of connection tracking gets none. */
export type PacketChange = MarkChange | 'untracked' | 'perhaps untracked';

export const listMarkChanges = (changes: readonly PacketChange[]): readonly MarkChange[] =>
  changes.flatMap((change) => (typeof change === 'object' ? [change] : []));

/** The place of a rule in its text. */
export interface RuleSource {
  readonly line: number;
  readonly text: string;
  /** The text is a name of the rule, not the text of that line. */
  readonly isName?: true;
}

/** The value of one text of an element, by the field it is compared with. */
export type FieldValue =
  | { readonly is: 'addresses'; readonly range: Range }
  | { readonly is: 'numbers'; readonly range: NumberRange }
  | { readonly is: 'name'; readonly name: string; readonly isPrefix: boolean }
  | { readonly is: 'any' };

/** Returns whether an interface has that name, or begins with it if `isPrefix`. */
export const matchesName = (
  { name, isPrefix }: FieldValue & { readonly is: 'name' },
  interfaceName: string,
): boolean => (isPrefix ? interfaceName.startsWith(name) : interfaceName === name);

/** Steps for an entry of a map, in each rule that names it. */
export const STEPS_PER_ENTRY = 4;

export interface Tuple {
  readonly values: readonly FieldValue[];
  /** The element may expire by itself, or may not count for now (`counts`). */
  readonly expires: boolean;
  /** A limit or quota of the element's own decides whether it counts. Only if `expires`. */
  readonly counts?: boolean;
}

/** The elements of a set. Several rules that name one set share them. */
export interface Members {
  readonly tuples: readonly Tuple[];
  /** Rules add to the set while packets flow. */
  readonly dynamic: boolean;
  /** A rule may add the packet's own key and let it go on to a rule that looks it up. Only if `dynamic`. */
  readonly addsOnTheWay?: boolean;
}

export type Condition =
  /**
   * `must`: the packets that it matches for certain. `may`: those that it may match, `must` included. `newClient`: those
   * that it matches if a new client sends them.
   */
  | {
      readonly is: 'packets';
      readonly must: PacketSet;
      readonly may: PacketSet;
      readonly reason: string;
      readonly newClient?: PacketSet;
    }
  | {
      readonly is: 'member';
      readonly fields: readonly PacketField[];
      readonly members: Members;
      readonly negated: boolean;
    }
  /** `matches` tests a number that is known of a first packet. */
  | { readonly is: 'fact'; readonly field: PacketField; readonly matches: (value: number) => boolean }
  /** `asWritten`: the text is meant as it stands. `asCompiled`: its compiler made one comparison of two. */
  | {
      readonly is: 'joined';
      readonly fields: readonly PacketField[];
      readonly asWritten: readonly Condition[];
      readonly asCompiled: Condition;
      readonly reason: string;
    }
  /** The packet has the fields. */
  | { readonly is: 'has'; readonly fields: readonly PacketField[] }
  /**
   * The condition may match or not if the packet has the fields. `newClient`: whether it matches the first packet of a
   * client that has sent nothing before, if neither it nor its destination is on a list whose members aren't known.
   * Undefined: that isn't known either.
   */
  | {
      readonly is: 'doubt';
      readonly reason: string;
      readonly fields: readonly PacketField[];
      readonly newClient?: boolean;
    };

export type RuleAction =
  | { readonly is: 'verdict'; readonly verdict: RuleVerdict }
  | {
      readonly is: 'choose';
      readonly fields: readonly PacketField[];
      readonly choices: readonly (Tuple & { readonly verdict: RuleVerdict })[];
      readonly dynamic: boolean;
    }
  | ({
      readonly is: 'translate';
      readonly kind: 'dnat' | 'snat';
      readonly to: TranslationTarget;
      readonly random: boolean;
    } & FilterSkip)
  /** Translates to one of several addresses; which one can't be known. `pool`: one of these. */
  | ({
      readonly is: 'one of';
      readonly kind: 'dnat' | 'snat';
      readonly pool: readonly Range[] | undefined;
      readonly port?: number;
      readonly reason: string;
    } & FilterSkip)
  | {
      readonly is: 'look up';
      readonly kind: 'dnat' | 'snat';
      readonly fields: readonly PacketField[];
      readonly entries: readonly (Tuple & { readonly to: TranslationTarget; readonly source?: RuleSource })[];
      readonly random: boolean;
      readonly dynamic: boolean;
    }
  | { readonly is: 'masquerade'; readonly random: boolean }
  | { readonly is: 'redirect'; readonly port?: number }
  | { readonly is: 'opaque'; readonly reason: string };

/** The filter isn't asked about translated packets. This holds for devices that translate all packets. */
interface FilterSkip {
  readonly skipsFilter?: true;
}

export type RuleVerdict =
  /**
   * `exitInterface`: the packet leaves by this interface, whatever the routes say. Without a state, answers pass only if rules
   * let them. These hold in chains of the prerouting and postrouting hooks. In other chains, a packet that passes so is
   * unknown.
   */
  | { readonly is: 'pass'; readonly state: boolean; readonly exitInterface?: string }
  | { readonly is: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly is: 'jump' | 'goto'; readonly chain: LoweredChain }
  | { readonly is: 'opaque'; readonly reason: string };

/** The new destination or source of a packet: addresses of one family, a port, or both. */
export interface TranslationTarget {
  readonly family?: Family;
  readonly addresses?: Range;
  readonly ports?: NumberRange;
  /** Host bits are kept. */
  readonly prefix: boolean;
}

export const isDrop = (action: RuleAction | undefined): boolean =>
  action?.is === 'verdict' && action.verdict.is === 'drop';

/** Returns the action with each of its verdicts converted. */
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

/** Returns the chains and those that they lead to, each once. */
export function listChains(bases: readonly Pick<BaseChain, 'chain'>[]): ReadonlySet<LoweredChain> {
  const visited = new Set<LoweredChain>();
  const pending = bases.map(({ chain }) => chain);
  for (let chain = pending.pop(); chain; chain = pending.pop()) {
    if (visited.has(chain)) continue;
    visited.add(chain);
    for (const { action } of chain.rules) pending.push(...listJumpTargets(action));
  }
  return visited;
}

/** Returns the fields that a rule looks at, for its conditions and to choose among entries. */
export function listFields({ conditions, action }: LoweredRule): readonly PacketField[] {
  const fields = conditions.flatMap((condition) =>
    condition.is === 'fact' ? [condition.field] : condition.is === 'packets' ? [] : condition.fields,
  );
  return action?.is === 'choose' || action?.is === 'look up' ? [...fields, ...action.fields] : fields;
}
