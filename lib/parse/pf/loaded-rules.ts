// Evaluates rules that pf has loaded on a device: lowers them into the ruleset model, and returns reachability and
// traces. pfSense's parsers of config.xml and of pfctl output share it.

import { Reachability } from '../../reachability/reachability';
import { SessionPhase } from '../../reachability/session-phase';
import { Device, StartLocation, listStartLocations } from '../../net/device';
import { Packet } from '../../net/packet';
import { UNTRUSTED_STEP_BUDGET, runWithinBudget } from '../../net/step-budget';
import { RAISE_BUDGET_HINT } from '../../problems/step-budget-problems';
import { Refusal } from '../../problems/problem';
import { PacketExplanation } from '../config-parser';
import { FinalOutcome, mergeFinalOutcomes, createView } from '../../evaluator/final-outcomes';
import { Evaluation } from '../../evaluator/evaluation';
import { ClientEvaluation, createClientTracer } from '../../evaluator/new-clients';
import { LoweredRuleset } from '../../evaluator/ruleset-model';
import { createTracer } from '../../evaluator/trace/trace';
import { SYN, passesOnlyFirst, listStrayFlags } from './lower/tcp-flags';
import { createLowering } from './lower/ruleset';
import { PfRules } from './model';

/**
 * Runs a computation within the step budget. A few rules that each cut every axis at other places have more parts than
 * fit in memory.
 * @throws Refusal `pf/too-much-to-evaluate`.
 */
export const runWithinPfLimit = <T>(run: () => T): T =>
  runWithinBudget(UNTRUSTED_STEP_BUDGET, run, () => {
    throw new Refusal([
      {
        code: 'pf/too-much-to-evaluate',
        where: 'the rules as a whole',
        what: 'to tell apart all packets that they tell apart takes more work than is spent on one text.',
        instead: `rules that share their lists and tables of addresses and ports. ${RAISE_BUDGET_HINT}`,
      },
    ]);
  });

/** Evaluates the rules that a device has loaded. Its methods throw Refusal `pf/too-much-to-evaluate`. */
export class LoadedPfRules {
  private lowerWithFlags: ((has: number) => LoweredRuleset) | undefined;
  private readonly rulesetsByFlags = new Map<number, LoweredRuleset>();
  private evaluated: ClientEvaluation | undefined;
  private strayReachability: Reachability | undefined;
  private tracer: ReturnType<typeof createClientTracer> | undefined;

  /**
   * With `checkEach`, strays of every kind of flags are evaluated even if first packets already give the result; both
   * have to be equal.
   */
  constructor(
    private readonly rules: PfRules,
    private readonly device: Device,
    private readonly checkEach?: 'each',
  ) {}

  /** Returns the reachability of the first packet of a connection, from every start location. */
  evaluateFirstPackets(): Reachability {
    return runWithinPfLimit(() => this.getEvaluation().getExposure('first'));
  }

  /**
   * Returns the reachability of packets without a state that begin no connection. Rules match and translate them as a
   * first packet, but such TCP packets have other flags. A packet passes if some of these flags pass. Source: FreeBSD
   * pf.c, pf_test and pf_test_rule.
   */
  evaluateStrays(): Reachability {
    return (this.strayReachability ??= runWithinPfLimit(() => this.computeStrays()));
  }

  private computeStrays(): Reachability {
    if (!this.checkEach && passesOnlyFirst(this.rules)) {
      const first = this.evaluateFirstPackets();
      if (!this.getEvaluation().usesReplies) return first;
    }
    const kinds = listStrayFlags(this.rules).map((flags) =>
      new Evaluation(this.lowerForStrays(flags), this.device).listFinalOutcomes('first'),
    );
    const ends = kinds.reduce((merged, kindEnds) => merged.map((end, i) => end.merge(kindEnds[i]!, mergeEnds)));
    return { views: listStartLocations(this.device).map((vantage, i) => createView(vantage, ends[i]!)) };
  }

  explain(vantage: StartLocation, packet: Packet, phase: SessionPhase): PacketExplanation {
    if (phase !== 'stray')
      return (this.tracer ??= createClientTracer(this.lowerForFlags(SYN), this.device))(vantage, packet, 'first');
    return listStrayFlags(this.rules)
      .map((flags) => createTracer(this.lowerForStrays(flags), this.device)(vantage, packet, 'first'))
      .reduce(mergeExplanations);
  }

  private getEvaluation(): ClientEvaluation {
    return (this.evaluated ??= new ClientEvaluation(this.lowerForFlags(SYN), this.device));
  }

  private lowerForFlags(flags: number): LoweredRuleset {
    let ruleset = this.rulesetsByFlags.get(flags);
    if (!ruleset)
      this.rulesetsByFlags.set(
        flags,
        (ruleset = (this.lowerWithFlags ??= createLowering(this.rules, this.device))(flags)),
      );
    return ruleset;
  }

  /** Lowers the rules for strays. Strays get no answers, so it doesn't matter whether an answer would pass. */
  private lowerForStrays(flags: number): LoweredRuleset {
    return { ...this.lowerForFlags(flags), replyChains: undefined };
  }
}

const FLAGS_REASON = 'it depends on its flags';

/** Merges two outcomes: a packet is allowed if either allows it. */
function mergeEnds(x: FinalOutcome | undefined, y: FinalOutcome | undefined): FinalOutcome | undefined {
  if (!x || !y) return x ?? y;
  const preferred = x.disposition.is === 'allowed' ? x : y;
  const alternative = preferred === x ? y : x;
  if (alternative.disposition.is !== preferred.disposition.is || preferred.translation === alternative.translation)
    return preferred;
  return mergeFinalOutcomes(preferred, alternative, FLAGS_REASON);
}

const VERDICT_RANK: Readonly<Record<PacketExplanation['disposition'], number>> = { denied: 0, unknown: 1, allowed: 2 };

function mergeExplanations(a: PacketExplanation, b: PacketExplanation): PacketExplanation {
  if (a.disposition !== b.disposition || a.disposition !== 'allowed')
    return VERDICT_RANK[b.disposition] > VERDICT_RANK[a.disposition] ? b : a;
  const isSameTarget = a.packetOut.destination === b.packetOut.destination && a.packetOut.port === b.packetOut.port;
  return isSameTarget ? a : { ...a, disposition: 'unknown', reason: FLAGS_REASON, decisionSources: [] };
}
