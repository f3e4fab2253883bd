// Stands in for the leased addresses of a pfSense box: gives each a reserved address in the Device, and finds the
// addresses that a lease may be.

import { ALL_ADDRESSES, Address, FAMILIES, Family, getFamily, parseAddress, parseRange } from '../../../../net/address';
import {
  Device,
  LINK_LOCAL,
  LOOPBACK,
  getInterfaceNetworks,
  getSubnets,
  listLeaseStandIns,
} from '../../../../net/device';
import { Range, covers, intersectRanges, mergeRanges, subtractRanges, toSingleRange } from '../../../../net/range';
import { RangeBounds, narrowRangesToFamily } from '../../../../parse/pf/range-bounds';
import { PfsenseVirtualIp, isLocal } from './virtual-ips';

/** The leased addresses of a box, by family. */
export type Leases = Readonly<Record<Family, FamilyLeases>>;

interface FamilyLeases {
  /** The addresses in the Device that stand for leased ones. */
  readonly standIns: readonly Range[];
  /** The addresses that a lease may be. */
  readonly possible: readonly Range[];
  readonly reason: string;
}

/**
 * The first stand-ins. Source: RFC 6890, 192.0.0.0/24 for protocols, of which none has these addresses; RFC 6666, the
 * prefix for what is discarded.
 */
const FIRST_STAND_IN: Readonly<Record<Family, Address>> = {
  ip: parseAddress('192.0.0.16')!,
  ip6: parseAddress('100::10')!,
};
const MAX_STAND_INS = 64;
/** Two stand-ins are no range. */
const DISTANCE = 2n;

const NEVER_LEASED: readonly Range[] = [
  ...LOOPBACK,
  LINK_LOCAL,
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', 'ff00::/8', '255.255.255.255/32', '::/128'].map(parseRange),
];

/** Returns the device with a stand-in for each leased address: `isLeased` says which interfaces have one. */
export function addStandIns(device: Device, isLeased: (name: string, family: Family) => boolean): Device {
  const leasedAddresses = new Map<Address, string>();
  const counts = { ip: 0, ip6: 0 };
  const interfaces = device.interfaces.map((networkInterface) => {
    const standIns = FAMILIES.flatMap((family) => {
      if (!isLeased(networkInterface.name, family) || counts[family] >= MAX_STAND_INS) return [];
      const address = (FIRST_STAND_IN[family] + DISTANCE * BigInt(counts[family]++)) as Address;
      leasedAddresses.set(address, networkInterface.name);
      return [{ address, length: family === 'ip' ? 32 : 128 }];
    });
    return { ...networkInterface, addresses: [...networkInterface.addresses, ...standIns] };
  });
  return leasedAddresses.size === 0 ? device : { ...device, interfaces, leasedAddresses };
}

/** Returns the leases of a device. No lease is an address of another interface, of a network inside, or a virtual IP. */
export function findLeases(device: Device | undefined, vips: readonly PfsenseVirtualIp[]): Leases {
  const leasedAddresses = device?.leasedAddresses ?? new Map<Address, string>();
  const standIns = device ? listLeaseStandIns(device) : [];
  if (!device || standIns.length === 0) return { ip: NO_LEASES, ip6: NO_LEASES };
  const otherNetworks = device.interfaces.flatMap((networkInterface) =>
    networkInterface.role === 'outside' ? getSubnets(networkInterface) : getInterfaceNetworks(networkInterface),
  );
  const announced = vips.map((vip) => (isLocal(vip) ? toSingleRange(vip.address) : vip.network));
  const possible = subtractRanges(
    ALL_ADDRESSES,
    mergeRanges([...otherNetworks, ...announced, ...device.localAddresses.map(toSingleRange), ...NEVER_LEASED]),
  );
  const ofFamily = (family: Family): FamilyLeases => {
    const names = [...leasedAddresses].flatMap(([address, name]) => (getFamily(address) === family ? [name] : []));
    const subject = names.length === 1 ? `the leased address of ${names[0]}` : `a leased address`;
    return {
      standIns: narrowRangesToFamily(standIns, family),
      possible: narrowRangesToFamily(possible, family),
      reason: `${subject} may be one of its destinations`,
    };
  };
  return { ip: ofFamily('ip'), ip6: ofFamily('ip6') };
}

const NO_LEASES: FamilyLeases = { standIns: [], possible: [], reason: '' };

/** Returns whether one of the ranges may be or contain a leased address. */
export const canContainLease = (ranges: readonly Range[], { standIns, possible }: FamilyLeases): boolean =>
  standIns.length > 0 && ranges.some((range) => possible.some((other) => intersectRanges(range, other)));

/**
 * Returns the bounds of destinations that are written as addresses. They contain a stand-in for certain if they contain
 * every address that a lease may be, and perhaps if they contain some.
 */
export function addPossibleLeases(bounds: RangeBounds, leases: FamilyLeases): RangeBounds {
  const { standIns, possible, reason } = leases;
  if (standIns.length === 0) return bounds;
  const written = mergeRanges(bounds.must);
  if (possible.every((range) => written.some((other) => covers(other, range)))) {
    return {
      ...bounds,
      must: mergeRanges([...written, ...standIns]),
      uncertain: subtractRanges(bounds.uncertain, standIns),
      ...(bounds.newClient && { newClient: mergeRanges([...bounds.newClient, ...standIns]) }),
    };
  }
  const must = subtractRanges(bounds.must, standIns);
  const uncertain = subtractRanges(bounds.uncertain, standIns);
  const { newClient, ...rest } = bounds;
  const newClientBounds = newClient && { newClient: subtractRanges(newClient, standIns) };
  if (canContainLease(bounds.must, leases)) {
    const reasons = [bounds.reason, reason].filter((text) => text !== '').join('; ');
    return { must, uncertain: mergeRanges([...uncertain, ...standIns]), reason: reasons };
  }
  if (!canContainLease(bounds.uncertain, leases)) return { ...rest, must, uncertain, ...newClientBounds };
  return { ...rest, must, uncertain: mergeRanges([...uncertain, ...standIns]), ...newClientBounds };
}
