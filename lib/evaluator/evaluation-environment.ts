import { PacketMap } from '../net/packet-map';
import { ReplyEvaluator } from './replies';
import { PacketContext, TRACKED_PACKETS } from './packet-context';
import { PacketExit } from './final-outcomes';
import { HookEvaluator, HookResult, createStates } from './hook-evaluator';
import { KernelBehavior, RulesetFacts } from './ruleset-model';
import { ACCEPT, ChainOutcome } from './chain-outcomes';
import { RoutingTable } from './routing-table';

/** What evaluation looks at on every way of a packet. */
export interface EvaluationEnvironment {
  readonly hooks: HookEvaluator;
  readonly surroundings: RoutingTable;
  readonly answers: ReplyEvaluator;
  readonly box: KernelBehavior;
  /** By the name of an interface: the one as which it is evaluated where a packet comes in. Absent: itself. */
  readonly alike: ReadonlyMap<string, string>;
  readonly facts: RulesetFacts;
  /** What last hooks made of packets, by what they can tell apart. */
  readonly left: Map<string, PacketMap<PacketExit>>;
  /** What translations of sources made of packets: contexts that differ in nothing the chains look at share it. */
  readonly translated: TranslatedExits[];
}

interface TranslatedExits {
  readonly oif: string | undefined;
  readonly nat: PacketMap<ChainOutcome>;
  readonly leaving: PacketMap<PacketExit>;
}

const NO_TRANSLATION = PacketMap.createConstant<ChainOutcome>(ACCEPT);

/** What the translations of a hook say to the packets that the box asks them of. */
export function evaluateTranslations(
  { hooks, box: kernel }: EvaluationEnvironment,
  hook: string,
  context: PacketContext,
): HookResult {
  const nat = hooks.evaluateNat(hook, context);
  if (kernel.translates !== 'tracked') return nat;
  return {
    said: nat.said.intersect(TRACKED_PACKETS).unite(NO_TRANSLATION),
    seen: nat.seen.intersect(TRACKED_PACKETS).unite(createStates(context)),
  };
}
