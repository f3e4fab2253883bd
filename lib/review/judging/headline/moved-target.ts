import { TranslationChange } from '../../../reachability/translation-changes';
import { printRange } from '../../../net/address';
import { Range, toSingleRange, countAddresses } from '../../../net/range';
import { HeadlineBlock } from './headline-block';

/** `to 10.0.0.11` where all that is led elsewhere is led to that; else `elsewhere`. */
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

/** Empty where that is no one address, or the former one by another port. */
function printTarget(destinations: readonly Range[], [before, { destination, port }]: TranslationChange): string {
  if (port !== 'kept' || destination === before.destination) return '';
  if (destination.is === 'set') return printRange(toSingleRange(destination.to));
  return destination.is === 'moved' && countAddresses(destinations) === 1n
    ? printRange(toSingleRange(destinations[0]!.first + destination.by))
    : '';
}
