// Creates addresses, networks, ports and devices of texts, for all tests.

import { Address, parseAddress, parseInterfaceAddress, parsePrefix, toRange } from '../lib/net/address';
import { Device, NetworkInterface, Role } from '../lib/net/device';
import { Range } from '../lib/net/range';

// Devices and their addresses from texts.

export const at = (text: string): Address => parseAddress(text)!;
export const net = (text: string): Range => toRange(parsePrefix(text)!);

export const port = (
  name: string,
  role: Role,
  addresses: readonly string[] = [],
  routes: readonly string[] = [],
): NetworkInterface => ({
  name,
  role,
  addresses: addresses.map((text) => parseInterfaceAddress(text)!),
  routes: routes.map((text) => parsePrefix(text)!),
});

export const host = (...interfaces: readonly NetworkInterface[]): Device => ({
  forwarding: false,
  localAddresses: [],
  interfaces,
});

/** A device that has these virtual IPs itself. */
export const router = (interfaces: readonly NetworkInterface[], ...virtualIps: readonly string[]): Device => ({
  forwarding: true,
  localAddresses: virtualIps.map(at),
  interfaces,
});
