import { TranslationChange } from '../../../reachability/translation-changes';
import { printRange } from '../../../net/address';
import { Range, toSingleRange, countAddresses } from '../../../net/range';
import { HeadlineBlock } from './headline-block';

/** Returns `to 10.0.0.11` where all moved packets are translated to that address; else `elsewhere`. */
export function describeMovedTarget(blocks: readonly HeadlineBlock[], outside: boolean): string {
  const movedBlocks = blocks.filter(
    (block) => block.kind === 'moved' && block.outside === outside && block.sender === undefined,
  );
  const [target = '', ...otherTargets] = new Set(
    movedBlocks.flatMap(({ pairs }) =>
      pairs
        .groupAlong('destination')
        .flatMap(({ ranges, below }) => [...below.values].map((pair) => printTarget(ranges, pair))),
    ),
  );
  return target === '' || otherTargets.length > 0 ? 'elsewhere' : `to ${target}`;
}

/** Returns the new address. Empty where it isn't a single one, or only the port differs. */
function printTarget(destinations: readonly Range[], [before, { destination, port }]: TranslationChange): string {
  if (port !== 'kept' || destination === before.destination) return '';
  if (destination.is === 'set') return printRange(toSingleRange(destination.to));
  return destination.is === 'moved' && countAddresses(destinations) === 1n
    ? printRange(toSingleRange(destinations[0]!.first + destination.distance))
    : '';
}
