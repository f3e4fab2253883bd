import { networksOf } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { point } from '../../net/range';
import { Block, isOutside } from './blocks';
import { State } from './state';

const statesOf = ({ owner: { judged } }: Block): readonly State[] => [...judged.before, judged.after];

/** Of what comes from the internet, what has a source of inside: nobody there sends it who doesn't forge it. */
export function forgedIn(block: Block): PacketSet {
  const inside = statesOf(block).flatMap(({ device }) =>
    device.interfaces.filter(({ role }) => role !== 'outside').flatMap(networksOf),
  );
  return isOutside(block) && inside.length > 0 ? PacketMap.set({ source: inside }) : PacketMap.NONE;
}

/** What is sent to the device itself, before or after. Its virtual IPs lead further. */
export function toItself(block: Block): PacketSet {
  const own = statesOf(block).flatMap(({ device }) =>
    device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
  );
  return own.length === 0 ? PacketMap.NONE : PacketMap.set({ destination: own.map(point) });
}
