// Evaluates a ruleset for all clients and for a new client, and joins the two: a packet that is unknown for some client
// and allowed for a new one is allowed, with the reason why others may be kept out. Both evaluators do so.

import {
  Disposition,
  Reachability,
  ReachabilityView,
  createAllowedExcept,
  getDestinationTranslations,
} from '../reachability/reachability';
import { SessionPhase } from '../reachability/session-phase';
import { Device } from '../net/device';
import { PacketSet } from '../net/packet-map';
import { PacketExplanation } from '../parse/config-parser';
import { Evaluation, computeOnce } from './evaluation';
import { listNewClientRulesets } from './new-client-rulesets';
import { LoweredRuleset } from './ruleset-model';
import { createTracer } from './trace/trace';

/** The set-based evaluation of a ruleset, joined with that of its new-client rulesets. */
export class ClientEvaluation {
  private readonly evaluation: Evaluation;
  private newClientEvaluations: readonly (() => Evaluation)[] | undefined;

  constructor(
    private readonly ruleset: LoweredRuleset,
    private readonly device: Device,
  ) {
    this.evaluation = new Evaluation(ruleset, device);
  }

  /** Whether some packet passes without a state, so that it was asked whether answers pass. */
  get usesReplies(): boolean {
    return this.evaluation.usesReplies;
  }

  getExposure(phase: SessionPhase): Reachability {
    const reachability = this.evaluation.getExposure(phase);
    if (!hasUnknown(reachability)) return reachability;
    this.newClientEvaluations ??= listNewClientRulesets(this.ruleset).map((ruleset) =>
      computeOnce(() => new Evaluation(ruleset, this.device)),
    );
    // What the first of them decides, the next isn't asked about.
    return this.newClientEvaluations.reduce(
      (joined, getEvaluation) =>
        hasUnknown(joined) ? joinNewClient(joined, getEvaluation().getExposure(phase)) : joined,
      reachability,
    );
  }
}

const hasUnknown = ({ views }: Reachability): boolean =>
  views.some(({ dispositions }) => dispositions.values.some(({ is }) => is === 'unknown'));

/** Returns a function that traces a packet, and if that is unknown, the packet of a new client. */
export function createClientTracer(ruleset: LoweredRuleset, device: Device): ReturnType<typeof createTracer> {
  const trace = createTracer(ruleset, device);
  let newClientTraces: readonly ReturnType<typeof createTracer>[] | undefined;
  return (startLocation, packet, phase) => {
    const explanation = trace(startLocation, packet, phase);
    if (explanation.disposition !== 'unknown') return explanation;
    newClientTraces ??= listNewClientRulesets(ruleset).map((newClient) => createTracer(newClient, device));
    return newClientTraces.reduce<PacketExplanation>(
      (joined, traceNewClient) =>
        joined.disposition === 'unknown'
          ? joinExplanations(joined, traceNewClient(startLocation, packet, phase))
          : joined,
      explanation,
    );
  };
}

/** `explanation` is unknown. */
const joinExplanations = (explanation: PacketExplanation, newClient: PacketExplanation): PacketExplanation =>
  newClient.disposition === 'denied'
    ? explanation
    : newClient.disposition === 'allowed'
      ? { ...newClient, except: explanation.reason, lines: joinLines(explanation.lines, newClient.lines) }
      : newClient;

/** The line that may keep others out stands among those that let a new client pass. */
const joinLines = (
  lines: PacketExplanation['lines'],
  newClientLines: PacketExplanation['lines'],
): PacketExplanation['lines'] => [
  ...lines.filter(({ number }) => !newClientLines.some((line) => line.number === number)),
  ...newClientLines,
];

const joinNewClient = (reachability: Reachability, { views }: Reachability): Reachability => ({
  views: reachability.views.map((view, at) => joinViews(view, views[at]!)),
});

/** Packets that a new client gets through are translated as a new client's are. */
function joinViews(view: ReachabilityView, newClient: ReachabilityView): ReachabilityView {
  const dispositions = view.dispositions.merge(newClient.dispositions, joinDispositions);
  if (dispositions.equals(view.dispositions)) return view;
  const opened: PacketSet = view.dispositions
    .select(({ is }) => is === 'unknown')
    .intersect(newClient.dispositions.select(({ is }) => is === 'allowed'));
  const joinTranslations = (
    translations: ReachabilityView['translations'],
    newClientTranslations: ReachabilityView['translations'],
  ): ReachabilityView['translations'] => newClientTranslations.intersect(opened).unite(translations.subtract(opened));
  const getTranslations = computeOnce(() => joinTranslations(view.translations, newClient.translations));
  const getDestinations = computeOnce(() =>
    joinTranslations(getDestinationTranslations(view), getDestinationTranslations(newClient)),
  );
  return {
    startLocation: view.startLocation,
    dispositions,
    get translations() {
      return getTranslations();
    },
    get destinationTranslations() {
      return getDestinations();
    },
  };
}

/** A packet that is unknown for a new client, too, has the reason that doesn't depend on the client. */
const joinDispositions = (
  disposition: Disposition | undefined,
  newClient: Disposition | undefined,
): Disposition | undefined => {
  if (disposition?.is !== 'unknown' || newClient === undefined) return disposition;
  return newClient.is === 'allowed' ? createAllowedExcept(disposition.reason) : newClient;
};
