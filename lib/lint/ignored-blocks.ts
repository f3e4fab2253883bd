// Creates the finders of lint rules on bans without effect: sources that a program (cPHulk, fail2ban, Host Access
// Control) keeps out by its own rules, and that get in all the same.

import { ReachabilityView } from '../reachability/reachability';
import { FAMILIES } from '../net/address';
import { getLocalAddresses, isSameEntry } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { getDestinations, isInternetWide, printRangeList, printList } from './addresses';
import { selectViews } from './owners';
import { printLocation } from './owner-findings';
import { LintFinder } from './lint-rule';
import { printPackets } from './print-packets';
import { BlockingProgram, SubjectOwner } from './lint-subject';
import { getFullyOpenSources } from './lint-targets';
import { TCP_UDP, selectAllowedForAll } from './select-view-packets';

/**
 * Creates a finder with one finding per owner: the sources that programs of a kind keep out by their own rules, and
 * that get in all the same.
 */
export const createIgnoredBlockFinder =
  (kind: BlockingProgram['blocks'], instead: string): LintFinder =>
  ({ owners }) =>
    owners.flatMap((owner) => {
      const bypasses = (owner.blockingPrograms ?? [])
        .filter(({ blocks }) => blocks === kind)
        .map((program) => ({ program, packets: getPassingPackets(owner, program) }));
      const passingPackets = PacketMap.mergeFirst(bypasses.map(({ packets }) => packets));
      if (passingPackets.isEmpty) return [];
      const addressRanges = FAMILIES.flatMap((family) => getDestinations(passingPackets, family));
      const sentences = bypasses
        .filter(({ packets }) => !packets.isEmpty)
        .map(({ program, packets }) => describeIgnoredBlock(program, packets, printRangeList(addressRanges)));
      return { where: printLocation(owner, addressRanges), what: sentences.join(' '), instead };
    });

const describeIgnoredBlock = (
  { name, isReferenced, places: chains }: BlockingProgram,
  packets: PacketSet,
  addressText: string,
): string =>
  `${name} refuses ${printPackets(packets)} at ${addressText}, and it gets in all the same: ` +
  (isReferenced ? `it is accepted before ${printList(chains)} is asked.` : `no rule leads to ${printList(chains)}.`);

/**
 * Returns the packets that the program's rules keep out for certain and the whole config lets in for certain.
 * Translated packets are left out: the program's rules see another packet than the one that came.
 */
function getPassingPackets(owner: SubjectOwner, { reachability }: BlockingProgram): PacketSet {
  const localPackets = PacketMap.createSet({ destination: [...getLocalAddresses(owner.device)].map(toSingleRange) });
  const packetSets = selectViews(owner, true).map(({ startLocation, dispositions, translations }: ReachabilityView) => {
    const programViews = reachability.views.filter((view) => isSameEntry(view.startLocation, startLocation));
    if (programViews.length === 0) return PacketMap.NONE;
    const untranslatedPackets = translations.select(
      ({ destination, port }) => destination.is === 'kept' && port === 'kept',
    );
    const openPackets = selectAllowedForAll(dispositions)
      .intersect(untranslatedPackets)
      .intersect(TCP_UDP)
      .intersect(localPackets);
    return removeTrusted(openPackets).subtract(PacketMap.mergeFirst(programViews.map((view) => view.dispositions)));
  });
  return PacketMap.mergeFirst(packetSets);
}

/** Removes sources to which everything is open. They are trusted, unless they are the whole internet. */
const removeTrusted = (openPackets: PacketSet): PacketSet =>
  openPackets
    .groupAlong('destination')
    .map(({ family, ranges, below }) => ({ family, destination: ranges, source: getFullyOpenSources(below, family) }))
    .filter(({ family, source }) => source.length > 0 && !isInternetWide(source, family))
    .reduce(
      (remainingPackets, { destination, source }) =>
        remainingPackets.subtract(PacketMap.createSet({ destination, source })),
      openPackets,
    );
