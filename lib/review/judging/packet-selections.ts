// Selects packets of a change in a review: those from the internet with an inside source, which is forged, and those to
// addresses of the device's interfaces.

import { getInterfaceNetworks } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { ChangeBlock, isOutside } from './change-blocks';
import { ReviewState } from './review-state';

const listStates = ({ owner: { judgedOwner } }: ChangeBlock): readonly ReviewState[] => [
  ...judgedOwner.before,
  judgedOwner.after,
];

/**
 * Returns the packets of a block from the internet that have an inside source. Hosts in the internet send them only
 * with a forged source.
 */
export function selectForged(block: ChangeBlock): PacketSet {
  const insideNetworks = listStates(block).flatMap(({ device }) =>
    device.interfaces.filter(({ role }) => role !== 'outside').flatMap(getInterfaceNetworks),
  );
  return isOutside(block) && insideNetworks.length > 0
    ? PacketMap.createSet({ source: insideNetworks })
    : PacketMap.NONE;
}

/**
 * Returns the packets to the device itself, before or after. Its virtual IPs don't count, because they are translated
 * further.
 */
export function selectToDevice(block: ChangeBlock): PacketSet {
  const deviceAddresses = listStates(block).flatMap(({ device }) =>
    device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
  );
  return deviceAddresses.length === 0
    ? PacketMap.NONE
    : PacketMap.createSet({ destination: deviceAddresses.map(toSingleRange) });
}
