import { FAMILY_RANGE, pairsApart, printRange } from '../../net/address';
import { Vantage } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { without } from '../../net/range';
import { Row, isWide, packetsOf, rowsOf } from '../../reachability/rows';
import { serviceWords } from '../../reachability/listing';
import { ANY, printPacket } from '../../reachability/words';
import { Change } from '../review';
import { Block, isOutside } from './blocks';
import { forgedIn } from './forged';
import { Names, fromAndTo, mappingNames, reachesWords } from './reaches';
import { deciding } from './deciding';
import { sourcesOf } from './headline/words';
import { MOST_SAID, addressItems, limited, sourceWords, vantagesWords } from './words';
import { witnessOf } from './witness';

/** How many rows a review holds. More are counted: nobody reads them, and every one of them is explained. */
const MOST_ROWS = 300;

export interface Changes {
  /** The worst first. */
  readonly rows: readonly Ranked[];
  /** How many there are in all, by kind. */
  readonly counts: Readonly<Record<Change['kind'], number>>;
}

/** A row, and how many kinds of rows are worse. */
interface Ranked {
  readonly rank: number;
  readonly change: Change;
}

const WORST: readonly Change['kind'][] = ['opened', 'unknown', 'moved', 'identity', 'closed'];

/** What a review has room for. A row that is explained and pushed out by worse ones later was explained for nothing. */
export class Room {
  private readonly taken: number[] = [];

  /** How many more of such a rank may be listed. */
  left(rank: number): number {
    return MOST_ROWS - this.taken.slice(0, rank + 1).reduce((sum, rows = 0) => sum + rows, 0);
  }

  take(rank: number): void {
    this.taken[rank] = (this.taken[rank] ?? 0) + 1;
  }
}

/** Every change in words, the worst first: what opens to the internet before what opens inside. */
export function changesOf(blocks: readonly Block[], names: Names, room: Room): Changes {
  const counts = noChanges();
  const ordered = merged(blocks)
    .map((block) => ({ block, rank: WORST.indexOf(block.kind) * 2 + (isOutside(block) ? 0 : 1) }))
    .sort((a, b) => a.rank - b.rank);
  const rows: Ranked[] = [];
  for (const { block, rank } of ordered) {
    const all = rowsOf(block.packets);
    counts[block.kind] += all.length;
    for (const row of all.slice(0, Math.max(0, room.left(rank)))) {
      rows.push({ rank, change: changeOf(block, row, names) });
      room.take(rank);
    }
  }
  return { rows, counts };
}

const noChanges = (): Record<Change['kind'], number> => ({ opened: 0, closed: 0, moved: 0, identity: 0, unknown: 0 });

/** Of several parts of a review, as one. */
export function joinedChanges(apart: readonly Changes[]): {
  readonly rows: readonly Change[];
  readonly counts: Changes['counts'];
} {
  const counts = noChanges();
  for (const one of apart) for (const kind of WORST) counts[kind] += one.counts[kind];
  const rows = apart.flatMap((one) => one.rows).sort((a, b) => a.rank - b.rank);
  return { rows: rows.slice(0, MOST_ROWS).map(({ change }) => change), counts };
}

interface Merged extends Block {
  /** Every vantage that it holds for, as it is said. */
  readonly everywhere: readonly Vantage[];
}

/** What is the same from several interfaces is said once: for who is inside, a change is rarely another one on another wire. */
function merged(blocks: readonly Block[]): readonly Merged[] {
  const all: { -readonly [K in keyof Merged]: K extends 'everywhere' ? Vantage[] : Merged[K] }[] = [];
  for (const block of blocks) {
    const alike = all.find(
      (one) =>
        one.kind === block.kind &&
        one.proof === block.proof &&
        one.owner === block.owner &&
        one.vantage.kind === block.vantage.kind &&
        one.packets.equals(block.packets) &&
        one.pairs.equals(block.pairs) &&
        one.beside.join() === block.beside.join() &&
        isOutside(one) === isOutside(block),
    );
    if (alike) {
      alike.everywhere.push(block.shown);
      alike.kept = alike.kept.within(block.kept);
    } else all.push({ ...block, everywhere: [block.shown] });
  }
  return all;
}

function changeOf(block: Merged, row: Row<unknown>, names: Names): Change {
  const { judged } = block.owner;
  const host = names.seenBy(block);
  const witness = witnessOf(row, block.packets);
  const before =
    judged.before.find((state) => block.owner.sides.verdict(state, block.vantage, witness) === 'allowed') ??
    judged.before[0]!;
  const through = block.kind === 'closed' ? before : judged.after;
  const destinations = addressItems(row.destinations, row.family, ANY[row.family]);
  const { reason, lines } = deciding(block, { packet: witness, ports: row.ports }, before);
  const device = through.device.interfaces.length > 0 ? through.device : judged.after.device;
  const vantage = vantagesWords(block.everywhere, device);
  return {
    kind: block.kind,
    proof: block.proof,
    device: judged.name,
    vantage:
      block.beside.length === 0
        ? vantage
        : `${vantage.replace(/^.* by /, 'its network by ')}, not through ${block.beside.join(', ')}`,
    outside: isOutside(block),
    destinations: destinations.slice(0, MOST_SAID),
    destinationCount: destinations.length,
    service: serviceWords(row),
    sources: sourceWords(row.sources, row.family),
    ...alreadyWords(block, row),
    reaches:
      block.kind === 'unknown' && isWide(row.destinations, row.family)
        ? ''
        : reachesWords(block, row, witness, through, host),
    ...(block.kind === 'moved' || block.kind === 'identity' ? fromAndTo(block, row, host) : {}),
    mappings: mappingNames(row, block.kind === 'closed' ? [before] : [judged.after, before]),
    reason: isForged(block, row) ? `${reason}; ${FORGED}` : reason,
    witness: printPacket(witness),
    lines,
    evidence: evidenceOf(block),
  };
}

const FORGED = 'from there only with forged sources, which are of inside';

const isForged = (block: Block, row: Row<unknown>): boolean => packetsOf(row).apartFrom(forgedIn(block)).isEmpty;

/** Whom what opens to anybody else was open to before: read as kept out, they would be thought to lose it. Of what closes, who keeps it. */
function alreadyWords({ kind, kept }: Block, row: Row<unknown>): Pick<Change, 'already'> {
  if ((kind !== 'opened' && kind !== 'closed') || !isWide(row.sources, row.family)) return {};
  const left = without([FAMILY_RANGE[row.family]], row.sources);
  const had = left.length === 0 ? PacketMap.NONE : kept.within(packetsOf({ ...row, sources: left }));
  const sources = sourcesOf(had);
  // Who has a part of it alone is told of that part.
  return had.isEmpty || !had.equals(packetsOf({ ...row, sources }))
    ? {}
    : { already: limited(pairsApart(sources).map(printRange)).join(', ') };
}

/** Of the owners that decide together, what all of them rest on. */
function evidenceOf({ owner, servers, proof }: Block): Change['evidence'] {
  const deciding = proof === 'end to end' ? [owner, ...servers] : [owner];
  const evidences = deciding.map(({ judged }) => judged.evidence);
  return evidences.every((one) => one === evidences[0]) ? evidences[0]! : 'own text';
}
