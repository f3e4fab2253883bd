// Compares the reachability of a generated config with the spec of its policy, in each session phase and from each
// start location. Returns the counterexamples: packets with a deviation. Also describes them in words.

import { findTranslationChanges } from '../reachability/translation-changes';
import { Translation, Disposition, ReachabilityView, createTranslation } from '../reachability/reachability';
import { printTitle } from '../reachability/print-reachability';
import { LATER_PHASES, LaterSessionPhase, SessionPhase } from '../reachability/session-phase';
import { RequirementLevel, LocationSpec, ReachabilitySpec } from '../spec/reachability-spec';
import { POSSIBLE_PACKETS, getPhaseRequirements } from '../spec/phase-requirements';
import { Device, StartLocation, findByLocation } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { EvaluatedConfig } from '../parse/config-parser';
import { compareUnmanaged, compareUnmanagedVerdicts } from './compare-unmanaged';
import { Deviation, DeviationKind, groupByKind, getTranslationKind } from './deviations';
import { printExplanation, printPackets } from './packet-messages';

/** One way in which an evaluated config deviates from its spec, at one start location. */
export interface Counterexample {
  readonly kind: DeviationKind;
  readonly startLocation: StartLocation;
  readonly phase: SessionPhase;
  /** True if it is about packets that the release should leave alone, and not about the policy's own. */
  readonly isUnmanaged: boolean;
  readonly packets: PacketSet;
  /** For people: the packets as rows, and the lines that decide one of them. */
  readonly text: string;
}

/** The configs that a verification compares. */
interface ComparedConfigs {
  readonly spec: ReachabilitySpec;
  readonly evaluated: EvaluatedConfig;
  /** The device with the release and without it, in a form in which the two compare. */
  readonly comparison: { readonly withRelease: EvaluatedConfig; readonly withoutRelease: EvaluatedConfig };
  readonly device: Device;
}

/**
 * Compares an evaluated config with its spec at each start location, then unmanaged traffic with and without the
 * release, then both for packets that start no connection. The config is verified if the result is empty.
 */
export const findCounterexamples = (configs: ComparedConfigs): readonly Counterexample[] =>
  configs.spec.views.flatMap((bounds) => compareBounds(bounds, configs));

function compareBounds(bounds: LocationSpec, configs: ComparedConfigs): readonly Counterexample[] {
  const {
    evaluated,
    comparison: { withRelease },
    device,
  } = configs;
  const counterexamples: Counterexample[] = [];
  for (const phase of PHASES) {
    for (const [isUnmanaged, kinds] of comparePhase(phase, bounds, configs)) {
      for (const [kind, packets] of kinds) {
        // A deviation of first packets isn't repeated for the packets that follow them.
        const described =
          phase === 'first'
            ? undefined
            : counterexamples.find(
                (counterexample) =>
                  counterexample.phase === 'first' &&
                  counterexample.kind === kind &&
                  counterexample.isUnmanaged === isUnmanaged,
              );
        const undescribed = described ? packets.subtract(described.packets) : packets;
        if (!undescribed.isEmpty)
          counterexamples.push(
            describeCounterexample(
              { kind, phase, packets: undescribed, isUnmanaged },
              bounds,
              isUnmanaged ? withRelease : evaluated,
              device,
            ),
          );
      }
    }
  }
  return counterexamples;
}

/** Returns the deviations of managed packets and of unmanaged ones. */
function comparePhase(
  phase: SessionPhase,
  bounds: LocationSpec,
  configs: ComparedConfigs,
): readonly (readonly [beside: boolean, found: readonly Deviation[]])[] {
  const {
    evaluated,
    comparison: { withRelease, withoutRelease },
  } = configs;
  if (phase !== 'first') return compareLaterPhase(phase, bounds, configs);
  const [view, viewWith, viewWithout] = [evaluated, withRelease, withoutRelease].map(({ reachability }) =>
    findByLocation(reachability.views, bounds.startLocation),
  );
  return [
    [false, compareFirstPackets(bounds, view)],
    [true, viewWith && viewWithout ? compareUnmanaged(bounds, viewWith, viewWithout) : []],
  ];
}

/**
 * Compares packets that start no connection. Empty if no rule applies to them. A related packet is judged by its
 * session, which its header doesn't show, so an undecided unmanaged one isn't a counterexample. The difference is
 * computed first and then limited to possible packets, because it is small.
 */
function compareLaterPhase(
  phase: LaterSessionPhase,
  bounds: LocationSpec,
  { evaluated, comparison: { withRelease, withoutRelease } }: ComparedConfigs,
): ReturnType<typeof comparePhase> {
  const [view, verdictsWith, verdictsWithout] = [evaluated, withRelease, withoutRelease].map(
    (config) => findByLocation(config.later(phase)?.views ?? [], bounds.startLocation)?.dispositions,
  );
  const managed = view ? compareVerdicts(getPhaseRequirements(phase, bounds), view) : [];
  const unmanaged =
    verdictsWith && verdictsWithout ? compareUnmanagedVerdicts(bounds, verdictsWith, verdictsWithout) : [];
  return [
    [false, limitToPossible(phase, managed)],
    [
      true,
      limitToPossible(phase, phase === 'related' ? unmanaged.filter(([kind]) => kind !== 'undecided') : unmanaged),
    ],
  ];
}

