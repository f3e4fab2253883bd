// Evaluates the first hook of packets (prerouting or output): filters, translation of the destination, and the path
// that follows from the translated destination.
import { createDestinationSet } from './address-sets';
import { PairInternTable, TextInternTable, memoize } from '../net/intern-tables';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { Translation, createTranslation } from '../reachability/reachability';
import { PacketContext, PacketState } from './packet-context';
import { DNAT_PRIORITY, HookEvaluator } from './hook-evaluator';
import { EvaluationEnvironment, evaluateTranslations } from './evaluation-environment';
import {
  FinalOutcome,
  PacketExit,
  markExitUnknown,
  mergeFinalOutcomes,
  createFinalOutcome,
  createUnknownExit,
} from './final-outcomes';
import { evaluateAlternatives } from './evaluate-alternatives';
import { mapByValue } from './packet-state-evaluator';
import { MoveBatch, TranslationPlanner, TranslationStep } from './translation-planner';
import { DROP, AddressRewrite, ChainOutcome, mergeSequence, mergeOutcomes, internOutcome } from './chain-outcomes';
import { CONNTRACK_PRIORITY } from './connection-tracking';

/** A first hook with its translation of destinations, and all that comes after. */
interface FirstHook {
  readonly hook: 'prerouting' | 'output';
  readonly context: Omit<PacketContext, 'hook' | 'dnat' | 'snat' | keyof PacketState>;
  readonly domain: PacketSet;
  /** Outcomes that are decided before the first hook. */
  readonly before: PacketMap<ChainOutcome>;
  /** The states of packets at its first rule. */
  readonly states: PacketMap<PacketState>;
  /** Returns the exits after translation, by the packet's state then. `dnat`: a rule has translated it. */
  readonly after: (seen: PacketState, dnat: boolean, skipsFilter: boolean) => PacketMap<PacketExit>;
}

export function evaluateFirstHook(firstHook: FirstHook, environment: EvaluationEnvironment): PacketMap<FinalOutcome> {
  const { hook, context, domain } = firstHook;
  const { hooks } = environment;
  const hookContext = { ...context, hook, dnat: false, snat: false } as const;
  const earlyFilters = hooks.evaluateFiltersByState(hook, hookContext, firstHook.states, -Infinity, CONNTRACK_PRIORITY);
  const states = hooks.applyTracking(hook, earlyFilters.states, context.phase);
  const beforeFilters = earlyFilters.outcomes.merge(firstHook.before, (a, b) =>
    a && b ? mergeSequence(b, a) : undefined,
  );
  return mapByValue(states, (state) => {
    const statePackets = states.select((otherState) => otherState === state);
    const filters = hooks.evaluateFilters(hook, { ...hookContext, ...state }, CONNTRACK_PRIORITY, DNAT_PRIORITY);
    const verdict = beforeFilters.merge(filters.outcomes, (a, b) => (a && b ? mergeSequence(a, b) : undefined));
    const afterCache = new Map<string, PacketMap<PacketExit>>();
    const evaluateAfter: AfterTranslation = (packetState, dnat, skipsFilter) => {
      const key = `${packetState.ct} ${packetState.marks.key} ${dnat} ${skipsFilter}`;
      let exits = afterCache.get(key);
      if (!exits) afterCache.set(key, (exits = firstHook.after(packetState, dnat, skipsFilter)));
      return exits;
    };
    return mapByValue(filters.states, (filterState) => {
      const translations = evaluateTranslations(environment, hook, { ...hookContext, ...filterState });
      return evaluateAlternatives(
        mergeSameTargets(translations.outcomes),
        (actions) => {
          const hookSteps = verdict
            .merge(actions, selectStep)
            .merge(translations.states, (step, packetState) => step && packetState && step(packetState));
          return translateAndFollow(
            limitToUntranslated(hookSteps.intersect(statePackets), hooks).intersect(domain),
            evaluateAfter,
            firstHook,
            environment,
          );
        },
        mergeFinalOutcomes,
      );
    });
  });
}

/**
 * Merges rules that may each decide and that translate one address to the same one, in whatever words: they do the
 * same.
 */
function mergeSameTargets(outcomes: PacketMap<ChainOutcome>): PacketMap<ChainOutcome> {
  const hasAddressOption = (outcome: ChainOutcome, is: AddressRewrite['is']): boolean =>
    outcome.is === 'either' && outcome.options.some((option) => option.is === 'rewrite' && option.address?.is === is);
  if (!outcomes.values.some((outcome) => hasAddressOption(outcome, 'set') && hasAddressOption(outcome, 'moved')))
    return outcomes;
  return outcomes.mapAlong('destination', (outcome, { first, last }) =>
    outcome.is === 'either' && first === last
      ? outcome.options.map((option) => toMove(option, first)).reduce((a, b) => mergeOutcomes(a, b, outcome.reason)!)
      : outcome,
  );
}

