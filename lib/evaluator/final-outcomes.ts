// Interned results of the evaluation of a packet: PacketExit (how it leaves, without the destination) and FinalOutcome
// (with it), which is allowed, denied or unknown, with its translation. Merges results that may both happen, and makes
// the view of a start location.

import {
  ALLOWED,
  KEPT,
  Rewrite,
  Translation,
  Disposition,
  ReachabilityView,
  normalizeTranslations,
  createTranslation,
  createUnclear,
  createUnknown,
} from '../reachability/reachability';
import { StartLocation } from '../net/device';
import { PairInternTable, memoize } from '../net/intern-tables';
import { PacketMap } from '../net/packet-map';
import { DROP, ChainOutcome } from './chain-outcomes';

/** How a packet that isn't dropped leaves, except for its destination. Interned. */
export interface PacketExit {
  readonly disposition: Disposition;
  readonly source: Rewrite;
  readonly sourcePort: 'kept' | 'free';
  /**
   * Set for packets that are still to be filtered. `translated`: a rule translated the packet, and so it has a state.
   * `skips the filter`: the filter isn't asked.
   */
  readonly filterState?: 'translated' | 'skips the filter';
  /** The packet may be something else by now, and go elsewhere. */
  readonly isUncertain?: true;
}

/** How a packet leaves, with its destination. Interned. */
export interface FinalOutcome {
  readonly disposition: Disposition;
  readonly translation: Translation;
}

const packetExits = new PairInternTable<Disposition, Rewrite, Map<string, PacketExit>>();
const finalOutcomes = new PairInternTable<Disposition, Translation, FinalOutcome>();

export const createFinalOutcome = (disposition: Disposition, packetTranslation: Translation): FinalOutcome =>
  finalOutcomes.getOrCreate(disposition, packetTranslation, () => ({ disposition, translation: packetTranslation }));

/** Returns the view of a start location, as reports show it. */
export const createView = (startLocation: StartLocation, outcomes: PacketMap<FinalOutcome>): ReachabilityView => ({
  startLocation,
  dispositions: outcomes.map(({ disposition }) => disposition),
  translations: normalizeTranslations(outcomes.map((outcome) => outcome.translation)),
});

/** Returns unknown for packets that would be allowed. */
export const markVerdictUnknown = (verdict: Disposition, reason: string): Disposition =>
  verdict.is === 'allowed' ? createUnknown(reason) : verdict;

export const markExitUnknown = (exit: PacketExit, reason: string): PacketExit =>
  exit.isUncertain
    ? exit
    : createExit(markVerdictUnknown(exit.disposition, reason), exit.source, exit.sourcePort, exit.filterState);

/** Returns one verdict for two that may both hold. */
function mergeVerdicts(
  a: Disposition | undefined,
  b: Disposition | undefined,
  reason: string,
): Disposition | undefined {
  if (!a || !b) return (a ?? b) && markVerdictUnknown((a ?? b)!, reason);
  return a.is === 'allowed' ? b : a;
}

/**
 * Merges two exits that may both happen. A packet that both allow is allowed; its source is then unclear if they
 * differ.
 */
export function mergeExits(
  a: PacketExit | undefined,
  b: PacketExit | undefined,
  reason: string,
): PacketExit | undefined {
  if (a === b || a?.isUncertain) return a;
  if (b?.isUncertain) return b;
  const verdict = mergeVerdicts(a?.disposition, b?.disposition, reason)!;
  const [exitA, exitB] = [a ?? b!, b ?? a!];
  return createExit(
    verdict,
    exitA.source === exitB.source ? exitA.source : createUnclear(reason),
    exitA.sourcePort === exitB.sourcePort ? exitA.sourcePort : 'free',
  );
}

/**
 * Merges two outcomes that may both happen. A packet that both allow, but to different hosts or ports, isn't known to
 * be allowed to any of them.
 */
export function mergeFinalOutcomes(
  a: FinalOutcome | undefined,
  b: FinalOutcome | undefined,
  reason: string,
): FinalOutcome | undefined {
  if (a === b) return a;
  const verdict = mergeVerdicts(a?.disposition, b?.disposition, reason)!;
  const [translationA, translationB] = [(a ?? b!).translation, (b ?? a!).translation];
  const sameTarget = translationA.destination === translationB.destination && translationA.port === translationB.port;
  const merged = createTranslation({
    destination: sameTarget ? translationA.destination : createUnclear(reason),
    port: translationA.port === translationB.port ? translationA.port : 'kept',
    source: translationA.source === translationB.source ? translationA.source : createUnclear(reason),
    sourcePort: translationA.sourcePort === translationB.sourcePort ? translationA.sourcePort : 'free',
  });
  return createFinalOutcome(sameTarget ? verdict : markVerdictUnknown(verdict, reason), merged);
}

export function createExit(
  disposition: Disposition,
  source: Rewrite = KEPT,
  sourcePort: PacketExit['sourcePort'] = 'kept',
  filterState?: PacketExit['filterState'],
): PacketExit {
  const exitsByKey = packetExits.getOrCreate(disposition, source, () => new Map());
  const key = filterState ? `${sourcePort} ${filterState}` : sourcePort;
  let exit = exitsByKey.get(key);
  if (!exit) exitsByKey.set(key, (exit = { disposition, source, sourcePort, ...(filterState ? { filterState } : {}) }));
  return exit;
}

export const ALLOWED_EXIT = createExit(ALLOWED);

/** Returns the exit of a packet that may leave, with an unknown source. */
export const createUnknownExit = (reason: string): PacketExit =>
  createExit(createUnknown(reason), createUnclear(reason), 'free');

const markLost = memoize((exit: PacketExit): PacketExit => ({ ...exit, isUncertain: true }));
export const createLostExit = (reason: string): PacketExit => markLost(createExit(createUnknown(reason)));
/** Returns the exit after an unknown translation of the source. */
export const createLostSourceExit = (reason: string): PacketExit => markLost(createUnknownExit(reason));

/** Applies a filter's outcome to the exit that a packet would have if it came that far. */
export function applyFilter(exit: PacketExit | undefined, outcome: ChainOutcome | undefined): PacketExit | undefined {
  if (outcome?.is === 'altered') return createLostExit(outcome.reason);
  if (!exit || !outcome || outcome === DROP) return undefined;
  // Only chains of the hooks where packets come in and go out have these outcomes.
  if (outcome.is === 'pass' || outcome.is === 'either')
    return markExitUnknown(exit, 'it passes to a place that is not evaluated here');
  return outcome.is === 'unknown' ? markExitUnknown(exit, outcome.reason) : exit;
}
