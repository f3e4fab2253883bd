import { differing } from '../exposure/differing';
import { Exposure, Translation, translation } from '../exposure/exposure';
import { titleOf } from '../exposure/print';
import { rowsOf } from '../exposure/rows';
import { printAddresses, printDestinations, printService } from '../exposure/words';
import { Bounds, Expectation } from '../meaning/bounds';
import { Device, Vantage, vantageKey } from '../net/device';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Reading } from '../reading/reader';

/**
 * One way in which what was read lies outside what the policy asks for: it `opens` what may not pass, it is `missing`
 * what must, it is `undecided`, or it passes, surely or perhaps, to another host or as another source (`changed`), or to
 * another host though it is none of ours to translate (`diverted`). Our own text `closes` what the policy leaves alone.
 */
export interface Difference {
  readonly kind: 'opens' | 'missing' | 'undecided' | 'changed' | 'diverted' | 'closes';
  readonly vantage: Vantage;
  readonly packets: PacketSet;
  /** One of them, for which the lines below were asked. */
  readonly witness: Packet;
  /** For people: the packets as rows, and the lines that decide. */
  readonly text: string;
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

/** Compares a reading with the bounds, vantage by vantage. Empty is proof. */
export function differences(expected: Expectation, reading: Reading, device: Device): readonly Difference[] {
  const read = new Map(reading.exposure.views.map((view) => [vantageKey(view.vantage), view]));
  return expected.views.flatMap((bounds) => {
    const view = read.get(vantageKey(bounds.vantage));
    const nothing = { verdicts: PacketMap.nothing(), translations: PacketMap.nothing() } as Pick<
      Exposure['views'][number],
      'verdicts' | 'translations'
    >;
    return compareView(bounds, view ?? nothing, view !== undefined).map(([kind, packets]) => named(kind, packets, bounds, reading, device));
  });
}

type Found = readonly [Difference['kind'], PacketSet];

function compareView(
  { bounds, translations }: Bounds,
  view: Pick<Exposure['views'][number], 'verdicts' | 'translations'>,
  present: boolean,
): readonly Found[] {
  if (!present) return bounds.isEmpty ? [] : [['undecided', bounds.domain]];
  const allowed = view.verdicts.where(({ is }) => is === 'allowed');
  const unsure = view.verdicts.where(({ is }) => is === 'unknown').apartFrom(bounds.where((bound) => bound === 'may'));
  const must = bounds.where((bound) => bound === 'must');
  // What may pass may pass to somebody else: in doubt, the translation counts as much as for what surely passes.
  const compared = translations.within(view.verdicts.within(bounds));
  // Where the port is the device's to choose, the packet's own is as good.
  const settled = compared.with(view.translations.within(compared), (wanted, is) =>
    wanted?.sourcePort === 'free' && is?.sourcePort === 'kept' ? translation({ ...wanted, sourcePort: 'kept' }) : wanted,
  );
  const become = differing(settled, view.translations)
    .map(([wanted, is]) => otherwise(wanted, is))
    .or(compared.apartFrom(view.translations).map((wanted) => otherwise(wanted, undefined)));
  const found: readonly Found[] = [
    ['opens', allowed.apartFrom(bounds)],
    ['missing', must.apartFrom(allowed).apartFrom(unsure)],
    ['undecided', unsure],
    ['changed', become.where((kind) => kind === 'changed')],
    ['diverted', become.where((kind) => kind === 'diverted')],
  ];
  return found.filter(([, packets]) => !packets.isEmpty);
}

const otherwise = (wanted: Translation, is: Translation | undefined): 'changed' | 'diverted' =>
  wanted.destination.is === 'kept' && is !== undefined && is.destination.is !== 'kept' ? 'diverted' : 'changed';

const SAYS: Readonly<Record<Difference['kind'], string>> = {
  opens: 'would pass, and nothing asks for it',
  missing: 'was asked for, and would not pass',
  undecided: 'can not be decided',
  changed: 'would pass, or may pass, to another host or as another source than asked for',
  diverted: 'would be led to another host by a translation that is not ours',
  closes: 'would not pass, and is not ours to close',
};

export function named(
  kind: Difference['kind'],
  packets: PacketSet,
  { vantage, translations }: Bounds,
  reading: Reading,
  device: Device,
): Difference {
  const rows = rowsOf(packets).map(
    (row) =>
      `${printDestinations(row.destinations, row.family)} ${printService(row.protocols, row.ports, row.sourcePorts)} from ${printAddresses(row.sources, row.family)}`,
  );
  const witness = packets.sample()!.packet;
  const explained = reading.explain(vantage, witness);
  const wanted = kind === 'changed' ? translations.at(witness) : undefined;
  const shown = rows.length > 5 ? [...rows.slice(0, 5), `and ${rows.length - 5} more`] : rows;
  return {
    kind,
    vantage,
    packets,
    witness,
    lines: explained.lines,
    text: `${titleOf(vantage, device)}: ${shown.join('; ')} ${SAYS[kind]}${wanted ? ` (${describe(wanted)})` : ''}; ${explained.because}${explained.lines.map(({ number, text }) => `, line ${number}: ${text.trim()}`).join('')}`,
  };
}

const describe = ({ destination, source }: Translation): string =>
  `asked for: destination ${destination.is === 'kept' ? 'kept' : 'translated'}, source ${source.is === 'kept' ? 'kept' : 'translated'}`;
