// The naive model of a pf box: its own addresses and routes.

import { Address, getNetwork, parseAddress, toRange } from '../../../lib/net/address';
import { Device, StartLocation, findUplink } from '../../../lib/net/device';
import { contains } from '../../../lib/net/range';
import { at, net } from '../../devices';

// The box's own addresses, and the routes of others.

/** Every address that a rule or the device distinguishes from its neighbours, and one that none mentions. */
export const HOSTS: readonly Address[] = [
  '198.51.100.7',
  '198.51.100.200',
  '192.0.2.9',
  '203.0.113.2',
  '203.0.113.10',
  '203.0.113.11',
  '203.0.113.12',
  '203.0.113.13',
  '203.0.113.77',
  '10.0.0.1',
  '10.0.0.10',
  '10.0.0.11',
  '10.0.0.77',
  '10.0.1.1',
  '10.0.1.20',
  '10.0.1.77',
  '172.16.0.1',
  '127.0.0.1',
  '172.16.0.77',
  '0.0.0.0',
  '8.8.8.8',
  '2001:db8:1::2',
  '2001:db8:2::1',
  '2001:db8:2::10',
  '2001:db8:9::1',
  '::1',
  '::',
].map((text) => parseAddress(text)!);

export const ownAddresses = ({ interfaces, localAddresses }: Device): readonly Address[] => [
  ...interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
  ...localAddresses,
];

export const isLocal = (device: Device, address: Address): boolean =>
  ownAddresses(device).includes(address) || address === at('::1') || contains(net('127.0.0.0/8'), address);

/** The interface with the longest network; otherwise the default route, or each of them if it is unknown. */
export function routes(device: Device, vantage: StartLocation, address: Address): readonly string[] | undefined {
  let best: { name: string; length: number } | undefined;
  for (const { name, addresses, routes: others } of device.interfaces) {
    for (const prefix of [...addresses.map((one) => getNetwork(one.address, one.length)), ...others]) {
      if (contains(toRange(prefix), address) && (!best || prefix.length > best.length))
        best = { name, length: prefix.length };
    }
  }
  if (best) return [best.name];
  const way = findUplink(device, vantage);
  return way === undefined ? undefined : [way];
}

/** The interface by which it is known to leave, whatever the default route. */
export const knownRoutes = (device: Device, address: Address): readonly string[] =>
  routes(
    { ...device, interfaces: device.interfaces.map((one) => ({ ...one, role: 'inside' })) },
    { kind: 'localhost' },
    address,
  ) ?? [];
