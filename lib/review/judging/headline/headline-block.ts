import { getLocalAddresses } from '../../../net/device';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { toSingleRange } from '../../../net/range';
import { ChangeBlock, isOutside } from '../change-blocks';
import { selectForged, selectToDevice } from '../forged-packets';
import { widenSources } from './group-services';
import { selectForAnybody } from './headline-words';

/** What a headline says of a block. */
export interface HeadlineBlock extends Pick<ChangeBlock, 'kind' | 'packets' | 'kept' | 'pairs'> {
  readonly device: string;
  readonly outside: boolean;
  /** The server, where it is about what it sends itself. */
  readonly sender: string | undefined;
  /** It has the address before and after from which it sends. */
  readonly fromKept: boolean;
}

/** Of what closes, what others keep of the same; of what is seen as another source, whatever somebody sends to somebody else. */
export const createHeadlineBlock = (block: ChangeBlock): HeadlineBlock => {
  const { kind, packets, kept, pairs } = block;
  const isFromInternet = isOutside(block);
  const keptByOthers =
    kind === 'closed' && isFromInternet ? kept.intersect(widenSources(selectForAnybody(packets))) : PacketMap.NONE;
  const { role, device } = block.owner.judged.planned;
  const isSending =
    block.vantage.kind === 'self' && role === 'server' && (kind === 'opened' || kind === 'closed' || kind === 'moved');
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
    kept: keptByOthers,
  };
};

function selectFromKept({ owner: { judged } }: ChangeBlock): PacketSet {
  const addressesByState = [...judged.before, judged.after].map(({ device }) => getLocalAddresses(device));
  const keptAddresses = addressesByState[0]!.filter((address) =>
    addressesByState.every((stateAddresses) => stateAddresses.includes(address)),
  );
  return keptAddresses.length === 0
    ? PacketMap.NONE
    : PacketMap.createSet({ source: keptAddresses.map(toSingleRange) });
}
