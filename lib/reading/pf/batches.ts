import { Move } from '../../net/packet';
import { Range, sameRange } from '../../net/range';

/** Addresses that are moved at once: disjoint, ascending by `from`. */
export interface Batch {
  readonly moves: Move[];
}

/** Puts moves that don't overlap together, so that ten thousand cost one look at the map that they lead to. */
export class Batches {
  private readonly batches: Batch[] = [];

  put(from: Range, to: Range): Batch {
    for (const batch of this.batches) {
      const { moves } = batch;
      const at = placeOf(moves, from.first);
      const next = moves[at];
      if (!next || next.from.first > from.last) {
        moves.splice(at, 0, { from, to });
        return batch;
      }
      if (sameRange(next.from, from) && sameRange(next.to, to)) return batch;
    }
    const batch: Batch = { moves: [{ from, to }] };
    this.batches.push(batch);
    return batch;
  }
}

/** The first that ends at or after an address. */
function placeOf(moves: readonly Move[], first: bigint): number {
  let low = 0;
  let high = moves.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moves[middle]!.from.last < first) low = middle + 1;
    else high = middle;
  }
  return low;
}
