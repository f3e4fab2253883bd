// Describes changed source translations for the headline of a review: hosts that appear with another source address, or
// leave untranslated.

import { TranslationChange } from '../../../reachability/translation-changes';
import { isWide } from '../../../reachability/reachability-rows';
import { getFamily, toPrefixes, printRange } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, countAddresses } from '../../../net/range';
import { HeadlineBlock } from './headline-block';
import { describeAddresses, listDestinations, listSources } from './headline-words';

export const OTHER_SOURCE_VERBS = ['are translated to other sources', 'is translated to another source'] as const;
const UNTRANSLATED_VERBS = ['leave untranslated', 'leaves untranslated'] as const;

interface SourceChanges {
  /** Packets that leave with another source than before, and packets that leave untranslated now. */
  readonly translated: PacketSet;
  readonly untranslated: PacketSet;
}

/**
 * Returns phrases on changed sources. They matter to systems that know a host by its address: above all, mail servers.
 */
export function describeSourceChanges(blocks: readonly HeadlineBlock[]): string {
  const sourceBlocks = blocks.filter(({ kind, pairs }) => kind === 'identity' && !pairs.isEmpty);
  const changes = sourceBlocks.map((block) => computeSourceChanges(block, sourceBlocks));
  return [
    describeLeaving(PacketMap.mergeFirst(changes.map(({ translated }) => translated)), OTHER_SOURCE_VERBS),
    describeLeaving(
      PacketMap.mergeFirst(changes.map(({ untranslated: untranslatedPackets }) => untranslatedPackets)),
      UNTRANSLATED_VERBS,
    ),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const isUntranslated = ([, after]: TranslationChange): boolean => after.source.is === 'kept';

/**
 * Returns the source changes of one gateway. Packets that another gateway translates from now on count for that
 * gateway. If it translates them as this one did, they count for neither.
 */
function computeSourceChanges({ device, pairs }: HeadlineBlock, sourceBlocks: readonly HeadlineBlock[]): SourceChanges {
  const otherBlocks = sourceBlocks.filter((block) => block.device !== device);
  const [translatedPackets, untranslatedPackets] = [
    pairs.select((pair) => !isUntranslated(pair)),
    pairs.select(isUntranslated),
  ];
  const translatedElsewhere = otherBlocks.map((block) => block.pairs.select((pair) => !isUntranslated(pair)));
  const unchangedPackets = otherBlocks.map((block) =>
    pairs.merge(block.pairs, (change, otherChange): true | undefined =>
      change && otherChange && isUntranslated(otherChange) && change[1].source === otherChange[0].source
        ? true
        : undefined,
    ),
  );
  return {
    translated: removeSources(translatedPackets, unchangedPackets),
    untranslated: removeSources(untranslatedPackets, translatedElsewhere),
  };
}

function removeSources(packets: PacketSet, removedSets: readonly PacketSet[]): PacketSet {
  const sources = listSources(PacketMap.mergeFirst(removedSets));
  return sources.length === 0 ? packets : packets.subtract(PacketMap.createSet({ source: sources }));
}

function describeLeaving(
  packets: PacketSet,
  [pluralVerb, singularVerb]: readonly [ofSeveral: string, ofOne: string],
): string {
  if (packets.isEmpty) return '';
  const sources = listSources(packets);
  const [firstRange] = sources;
  const singleSource =
    sources.length === 1 && countAddresses(sources) !== 2n && toPrefixes(firstRange!).length === 1
      ? printRange(firstRange!)
      : undefined;
  return `${singleSource ?? describeAddresses(sources)} ${singleSource === undefined ? pluralVerb : singularVerb}${describeDestinations(listDestinations(packets))}`;
}

/** Returns the destinations in words; empty where they are nearly all addresses. */
const describeDestinations = (destinations: readonly Range[]): string =>
  isWide(destinations, getFamily(destinations[0]!.first)) ? '' : ` on ${describeAddresses(destinations)}`;
