// Turns changed packet sets of a review into rows: kind, sources, destinations, service, example packet and reason;
// ranked, the worst first, and limited in number.

import { FAMILY_RANGE, splitPairs, printRange } from '../../net/address';
import { StartLocation } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { subtractRanges } from '../../net/range';
import { ReachabilityRow, isWide, toPacketSet, toRows } from '../../reachability/reachability-rows';
import { describeService } from '../../reachability/reachability-list';
import { ANY_ADDRESS_TEXT, printPacket } from '../../reachability/print-packets';
import { Change } from '../review';
import { ChangeBlock, isOutside } from './change-blocks';
import { selectForged } from './packet-selections';
import { ServerNames, describeBeforeAndAfter, listMappingNames, describeReached } from './reached-hosts';
import { explainChange } from './explain-change';
import { listSources } from './headline/headline-words';
import { MAX_LISTED, listAddressItems, limitItems, describeSources, describeLocations } from './address-words';
import { pickExamplePacket } from './example-packet';

/**
 * The number of rows that a review holds. Further rows are counted only: a reader can't use more, and each row costs an
 * explanation.
 */
const MAX_LISTED_ROWS = 300;

export interface RankedChanges {
  /** The rows, the worst first. */
  readonly rows: readonly RankedChange[];
  /** The number of rows of each kind, listed or not. */
  readonly counts: Readonly<Record<Change['kind'], number>>;
}

/** A row with its rank: 0 is the worst. */
interface RankedChange {
  readonly rank: number;
  readonly change: Change;
}

const KINDS_BY_SEVERITY: readonly Change['kind'][] = ['opened', 'unknown', 'moved', 'identity', 'closed'];

/** The room for rows in a review. It keeps rows from being explained that worse rows push out later. */
export class RowBudget {
  private readonly rowsByRank: number[] = [];

  /** Returns how many more rows of this rank may be listed. */
  countLeft(rank: number): number {
    return MAX_LISTED_ROWS - this.rowsByRank.slice(0, rank + 1).reduce((total, rows = 0) => total + rows, 0);
  }

  addRow(rank: number): void {
    this.rowsByRank[rank] = (this.rowsByRank[rank] ?? 0) + 1;
  }
}

/** Returns every change in words, the worst first: what opens to the internet comes before what opens inside. */
export function createChanges(
  blocks: readonly ChangeBlock[],
  serverNames: ServerNames,
  rowBudget: RowBudget,
): RankedChanges {
  const counts = createZeroCounts();
  const rankedBlocks = mergeBlocks(blocks)
    .map((block) => ({ block, rank: KINDS_BY_SEVERITY.indexOf(block.kind) * 2 + (isOutside(block) ? 0 : 1) }))
    .sort((a, b) => a.rank - b.rank);
  const rows: RankedChange[] = [];
  for (const { block, rank } of rankedBlocks) {
    const blockRows = toRows(block.packets);
    counts[block.kind] += blockRows.length;
    for (const row of blockRows.slice(0, Math.max(0, rowBudget.countLeft(rank)))) {
      rows.push({ rank, change: createChange(block, row, serverNames) });
      rowBudget.addRow(rank);
    }
  }
  return { rows, counts };
}

const createZeroCounts = (): Record<Change['kind'], number> => ({
  opened: 0,
  closed: 0,
  moved: 0,
  identity: 0,
  unknown: 0,
});

/** Merges the changes of several groups into one list. */
export function mergeRankedChanges(groupChanges: readonly RankedChanges[]): {
  readonly rows: readonly Change[];
  readonly counts: RankedChanges['counts'];
} {
  const counts = createZeroCounts();
  for (const changes of groupChanges) for (const kind of KINDS_BY_SEVERITY) counts[kind] += changes.counts[kind];
  const rows = groupChanges.flatMap((changes) => changes.rows).sort((a, b) => a.rank - b.rank);
  return { rows: rows.slice(0, MAX_LISTED_ROWS).map(({ change }) => change), counts };
}

interface MergedBlock extends ChangeBlock {
  /** Every start location for which the change holds, as it is printed. */
  readonly startLocations: readonly StartLocation[];
}

/**
 * Merges blocks that are the same from several interfaces. For hosts inside, the interface rarely makes a difference.
 */
