// Reduces a block of changed packets to the part that the headline of a review needs.

import { getLocalAddresses } from '../../../net/device';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { toSingleRange } from '../../../net/range';
import { ChangeBlock, isOutside } from '../change-blocks';
import { selectForged, selectToDevice } from '../packet-selections';
import { widenSources } from './group-services';
import { selectForAnybody } from './headline-words';

/** The part of a change block that a headline needs. */
export interface HeadlineBlock extends Pick<ChangeBlock, 'kind' | 'packets' | 'stillAllowed' | 'pairs'> {
  readonly device: string;
  readonly outside: boolean;
  /** The server that sends the packets itself; undefined for all other blocks. */
  readonly sender: string | undefined;
  /** Whether the sender has the source address before and after. */
  readonly fromKept: boolean;
}

/**
 * Returns the headline's part of a block. For a closing, `stillAllowed` holds what other sources keep of the same services. For
 * another source, `pairs` leaves out forged packets and packets to the device itself.
 */
export const createHeadlineBlock = (block: ChangeBlock): HeadlineBlock => {
  const { kind, packets, stillAllowed, pairs } = block;
  const isFromInternet = isOutside(block);
  const keptPackets =
    kind === 'closed' && isFromInternet
      ? stillAllowed.intersect(widenSources(selectForAnybody(packets)))
      : PacketMap.NONE;
  const { role, device } = block.owner.judgedOwner.plannedOwner;
  const isSending =
    block.startLocation.kind === 'self' &&
    role === 'server' &&
    (kind === 'opened' || kind === 'closed' || kind === 'moved');
  const shownPairs = kind === 'identity' ? pairs.subtract(selectForged(block)).subtract(selectToDevice(block)) : pairs;
  const isFromKept = isSending && !packets.intersect(selectFromKept(block)).isEmpty;
  return {
    kind,
    packets,
    pairs: shownPairs,
    device,
    outside: isFromInternet,
    sender: isSending ? device : undefined,
    fromKept: isFromKept,
    stillAllowed: keptPackets,
  };
};

function selectFromKept({ owner: { judgedOwner } }: ChangeBlock): PacketSet {
  const addressesByState = [...judgedOwner.before, judgedOwner.after].map(({ device }) => getLocalAddresses(device));
  const keptAddresses = addressesByState[0]!.filter((address) =>
    addressesByState.every((stateAddresses) => stateAddresses.includes(address)),
  );
  return keptAddresses.length === 0
    ? PacketMap.NONE
    : PacketMap.createSet({ source: keptAddresses.map(toSingleRange) });
}
