// Traces one packet through the NAT chains of a hook: returns the translated packet, or why the translation is
// unknown.

import { Address } from '../../net/address';
import { toKey } from '../../net/intern-tables';
import { contains } from '../../net/range';
import { PacketState, mergePacketStates } from '../packet-context';
import { BaseChain } from '../ruleset-model';
import { MAX_OPTIONS, TOO_MANY_REASON } from '../chain-outcomes';
import { ChainEnding } from './chain-walk';
import { PacketTrace } from './packet-trace';
import { isNeverTracked } from './packet-match';
import { PacketStateTracer } from './packet-state-tracer';
import { groupNatChains } from './group-chains';
import { TranslationResult, translatePacket } from './translate-packet';
import { listVariants } from './packet-variants';

/** Traces a packet through translations. */
export class TranslationTracer {
  private readonly stateTracer: PacketStateTracer;

  constructor(private readonly trace: PacketTrace) {
    this.stateTracer = new PacketStateTracer(trace);
  }

  /**
   * Traces all nat chains of a hook in turn. The first chain that translates decides. Of chains with one priority
   * either may be first.
   */
  traceHook(hook: string): void {
    const { trace } = this;
    const { ct, phase } = trace.context;
    if (ct === 'untracked' || ct === 'none' || phase === 'stray' || trace.deniedReason !== '') return;
    if (trace.ruleset.kernel.translates === 'tracked' && isNeverTracked(trace.packet)) return;
    let translations: readonly ChainEnding[] = [];
    let mayBeUntranslated = true;
    const { marks } = trace.context;
    // A later packet doesn't tell which marks its session's first packet had.
    if (phase !== 'first') trace.context = { ...trace.context, marks: this.stateTracer.blurMarks(trace.bases) };
    for (const group of groupNatChains(trace.bases, hook, trace.context)) {
      const { during, after } = this.traceGroup(group, translations.length > 0);
      trace.context = { ...trace.context, ...during };
      const endingLists = group
        .map((base) => trace.walkBase(base, 'nat', { phase: 'first' }))
        .filter((endings) => !isPlainAccept(endings));
      trace.context = { ...trace.context, ...after };
      if (endingLists.length === 0) continue;
      const endings = endingLists.length === 1 ? endingLists[0]! : this.mergeUnordered(hook, endingLists);
      translations = [...translations, ...endings.filter(({ is }) => is !== 'accept')];
      mayBeUntranslated = endings.some(({ is }) => is === 'accept');
      if (!mayBeUntranslated) break;
    }
    if (phase !== 'first') trace.context = { ...trace.context, marks };
    if (translations.length > 0) this.applyEndings(hook, translations, mayBeUntranslated);
  }

  private traceGroup(
    group: readonly BaseChain[],
    mayBeTranslated: boolean,
  ): { readonly during: PacketState; readonly after: PacketState } {
    const { ct, marks } = this.trace.context;
    const { during, after } = this.stateTracer.traceGroup(group, false);
    return { during, after: mayBeTranslated || ct === 'unclear' ? mergePacketStates({ ct, marks }, after) : after };
  }

  /**
   * Returns the endings of chains with one priority. Chains with the same result for this packet need no order, in
   * whatever words they say it. If one surely translates the packet, it isn't left as it is.
   */
  private mergeUnordered(hook: string, endingLists: readonly (readonly ChainEnding[])[]): readonly ChainEnding[] {
    const results = endingLists.map((endings) => toKey(endings.map((ending) => this.translateEnding(ending, hook))));
    if (new Set(results).size === 1) return endingLists[0]!;
    const isCertain = endingLists.some((endings) => !endings.some(({ is }) => is === 'accept'));
    return endingLists.flatMap((endings) =>
      endings.flatMap((ending) =>
        isCertain && ending.is === 'accept' ? [] : [{ ...ending, reason: ending.reason || ORDER_REASON }],
      ),
    );
  }