const toMove = (outcome: ChainOutcome, address: bigint): ChainOutcome =>
  outcome.is === 'rewrite' && outcome.address?.is === 'set'
    ? internOutcome<ChainOutcome>({ ...outcome, address: { is: 'moved', distance: outcome.address.to - address } })
    : outcome;

/** Limits a map to packets that weren't translated, if some rule asks what they were before. */
const limitToUntranslated = <V>(map: PacketMap<V>, { usesOriginal }: HookEvaluator): PacketMap<V> =>
  usesOriginal ? map.selectUntranslated() : map;

type AfterTranslation = (seen: PacketState, dnat: boolean, skipsFilter: boolean) => PacketMap<PacketExit>;

const stepCache = new TextInternTable<ChainOutcome, (state: PacketState) => TranslationStep>();

function selectStep(
  verdict: ChainOutcome | undefined,
  action: ChainOutcome | undefined,
): ((state: PacketState) => TranslationStep) | undefined {
  if (!verdict || verdict === DROP) return undefined;
  if (verdict.is === 'altered') return createStep(verdict, '');
  if (!action || action === DROP) return undefined;
  return createStep(action, verdict.is === 'unknown' ? verdict.reason : '');
}

const createStep = (action: ChainOutcome, reason: string): ((state: PacketState) => TranslationStep) =>
  stepCache.getOrCreate(action, reason, () => memoize((state) => ({ action, dropReason: reason, state })));

function translateAndFollow(
  hookSteps: PacketMap<TranslationStep>,
  evaluateAfter: AfterTranslation,
  { hook, context }: FirstHook,
  environment: EvaluationEnvironment,
): PacketMap<FinalOutcome> {
  const { kernel } = environment;
  const planner = new TranslationPlanner(hook, context.iif, environment);
  const planned = hookSteps.mapAlong('destination', (step, range) => planner.getPlan(step, range));
  const evaluateUntranslated = (state: PacketState): PacketMap<PacketExit> =>
    limitToUntranslated(evaluateAfter(state, false, false), environment.hooks);
  const exitsByBatch = new Map<MoveBatch, PacketMap<PacketExit>>();
  const exits = planned.replaceValues((plan) => {
    const { dropReason: reason, skipsFilter, state } = plan;
    const markReason = (exit: PacketExit): PacketExit => (reason === '' ? exit : markExitUnknown(exit, reason));
    if (plan.is === 'kept')
      return (
        plan.dnat
          ? limitToUntranslated(evaluateAfter(state, true, skipsFilter), environment.hooks)
          : evaluateUntranslated(state)
      ).map(markReason);
    if (plan.is === 'unclear')
      return plan.pool?.pool
        ? limitToPool(plan.pool, evaluateAfter(state, true, skipsFilter))
        : PacketMap.createConstant(createUnknownExit(plan.reason));
    let batchExits = exitsByBatch.get(plan.batch);
    if (!batchExits)
      exitsByBatch.set(
        plan.batch,
        (batchExits = translateBatch(
          plan.batch,
          evaluateAfter(state, true, skipsFilter),
          kernel.translates === 'all' ? undefined : evaluateUntranslated(state),
        )),
      );
    return batchExits.map(markReason);
  });
  const targets = hookSteps.mapAlong('destination', (step, range) => planner.getTranslation(step, range));
  const outcomePairs = new PairInternTable<Translation, PacketExit, FinalOutcome>();
  return targets.merge(exits, (target, exit) =>
    target && exit
      ? outcomePairs.getOrCreate(target, exit, () =>
          createFinalOutcome(
            exit.disposition,
            createTranslation({ ...target, source: exit.source, sourcePort: exit.sourcePort }),
          ),
        )
      : undefined,
  );
}

/**
 * Returns the exits of packets that are translated to one of several addresses. A packet that can leave for none of
 * them is denied.
 */
function limitToPool(
  { pool, port, reason }: ChainOutcome & { is: 'pool' },
  exits: PacketMap<PacketExit>,
): PacketMap<PacketExit> {
  const poolExits = exits.intersect(createDestinationSet(pool!));
  const portExits = port === undefined ? poolExits : poolExits.translatePort(port);
  return portExits.domain.dropAxis('destination').map(() => createUnknownExit(reason));
}

function translateBatch(
  { moves, port, same: unchangedRanges }: MoveBatch,
  exits: PacketMap<PacketExit>,
  untranslated: PacketMap<PacketExit> | undefined,
): PacketMap<PacketExit> {
  const translated = exits.translateDestination([...moves.values()], port);
  if (unchangedRanges.length === 0 || !untranslated) return translated;
  const unchanged = PacketMap.createSet({
    destination: unchangedRanges,
    ...(port === undefined ? {} : { port: [toSingleRange(port)] }),
  });
  return untranslated.intersect(unchanged).unite(translated.subtract(unchanged));
}
