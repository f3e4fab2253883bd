// Evaluates a ruleset model: computes the reachability from every start location of the device, for each session
// phase. `evaluate-config.ts` calls it; `path-evaluator.ts` does the work of one phase.

import {
  Reachability,
  ReachabilityView,
  normalizeTranslations,
  createUnknown,
  dropSourceTranslations,
  createTranslation,
  createUnclear,
} from '../reachability/reachability';
import { SessionPhase } from '../reachability/session-phase';
import { Device, StartLocation, listStartLocations, findUplink } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { findEquivalentInterfaces } from './equivalent-interfaces';
import { findHostClasses } from './equivalence/host-classes';
import { ReplyEvaluator } from './replies';
import { mergeShapes, needsShape } from './packet-shapes';
import { EvaluationEnvironment } from './evaluation-environment';
import { ChainEvaluator } from './chain-evaluator';
import { Expansion } from './equivalence/expansion';
import { ICMP_PROTOCOLS, TRACKED_PACKETS } from './packet-context';
import { HELPER_REASON } from './packet-facts';
import { HookEvaluator } from './hook-evaluator';
import { FinalOutcome, createFinalOutcome } from './final-outcomes';
import { ConditionEvaluator } from './packets/condition-evaluator';
import { RoutingTable } from './routing-table';
import { reduceRuleset } from './equivalence/reduce-ruleset';
import { LoweredRuleset } from './ruleset-model';
import { PathEvaluator } from './path-evaluator';
import { createDestinationSet, createLocalSourceSet, createSourceSet } from './address-sets';

/**
 * Evaluates a ruleset for packets of each phase, from every start location of the device. Results that phases share are
 * computed once.
 */
export class Evaluation {
  private readonly environment: EvaluationEnvironment;
  private readonly device: Device;
  private readonly expansion: Expansion | undefined;
  private readonly reachabilityByPhase = new Map<SessionPhase, Reachability>();

  /**
   * Hosts that the ruleset can't tell apart are evaluated once. `each`: all hosts are evaluated, with the same result.
   */
  constructor(givenRuleset: LoweredRuleset, givenDevice: Device, mode?: 'each') {
    const classes = mode ? [] : findHostClasses(givenRuleset, givenDevice);
    const [ruleset, device] =
      classes.length === 0 ? [givenRuleset, givenDevice] : reduceRuleset(givenRuleset, givenDevice, classes);
    this.expansion = classes.length === 0 ? undefined : new Expansion(classes);
    this.device = givenDevice;
    const routing = new RoutingTable(device);
    const chains = new ChainEvaluator(new ConditionEvaluator(routing, ruleset.facts));
    const createHooks = (bases: LoweredRuleset['baseChains']): HookEvaluator => new HookEvaluator(bases, chains);
    const { kernel, replyChains } = ruleset;
    this.environment = {
      hooks: createHooks(ruleset.baseChains),
      routing,
      replies: new ReplyEvaluator(replyChains && createHooks(replyChains)),
      kernel,
      interfaceRepresentatives: mode ? new Map() : findEquivalentInterfaces(givenRuleset, givenDevice),
      facts: ruleset.facts,
      exits: new Map(),
      translatedExits: [],
    };
    this.hasHelpers = ruleset.facts.hasHelpers;
    this.readsShape = needsShape(ruleset);
    if (ruleset.unloadable) this.unloadableReason = ruleset.unloadable.reason;
  }

  private readonly hasHelpers: boolean;
  private readonly readsShape: boolean;
  private readonly unloadableReason: string | undefined;

  /** Whether some packet passes without a state, so that it was asked whether answers pass. */
  get usesReplies(): boolean {
    return this.environment.replies.isUsed;
  }

  getExposure(phase: SessionPhase): Reachability {
    let exposure = this.reachabilityByPhase.get(phase);
    if (!exposure) {
      const paths = this.createPaths(phase);
      this.reachabilityByPhase.set(
        phase,
        (exposure = {
          views: listStartLocations(this.device).map((startLocation) => this.createView(startLocation, paths, phase)),
        }),
      );
    }
    return exposure;
  }

  /**
   * Returns the outcomes as they were computed, by start location. Two maps that say the same of a packet may say it in
   * different words.
   */
  listFinalOutcomes(phase: SessionPhase): readonly PacketMap<FinalOutcome>[] {
    const paths = this.createPaths(phase);
    return listStartLocations(this.device).map((startLocation) => {
      const outcomes = this.evaluateStart(startLocation, paths);
      if (!this.expansion) return outcomes;
      const translations = this.expansion.expandTranslations(listTranslations(outcomes));
      return this.expansion
        .expandVerdicts(listVerdicts(outcomes))
        .merge(
          translations,
          (verdict, translation) => verdict && translation && createFinalOutcome(verdict, translation),
        );
    });
  }

  /** Returns evaluators for packets as hosts send them, and for packets of any shape if some rule asks for it. */
  private createPaths(phase: SessionPhase): readonly [PathEvaluator, PathEvaluator?] {
    const createEvaluator = (anyShape: boolean): PathEvaluator => new PathEvaluator(phase, this.environment, anyShape);
    return this.readsShape ? [createEvaluator(false), createEvaluator(true)] : [createEvaluator(false)];
  }

