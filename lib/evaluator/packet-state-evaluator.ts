// Computes the marks and the tracking state of packets at and behind the chains of one priority.

import { PacketMap } from '../net/packet-map';
import { ChainEvaluator } from './chain-evaluator';
import {
  PacketContext,
  PacketState,
  applyChainChanges,
  mergePacketStates,
  mergeTracking,
  createPacketState,
} from './packet-context';
import { Marks, forgetMarks } from './marks';
import { BaseChain, listMarkChanges } from './ruleset-model';
import { ACCEPT, ChainOutcome, listOptions } from './chain-outcomes';
import { PacketChanges } from './packet-changes';
import { createUntrackedSet } from './connection-tracking';

/** Returns the results of packets, evaluated once for each distinct value. */
export function mapByValue<V, R>(values: PacketMap<V>, evaluate: (other: V) => PacketMap<R>): PacketMap<R> {
  const [only, ...others] = values.values;
  if (others.length === 0) return evaluate(only!);
  return PacketMap.mergeFirst(
    values.values.map((value) => evaluate(value).intersect(values.select((other) => other === value))),
  );
}

/**
 * Packet states at chains of one priority, any of which may be first: at each chain (`during`), and behind all
 * (`after`).
 */
interface GroupStates {
  readonly during: PacketMap<PacketState>;
  readonly after: PacketMap<PacketState>;
}

/** Computes the states in which chains leave packets. */
export class PacketStateEvaluator {
  constructor(
    private readonly chains: ChainEvaluator,
    private readonly settings: PacketChanges,
  ) {}

  /**
   * Returns the states at chains of one priority and behind them. `unordered`: something else of the hook has their
   * priority, too.
   */
  evaluateGroup(
    group: readonly BaseChain[],
    states: PacketMap<PacketState>,
    context: PacketContext,
    unordered: boolean,
  ): GroupStates {
    const changingBases = group.filter((base) => this.settings.getChanges(base).length > 0);
    const evaluateBase = (base: BaseChain, entryStates: PacketMap<PacketState>): PacketMap<PacketState> =>
      mapByValue(entryStates, (state) => this.evaluateList(base, { ...context, ...state }));
    const isMixed = changingBases.some(
      (base) => unordered || group.some((otherBase) => otherBase !== base && canShareFamily(otherBase, base)),
    );
    if (!isMixed)
      return {
        during: states,
        after: changingBases.reduce((mergeStates, base) => evaluateBase(base, mergeStates), states),
      };
    const blurred = states.map(({ ct, marks }) => createPacketState(ct, this.blurMarks(changingBases, marks)));
    const exitStates = changingBases.map((base) => evaluateBase(base, blurred));
    const mergeStates = (
      mergeCt: (a: PacketContext['ct'], b: PacketContext['ct']) => PacketContext['ct'],
    ): PacketMap<PacketState> =>
      exitStates.reduce(
        (merged, state) => merged.merge(state, (a, b) => createPacketState(mergeCt(a!.ct, b!.ct), a!.marks)),
        blurred,
      );
    const during = mergeStates(mergeTracking);
    return {
      during,
      after: unordered
        ? during
        : mergeStates((a, b) => (a === 'untracked' ? a : b === 'untracked' ? b : mergeTracking(a, b))),
    };
  }

  /** Returns the marks, whether the chains make their changes or not. */
  blurMarks(bases: readonly BaseChain[], marks: Marks): Marks {
    return forgetMarks(marks, listMarkChanges(bases.flatMap((base) => this.settings.getChanges(base))));
  }

  private evaluateList(base: BaseChain, context: PacketContext): PacketMap<PacketState> {
    const { ct, marks } = applyChainChanges(base.chain, context);
    const unchanged = createPacketState(ct, marks);
    const exitStates = this.chains.evaluateBase(base, context, 'left').map((outcome) =>
      listOptions(outcome)
        .map((value) => this.toState(value, base, unchanged))
        .reduce(mergePacketStates),
    );
    if (base.type !== 'nat') return exitStates;
    // The kernel may run the chain for these packets or not.
    const perhapsRun = exitStates
      .map((value) => mergePacketStates(unchanged, value))
      .intersect(createUntrackedSet(this.chains.packets.facts));
    return perhapsRun.unite(exitStates);
  }

  private toState(outcome: ChainOutcome, base: BaseChain, unchanged: PacketState): PacketState {
    if (outcome.is === 'left') return outcome.packetState;
    return outcome === ACCEPT
      ? unchanged
      : createPacketState(unchanged.ct === 'none' ? 'leaving' : unchanged.ct, this.blurMarks([base], unchanged.marks));
  }
}

/** Returns whether one packet may meet both chains. */
const canShareFamily = ({ family: a }: BaseChain, { family: b }: BaseChain): boolean =>
  a === b || !(isSingleFamily(a) && isSingleFamily(b));
const isSingleFamily = (family: BaseChain['family']): boolean => family === 'ip' || family === 'ip6';
