import { differing as differingTranslations } from '../reachability/differing';
import { Translation, Verdict, View, translation } from '../reachability/exposure';
import { titleOf } from '../reachability/print';
import { LATER_PHASES, LaterPhase, Phase } from '../reachability/phase';
import { Bound, Bounds, Expectation } from '../spec/bounds';
import { POSSIBLE, boundsOf } from '../spec/phases';
import { Device, Vantage, atVantage } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Reading } from '../parse/reader';
import { besides, passingOtherwise } from './everything-else';
import { Deviation, Kind, byKind, otherwise } from './deviations';
import { explainedSaid, packetsSaid } from './said';

/** One way in which what was read lies outside what the policy asks for, at one vantage. */
export interface Difference {
  readonly kind: Kind;
  readonly vantage: Vantage;
  readonly phase: Phase;
  /** It is about what the release should leave alone, and not about what was asked for. */
  readonly beside: boolean;
  readonly packets: PacketSet;
  /** For people: the packets as rows, and the lines that decide on one of them. */
  readonly text: string;
}

/** What a proof compares. */
interface Sides {
  readonly expected: Expectation;
  readonly reading: Reading;
  /** The device with the release and without it, in a form in which the two compare. */
  readonly besides: { readonly whole: Reading; readonly rest: Reading };
  readonly device: Device;
}

/**
 * Compares a reading with the bounds, vantage by vantage; then everything else with what it would be without the release; then both for
 * packets that start no connection. Empty is proof.
 */
export const differences = (sides: Sides): readonly Difference[] =>
  sides.expected.views.flatMap((bounds) => differing(bounds, sides));

function differing(bounds: Bounds, sides: Sides): readonly Difference[] {
  const {
    reading,
    besides: { whole },
    device,
  } = sides;
  const found: Difference[] = [];
  for (const phase of PHASES) {
    for (const [beside, kinds] of foundIn(phase, bounds, sides)) {
      for (const [kind, packets] of kinds) {
        // What is said of first packets needn't be said of those that follow them.
        const said =
          phase === 'first'
            ? undefined
            : found.find((one) => one.phase === 'first' && one.kind === kind && one.beside === beside);
        const unsaid = said ? packets.apartFrom(said.packets) : packets;
        if (!unsaid.isEmpty)
          found.push(named({ kind, phase, packets: unsaid, beside }, bounds, beside ? whole : reading, device));
      }
    }
  }
  return found;
}

/** What was found about what was asked for, and about everything else. */
function foundIn(
  phase: Phase,
  bounds: Bounds,
  sides: Sides,
): readonly (readonly [beside: boolean, found: readonly Deviation[]])[] {
  const {
    reading,
    besides: { whole, rest },
  } = sides;
  if (phase !== 'first') return foundLater(phase, bounds, sides);
  const [view, now, was] = [reading, whole, rest].map(({ exposure }) => atVantage(exposure.views, bounds.vantage));
  return [
    [false, firstPackets(bounds, view)],
    [true, now && was ? besides(bounds, now, was) : []],
  ];
}

/**
 * Nothing where no rule is asked. What is related is judged by its session, of which its header says nothing: in doubt it isn't ours to prove.
 * What differs is found first, and cut to what is possible then: it is little.
 */
function foundLater(
  phase: LaterPhase,
  bounds: Bounds,
  { reading, besides: { whole, rest } }: Sides,
): ReturnType<typeof foundIn> {
  const [view, now, was] = [reading, whole, rest].map(
    (one) => atVantage(one.later(phase)?.views ?? [], bounds.vantage)?.verdicts,
  );
  const asked = view ? bounded(boundsOf(phase, bounds), view) : [];
  const beside = now && was ? passingOtherwise(bounds, now, was) : [];
  return [
    [false, possible(phase, asked)],
    [true, possible(phase, phase === 'related' ? beside.filter(([kind]) => kind !== 'undecided') : beside)],
  ];
}