  private evaluateStart(
    startLocation: StartLocation,
    [usual, anyShape]: readonly [PathEvaluator, PathEvaluator?],
  ): PacketMap<FinalOutcome> {
    if (this.unloadableReason)
      return evaluateUnloadable(startLocation.kind, this.unloadableReason, this.environment.routing);
    const defaultInterface = findUplink(this.device, startLocation);
    const outcomes = usual.evaluateStart(startLocation, defaultInterface);
    return anyShape ? mergeShapes(outcomes, anyShape.evaluateStart(startLocation, defaultInterface)) : outcomes;
  }

  private readonly outcomes = new WeakMap<PacketMap<FinalOutcome>, Map<SessionPhase, ViewOutcomes>>();

  /** Start locations with the same final outcomes share what is made of them. */
  private createView(
    startLocation: StartLocation,
    paths: readonly [PathEvaluator, PathEvaluator?],
    phase: SessionPhase,
  ): ReachabilityView {
    const finalOutcomes = this.evaluateStart(startLocation, paths);
    let outcomesByPhase = this.outcomes.get(finalOutcomes);
    if (!outcomesByPhase) this.outcomes.set(finalOutcomes, (outcomesByPhase = new Map<SessionPhase, ViewOutcomes>()));
    let outcomes = outcomesByPhase.get(phase);
    if (!outcomes) outcomesByPhase.set(phase, (outcomes = this.createOutcomes(finalOutcomes, phase)));
    return buildView(startLocation, outcomes);
  }

  private createOutcomes(outcomes: PacketMap<FinalOutcome>, phase: SessionPhase): ViewOutcomes {
    const dispositions = this.expansion?.expandVerdicts(listVerdicts(outcomes)) ?? listVerdicts(outcomes);
    const canonicalize = (map: ViewTranslations): ViewTranslations =>
      normalizeTranslations(this.expansion?.expandTranslations(map) ?? map);
    if (phase !== 'first')
      return createLaterOutcomes(
        dispositions,
        () => canonicalize(listTranslations(outcomes)),
        phase === 'related' && this.hasHelpers,
      );
    const translations = listTranslations(outcomes);
    if (this.expansion)
      return {
        dispositions,
        translations: computeOnce(() => canonicalize(translations)),
        destinationTranslations: computeOnce(() => canonicalize(dropSourceTranslations(translations))),
      };
    const canonical = canonicalize(translations);
    return { dispositions, translations: () => canonical };
  }
}

const listVerdicts = (outcomes: PacketMap<FinalOutcome>): ReachabilityView['dispositions'] =>
  outcomes.map(({ disposition }) => disposition);
const listTranslations = (outcomes: PacketMap<FinalOutcome>): ViewTranslations =>
  outcomes.map((outcome) => outcome.translation);

type ViewTranslations = ReachabilityView['translations'];

/**
 * The parts of a view that don't depend on its start location. Translations are made on demand if hosts were evaluated
 * once, and in later phases.
 */
interface ViewOutcomes {
  readonly dispositions: ReachabilityView['dispositions'];
  readonly translations: () => ViewTranslations;
  readonly destinationTranslations?: () => ViewTranslations;
}

/** Returns a function that computes on the first call, and returns the same result from then on. */
export function computeOnce<T>(make: () => T): () => T {
  let cached: { readonly value: T } | undefined;
  return () => (cached ??= { value: make() }).value;
}

function buildView(
  startLocation: StartLocation,
  { dispositions, translations, destinationTranslations: computeDestinations }: ViewOutcomes,
): ReachabilityView {
  if (!computeDestinations)
    return {
      startLocation,
      dispositions,
      get translations() {
        return translations();
      },
    };
  return {
    startLocation,
    dispositions,
    get translations() {
      return translations();
    },
    get destinationTranslations() {
      return computeDestinations();
    },
  };
}

/**
 * Returns the outcomes of a later phase. Neighbour discovery has first packets only. Of related packets, all that
 * aren't ICMP are what a helper expects. The first packet of a session decides its translation: translations of later
 * packets are made on demand.
 */
function createLaterOutcomes(
  verdicts: ReachabilityView['dispositions'],
  computeTranslations: () => ViewTranslations,
  hasHelpers: boolean,
): ViewOutcomes {
  const tracked = verdicts.intersect(TRACKED_PACKETS);
  const limitExpected = (): ReachabilityView['dispositions'] =>
    tracked
      .subtract(ICMP_PACKETS)
      .map((verdict) => (verdict.is === 'allowed' ? createUnknown(HELPER_REASON) : verdict));
  return {
    dispositions: hasHelpers ? limitExpected().unite(tracked) : tracked,
    translations: computeOnce(() => computeTranslations().intersect(TRACKED_PACKETS)),
  };
}

const ICMP_PACKETS: PacketSet = PacketMap.createSet({ protocol: ICMP_PROTOCOLS });

/** Returns unknown outcomes for all packets that can exist, if nothing can be said of the rules. */
function evaluateUnloadable(
  kind: StartLocation['kind'],
  reason: string,
  routing: RoutingTable,
): PacketMap<FinalOutcome> {
  const outcome = createFinalOutcome(
    createUnknown(reason),
    createTranslation({ destination: createUnclear(reason), source: createUnclear(reason), sourcePort: 'free' }),
  );
  const toDevice = createDestinationSet(routing.local);
  const possiblePackets =
    kind === 'interface'
      ? PacketMap.ALL
      : kind === 'self'
        ? createLocalSourceSet(routing).subtract(toDevice)
        : toDevice.intersect(createSourceSet(routing.local));
  return possiblePackets.map(() => outcome);
}
