// Evaluates the last hook of packets (postrouting, or input if they stay): filters, source translation, and filters
// that see the translated source.

import { getFamily } from '../net/address';
import { PacketMap } from '../net/packet-map';
import { ALLOWED, KEPT, Rewrite, createMove, createTarget, createUnclear } from '../reachability/reachability';
import { EvaluationEnvironment, evaluateTranslations } from './evaluation-environment';
import { PacketContext } from './packet-context';
import { PacketExit, mergeExits, applyFilter, createExit, ALLOWED_EXIT, createLostSourceExit } from './final-outcomes';
import { AlternativeMerger, evaluateAlternatives } from './evaluate-alternatives';
import { HookEvaluator, SNAT_PRIORITY } from './hook-evaluator';
import { mapByValue } from './packet-state-evaluator';
import { Marks } from './marks';
import { ACCEPT, DROP, ChainOutcome } from './chain-outcomes';
import { rewriteRange } from './translation-actions';
import { FAMILY_REASON, resolveOutgoing, forgetSourcePort, forgetSource } from './pass-outcomes';
import { AddressMove } from '../net/packet';
import { Range, toSingleRange } from '../net/range';

/** Returns the exits of packets at the last hook: `postrouting`, or `input` for packets that stay. */
export function evaluateLastHook(
  environment: EvaluationEnvironment,
  hook: 'postrouting' | 'input',
  context: PacketContext,
): PacketMap<PacketExit> {
  const { hooks, exits } = environment;
  const key = `${context.oif} ${hooks.buildContextKey(hook, { ...context, hook })}`;
  let hookExits = exits.get(key);
  if (!hookExits)
    exits.set(key, (hookExits = walkLastHook(environment, hook, context, (exitMap) => exitMap, mergeExits)));
  return hookExits;
}

/**
 * Returns the results of `evaluateNext` after the last hook, for each way in which a doubtful translation may be done.
 */
export function walkLastHook<V extends object>(
  environment: EvaluationEnvironment,
  hook: 'postrouting' | 'input',
  context: PacketContext,
  evaluateNext: (exits: PacketMap<PacketExit>, marks: Marks) => PacketMap<V>,
  merge: AlternativeMerger<V>,
): PacketMap<V> {
  const { hooks } = environment;
  const hookContext = { ...context, hook };
  const { outcomes: earlyOutcomes, states } = hooks.evaluateFilters(hook, hookContext, -Infinity, SNAT_PRIORITY);
  return mapByValue(states, (state) => {
    const stateContext = { ...hookContext, ...state };
    const translations = evaluateTranslations(environment, hook, stateContext);
    return evaluateAlternatives(
      translations.outcomes,
      (actions) => {
        const translated = translateSources(environment, stateContext, actions).merge(earlyOutcomes, applyFilter);
        return mapByValue(translations.states, (exitState) => {
          if (!hooks.hasChains(hook, 'filter', SNAT_PRIORITY))
            return evaluateNext(translated.map(clearFilterState), exitState.marks);
          const exits = filterTranslated(environment, hook, { ...stateContext, ...exitState }, translated);
          return evaluateNext(exits, hooks.blurMarks(hook, SNAT_PRIORITY, exitState.marks));
        });
      },
      merge,
    );
  });
}

function translateSources(
  environment: EvaluationEnvironment,
  context: PacketContext,
  nat: PacketMap<ChainOutcome>,
): PacketMap<PacketExit> {
  const cached = environment.translatedExits.find((value) => value.oif === context.oif && value.nat.equals(nat));
  if (cached) return cached.exits;
  // A move is the same for every range.
  const exitByMove = new Map<ChainOutcome, PacketExit>();
  const exits = nat
    .map((value) => (value === DROP ? undefined : value))
    .mapAlong('source', (value, range) => {
      const moveExit = exitByMove.get(value);
      if (moveExit) return moveExit;
      const exit = translateSource(value, range, environment, context);
      if (value === ACCEPT || (value.is === 'rewrite' && value.address?.is === 'moved')) exitByMove.set(value, exit);
      return exit;
    });
  environment.translatedExits.push({ oif: context.oif, nat, exits });
  return exits;
}

