// Compares the reachability of two configurations, such as a device before and after an import, and prints the packets
// that are opened, closed, translated differently or unknown.

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

/** The device that a configuration describes, and the reachability that its rules give on that device. */
export interface EvaluatedDevice {
  readonly device: Device;
  readonly reachability: Reachability;
}

/** Printed rows of packets, each with its start location. */
export interface ExposureChanges {
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  /** Allowed before and after, with another translation. */
  readonly elsewhere: readonly string[];
  /** Unknown before, allowed after. */
  readonly perhapsOpened: readonly string[];
  /** Unknown before, denied after. */
  readonly perhapsClosed: readonly string[];
  /** Decided before, unknown after. */
  readonly undecided: readonly string[];
  /** Disposition or translation unknown before and after, so it counts neither as unchanged nor as a difference. */
  readonly unknown: readonly string[];
  /** The reasons of what was unknown before, each once. */
  readonly because: readonly string[];
}

/**
 * Evaluates a configuration on the device that it describes.
 *
 * @throws Refusal import/no-device for a text that doesn't describe its device, and the refusals of the parser
 */
export function evaluateConfig({ configFormat }: RegisteredPlatform, text: string): EvaluatedDevice {
  const deviceText = configFormat.parsed(text);
  if (deviceText.is === 'configuration') {
    const device = deviceText.device();
    return { device, reachability: deviceText.read(device).reachability };
  }
  throw new Refusal([
    {
      code: 'import/no-device',
      where: configFormat.label,
      what: 'It does not say which interfaces the device has.',
      instead: `the whole configuration: ${configFormat.printCommand}.`,
    },
  ]);
}

/**
 * Compares the reachability of two configurations. `nonSenders` are addresses that never send; a difference for them
 * alone is left out.
 */
export function compareExposures(
  before: EvaluatedDevice,
  after: EvaluatedDevice,
  nonSenders: readonly Range[] = [],
): ExposureChanges {
  const diffs = compareReachability(before.reachability, after.reachability).map((diff) => {
    const [unknownsBefore, unknownsAfter] = [
      findUnknownPackets(before.reachability, diff.startLocation),
      findUnknownPackets(after.reachability, diff.startLocation),
    ];
    const verdicts = unknownsBefore.dispositions.intersect(unknownsAfter.dispositions);
    const unknownPackets = verdicts.unite(unknownsBefore.translations.intersect(unknownsAfter.translations));
    const changedPackets = diff.changed.select(([a, b]) => formatWithoutLines(a) !== formatWithoutLines(b));
    const decidedPackets = diff.undecided.subtract(unknownsAfter.dispositions);
    return {
      ...diff,
      elsewhere: changedPackets,
      unknown: unknownPackets,
      because: unknownsBefore.getReasons(unknownPackets),
      perhapsOpened: decidedPackets.intersect(unknownsAfter.allowed),
      perhapsClosed: decidedPackets.subtract(unknownsAfter.allowed),
      undecided: diff.undecided.intersect(unknownsAfter.dispositions).subtract(verdicts),
    };
  });
  type ExposureDiff = (typeof diffs)[number];
  const printRows = (packets: (diff: ExposureDiff) => PacketSet): readonly string[] => [
    ...new Set(
      diffs.flatMap((diff) =>
        listSenderRows(packets(diff), diff.startLocation, nonSenders).map(
          (row) => `${printTitle(toEntryLocation(diff.startLocation), after.device)}: ${printRow(row)}`,
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

/**
 * Returns the rows of packets that can be sent: none from `nonSenders`, and none from source port 0 alone. Sources that
 * are most of a family get the `nonSenders` back, so that they print as the whole family.
 */
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

/** Summarizes changes. `undecided`: nothing is known to differ, and something is unknown before and after. */
export function summarizeOutcome(changes: ExposureChanges): 'unchanged' | 'differs' | 'undecided' {
  if (CHANGE_SIGNS.some(([kind]) => changes[kind].length > 0)) return 'differs';
  return changes.unknown.length > 0 ? 'undecided' : 'unchanged';
}

const CHANGE_SIGNS: readonly (readonly [Exclude<keyof ExposureChanges, 'unknown' | 'because'>, string])[] = [
  ['opened', '+ opens'],
  ['closed', '- closes'],
  ['elsewhere', '~ is translated elsewhere, or to another source'],
  ['perhapsOpened', '? opens, and it is unknown whether it was open:'],
  ['perhapsClosed', '? closes, and it is unknown whether it was open:'],
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
  readonly dispositions: PacketSet;
  /** Allowed packets whose translation is unknown. */
  readonly translations: PacketSet;
  getReasons(packets: PacketSet): readonly string[];
}

/** Finds the unknown packets from a start location. A device with one way out has views whose location names no way. */
function findUnknownPackets({ views }: Reachability, startLocation: StartLocation): UnknownPackets {
  const view = findByLocation(views, startLocation) ?? findByLocation(views, toEntryLocation(startLocation));
  if (!view)
    return {
      allowed: PacketMap.NONE,
      dispositions: PacketMap.NONE,
      translations: PacketMap.NONE,
      getReasons: () => [],
    };
  const selectVerdict = (verdictKind: Disposition['is']): PacketSet =>
    view.dispositions.select(({ is }) => is === verdictKind);
  const [allowed, dispositions] = [selectVerdict('allowed'), selectVerdict('unknown')];
  return {
    allowed,
    dispositions,
    translations: view.translations.select(isUnclear).intersect(allowed),
    getReasons: (packets) => [
      ...view.dispositions
        .intersect(packets)
        .values.flatMap((verdict) => (verdict.is === 'unknown' ? [verdict.reason] : [])),
      ...view.translations
        .intersect(packets.subtract(dispositions))
        .values.flatMap(({ destination, source }) => [destination, source].flatMap(listRewriteReasons)),
    ],
  };
}

const isUnclear = ({ destination, source }: Translation): boolean =>
  destination.is === 'unclear' || source.is === 'unclear';
const listRewriteReasons = (rewrite: Rewrite): readonly string[] => (rewrite.is === 'unclear' ? [rewrite.reason] : []);

/** Prints a translation for comparison, without line numbers: a reason may stand on another line of the other text. */
function formatWithoutLines({ destination, port, source, sourcePort }: Translation): string {
  const formatRewrite = (rewrite: Rewrite): string =>
    rewrite.is === 'unclear'
      ? rewrite.reason.replace(/\blines? \d+/g, 'line')
      : `${rewrite.is} ${rewrite.is === 'set' ? rewrite.to : rewrite.is === 'moved' ? rewrite.distance : ''}`;
  return JSON.stringify([formatRewrite(destination), port, formatRewrite(source), sourcePort]);
}
