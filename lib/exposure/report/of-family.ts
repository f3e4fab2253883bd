import { Ask } from '../../reachability/ask';
import { Entry } from '../../reachability/listing';
import { FAMILIES, Family, familyOf } from '../../net/address';
import { LINK_LOCAL } from '../../net/device';
import { contains } from '../../net/range';
import { Told } from './shown';

/** Of which family an entry is; undefined for both. */
export const familyIn = ({ families }: Pick<Entry, 'families'>): Family | undefined =>
  families.length === 1 ? families[0] : undefined;

/** Whether packets of both could be meant, so that what passes of one alone has to say so. */
export function meansBoth({ about, device, anonymous }: Told, { to, from }: Ask): boolean {
  const asked = [to, from]
    .filter((one) => one !== undefined)
    .map((ranges) => new Set(ranges.map(({ first }) => familyOf(first))));
  // Everybody has link-local ones, also who has no other IPv6.
  const own = device.interfaces.flatMap(({ addresses }) =>
    addresses.filter(({ address }) => !contains(LINK_LOCAL, address)).map(({ address }) => familyOf(address)),
  );
  const has = to === undefined && about === 'host' ? [new Set([...own, ...(anonymous?.families ?? [])])] : [];
  return FAMILIES.every((family) => [...asked, ...has].every((some) => some.has(family)));
}