function translateSource(
  outcome: ChainOutcome,
  range: Range,
  { routing, kernel }: EvaluationEnvironment,
  { oif }: PacketContext,
): PacketExit {
  const filterState =
    kernel.translates === 'tracked'
      ? undefined
      : 'skipsFilter' in outcome && outcome.skipsFilter
        ? 'skips the filter'
        : 'translated';
  switch (outcome.is) {
    case 'rewrite': {
      const port = outcome.hasFreeSourcePort ? 'free' : 'kept';
      if (!outcome.address) return createExit(ALLOWED, KEPT, port, filterState);
      const target = rewriteRange(outcome.address, range);
      if (!target) return createExit(ALLOWED, createUnclear('it is mapped by blocks'), port, filterState);
      if (getFamily(target.first) !== getFamily(range.first)) return createLostSourceExit(FAMILY_REASON);
      return createExit(
        ALLOWED,
        outcome.address.is === 'set' ? createTarget(outcome.address.to) : createMove(target.first - range.first),
        port,
        filterState,
      );
    }
    case 'masquerade': {
      const addresses = oif ? routing.listAddresses(oif, getFamily(range.first)) : [];
      const address = addresses.length === 1 ? addresses[0] : undefined;
      const reason =
        addresses.length === 0 ? 'the address of its interface is not known' : 'its interface has several addresses';
      return createExit(
        ALLOWED,
        address === undefined ? createUnclear(reason) : createTarget(address),
        outcome.hasFreeSourcePort ? 'free' : 'kept',
      );
    }
    case 'pool':
      return createExit(ALLOWED, createUnclear(outcome.reason), 'free', filterState);
    case 'unknown':
    case 'altered':
      return createLostSourceExit(outcome.reason);
    case 'redirect':
      return createLostSourceExit('a redirect of a source');
    case 'accept':
    case 'drop':
    case 'left':
    case 'pass':
    case 'either':
      return ALLOWED_EXIT;
  }
}

/** Applies chains that come after the translation of the source: they see the new source. */
const filterTranslated = (
  environment: EvaluationEnvironment,
  hook: string,
  context: PacketContext,
  exits: PacketMap<PacketExit>,
): PacketMap<PacketExit> =>
  applyLateFilters(environment.hooks, exits, (rewritten, isNew) =>
    resolveOutgoing(
      environment,
      context,
      environment.hooks.evaluateFilters(hook, { ...context, ...rewritten }, SNAT_PRIORITY, Infinity).outcomes,
      isNew,
    ),
  );

/** Returns the exits after filters that see the new source. `isNew`: no rule has made a state for the packet. */
export function applyLateFilters(
  hooks: HookEvaluator,
  exits: PacketMap<PacketExit>,
  filters: (rewritten: Pick<PacketContext, 'snat' | 'hasFreeSourcePort'>, isNew: boolean) => PacketMap<ChainOutcome>,
): PacketMap<PacketExit> {
  const outcomesByKey = new Map<string, PacketMap<ChainOutcome>>();
  const evaluateFilters = (
    snat: PacketContext['snat'],
    hasFreeSourcePort: boolean,
    isNew = false,
  ): PacketMap<ChainOutcome> => {
    const key = `${snat} ${hasFreeSourcePort} ${isNew}`;
    let outcomes = outcomesByKey.get(key);
    if (!outcomes) {
      const filterOutcomes = filters({ snat, hasFreeSourcePort }, isNew);
      outcomesByKey.set(
        key,
        (outcomes = hasFreeSourcePort && hooks.usesPacketSets ? forgetSourcePort(filterOutcomes) : filterOutcomes),
      );
    }
    return outcomes;
  };
  return exits.replaceValues((exit) => {
    const { source, filterState } = exit;
    if (exit.isUncertain) return PacketMap.createConstant(exit);
    if (filterState === 'skips the filter') return PacketMap.createConstant(clearFilterState(exit));
    const isPortFree = exit.sourcePort === 'free';
    const filterExit = (outcome: ChainOutcome): PacketExit | undefined => applyFilter(clearFilterState(exit), outcome);
    const keptExits = evaluateFilters(isPortFree ? 'unclear' : false, isPortFree, filterState !== 'translated').map(
      filterExit,
    );
    if (source.is === 'kept') return keptExits;
    if (source.is === 'unclear') return forgetSource(evaluateFilters('unclear', isPortFree)).map(filterExit);
    const movedExits = evaluateFilters(true, isPortFree)
      .translateSource(ALL_ADDRESSES.flatMap((range) => toMoves(source, range)))
      .map(filterExit);
    if (source.is === 'moved' || filterState === 'translated') return movedExits;
    // A rewrite to the source that the packet already has is no translation.
    const sameSource = PacketMap.createSet({ source: [toSingleRange(source.to)] });
    return keptExits.intersect(sameSource).unite(movedExits.subtract(sameSource));
  });
}

/** Returns the exit without the state that only later filters need. */
const clearFilterState = (exit: PacketExit): PacketExit =>
  exit.filterState ? createExit(exit.disposition, exit.source, exit.sourcePort) : exit;

export function toMoves(source: Rewrite & { is: 'set' | 'moved' }, range: Range): AddressMove[] {
  if (source.is === 'set')
    return getFamily(source.to) === getFamily(range.first) ? [{ from: range, to: toSingleRange(source.to) }] : [];
  const { distance } = source;
  const from = {
    first: distance < 0n ? range.first - distance : range.first,
    last: distance > 0n ? range.last - distance : range.last,
  };
  return from.first <= from.last ? [{ from, to: { first: from.first + distance, last: from.last + distance } }] : [];
}

export const ALL_ADDRESSES = [
  { first: 0n, last: (1n << 32n) - 1n },
  { first: 1n << 32n, last: (1n << 32n) + (1n << 128n) - 1n },
];
