// Traces one packet through the filter chains of a hook, by priority.

import { createReply } from '../replies';
import { PacketContext } from '../packet-context';
import { UNKNOWN_MARKS } from '../marks';
import { BaseChain } from '../ruleset-model';
import { PARENT_DEVICE_REASON, matchDevices } from '../match-chain-devices';
import { TOO_MANY_REASON } from '../chain-outcomes';
import { VLAN_TAG_REASON, passesTagged } from '../vlan-tags';
import { OTHER_INTERFACE_REASON, SOURCE_PORT_REASON, SOURCE_REASON, STATELESS_REASON } from '../pass-outcomes';
import { ChainEnding, getEndingKey } from './chain-walk';
import { PacketTrace } from './packet-trace';
import { groupFilters, groupNatChains } from './group-chains';
import { describeEnding } from './accept-record';
import { PacketStateTracer } from './packet-state-tracer';
import { needsSetComparison, listVariants } from './packet-variants';

/** Traces a packet through filter chains. */
export class FilterTracer {
  private readonly stateTracer: PacketStateTracer;

  constructor(private readonly trace: PacketTrace) {
    this.stateTracer = new PacketStateTracer(trace);
  }

  traceFilters(hook: string, from: number, to: number): void {
    for (const group of groupFilters(this.trace.bases, hook, from, to, this.trace.context))
      this.traceGroup(group, group[0]!.priority === from || group[0]!.priority === to);
  }

  /** Traces filters behind a translation of the source. How these leave marks is not followed. */
  traceLateFilters(hook: string, from: number): void {
    const { trace } = this;
    const groups = groupFilters(trace.bases, hook, from, Infinity, trace.context);
    this.traceFilters(hook, from, Infinity);
    trace.context = { ...trace.context, marks: this.stateTracer.blurMarks(groups.flat()) };
  }

  private traceGroup(group: readonly BaseChain[], unordered: boolean): void {
    const { trace } = this;
    const { during, after } = this.stateTracer.traceGroup(group, unordered);
    trace.context = { ...trace.context, ...during };
    this.traceUnordered(group, unordered);
    trace.context = { ...trace.context, ...after };
  }

  /** Applies chains of one priority. Any of them may be first, so the worst is. */
  private traceUnordered(group: readonly BaseChain[], unordered: boolean): void {
    const basesWithEndings = group.map((base) => ({ base, endings: this.listEndings(base) }));
    const changes = ({ endings }: { readonly endings: readonly ChainEnding[] }): boolean =>
      endings.some(({ is }) => is === 'altered');
    for (const { base, endings } of [
      ...basesWithEndings.filter(changes),
      ...basesWithEndings.filter((candidate) => !changes(candidate)),
    ])
      this.applyEndings(base, endings, unordered);
  }

  /** Returns the endings of a chain, for every source that the packet may have by now if the device chose it. */
  private listEndings(base: BaseChain): readonly ChainEnding[] {
    const { trace } = this;
    if (trace.hiddenSource === 'nothing' || (trace.hiddenSource === 'port' && !needsSetComparison(base)))
      return trace.walkBase(base, 'filter');
    const sourceVariants =
      trace.hiddenSource === 'port' ? [trace.packet] : listVariants(base, trace.packet, 'source', trace.routing);
    const packetVariants = sourceVariants?.map((variant) => listVariants(base, variant, 'sourcePort', trace.routing));
    const defaultReason = trace.hiddenSource === 'port' ? SOURCE_PORT_REASON : SOURCE_REASON;
    if (!packetVariants || packetVariants.includes(undefined)) return [{ is: 'unknown', reason: defaultReason }];
    const endings = new Map<string, ChainEnding>();
    for (const packet of packetVariants.flatMap((variant) => variant ?? []))
      for (const ending of trace.walkBase(base, 'filter', {}, packet))
        endings.set(getEndingKey(ending), { ...ending, reason: ending.reason || defaultReason });
    return [...endings.values()];
  }

