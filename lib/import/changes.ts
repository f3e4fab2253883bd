import { ViewDiff, diffExposure } from '../exposure/diff';
import { Exposure } from '../exposure/exposure';
import { entryOf, printRow, titleOf } from '../exposure/print';
import { rowsOf } from '../exposure/rows';
import { Device, Vantage, vantageKey } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Refusal } from '../problems/problem';
import { platforms } from '../registry';

export type Platform = (typeof platforms)[keyof typeof platforms];

/** A configuration as its platform's reader reads it for the device that it describes itself. */
export interface Known {
  readonly device: Device;
  readonly exposure: Exposure;
}

/** Rows of packets for people, each with the place that they come from. */
export interface Changes {
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  /** Passes both times, to another host or as another source. */
  readonly elsewhere: readonly string[];
  /** Can't be decided any more, or only now. */
  readonly undecided: readonly string[];
  /** Couldn't be decided before, and can't now. Neither the same nor different. */
  readonly unknown: readonly string[];
}

/** Throws Refusal for a text that the reader refuses, or that doesn't say its device. */
export function knownOf({ reader, foreign }: Platform, text: string): Known {
  const device = foreign.describes?.(text);
  if (device) return { device, exposure: reader.read(text, device).exposure };
  throw new Refusal([
    {
      code: 'import/no-device',
      where: foreign.called,
      what: 'It does not say which interfaces the device has.',
      instead: `the whole configuration: ${foreign.printedBy}.`,
    },
  ]);
}

export function changesBetween(before: Known, after: Known): Changes {
  const found = diffExposure(before.exposure, after.exposure).map((diff) => {
    const unknown = unknownAt(before.exposure, diff.vantage).within(unknownAt(after.exposure, diff.vantage));
    return { ...diff, unknown, undecided: diff.undecided.apartFrom(unknown) };
  });
  const lines = (packets: (diff: ViewDiff & { readonly unknown: PacketSet }) => PacketSet): readonly string[] => [
    ...new Set(
      found.flatMap((diff) => rowsOf(packets(diff)).map((row) => `${titleOf(entryOf(diff.vantage), after.device)}: ${printRow(row)}`)),
    ),
  ];
  return {
    opened: lines(({ opened }) => opened),
    closed: lines(({ closed }) => closed),
    elsewhere: lines(({ changed }) => changed.domain),
    undecided: lines(({ undecided }) => undecided),
    unknown: lines(({ unknown }) => unknown),
  };
}

/** Nothing differs; what nobody can decide may. */
export const isSame = ({ opened, closed, elsewhere, undecided }: Changes): boolean =>
  opened.length + closed.length + elsewhere.length + undecided.length === 0;

const SIGNS: readonly (readonly [keyof Changes, string])[] = [
  ['opened', '+ opens'],
  ['closed', '- closes'],
  ['elsewhere', '~ leads elsewhere, or as somebody else'],
  ['undecided', '? can no longer be decided, or only now'],
];

const MOST_LINES = 200;

export function printChanges(changes: Changes): string {
  const lines = SIGNS.flatMap(([kind, sign]) => changes[kind].map((line) => `${sign} ${line}`));
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `${line}\n`).join('');
}

/** Devices with one way out have views without a way. */
function unknownAt({ views }: Exposure, vantage: Vantage): PacketSet {
  const at = (wanted: Vantage): Exposure['views'][number] | undefined =>
    views.find((view) => vantageKey(view.vantage) === vantageKey(wanted));
  return (at(vantage) ?? at(entryOf(vantage)))?.verdicts.where(({ is }) => is === 'unknown') ?? PacketMap.NONE;
}
