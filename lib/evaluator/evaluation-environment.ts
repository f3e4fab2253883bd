// The type EvaluationEnvironment: the objects that the evaluation of all hooks shares (hooks, routes, replies, kernel
// behaviour, caches). Also evaluates the translations of a hook.

import { PacketMap } from '../net/packet-map';
import { ReplyEvaluator } from './replies';
import { PacketContext, TRACKED_PACKETS } from './packet-context';
import { PacketExit } from './final-outcomes';
import { HookEvaluator, HookResult, createStates } from './hook-evaluator';
import { KernelBehavior, RulesetFacts } from './ruleset-model';
import { ACCEPT, ChainOutcome } from './chain-outcomes';
import { RoutingTable } from './routing-table';

/** The objects that evaluation looks at on every way of a packet. */
export interface EvaluationEnvironment {
  readonly hooks: HookEvaluator;
  readonly routing: RoutingTable;
  readonly replies: ReplyEvaluator;
  readonly kernel: KernelBehavior;
  /** By the name of an interface, the interface that is evaluated in its place for incoming packets. Absent: itself. */
  readonly interfaceRepresentatives: ReadonlyMap<string, string>;
  readonly facts: RulesetFacts;
  /** Exits at last hooks, by the contexts that these can tell apart. */
  readonly exits: Map<string, PacketMap<PacketExit>>;
  /** Exits after source translation. Contexts that differ in nothing the chains look at share them. */
  readonly translatedExits: TranslatedExits[];
}

interface TranslatedExits {
  readonly oif: string | undefined;
  readonly nat: PacketMap<ChainOutcome>;
  readonly exits: PacketMap<PacketExit>;
}

const NO_TRANSLATION = PacketMap.createConstant<ChainOutcome>(ACCEPT);

/** Returns the outcomes of a hook's translations for the packets that the kernel asks them about. */
export function evaluateTranslations(
  { hooks, kernel }: EvaluationEnvironment,
  hook: string,
  context: PacketContext,
): HookResult {
  const nat = hooks.evaluateNat(hook, context);
  if (kernel.translates !== 'tracked') return nat;
  return {
    outcomes: nat.outcomes.intersect(TRACKED_PACKETS).unite(NO_TRANSLATION),
    states: nat.states.intersect(TRACKED_PACKETS).unite(createStates(context)),
  };
}