  /** Applies one of the translations. `mayBeUntranslated`: or none at all. */
  private applyEndings(hook: string, translations: readonly ChainEnding[], mayBeUntranslated: boolean): void {
    const { trace } = this;
    const { phase, ct } = trace.context;
    // Only the first packet of a session asks nat chains.
    if (phase !== 'first' && !mayBeUntranslated && translations.every(({ is }) => is === 'drop')) return;
    const results = translations.map((ending) => this.translateEnding(ending, hook));
    const undecided = results.find(({ is }) => is === 'unknown');
    if (ct === 'unclear') return trace.markUnknown('it may not be tracked');
    if (undecided?.is === 'unknown') return trace.markUnknown(undecided.reason);
    const different = new Map(
      results.map((result, i) => [
        `${toKey(result)} ${skipsFilter(translations[i]!)}`,
        { one: result, ending: translations[i]! },
      ]),
    );
    const options = [...different.values(), ...(mayBeUntranslated ? [undefined] : [])];
    if (options.length > 1 && options.some((option) => option?.one.is === 'drop'))
      return trace.markUnknown('a translation may match or not');
    if (options.length > MAX_OPTIONS) return trace.markUnknown(TOO_MANY_REASON);
    const chosen = trace.pickOption(options, translations);
    if (!chosen) return;
    const { one: result, ending } = chosen;
    if (ending.rule) trace.lines.push(ending.rule);
    if (result.is === 'drop') return trace.deny('a nat chain drops it');
    if (result.is !== 'packet') return;
    trace.isNew = false;
    const isSource = hook === 'input' || hook === 'postrouting';
    if (skipsFilter(ending)) {
      trace.skipsFilter = true;
      trace.acceptRecord.addTranslation(ending.rule);
    }
    if (isSource) this.setSource(result);
    else this.setDestination(result, ending);
  }

  private translateEnding(ending: ChainEnding, hook: string): TranslationResult {
    const { trace } = this;
    const result = translatePacket(ending, trace.packet, hook, trace.context, trace.routing);
    // A device that translates all packets does the same to packets without ports.
    const { action } = ending;
    return result.is === 'packet' &&
      trace.ruleset.kernel.translates === 'all' &&
      action?.is === 'translate' &&
      action.kind === 'snat'
      ? { ...result, hasFreeSourcePort: action.random }
      : result;
  }

  private setSource({ packet, unclear, hasFreeSourcePort }: TranslationResult & { is: 'packet' }): void {
    const { trace } = this;
    const hasNewSource = packet.source !== trace.packet.source;
    trace.context = {
      ...trace.context,
      snat: unclear || (hasFreeSourcePort && !hasNewSource) ? 'unclear' : hasNewSource,
      hasFreeSourcePort,
    };
    trace.hiddenSource = unclear ? 'source' : hasFreeSourcePort ? 'port' : 'nothing';
    trace.packet = packet;
  }

  private setDestination({ packet, pool }: TranslationResult & { is: 'packet' }, ending: ChainEnding): void {
    const { trace } = this;
    const isTranslated = packet.destination !== trace.packet.destination || packet.port !== trace.packet.port;
    trace.context = { ...trace.context, dnat: isTranslated };
    trace.hasDestinationPool = pool !== undefined;
    trace.packet = packet;
    if (!pool) return;
    // The packet is translated to one of several addresses. It is denied if it can leave for none of them.
    const reason = ending.action?.is === 'one of' ? ending.action.reason : '';
    trace.unknownReason ||= reason;
    const variantLists = trace.bases.map((base) => listVariants(base, packet, 'destination', trace.routing));
    if (variantLists.includes(undefined)) return trace.markRewritten();
    const values = [
      ...variantLists.flatMap((destinationVariants) =>
        (destinationVariants ?? []).map(({ destination }) => destination),
      ),
      ...trace.routing.listBoundaries().flatMap(({ first, last }) => [first, last + 1n]),
      ...pool.map(({ first }) => first),
    ];
    const destinations = [...new Set(values)].filter((address) => pool.some((range) => contains(range, address)));
    trace.packet = { ...packet, destination: trace.chooser.pick(destinations) as Address };
  }
}

const ORDER_REASON = 'either of two translations may be first';

const skipsFilter = ({ action }: ChainEnding): boolean =>
  action !== undefined && 'skipsFilter' in action && action.skipsFilter === true;

const isPlainAccept = ([ending, ...otherEndings]: readonly ChainEnding[]): boolean =>
  ending?.is === 'accept' && otherEndings.length === 0;
