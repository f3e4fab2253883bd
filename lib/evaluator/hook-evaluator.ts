// Evaluates the base chains of one hook in the order of their priorities: filters, destination or source translation.

import { SessionPhase } from '../reachability/session-phase';
import { PROTOCOLS_WITH_PORTS } from '../net/packet';
import { PacketMap } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { ChainEvaluator } from './chain-evaluator';
import { PacketContext, PacketState, mergePacketStates, isBeforeReassembly, createPacketState } from './packet-context';
import { PacketStateEvaluator, mapByValue } from './packet-state-evaluator';
import { Marks, UNKNOWN_MARKS } from './marks';
import {
  ACCEPT,
  DROP,
  ChainOutcome,
  createAlteredOutcome,
  mergeSequence,
  mergeOutcomes,
  listOptions,
  mergeNatOutcomes,
  isPortTranslated,
  createUnknownOutcome,
  removePort,
} from './chain-outcomes';
import { PacketField } from './packet-fields';
import { BaseChain, listChains, listFields } from './ruleset-model';
import { PARENT_DEVICE_REASON, matchDevices } from './match-chain-devices';
import { PacketChanges } from './packet-changes';
import { VLAN_TAG_REASON, passesTagged } from './vlan-tags';
import { createUntrackedSet, getTracking, isUntrackedLate } from './connection-tracking';

/** Priorities of destination and source translation in a hook. Source: linux/netfilter_ipv4.h. */
export const DNAT_PRIORITY = -100;
export const SNAT_PRIORITY = 100;

const NO_EFFECT = PacketMap.createConstant(ACCEPT);

/** The outcomes of chains for packets, and the packets' states behind the chains. */
export interface HookResult {
  readonly outcomes: PacketMap<ChainOutcome>;
  readonly states: PacketMap<PacketState>;
}

/** Evaluates the base chains of one hook after one another. */
export class HookEvaluator {
  private readonly basesByHook = new Map<string, BaseChain[]>();
  private readonly settings = new PacketChanges();
  private readonly stateEvaluator: PacketStateEvaluator;
  /**
   * True if conditions are packet sets. A field that a packet doesn't show is then forgotten of the whole outcome, not
   * rule by rule.
   */
  readonly usesPacketSets: boolean;
  /** True if some rule asks what a packet was before its translation. */
  readonly usesOriginal: boolean;

  constructor(
    private readonly baseChains: readonly BaseChain[],
    private readonly chains: ChainEvaluator,
  ) {
    this.stateEvaluator = new PacketStateEvaluator(chains, this.settings);
    const rules = [...listChains(baseChains)].flatMap((chain) => chain.rules);
    this.usesPacketSets = rules.some(({ conditions }) => conditions.some((condition) => condition.is === 'packets'));
    this.usesOriginal = rules.some((rule) =>
      listFields(rule).some((field) => readsOriginal(field) || (field.replyField && readsOriginal(field.replyField))),
    );
    for (const base of [...baseChains].sort((a, b) => a.priority - b.priority)) {
      if (base.family === 'arp' || base.family === 'bridge') continue;
      const key = `${base.hook} ${base.type === 'nat' ? 'nat' : 'filter'}`;
      const hookBases = this.basesByHook.get(key);
      if (hookBases) hookBases.push(base);
      else this.basesByHook.set(key, [base]);
    }
  }

  /**
   * Returns the outcomes of all filter chains between two priorities. A packet that one chain drops is dropped. Chains
   * at exactly `from` or `to` may run before or after.
   */
  evaluateFilters(hook: string, context: PacketContext, from: number, to: number): HookResult {
    let outcomes = NO_EFFECT;
    let states = createStates(context);
    for (const group of this.listGroups(`${hook} filter`, context)) {
      const { priority } = group[0]!;
      if (priority < from || priority > to) continue;
      const unordered = priority === from || priority === to;
      const groupContext: PacketContext = { ...context, isFragmented: isBeforeReassembly(group[0]!) };
      const { during, after } = this.stateEvaluator.evaluateGroup(group, states, groupContext, unordered);
      const groupOutcomes = mapByValue(during, (state) =>
        this.evaluateGroup(group, { ...groupContext, ...state }, unordered),
      );
      outcomes = outcomes.merge(groupOutcomes, (a, b) => mergeSequence(a!, b!));
      states = after;
    }
    return { outcomes, states };
  }

  /** Returns the same for packets that earlier rules may have told apart. */
  evaluateFiltersByState(
    hook: string,
    context: Omit<PacketContext, keyof PacketState>,
    states: PacketMap<PacketState>,
    from: number,
    to: number,
  ): HookResult {
    const resultByState = new Map(
      states.values.map((state) => [state, this.evaluateFilters(hook, { ...context, ...state }, from, to)]),
    );
    return {
      outcomes: mapByValue(states, (state) => resultByState.get(state)!.outcomes),
      states: mapByValue(states, (state) => resultByState.get(state)!.states),
    };
  }

