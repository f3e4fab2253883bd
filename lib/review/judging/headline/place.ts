import { Pair } from '../../../reachability/differing';
import { printRange } from '../../../net/address';
import { Range, point, sizeOf } from '../../../net/range';
import { Told } from './told';

/** `to 10.0.0.11` where all that is led elsewhere is led to that; else `elsewhere`. */
export function placeOf(blocks: readonly Told[], outside: boolean): string {
  const moved = blocks.filter((one) => one.kind === 'moved' && one.outside === outside && one.sender === undefined);
  const [only = '', ...others] = new Set(
    moved.flatMap(({ pairs }) =>
      pairs.groups('destination').flatMap(({ ranges, below }) => [...below.values].map((pair) => endOf(ranges, pair))),
    ),
  );
  return only === '' || others.length > 0 ? 'elsewhere' : `to ${only}`;
}

/** Empty where that is no one address, or the former one by another port. */
function endOf(sentTo: readonly Range[], [before, { destination, port }]: Pair): string {
  if (port !== 'kept' || destination === before.destination) return '';
  if (destination.is === 'set') return printRange(point(destination.to));
  return destination.is === 'moved' && sizeOf(sentTo) === 1n
    ? printRange(point(sentTo[0]!.first + destination.by))
    : '';
}
