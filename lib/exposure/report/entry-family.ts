import { ReachabilityQuery } from '../../reachability/reachability-query';
import { ReachabilityEntry } from '../../reachability/reachability-list';
import { FAMILIES, Family, getFamily } from '../../net/address';
import { LINK_LOCAL } from '../../net/device';
import { contains } from '../../net/range';
import { SectionExposure } from './device-report';

/** Of which family an entry is; undefined for both. */
export const findEntryFamily = ({ families }: Pick<ReachabilityEntry, 'families'>): Family | undefined =>
  families.length === 1 ? families[0] : undefined;

/** Whether packets of both could be meant, so that what passes of one alone has to say so. */
export function coversBothFamilies(
  { about, device, anonymous }: SectionExposure,
  { to, from }: ReachabilityQuery,
): boolean {
  const askedFamilies = [to, from]
    .filter((ranges) => ranges !== undefined)
    .map((ranges) => new Set(ranges.map(({ first }) => getFamily(first))));
  // Everybody has link-local ones, also who has no other IPv6.
  const ownFamilies = device.interfaces.flatMap(({ addresses }) =>
    addresses.filter(({ address }) => !contains(LINK_LOCAL, address)).map(({ address }) => getFamily(address)),
  );
  const deviceFamilies =
    to === undefined && about === 'host' ? [new Set([...ownFamilies, ...(anonymous?.families ?? [])])] : [];
  return FAMILIES.every((family) => [...askedFamilies, ...deviceFamilies].every((families) => families.has(family)));
}