  private evaluateGroup(
    group: readonly BaseChain[],
    context: PacketContext,
    unordered: boolean,
  ): PacketMap<ChainOutcome> {
    return group.reduce((merged, base) => {
      const outcomes = this.chains.evaluateBase(base, context, 'filter');
      const unknown = unordered
        ? createOrderUnknown(base)
        : matchDevices(base, context) === 'perhaps'
          ? createUnknownOutcome(`line ${base.line}: ${PARENT_DEVICE_REASON}`)
          : context.anyShape && passesTagged(base)
            ? createUnknownOutcome(VLAN_TAG_REASON)
            : undefined;
      const doubtedOutcomes = unknown ? outcomes.map((outcome) => (outcome === DROP ? unknown : outcome)) : outcomes;
      return merged.merge(doubtedOutcomes, (a, b) => (b!.is === 'altered' ? b! : mergeSequence(a!, b!)));
    }, NO_EFFECT);
  }

  /** Returns the chains of a hook that a packet meets, those of one priority together. */
  private listGroups(key: string, interfaces: Pick<PacketContext, 'iif' | 'oif'>): readonly (readonly BaseChain[])[] {
    const groups: BaseChain[][] = [];
    for (const base of this.basesByHook.get(key) ?? []) {
      if (matchDevices(base, interfaces) === 'no') continue;
      const last = groups.at(-1);
      if (last?.[0]!.priority === base.priority) last.push(base);
      else groups.push([base]);
    }
    return groups;
  }

  /** Returns the states after connection tracking, for packets that earlier rules left to it or took out. */
  applyTracking(hook: string, states: PacketMap<PacketState>, phase: SessionPhase): PacketMap<PacketState> {
    const untracksLater = isUntrackedLate(this.baseChains, hook, this.settings);
    return states.map(({ ct, marks }) => createPacketState(getTracking(ct, phase, untracksLater), marks));
  }

  /**
   * Returns the outcomes of the nat chains of a hook. The first chain that translates decides. Of chains with one
   * priority either may be first. Only the first packet of a session asks them.
   */
  evaluateNat(hook: string, context: PacketContext): HookResult {
    const initialStates = createStates(context);
    if (context.ct === 'none' || context.ct === 'untracked' || context.phase === 'stray')
      return { outcomes: NO_EFFECT, states: initialStates };
    const isFirst = context.phase === 'first';
    // A later packet doesn't tell which marks its session's first packet had.
    const marks = isFirst ? context.marks : this.stateEvaluator.blurMarks(this.baseChains, context.marks);
    const translations = this.evaluateNatChains(hook, { ...context, phase: 'first', marks });
    const outcomes = isFirst
      ? translations.outcomes
      : translations.outcomes.map((value) => (value === DROP ? ACCEPT : value));
    const states = isFirst ? translations.states : initialStates;
    if (context.ct !== 'unclear') return { outcomes, states };
    return {
      outcomes: outcomes.map((value) => (value === ACCEPT ? value : createUnknownOutcome('it may not be tracked'))),
      states: states.map((value) => mergePacketStates(createPacketState(context.ct, context.marks), value)),
    };
  }

  private evaluateNatChains(hook: string, context: PacketContext): HookResult {
    let outcomes = NO_EFFECT;
    let states = createStates(context);
    for (const group of this.listGroups(`${hook} nat`, context)) {
      const { during, after } = this.stateEvaluator.evaluateGroup(group, states, context, false);
      const groupOutcomes = mapByValue(during, (state) => this.evaluateNatGroup(group, { ...context, ...state }));
      states = mergeReachingStates(outcomes, states, after);
      outcomes = outcomes.merge(groupOutcomes, (a, b) => mergeNatOutcomes(a!, b!));
    }
    return { outcomes, states };
  }

  private evaluateNatGroup(group: readonly BaseChain[], context: PacketContext): PacketMap<ChainOutcome> {
    return group.reduce(
      (merged, base) => merged.merge(this.evaluateNatChain(base, context), (a, b) => mergeUnordered(a!, b!, base)),
      NO_EFFECT,
    );
  }

  /**
   * Evaluates a nat chain. The kernel doesn't run it in a family that nothing makes it track, and the text doesn't say
   * whether that is so: a drop there is unknown.
   */
  private evaluateNatChain(base: BaseChain, context: PacketContext): PacketMap<ChainOutcome> {
    const outcomes = removePorts(this.chains.evaluateBase(base, context, 'nat'));
    if (!outcomes.values.includes(DROP)) return outcomes;
    return outcomes
      .intersect(createUntrackedSet(this.chains.packets.facts))
      .map((outcome) =>
        outcome === DROP
          ? createUnknownOutcome(`line ${base.line}: nothing makes the kernel run this nat chain`)
          : outcome,
      )
      .unite(outcomes);
  }

  /** Returns the marks that packets may have behind the filters of a hook. */
  blurMarks(hook: string, from: number, marks: Marks): Marks {
    const filters = this.baseChains.filter(
      (base) => base.hook === hook && base.priority >= from && base.type !== 'nat',
    );
    return this.stateEvaluator.blurMarks(filters, marks);
  }

