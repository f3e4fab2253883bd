import { FAMILY_RANGE, familyOf } from '../../../net/address';
import { Vantage } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { contains } from '../../../net/range';
import { Surroundings } from '../surroundings';

/** Whether a process of the device may send it: to the device itself from an address of its own, or to others. */
export function isSent({ kind }: Vantage, { source, destination }: Packet, surroundings: Surroundings): boolean {
  const local = surroundings.isLocal(destination);
  if (kind === 'localhost') return local && surroundings.isLocal(source);
  const unspecified = source === FAMILY_RANGE[familyOf(source)].first;
  return !local && (unspecified || surroundings.ownAddresses.some((one) => contains(one, source)));
}