function mergeBlocks(blocks: readonly ChangeBlock[]): readonly MergedBlock[] {
  const mergedBlocks: {
    -readonly [K in keyof MergedBlock]: K extends 'startLocations' ? StartLocation[] : MergedBlock[K];
  }[] = [];
  for (const block of blocks) {
    const sameBlock = mergedBlocks.find(
      (mergedBlock) =>
        mergedBlock.kind === block.kind &&
        mergedBlock.scope === block.scope &&
        mergedBlock.followsAddressChange === block.followsAddressChange &&
        mergedBlock.owner === block.owner &&
        mergedBlock.startLocation.kind === block.startLocation.kind &&
        mergedBlock.packets.equals(block.packets) &&
        mergedBlock.pairs.equals(block.pairs) &&
        mergedBlock.bypassedGateways.join() === block.bypassedGateways.join() &&
        isOutside(mergedBlock) === isOutside(block),
    );
    if (sameBlock) {
      sameBlock.startLocations.push(block.shownLocation);
      sameBlock.stillAllowed = sameBlock.stillAllowed.intersect(block.stillAllowed);
    } else mergedBlocks.push({ ...block, startLocations: [block.shownLocation] });
  }
  return mergedBlocks;
}

function createChange(block: MergedBlock, row: ReachabilityRow<unknown>, serverNames: ServerNames): Change {
  const { judgedOwner } = block.owner;
  const printHost = serverNames.createHostPrinter(block);
  const packet = pickExamplePacket(row, block.packets);
  const before =
    judgedOwner.before.find(
      (state) => block.owner.comparison.getDisposition(state, block.startLocation, packet) === 'allowed',
    ) ?? judgedOwner.before[0]!;
  const allowingState = block.kind === 'closed' ? before : judgedOwner.after;
  const destinations = listAddressItems(row.destinations, row.family, ANY_ADDRESS_TEXT[row.family]);
  const { reason, decidingLines } = explainChange(block, { packet, ports: row.ports }, before);
  const device = allowingState.device.interfaces.length > 0 ? allowingState.device : judgedOwner.after.device;
  const locationWords = describeLocations(block.startLocations, device);
  return {
    kind: block.kind,
    scope: block.scope,
    device: judgedOwner.name,
    startLocation:
      block.bypassedGateways.length === 0
        ? locationWords
        : `${locationWords.replace(/^.* by /, 'its network by ')}, not through ${block.bypassedGateways.join(', ')}`,
    fromInternet: isOutside(block),
    destinations: destinations.slice(0, MAX_LISTED),
    destinationCount: destinations.length,
    service: describeService(row),
    sources: describeSources(row.sources, row.family),
    ...describeAlready(block, row),
    destinationHost:
      block.kind === 'unknown' && isWide(row.destinations, row.family)
        ? ''
        : describeReached(block, row, packet, allowingState, printHost),
    ...(block.kind === 'moved' || block.kind === 'identity' ? describeBeforeAndAfter(block, row, printHost) : {}),
    mappings: listMappingNames(row, block.kind === 'closed' ? [before] : [judgedOwner.after, before]),
    reason: isOnlyForged(block, row) ? `${reason}; ${FORGED_WORDS}` : reason,
    examplePacket: printPacket(packet),
    decidingLines,
    evidence: getEvidence(block),
    ...(block.followsAddressChange ? { followsAddressChange: true } : {}),
  };
}

const FORGED_WORDS = 'from there only with forged sources, which are of inside';

const isOnlyForged = (block: ChangeBlock, row: ReachabilityRow<unknown>): boolean =>
  toPacketSet(row).subtract(selectForged(block)).isEmpty;

/**
 * Returns the sources that had the service before, where it opens to all others: else they would look as if they lost
 * it. For a closing, returns the sources that keep it.
 */
function describeAlready(
  { kind, stillAllowed }: ChangeBlock,
  row: ReachabilityRow<unknown>,
): Pick<Change, 'unchangedSources'> {
  if ((kind !== 'opened' && kind !== 'closed') || !isWide(row.sources, row.family)) return {};
  const otherSources = subtractRanges([FAMILY_RANGE[row.family]], row.sources);
  const keptPackets =
    otherSources.length === 0 ? PacketMap.NONE : stillAllowed.intersect(toPacketSet({ ...row, sources: otherSources }));
  const sources = listSources(keptPackets);
  // Sources that have only a part of the row aren't mentioned.
  return keptPackets.isEmpty || !keptPackets.equals(toPacketSet({ ...row, sources }))
    ? {}
    : { unchangedSources: limitItems(splitPairs(sources).map(printRange)).join(', ') };
}

/** Returns the evidence that all deciding owners rest on. */
function getEvidence({ owner, servers, scope }: ChangeBlock): Change['evidence'] {
  const decidingOwners = scope === 'end to end' ? [owner, ...servers] : [owner];
  const evidences = decidingOwners.map(({ judgedOwner }) => judgedOwner.evidence);
  return evidences.every((evidence) => evidence === evidences[0]) ? evidences[0]! : 'generated config';
}
