// Finds whether an entry of an exposure report is of IPv4, IPv6 or both, and whether it has to say so.

import { ReachabilityQuery } from '../../reachability/reachability-query';
import { ReachabilityEntry } from '../../reachability/reachability-list';
import { FAMILIES, Family, getFamily } from '../../net/address';
import { LINK_LOCAL } from '../../net/device';
import { contains } from '../../net/range';
import { SectionExposure } from './device-report';

/** Returns the family of an entry; undefined for both. */
export const findEntryFamily = ({ families }: Pick<ReachabilityEntry, 'families'>): Family | undefined =>
  families.length === 1 ? families[0] : undefined;

/** Returns whether packets of both families could be meant. Then an entry of one family has to name it. */
export function coversBothFamilies(
  { scope, device, unknownAddresses }: SectionExposure,
  { to, from }: ReachabilityQuery,
): boolean {
  const askedFamilies = [to, from]
    .filter((ranges) => ranges !== undefined)
    .map((ranges) => new Set(ranges.map(({ first }) => getFamily(first))));
  // Every host has link-local addresses, even without other IPv6.
  const ownFamilies = device.interfaces.flatMap(({ addresses }) =>
    addresses.filter(({ address }) => !contains(LINK_LOCAL, address)).map(({ address }) => getFamily(address)),
  );
  const deviceFamilies =
    to === undefined && scope === 'host' ? [new Set([...ownFamilies, ...(unknownAddresses?.families ?? [])])] : [];
  return FAMILIES.every((family) => [...askedFamilies, ...deviceFamilies].every((families) => families.has(family)));
}
