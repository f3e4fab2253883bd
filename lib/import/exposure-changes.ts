import { compareReachability } from '../reachability/compare-reachability';
import { Reachability, Rewrite, Translation, Disposition } from '../reachability/reachability';
import { printRow, printTitle } from '../reachability/print-reachability';
import { ReachabilityRow, isWide, toRows } from '../reachability/reachability-rows';
import { limitList } from '../reachability/print-packets';
import { FAMILY_RANGE } from '../net/address';
import { Device, StartLocation, findByLocation, toEntryLocation } from '../net/device';
import { PROTOCOLS_WITH_PORTS } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, mergeRanges, intersectRanges } from '../net/range';
import { Refusal } from '../problems/problem';
import { platforms } from '../registry';

export type RegisteredPlatform = (typeof platforms)[keyof typeof platforms];

/** A configuration as its platform's reader reads it for the device that it describes itself. */
export interface EvaluatedDevice {
  readonly device: Device;
  readonly exposure: Reachability;
}

/** Rows of packets for people, each with the place that they come from. */
export interface ExposureChanges {
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
export function evaluateConfig({ configFormat: foreign }: RegisteredPlatform, text: string): EvaluatedDevice {
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
export function compareExposures(
  before: EvaluatedDevice,
  after: EvaluatedDevice,
  nonSenders: readonly Range[] = [],
): ExposureChanges {
  const diffs = compareReachability(before.exposure, after.exposure).map((diff) => {
    const [unknownsBefore, unknownsAfter] = [
      findUnknownPackets(before.exposure, diff.vantage),
      findUnknownPackets(after.exposure, diff.vantage),
    ];
    const verdicts = unknownsBefore.verdicts.intersect(unknownsAfter.verdicts);
    const unknown = verdicts.unite(unknownsBefore.translations.intersect(unknownsAfter.translations));
    const elsewhere = diff.changed.select(([a, b]) => formatWithoutLines(a) !== formatWithoutLines(b));
    const decidedPackets = diff.undecided.subtract(unknownsAfter.verdicts);
    return {
      ...diff,
      elsewhere,
      unknown,
      because: unknownsBefore.because(unknown),
      perhapsOpened: decidedPackets.intersect(unknownsAfter.allowed),
      perhapsClosed: decidedPackets.subtract(unknownsAfter.allowed),
      undecided: diff.undecided.intersect(unknownsAfter.verdicts).subtract(verdicts),
    };
  });
  type ExposureDiff = (typeof diffs)[number];
  const printRows = (packets: (diff: ExposureDiff) => PacketSet): readonly string[] => [
    ...new Set(
      diffs.flatMap((diff) =>
        listSenderRows(packets(diff), diff.vantage, nonSenders).map(
          (row) => `${printTitle(toEntryLocation(diff.vantage), after.device)}: ${printRow(row)}`,
        ),
      ),
    ),
  ];
  return {
    opened: printRows(({ opened }) => opened),
    closed: printRows(({ closed }) => closed),
    elsewhere: printRows(({ elsewhere }) => elsewhere),
    perhapsOpened: printRows(({ perhapsOpened }) => perhapsOpened),
    perhapsClosed: printRows(({ perhapsClosed }) => perhapsClosed),
    undecided: printRows(({ undecided }) => undecided),
    unknown: printRows(({ unknown }) => unknown),
    because: [...new Set(diffs.flatMap(({ because }) => because))],
  };
}

/** Who is everybody but nobody is everybody. Nobody sends from port 0 either. */
function listSenderRows(
  packets: PacketSet,
  { kind }: StartLocation,
  nonSenders: readonly Range[],
): readonly ReachabilityRow<unknown>[] {
  if (nonSenders.length === 0 || kind !== 'interface') return toRows(packets);
  return toRows(packets.subtract(PacketMap.createSet({ source: nonSenders })))
    .filter(
      ({ sourcePorts: [firstRange, ...otherRanges], protocols }) =>
        otherRanges.length > 0 || firstRange?.last !== 0 || !isPorted(protocols),
    )
    .map((row) => {
      const otherRanges = nonSenders.flatMap((range) => intersectRanges(range, FAMILY_RANGE[row.family]) ?? []);
      return isWide(row.sources, row.family) ? { ...row, sources: mergeRanges([...row.sources, ...otherRanges]) } : row;
    });
}

const isPorted = (protocols: ReachabilityRow<unknown>['protocols']): boolean =>
  protocols.every(({ first, last }) => first === last && PROTOCOLS_WITH_PORTS.includes(first));

/** `undecided`: nothing is known to differ, and there is something that nobody can decide. */
export function summarizeOutcome(changes: ExposureChanges): 'unchanged' | 'differs' | 'undecided' {
  if (CHANGE_SIGNS.some(([kind]) => changes[kind].length > 0)) return 'differs';
  return changes.unknown.length > 0 ? 'undecided' : 'unchanged';
}

const CHANGE_SIGNS: readonly (readonly [Exclude<keyof ExposureChanges, 'unknown' | 'because'>, string])[] = [
  ['opened', '+ opens'],
  ['closed', '- closes'],
  ['elsewhere', '~ leads elsewhere, or as somebody else'],
  ['perhapsOpened', '? opens, where nobody could say whether it was open,'],
  ['perhapsClosed', '? closes, where nobody could say whether it was open,'],
  ['undecided', '? can no longer be decided'],
];

const MAX_CHANGE_LINES = 200;

export function printChanges(changes: ExposureChanges): string {
  const lines = CHANGE_SIGNS.flatMap(([kind, sign]) => changes[kind].map((line) => `${sign} ${line}`));
  return limitList(lines, MAX_CHANGE_LINES)
    .map((line) => `${line}\n`)
    .join('');
}

interface UnknownPackets {
  readonly allowed: PacketSet;
  readonly verdicts: PacketSet;
  /** Of what passes, that of which nobody can say to whom or as what. */
  readonly translations: PacketSet;
  because(packets: PacketSet): readonly string[];
}

/** Devices with one way out have views without a way. */
function findUnknownPackets({ views }: Reachability, vantage: StartLocation): UnknownPackets {
  const view = findByLocation(views, vantage) ?? findByLocation(views, toEntryLocation(vantage));
  if (!view)
    return { allowed: PacketMap.NONE, verdicts: PacketMap.NONE, translations: PacketMap.NONE, because: () => [] };
  const selectVerdict = (verdictKind: Disposition['is']): PacketSet =>
    view.verdicts.select(({ is }) => is === verdictKind);
  const [allowed, verdicts] = [selectVerdict('allowed'), selectVerdict('unknown')];
  return {
    allowed,
    verdicts,
    translations: view.translations.select(isUnclear).intersect(allowed),
    because: (packets) => [
      ...view.verdicts
        .intersect(packets)
        .values.flatMap((verdict) => (verdict.is === 'unknown' ? [verdict.because] : [])),
      ...view.translations
        .intersect(packets.subtract(verdicts))
        .values.flatMap(({ destination, source }) => [destination, source].flatMap(listRewriteReasons)),
    ],
  };
}

const isUnclear = ({ destination, source }: Translation): boolean =>
  destination.is === 'unclear' || source.is === 'unclear';
const listRewriteReasons = (rewrite: Rewrite): readonly string[] => (rewrite.is === 'unclear' ? [rewrite.because] : []);

/** What is on another line in the other text is the same reason. */
function formatWithoutLines({ destination, port, source, sourcePort }: Translation): string {
  const formatRewrite = (rewrite: Rewrite): string =>
    rewrite.is === 'unclear'
      ? rewrite.because.replace(/\blines? \d+/g, 'line')
      : `${rewrite.is} ${rewrite.is === 'set' ? rewrite.to : rewrite.is === 'moved' ? rewrite.by : ''}`;
  return JSON.stringify([formatRewrite(destination), port, formatRewrite(source), sourcePort]);
}
