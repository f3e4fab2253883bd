import { diffExposure } from '../reachability/diff';
import { Exposure, Rewrite, Translation, Verdict } from '../reachability/exposure';
import { printRow, titleOf } from '../reachability/print';
import { Row, isWide, rowsOf } from '../reachability/rows';
import { limited } from '../reachability/words';
import { FAMILY_RANGE } from '../net/address';
import { Device, Vantage, atVantage, entryOf } from '../net/device';
import { PROTOCOLS_WITH_PORTS } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, joined, overlap } from '../net/range';
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
  /** Nobody could say whether it passed, and now it surely does, or doesn't. */
  readonly perhapsOpened: readonly string[];
  readonly perhapsClosed: readonly string[];
  /** Can't be decided any more. */
  readonly undecided: readonly string[];
  /** Couldn't be decided before, and can't now, or nobody can say what becomes of it. Neither the same nor different. */
  readonly unknown: readonly string[];
  /** Why it couldn't before, each reason once. */
  readonly because: readonly string[];
}

/** Throws Refusal for a text that the reader refuses, or that doesn't say its device. */
export function knownOf({ foreign }: Platform, text: string): Known {
  const parsed = foreign.parsed(text);
  if (parsed.is === 'configuration') {
    const device = parsed.device();
    return { device, exposure: parsed.read(device).exposure };
  }
  throw new Refusal([
    {
      code: 'import/no-device',
      where: foreign.called,
      what: 'It does not say which interfaces the device has.',
      instead: `the whole configuration: ${foreign.printedBy}.`,
    },
  ]);
}

/** `nobody`: who never sends anything; what differs for them alone is left out. */
export function changesBetween(before: Known, after: Known, nobody: readonly Range[] = []): Changes {
  const found = diffExposure(before.exposure, after.exposure).map((diff) => {
    const [was, will] = [doubtsAt(before.exposure, diff.vantage), doubtsAt(after.exposure, diff.vantage)];
    const verdicts = was.verdicts.within(will.verdicts);
    const unknown = verdicts.or(was.translations.within(will.translations));
    const elsewhere = diff.changed.where(([a, b]) => withoutLines(a) !== withoutLines(b));
    const settled = diff.undecided.apartFrom(will.verdicts);
    return {
      ...diff,
      elsewhere,
      unknown,
      because: was.because(unknown),
      perhapsOpened: settled.within(will.allowed),
      perhapsClosed: settled.apartFrom(will.allowed),
      undecided: diff.undecided.within(will.verdicts).apartFrom(verdicts),
    };
  });
  type Found = (typeof found)[number];
  const lines = (packets: (diff: Found) => PacketSet): readonly string[] => [
    ...new Set(
      found.flatMap((diff) =>
        rowsOfSenders(packets(diff), diff.vantage, nobody).map(
          (row) => `${titleOf(entryOf(diff.vantage), after.device)}: ${printRow(row)}`,
        ),
      ),
    ),
  ];
  return {
    opened: lines(({ opened }) => opened),
    closed: lines(({ closed }) => closed),
    elsewhere: lines(({ elsewhere }) => elsewhere),
    perhapsOpened: lines(({ perhapsOpened }) => perhapsOpened),
    perhapsClosed: lines(({ perhapsClosed }) => perhapsClosed),
    undecided: lines(({ undecided }) => undecided),
    unknown: lines(({ unknown }) => unknown),
    because: [...new Set(found.flatMap(({ because }) => because))],
  };
}

/** Who is everybody but nobody is everybody. Nobody sends from port 0 either. */
function rowsOfSenders(packets: PacketSet, { kind }: Vantage, nobody: readonly Range[]): readonly Row<unknown>[] {
  if (nobody.length === 0 || kind !== 'interface') return rowsOf(packets);
  return rowsOf(packets.apartFrom(PacketMap.set({ source: nobody })))
    .filter(
      ({ sourcePorts: [only, ...others], protocols }) => others.length > 0 || only?.last !== 0 || !isPorted(protocols),
    )
    .map((row) => {
      const others = nobody.flatMap((one) => overlap(one, FAMILY_RANGE[row.family]) ?? []);
      return isWide(row.sources, row.family) ? { ...row, sources: joined([...row.sources, ...others]) } : row;
    });
}

const isPorted = (protocols: Row<unknown>['protocols']): boolean =>
  protocols.every(({ first, last }) => first === last && PROTOCOLS_WITH_PORTS.includes(first));

/** `undecided`: nothing is known to differ, and there is something that nobody can decide. */
export function outcomeOf(changes: Changes): 'unchanged' | 'differs' | 'undecided' {
  if (SIGNS.some(([kind]) => changes[kind].length > 0)) return 'differs';
  return changes.unknown.length > 0 ? 'undecided' : 'unchanged';
}

const SIGNS: readonly (readonly [Exclude<keyof Changes, 'unknown' | 'because'>, string])[] = [
  ['opened', '+ opens'],
  ['closed', '- closes'],
  ['elsewhere', '~ leads elsewhere, or as somebody else'],
  ['perhapsOpened', '? opens, where nobody could say whether it was open,'],
  ['perhapsClosed', '? closes, where nobody could say whether it was open,'],
  ['undecided', '? can no longer be decided'],
];

const MOST_LINES = 200;

export function printChanges(changes: Changes): string {
  const lines = SIGNS.flatMap(([kind, sign]) => changes[kind].map((line) => `${sign} ${line}`));
  return limited(lines, MOST_LINES)
    .map((line) => `${line}\n`)
    .join('');
}

interface Doubts {
  readonly allowed: PacketSet;
  readonly verdicts: PacketSet;
  /** Of what passes, that of which nobody can say to whom or as what. */
  readonly translations: PacketSet;
  because(packets: PacketSet): readonly string[];
}

/** Devices with one way out have views without a way. */
function doubtsAt({ views }: Exposure, vantage: Vantage): Doubts {
  const view = atVantage(views, vantage) ?? atVantage(views, entryOf(vantage));
  if (!view)
    return { allowed: PacketMap.NONE, verdicts: PacketMap.NONE, translations: PacketMap.NONE, because: () => [] };
  const of = (which: Verdict['is']): PacketSet => view.verdicts.where(({ is }) => is === which);
  const [allowed, verdicts] = [of('allowed'), of('unknown')];
  return {
    allowed,
    verdicts,
    translations: view.translations.where(isUnclear).within(allowed),
    because: (packets) => [
      ...view.verdicts.within(packets).values.flatMap((one) => (one.is === 'unknown' ? [one.because] : [])),
      ...view.translations
        .within(packets.apartFrom(verdicts))
        .values.flatMap(({ destination, source }) => [destination, source].flatMap(reasonOf)),
    ],
  };
}

const isUnclear = ({ destination, source }: Translation): boolean =>
  destination.is === 'unclear' || source.is === 'unclear';
const reasonOf = (rewrite: Rewrite): readonly string[] => (rewrite.is === 'unclear' ? [rewrite.because] : []);

/** What is on another line in the other text is the same reason. */
function withoutLines({ destination, port, source, sourcePort }: Translation): string {
  const side = (rewrite: Rewrite): string =>
    rewrite.is === 'unclear'
      ? rewrite.because.replace(/\blines? \d+/g, 'line')
      : `${rewrite.is} ${rewrite.is === 'set' ? rewrite.to : rewrite.is === 'moved' ? rewrite.by : ''}`;
  return JSON.stringify([side(destination), port, side(source), sourcePort]);
}
