import { getInterfaceNetworks } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { ChangeBlock, isOutside } from './change-blocks';
import { ReviewState } from './review-state';

const listStates = ({ owner: { judged } }: ChangeBlock): readonly ReviewState[] => [...judged.before, judged.after];

/** Of what comes from the internet, what has a source of inside: nobody there sends it who doesn't forge it. */
export function selectForged(block: ChangeBlock): PacketSet {
  const insideNetworks = listStates(block).flatMap(({ device }) =>
    device.interfaces.filter(({ role }) => role !== 'outside').flatMap(getInterfaceNetworks),
  );
  return isOutside(block) && insideNetworks.length > 0
    ? PacketMap.createSet({ source: insideNetworks })
    : PacketMap.NONE;
}

/** What is sent to the device itself, before or after. Its virtual IPs lead further. */
export function selectToDevice(block: ChangeBlock): PacketSet {
  const deviceAddresses = listStates(block).flatMap(({ device }) =>
    device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
  );
  return deviceAddresses.length === 0
    ? PacketMap.NONE
    : PacketMap.createSet({ destination: deviceAddresses.map(toSingleRange) });
}
