// Holds the present state of one traced packet (addresses, ports, interfaces, marks) and the rules that decided about
// it so far.

import { SessionPhase } from '../../reachability/session-phase';
import { StartLocation } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketExplanation, DecisionSource } from '../../parse/config-parser';
import { PacketContext, isBeforeReassembly } from '../packet-context';
import { createInitialMarks } from '../marks';
import { BaseChain, LoweredRule, LoweredRuleset } from '../ruleset-model';
import { MAX_OPTIONS } from '../chain-outcomes';
import { PacketChanges } from '../packet-changes';
import { RoutingTable } from '../routing-table';
import { WalkQuery, ChainEnding, ChainWalk } from './chain-walk';
import { TraceResult, AlternativeChooser } from './trace-alternatives';
import { AcceptRecord } from './accept-record';

/** One trace of a packet: its present state, and the rules that decided about it. */
export class PacketTrace {
  packet: Required<Packet>;
  context: PacketContext;
  /** Why the packet may not pass. Empty: nothing is unknown. */
  unknownReason = '';
  deniedReason = '';
  private deniedBy: DecisionSource = {};
  readonly lines: LoweredRule[] = [];
  readonly acceptRecord: AcceptRecord;
  /** The packet was rewritten to something unknown: no later rule can be sure of it. */
  private isUncertain = false;
  /** The packet's destination is final; its source isn't. */
  hasDestination = false;
  /** The packet was rewritten to something unknown before its destination was final. */
  private wasRewritten = false;
  /** The packet's destination is one of several addresses. */
  hasDestinationPool = false;
  /** Why the packet may have gone another way. */
  choiceReason = '';
  /** No rule has made a state for the packet where it is now. */
  isNew = true;
  /** A rule has translated the packet, and the filter isn't asked. */
  skipsFilter = false;
  /** The interface by which a rule sends the packet out. */
  exitInterface: string | undefined;
  /** The parts of the source that the device chose: rules for leaving packets may see anything there. */
  hiddenSource: 'nothing' | 'port' | 'source' = 'nothing';

  constructor(
    readonly ruleset: LoweredRuleset,
    readonly routing: RoutingTable,
    readonly settings: PacketChanges,
    readonly startLocation: StartLocation,
    packet: Packet,
    phase: SessionPhase,
    readonly chooser: AlternativeChooser,
    anyShape: boolean,
  ) {
    this.acceptRecord = new AcceptRecord(ruleset.dormantTable, ruleset.kernel.actionWords);
    this.packet = {
      ...packet,
      originalDestination: packet.originalDestination ?? packet.destination,
      originalPort: packet.originalPort ?? packet.port,
    };
    const isLocal = startLocation.kind !== 'interface';
    const marks = createInitialMarks(isLocal, phase !== 'first', ruleset.facts.hasConnectionMarks);
    this.context = {
      hook: '',
      iif: isLocal ? '' : startLocation.name,
      oif: isLocal ? '?' : '',
      phase,
      ct: 'none',
      dnat: false,
      snat: false,
      isLocal,
      marks,
      anyShape,
    };
  }

  get bases(): readonly BaseChain[] {
    return this.ruleset.baseChains;
  }

  walkBase(
    base: BaseChain,
    query: WalkQuery,
    context: Partial<PacketContext> = {},
    packet = this.packet,
  ): readonly ChainEnding[] {
    const hookContext = { ...this.context, ...context, hook: base.hook, isFragmented: isBeforeReassembly(base) };
    return new ChainWalk(
      { packet, context: hookContext, routing: this.routing, facts: this.ruleset.facts },
      query,
    ).walkBase(base);
  }

  /** Returns one of several ways to go on; undefined if they are more than are told apart. */
  pickOption<T>(options: readonly T[], reasons: readonly ChainEnding[]): T | undefined {
    if (options.length > MAX_OPTIONS) return undefined;
    if (options.length > 1) this.choiceReason ||= reasons.find(({ reason }) => reason !== '')?.reason ?? '';
    return this.chooser.pick(options);
  }

  recordEnding(ending: ChainEnding, base: BaseChain): void {
    if (this.deniedReason !== '') return;
    if (ending.rule) this.lines.push(ending.rule);
    this.acceptRecord.addEnding(base, ending);
  }

  deny(reason: string, rule?: LoweredRule, settled: DecisionSource = { description: reason }): void {
    if (this.deniedReason !== '') return;
    if (this.isUncertain) {
      this.unknownReason ||= reason;
      return;
    }
    this.deniedReason = reason;
    this.deniedBy = settled;
    if (rule) this.lines.push(rule);
  }

  /** Marks that the packet may be anything from here on. */
  markRewritten(): void {
    this.isUncertain = true;
    if (!this.hasDestination) this.wasRewritten = true;
  }

  markUnknown(reason: string): void {
    // Results after an unknown translation are guesses for a packet that may not exist.
    if (!this.isUncertain) this.unknownReason = reason;
    this.markRewritten();
  }

  getResult(): TraceResult & PacketExplanation {
    const disposition = this.deniedReason !== '' ? 'denied' : this.unknownReason !== '' ? 'unknown' : 'allowed';
    const lines = this.lines.map(({ line, text }) => ({ number: line, text }));
    const decisionSources =
      disposition === 'denied' ? [this.deniedBy] : disposition === 'unknown' ? [] : this.acceptRecord.decisionSources;
    const reason = this.deniedReason || this.unknownReason || this.acceptRecord.reason;
    const translatedDestination = this.wasRewritten
      ? 'whatever it was rewritten to'
      : this.hasDestinationPool
        ? 'one of some'
        : `${this.packet.destination} ${this.packet.port}`;
    return {
      disposition,
      lines,
      reason,
      decisionSources,
      packetOut: this.packet,
      translatedDestination,
      choiceReason: this.choiceReason,
    };
  }
}