  private applyEndings(base: BaseChain, endings: readonly ChainEnding[], unordered: boolean): void {
    const { trace } = this;
    const change = endings.find(({ is }) => is === 'altered');
    if (change) {
      trace.unknownReason ||= change.reason;
      if (trace.deniedReason === '') trace.markRewritten();
      return;
    }
    const parts = endings.some(({ is }) => is === 'pass');
    const ending = parts ? trace.pickOption(endings, endings) : endings[0];
    if (!ending) trace.unknownReason ||= TOO_MANY_REASON;
    else if ((endings.length > 1 && !parts) || ending.is === 'unknown')
      trace.unknownReason ||=
        endings.find(({ is }) => is === 'unknown')?.reason ??
        endings.find(({ reason }) => reason !== '')?.reason ??
        'a rule may match or not';
    else if (ending.is === 'accept') trace.recordEnding(ending, base);
    else if (ending.is === 'pass') this.applyPass(ending, base);
    else if (!unordered && matchDevices(base, trace.context) === 'perhaps')
      trace.unknownReason ||= `line ${base.line}: ${PARENT_DEVICE_REASON}`;
    else if (trace.context.anyShape && passesTagged(base)) trace.unknownReason ||= VLAN_TAG_REASON;
    else if (unordered)
      trace.unknownReason ||= `line ${base.line}: another part of the hook has priority ${base.priority}, either may be first`;
    else
      trace.deny(
        ending.rule ? `line ${ending.rule.line} ${trace.ruleset.kernel.actionWords.drop} it` : ending.reason,
        ending.rule,
        describeEnding(base, ending),
      );
  }

  private applyPass(ending: ChainEnding, base: BaseChain): void {
    const { trace } = this;
    const { state, exitInterface } = ending.pass!;
    const goesOut = base.hook === 'postrouting';
    trace.recordEnding(ending, base);
    if (!state && trace.isNew && !this.isAnswered(goesOut ? 'in' : 'out')) trace.unknownReason ||= STATELESS_REASON;
    if (exitInterface === undefined) return;
    if (!goesOut) trace.exitInterface = exitInterface;
    else if (exitInterface !== trace.context.oif) trace.unknownReason ||= OTHER_INTERFACE_REASON;
  }

  /** Returns whether the first answer surely passes the interface, untranslated. */
  private isAnswered(direction: 'in' | 'out'): boolean {
    const { trace } = this;
    const answer = createReply(trace.packet);
    const { replyChains } = trace.ruleset;
    if (!replyChains || !answer) return true;
    const name = direction === 'in' ? trace.context.oif : trace.context.iif;
    const replyContext: PacketContext = {
      ...trace.context,
      iif: name,
      oif: name,
      phase: 'first',
      ct: 'tracked',
      dnat: false,
      snat: false,
      hasFreeSourcePort: false,
    };
    const packet = { ...answer, originalDestination: answer.destination, originalPort: answer.port };
    const hook = direction === 'in' ? 'prerouting' : 'postrouting';
    const passes = (base: BaseChain, query: 'filter' | 'nat'): boolean =>
      trace.walkBase(base, query, replyContext, packet).every(({ is }) => is === 'accept');
    return (
      groupFilters(replyChains, hook, -Infinity, Infinity, replyContext).every((group) =>
        group.every((base) => passes(base, 'filter')),
      ) && groupNatChains(replyChains, hook, replyContext).every((group) => group.every((base) => passes(base, 'nat')))
    );
  }

  traceBridgeChains(hooks: readonly string[]): void {
    const { trace } = this;
    for (const base of trace.bases) {
      if (base.family !== 'bridge' || !hooks.includes(base.hook)) continue;
      const bridgeContext = {
        iif: undefined,
        oif: undefined,
        ct: 'unclear',
        dnat: false,
        snat: 'unclear',
        isLocal: false,
        marks: UNKNOWN_MARKS,
      } as const;
      const untracked = trace
        .walkBase(base, 'left', { ...bridgeContext, ct: 'none' })
        .some(({ packetState: state }) => state !== undefined && state.ct !== 'none');
      const endings = trace.walkBase(base, 'filter', bridgeContext);
      if (untracked || endings.some(({ is }) => is !== 'accept'))
        trace.unknownReason ||= `line ${base.line}: a bridge chain may see it`;
      if ((untracked || endings.some(({ is }) => is === 'altered')) && trace.deniedReason === '') trace.markRewritten();
    }
  }
}
