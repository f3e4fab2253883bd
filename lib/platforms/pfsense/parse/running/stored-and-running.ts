// Compares the rules that a pfSense box runs with those that its stored configuration gives, and merges their
// exposures: unknown where they differ.

import {
  Reachability,
  Translation,
  Disposition,
  ReachabilityView,
  createUnknown,
} from '../../../../reachability/reachability';
import { SessionPhase } from '../../../../reachability/session-phase';
import { StartLocation, toLocationKey } from '../../../../net/device';
import { Packet } from '../../../../net/packet';
import { LoadedPfRules } from '../../../../parse/pf/loaded-rules';
import { PacketExplanation } from '../../../../parse/config-parser';

/**
 * The stored and the running rules of a box. `lasting`: the running rules without those that no configuration contains.
 */
export interface StoredAndRunning {
  readonly stored: LoadedPfRules;
  readonly running: LoadedPfRules;
  readonly lasting: LoadedPfRules;
}

const DISAGREE_WORDS = 'what is stored and what runs disagree';
const RUNS_MORE: Disposition = createUnknown(`${DISAGREE_WORDS}: what runs lets it through`);
const RUNS_LESS: Disposition = createUnknown(`${DISAGREE_WORDS}: what runs does not let it through`);
const RUNS_OTHERWISE: Disposition = createUnknown(`${DISAGREE_WORDS}: what runs translates it otherwise`);

/**
 * Returns the exposure of the running rules, and unknown wherever the stored ones would do something else once loaded.
 */
export function mergeExposures(
  { stored, running, lasting }: StoredAndRunning,
  evaluate = (rules: LoadedPfRules): Reachability => rules.evaluateFirstPackets(),
): Reachability {
  const [storedExposure, runningExposure, lastingExposure] = [stored, running, lasting].map(evaluate) as [
    Reachability,
    Reachability,
    Reachability,
  ];
  return {
    views: runningExposure.views.map((view) =>
      mergeView(view, getView(lastingExposure, view.startLocation), getView(storedExposure, view.startLocation)),
    ),
  };
}

const getView = ({ views }: Reachability, vantage: StartLocation): ReachabilityView =>
  views.find((view) => toLocationKey(view.startLocation) === toLocationKey(vantage))!;

function mergeView(
  runningView: ReachabilityView,
  lastingView: ReachabilityView,
  storedView: ReachabilityView,
): ReachabilityView {
  const verdicts = lastingView.dispositions.merge(storedView.dispositions, compareVerdicts);
  const translations = lastingView.translations
    .merge(storedView.translations, (a, b) => (a && b && !isSameTranslation(a, b) ? RUNS_OTHERWISE : undefined))
    // The translation of a packet that isn't let through has no effect.
    .intersect(lastingView.dispositions.select(isAllowed).intersect(storedView.dispositions.select(isAllowed)));
  const disagreements = verdicts.unite(translations);
  return {
    startLocation: runningView.startLocation,
    dispositions: disagreements.unite(runningView.dispositions),
    translations: runningView.translations
      .unite(storedView.translations)
      .intersect(disagreements.unite(runningView.dispositions)),
  };
}

const isAllowed = (verdict: Disposition): boolean => verdict.is === 'allowed';

/** If either side is unknown by itself, or has exceptions, the running rules decide. */
function compareVerdicts(running: Disposition | undefined, stored: Disposition | undefined): Disposition | undefined {
  if (isOpenEnded(running) || isOpenEnded(stored) || running?.is === stored?.is) return undefined;
  return running ? RUNS_MORE : RUNS_LESS;
}

const isOpenEnded = (verdict: Disposition | undefined): boolean =>
  verdict?.is === 'unknown' || verdict?.except !== undefined;

/** A translation that one side can't name is no difference. */
const isSameTranslation = (a: Translation, b: Translation): boolean =>
  a === b ||
  (canBeSame(a.destination, b.destination) &&
    (a.port === b.port || a.destination.is === 'unclear' || b.destination.is === 'unclear') &&
    canBeSame(a.source, b.source) &&
    (a.sourcePort === b.sourcePort || a.source.is === 'unclear' || b.source.is === 'unclear'));

const canBeSame = (a: Translation['source'], b: Translation['source']): boolean =>
  a === b || a.is === 'unclear' || b.is === 'unclear';

/** Returns the explanation of the running rules; if both disagree, with the lines of both. */
export function mergeExplanations(
  halves: StoredAndRunning,
  exposure: Reachability,
  start: StartLocation,
  packet: Packet,
  phase: SessionPhase,
): PacketExplanation {
  const runningExplanation = halves.running.explain(start, packet, phase);
  const verdict = getView(exposure, start).dispositions.findValue(packet);
  if (verdict?.is !== 'unknown' || !verdict.reason.startsWith(DISAGREE_WORDS)) return runningExplanation;
  const storedExplanation = halves.stored.explain(start, packet, phase);
  return {
    disposition: 'unknown',
    lines: [...runningExplanation.lines, ...storedExplanation.lines],
    reason: verdict.reason,
    decisionSources: [],
    packetOut: runningExplanation.packetOut,
  };
}