  /** Returns a key of the parts of a context that the chains of a hook can tell apart. */
  buildContextKey(hook: string, context: PacketContext): string {
    const bases = [...(this.basesByHook.get(`${hook} filter`) ?? []), ...(this.basesByHook.get(`${hook} nat`) ?? [])];
    const keys = bases
      .filter((base) => matchDevices(base, context) !== 'no')
      .map(({ chain }) => this.chains.contexts.buildKey(chain, context));
    return `${hook} ${context.ct} ${context.phase} ${[...new Set(keys)].join(' ')}`;
  }

  hasChains(hook: string, kind: 'nat' | 'filter', from = -Infinity): boolean {
    return (this.basesByHook.get(`${hook} ${kind}`) ?? []).some(({ priority }) => priority >= from);
  }

  hasBridgeChains(hook: string): boolean {
    return this.baseChains.some((base) => base.family === 'bridge' && base.hook === hook);
  }

  /** Evaluates bridge tables. They see the packets on ports of a bridge; which ports those are isn't told. */
  evaluateBridgeChains(hooks: readonly string[], phase: SessionPhase, anyShape: boolean): PacketMap<ChainOutcome> {
    let outcomes = NO_EFFECT;
    for (const base of this.baseChains) {
      if (base.family !== 'bridge' || !hooks.includes(base.hook)) continue;
      const context: PacketContext = {
        ...UNKNOWN_CONTEXT,
        hook: base.hook,
        phase,
        marks: UNKNOWN_MARKS,
        anyShape,
        isFragmented: isBeforeReassembly(base),
      };
      const reason = `line ${base.line}: a bridge chain may see it`;
      const chainOutcomes = this.chains
        .evaluateBase(base, context, 'filter')
        .merge(this.chains.evaluateBase(base, { ...context, ct: 'none' }, 'left'), (a, b) =>
          isUntouched(b!) ? a! : createAlteredOutcome(reason),
        );
      outcomes = outcomes.merge(chainOutcomes, (a, b) =>
        mergeSequence(
          a!,
          b === ACCEPT ? ACCEPT : b!.is === 'altered' ? createAlteredOutcome(reason) : createUnknownOutcome(reason),
        ),
      );
    }
    return outcomes;
  }
}

const PORTLESS = PacketMap.ALL.subtract(PacketMap.createSet({ protocol: PROTOCOLS_WITH_PORTS.map(toSingleRange) }));

/**
 * Removes port translations of packets without ports: the type of an ICMP message stays. Source:
 * nf_nat_l4proto_unique_tuple in nf_nat_core.c.
 */
function removePorts(outcomes: PacketMap<ChainOutcome>): PacketMap<ChainOutcome> {
  if (!outcomes.values.some((outcome) => listOptions(outcome).some(isPortTranslated))) return outcomes;
  return outcomes.intersect(PORTLESS).map(removePort).unite(outcomes);
}

const UNKNOWN_CONTEXT = {
  iif: undefined,
  oif: undefined,
  ct: 'unclear',
  dnat: false,
  snat: 'unclear',
  isLocal: false,
} as const;

export const createStates = ({ ct, marks }: PacketContext): PacketMap<PacketState> =>
  PacketMap.createConstant(createPacketState(ct, marks));

/**
 * Returns the packets' states behind the next nat chain. A packet that an earlier chain translated doesn't come to the
 * next.
 */
function mergeReachingStates(
  earlier: PacketMap<ChainOutcome>,
  before: PacketMap<PacketState>,
  after: PacketMap<PacketState>,
): PacketMap<PacketState> {
  const reaching = earlier.select((outcome) => outcome === ACCEPT);
  const perhapsReaching = earlier.select(
    (outcome) => outcome.is === 'unknown' || outcome.is === 'altered' || listOptions(outcome).includes(ACCEPT),
  );
  const merged = before.merge(after, (a, b) => mergePacketStates(a!, b!));
  return after.intersect(reaching).unite(merged.intersect(perhapsReaching)).unite(before);
}

/** Returns whether nothing takes the packet out of connection tracking. */
const isUntouched = (outcome: ChainOutcome): boolean =>
  listOptions(outcome).every(
    (option) => option === ACCEPT || (option.is === 'left' && option.packetState.ct === 'none'),
  );

const createOrderUnknown = (base: BaseChain): ChainOutcome => createUnknownOutcome(explainOrder(base));

const explainOrder = ({ line, priority }: BaseChain): string =>
  `line ${line}: another part of the hook has priority ${priority}, either may be first`;

/** Merges two chains of which either may be first: what that one translates, or else the other. */
function mergeUnordered(a: ChainOutcome, b: ChainOutcome, base: BaseChain): ChainOutcome {
  if (a === ACCEPT || b === ACCEPT) return a === ACCEPT ? b : a;
  const isCertain = [a, b].some((option) => !listOptions(option).includes(ACCEPT));
  const options = [a, b].flatMap(listOptions).filter((option) => !(isCertain && option === ACCEPT));
  return options.reduce((merged, option) => mergeOutcomes(merged, option, explainOrder(base))!);
}

const readsOriginal = ({ looksAt }: PacketField): boolean =>
  (looksAt.is === 'address' && looksAt.axis === 'originalDestination') ||
  (looksAt.is === 'number' && looksAt.axis === 'originalPort');
