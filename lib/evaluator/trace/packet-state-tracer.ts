// Traces the conntrack state and the marks that one packet has while and after the chains of one priority see it.
import { getFamily } from '../../net/address';
import { PacketContext, PacketState, mergePacketStates, mergeTracking } from '../packet-context';
import { Marks, forgetMarks } from '../marks';
import { BaseChain, listMarkChanges } from '../ruleset-model';
import { ChainEnding } from './chain-walk';
import { PacketTrace } from './packet-trace';

type Tracking = PacketContext['ct'];

/** Traces the states in which chains leave a packet. */
export class PacketStateTracer {
  constructor(private readonly trace: PacketTrace) {}

  /**
   * Returns the packet's states at chains of one priority, any of which may be first: as each chain sees it (`during`),
   * and as they leave it (`after`).
   */
  traceGroup(
    group: readonly BaseChain[],
    unordered: boolean,
  ): { readonly during: PacketState; readonly after: PacketState } {
    const { ct, marks } = this.trace.context;
    const metBases = this.listMetBases(group);
    const changingBases = metBases.filter((base) => this.trace.settings.getChanges(base).length > 0);
    const [firstBase] = changingBases;
    if (!firstBase) return { during: { ct, marks }, after: { ct, marks } };
    if (!unordered && metBases.length === 1)
      return { during: { ct, marks }, after: this.traceList(firstBase, { ct, marks }) };
    const blurred: PacketState = { ct, marks: this.blurMarks(changingBases) };
    const exitTrackings = changingBases.map((base) => this.traceList(base, blurred).ct);
    const mayTracking = exitTrackings.reduce(mergeTracking, ct);
    const mustTracking = exitTrackings.includes('untracked') ? 'untracked' : mayTracking;
    return {
      during: { ...blurred, ct: mayTracking },
      after: { ...blurred, ct: unordered ? mayTracking : mustTracking },
    };
  }

  private traceList(base: BaseChain, state: PacketState): PacketState {
    const endings = this.trace.walkBase(base, 'left', state).map((ending) => this.toState(ending, base, state));
    const { facts } = this.trace.ruleset;
    const mayNotRun = base.type === 'nat' && !facts.trackedFamilies.has(getFamily(this.trace.packet.destination));
    return [...endings, ...(mayNotRun ? [state] : [])].reduce(mergePacketStates);
  }

  private toState({ is, packetState: endingState }: ChainEnding, base: BaseChain, state: PacketState): PacketState {
    if (endingState) return endingState;
    const ct: Tracking = state.ct === 'none' ? 'leaving' : state.ct;
    if (is !== 'accept') return { ct, marks: this.blurMarks([base]) };
    return { ct: base.chain.packetChanges?.includes('perhaps untracked') ? ct : state.ct, marks: state.marks };
  }

  private listMetBases(group: readonly BaseChain[]): readonly BaseChain[] {
    const packetFamily = getFamily(this.trace.packet.destination);
    return group.filter(({ family }) => (family !== 'ip' && family !== 'ip6') || family === packetFamily);
  }

  /** Returns the marks, whether the chains make their changes or not. */
  blurMarks(bases: readonly BaseChain[]): Marks {
    return forgetMarks(
      this.trace.context.marks,
      listMarkChanges(bases.flatMap((base) => this.trace.settings.getChanges(base))),
    );
  }
}
