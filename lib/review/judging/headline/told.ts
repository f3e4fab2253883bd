import { localTo } from '../../../net/device';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { point } from '../../../net/range';
import { Block, isOutside } from '../blocks';
import { forgedIn, toItself } from '../forged';
import { toWhomever } from './apart';
import { forAnybody } from './words';

/** What a headline says of a block. */
export interface Told extends Pick<Block, 'kind' | 'packets' | 'kept' | 'pairs'> {
  readonly device: string;
  readonly outside: boolean;
  /** The server, where it is about what it sends itself. */
  readonly sender: string | undefined;
  /** It has the address before and after from which it sends. */
  readonly fromKept: boolean;
}

/** Of what closes, what others keep of the same; of what is seen as another source, whatever somebody sends to somebody else. */
export const toldOf = (block: Block): Told => {
  const { kind, packets, kept, pairs } = block;
  const outside = isOutside(block);
  const others = kind === 'closed' && outside ? kept.within(toWhomever(forAnybody(packets))) : PacketMap.NONE;
  const { role, device } = block.owner.judged.planned;
  const sends =
    block.vantage.kind === 'self' && role === 'server' && (kind === 'opened' || kind === 'closed' || kind === 'moved');
  const seen = kind === 'identity' ? pairs.apartFrom(forgedIn(block)).apartFrom(toItself(block)) : pairs;
  const fromKept = sends && !packets.within(fromKeptBy(block)).isEmpty;
  return { kind, packets, pairs: seen, device, outside, sender: sends ? device : undefined, fromKept, kept: others };
};

function fromKeptBy({ owner: { judged } }: Block): PacketSet {
  const each = [...judged.before, judged.after].map(({ device }) => localTo(device));
  const kept = each[0]!.filter((address) => each.every((all) => all.includes(address)));
  return kept.length === 0 ? PacketMap.NONE : PacketMap.set({ source: kept.map(point) });
}