const possible = (phase: LaterPhase, found: readonly Deviation[]): readonly Deviation[] =>
  found.map(([kind, packets]) => [kind, packets.within(POSSIBLE[phase])]);

const PHASES: readonly Phase[] = ['first', ...LATER_PHASES];

function firstPackets({ bounds, translations }: Bounds, view: View | undefined): readonly Deviation[] {
  if (!view) return [['undecided', bounds.domain]];
  // What may pass may pass to somebody else: in doubt, the translation counts as much as for what surely passes.
  const compared = translations.within(view.verdicts.within(bounds));
  // Where the port is the device's to choose, the packet's own is as good.
  const settled = compared.with(view.translations.within(compared), (wanted, is) =>
    wanted?.sourcePort === 'free' && is?.sourcePort === 'kept'
      ? translation({ ...wanted, sourcePort: 'kept' })
      : wanted,
  );
  const become = differingTranslations(settled, view.translations)
    .map(([wanted, is]) => otherwise(wanted, is))
    .or(compared.apartFrom(view.translations).map((wanted) => otherwise(wanted, undefined)));
  return [...bounded(bounds, view.verdicts), ...byKind(become, ['changed', 'diverted'])];
}

const bounded = (bounds: PacketMap<Bound>, verdicts: PacketMap<Verdict>): readonly Deviation[] =>
  bounds.equals(ANYTHING) ? [] : byKind(bounds.with(verdicts, outsideOf), ['opens', 'missing', 'undecided']);

const ANYTHING = PacketMap.everywhere<Bound>('may');

function outsideOf(bound: Bound | undefined, verdict: Verdict | undefined): Kind | undefined {
  if (verdict?.is === 'unknown') return bound === 'may' ? undefined : 'undecided';
  if (verdict?.is === 'allowed') return bound === undefined ? 'opens' : undefined;
  return bound === 'must' ? 'missing' : undefined;
}

const OF: Readonly<Record<Phase, string>> = {
  first: '',
  'going on': ', as part of a session that was let in before,',
  answer: ', as an answer of a session,',
  related: ', as related to a session,',
  stray: ', as part of no session,',
};

const SAYS: Readonly<Record<Kind, string>> = {
  opens: 'would pass, and nothing asks for it',
  missing: 'was asked for, and would not pass',
  undecided: 'can not be decided',
  changed: 'would pass, or may pass, to another host or as another source than asked for',
  diverted: 'would be led to another host by a translation that is not ours',
  closes: 'would not pass, and is not ours to close',
};

const SAYS_BESIDE: Readonly<Record<Kind, string>> = {
  ...SAYS,
  opens: 'would pass, and without this release it does not',
  undecided: 'could not be decided any more, and is not ours to touch',
  changed: 'would pass to another host or as another source than without this release',
  diverted: 'would be led to another host, and is not ours to translate',
};

/** A difference in words. */
export function named(
  { kind, phase, packets, beside }: Pick<Difference, 'kind' | 'phase' | 'packets' | 'beside'>,
  { vantage, translations }: Bounds,
  reading: Reading,
  device: Device,
): Difference {
  const witness = packets.sample()!.packet;
  const explained = reading.explain(vantage, witness, phase);
  const wanted = kind === 'changed' && !beside && phase === 'first' ? translations.at(witness) : undefined;
  const says = (beside ? SAYS_BESIDE : SAYS)[kind];
  return {
    kind,
    vantage,
    phase,
    beside,
    packets,
    text: `${titleOf(vantage, device)}: ${packetsSaid(packets)}${OF[phase]} ${says}${wanted ? ` (${describe(wanted)})` : ''}; ${explainedSaid(explained)}`,
  };
}

const describe = ({ destination, source }: Translation): string =>
  `asked for: destination ${destination.is === 'kept' ? 'kept' : 'translated'}, source ${source.is === 'kept' ? 'kept' : 'translated'}`;