const limitToPossible = (phase: LaterSessionPhase, deviations: readonly Deviation[]): readonly Deviation[] =>
  deviations.map(([kind, packets]) => [kind, packets.intersect(POSSIBLE_PACKETS[phase])]);

const PHASES: readonly SessionPhase[] = ['first', ...LATER_PHASES];

function compareFirstPackets(
  { bounds, translations }: LocationSpec,
  view: ReachabilityView | undefined,
): readonly Deviation[] {
  if (!view) return [['undecided', bounds.domain]];
  // A packet that may pass may also pass to another host: the translation of an undecided packet counts as much as that
  // of an allowed one.
  const compared = translations.intersect(view.dispositions.intersect(bounds));
  // If the device may choose the source port, the packet's own port is as good.
  const expectedTranslations = compared.merge(view.translations.intersect(compared), (expected, actual) =>
    expected?.sourcePort === 'free' && actual?.sourcePort === 'kept'
      ? createTranslation({ ...expected, sourcePort: 'kept' })
      : expected,
  );
  const changes = findTranslationChanges(expectedTranslations, view.translations)
    .map(([expected, actual]) => getTranslationKind(expected, actual))
    .unite(compared.subtract(view.translations).map((expected) => getTranslationKind(expected, undefined)));
  return [...compareVerdicts(bounds, view.dispositions), ...groupByKind(changes, ['changed', 'diverted'])];
}

const compareVerdicts = (
  bounds: PacketMap<RequirementLevel>,
  verdicts: PacketMap<Disposition>,
): readonly Deviation[] =>
  bounds.equals(ANY_BOUND)
    ? []
    : groupByKind(bounds.merge(verdicts, classifyVerdict), ['opens', 'missing', 'undecided']);

const ANY_BOUND = PacketMap.createConstant<RequirementLevel>('may');

function classifyVerdict(
  bound: RequirementLevel | undefined,
  verdict: Disposition | undefined,
): DeviationKind | undefined {
  if (verdict?.is === 'unknown') return bound === 'may' ? undefined : 'undecided';
  if (verdict?.is === 'allowed') {
    // A client that is kept out is one that the policy may require to get in.
    if (bound === 'must' && verdict.except !== undefined) return 'undecided';
    return bound === undefined ? 'opens' : undefined;
  }
  return bound === 'must' ? 'missing' : undefined;
}

const PHASE_WORDS: Readonly<Record<SessionPhase, string>> = {
  first: '',
  'going on': ', as part of a session that was let in before,',
  answer: ', as an answer of a session,',
  related: ', as related to a session,',
  stray: ', as part of no session,',
};

const KIND_WORDS: Readonly<Record<DeviationKind, string>> = {
  opens: 'would pass, and nothing asks for it',
  missing: 'was asked for, and would not pass',
  undecided: 'can not be decided',
  changed: 'would pass, or may pass, to another host or as another source than asked for',
  diverted: 'would be translated to another host by an unmanaged rule',
  closes: 'would not pass, and is not ours to close',
};

const UNMANAGED_KIND_WORDS: Readonly<Record<DeviationKind, string>> = {
  ...KIND_WORDS,
  opens: 'would pass, and without this release it does not',
  undecided: 'could not be decided any more, and is not ours to touch',
  changed: 'would pass to another host or as another source than without this release',
  diverted: 'would be translated to another host, and is not ours to translate',
};

/** Describes a counterexample in words. */
export function describeCounterexample(
  { kind, phase, packets, isUnmanaged }: Pick<Counterexample, 'kind' | 'phase' | 'packets' | 'isUnmanaged'>,
  { startLocation, translations }: LocationSpec,
  evaluated: EvaluatedConfig,
  device: Device,
): Counterexample {
  const sample = packets.pickPacket()!.packet;
  const explanation = evaluated.explain(startLocation, sample, phase);
  const expected = kind === 'changed' && !isUnmanaged && phase === 'first' ? translations.findValue(sample) : undefined;
  const kindWords = (isUnmanaged ? UNMANAGED_KIND_WORDS : KIND_WORDS)[kind];
  return {
    kind,
    startLocation,
    phase,
    isUnmanaged,
    packets,
    text: `${printTitle(startLocation, device)}: ${printPackets(packets)}${PHASE_WORDS[phase]} ${kindWords}${expected ? ` (${describeTranslation(expected)})` : ''}; ${printExplanation(explanation)}`,
  };
}

const describeTranslation = ({ destination, source }: Translation): string =>
  `asked for: destination ${destination.is === 'kept' ? 'kept' : 'translated'}, source ${source.is === 'kept' ? 'kept' : 'translated'}`;
