// Names the addresses that stand for leased ones in a device's description, finds whether a question may be about a
// lease, and puts given addresses in the place of leased ones.

import { ALL_ADDRESSES, Address, FAMILY_NAME, FAMILY_RANGE, getFamily, printAddress } from '../../net/address';
import { Device, getInterfaceNetworks, getLocalAddresses, listLeaseStandIns } from '../../net/device';
import { Range, covers, intersectRanges, mergeRanges, subtractRanges, toSingleRange } from '../../net/range';
import { escapeForDisplay } from '../../problems/problem';
import { Facts } from './device-facts';

type LeasingDevice = Pick<Device, 'leasedAddresses' | 'interfaces' | 'localAddresses'>;

/** Returns the name of a leased address, `the leased address of wan`; undefined for any other address. */
export function nameLeasedAddress({ leasedAddresses }: LeasingDevice, address: bigint): string | undefined {
  const name = leasedAddresses?.get(address as Address);
  if (name === undefined) return undefined;
  const isAmbiguous = [...leasedAddresses!].filter(([, other]) => other === name).length > 1;
  return `the leased ${isAmbiguous ? `${FAMILY_NAME[getFamily(address as Address)]} ` : ''}address of ${escapeForDisplay(name)}`;
}

/** Returns a text with the names of leased addresses in the place of those that stand for them. */
export function nameLeasedAddresses(text: string, device: LeasingDevice): string {
  const { leasedAddresses } = device;
  if (!leasedAddresses) return text;
  return text.replace(/[0-9a-f]*[.:][0-9a-f.:]*[0-9a-f]/g, (word) => {
    const address = [...leasedAddresses.keys()].find((standIn) => printAddress(standIn) === word);
    return address === undefined ? word : nameLeasedAddress(device, address)!;
  });
}

/** Returns asked destinations with the addresses that stand for leased ones, if a lease may be among those asked. */
export function addLeasedDestinations(asked: readonly Range[], device: LeasingDevice): readonly Range[] {
  const standIns = listLeaseStandIns(device);
  if (standIns.length === 0) return asked;
  const elsewhere = mergeRanges([
    ...getLocalAddresses(device).map(toSingleRange),
    ...device.interfaces.flatMap(getInterfaceNetworks),
  ]);
  const possible = subtractRanges(ALL_ADDRESSES, elsewhere);
  const leased = standIns.filter(({ first }) =>
    asked.some((range) =>
      possible.some((other) => {
        const common = intersectRanges(range, other);
        return common !== undefined && covers(FAMILY_RANGE[getFamily(first)], common);
      }),
    ),
  );
  return leased.length === 0 ? asked : mergeRanges([...asked, ...leased]);
}

/**
 * Returns `if that is the leased address of wan`, where these destinations are among the asked ones only if they are
 * leased; else an empty text.
 */
export function describeLeaseCondition(
  destinations: readonly Range[],
  asked: readonly Range[],
  device: LeasingDevice,
): string {
  const standIns = listLeaseStandIns(device);
  const namedRanges = subtractRanges(asked, standIns);
  const overlaps = (ranges: readonly Range[], range: Range): boolean =>
    ranges.some((other) => intersectRanges(other, range) !== undefined);
  if (namedRanges.length === 0 || destinations.some((range) => overlaps(namedRanges, range))) return '';
  const names = standIns.flatMap((range) =>
    overlaps(destinations, range) ? [nameLeasedAddress(device, range.first)!] : [],
  );
  return names.length === 0 ? '' : `if that is ${names.join(' or ')}`;
}

/** Returns the device with the given addresses in the place of the leased ones of the same interface and family. */
export function applyGivenLeases(device: Device, { interfaces: facts }: Facts): Device {
  const { leasedAddresses } = device;
  if (!leasedAddresses) return device;
  const replaced = new Set<Address>();
  const interfaces = device.interfaces.map((networkInterface) => ({
    ...networkInterface,
    addresses: networkInterface.addresses.flatMap((interfaceAddress) => {
      const { address } = interfaceAddress;
      const givenAddresses = (facts.get(networkInterface.name)?.addresses ?? []).filter(
        (candidate) => getFamily(candidate.address) === getFamily(address),
      );
      if (!leasedAddresses.has(address) || givenAddresses.length === 0) return [interfaceAddress];
      replaced.add(address);
      return givenAddresses;
    }),
  }));
  if (replaced.size === 0) return device;
  const { leasedInterfaces = [], leasedAddresses: all, ...rest } = { ...device, interfaces };
  const remaining = new Map([...all!].filter(([address]) => !replaced.has(address)));
  const stillLeased = leasedInterfaces.filter((name) => [...remaining.values()].includes(name));
  return {
    ...rest,
    ...(stillLeased.length > 0 && { leasedInterfaces: stillLeased }),
    ...(remaining.size > 0 && { leasedAddresses: remaining }),
  };
}
