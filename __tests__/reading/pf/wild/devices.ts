import { parseAddress, parseInterfaceAddress } from '../../../../lib/net/address';
import { Device, Role } from '../../../../lib/net/device';

const port = (name: string, role: Role, ...addresses: readonly string[]): Device['interfaces'][number] => ({
  ...{ name, role, routes: [] },
  addresses: addresses.map((text) => parseInterfaceAddress(text)!),
});

const box = (interfaces: Device['interfaces'], ...virtualIps: readonly string[]): Device => ({
  forwarding: true,
  localAddresses: virtualIps.map((text) => parseAddress(text)!),
  interfaces,
});

const OFFICE = box([port('igb0', 'outside', '203.0.113.2/28'), port('igb1', 'inside', '10.0.1.1/24')], '203.0.113.10');

/** The boxes that run the rules beside this file. */
export const WILD_PF: Readonly<Record<string, Device>> = {
  'pfsense-27': OFFICE,
  'rules-debug': OFFICE,
  freebsd: box([port('em0', 'outside', '203.0.113.2/28'), port('em1', 'inside', '10.0.1.1/24')], '203.0.113.10'),
  anchors: box([port('igb0', 'outside', '203.0.113.2/28'), port('igb1', 'inside', '10.0.1.1/24'), port('igb2', 'dmz', '10.0.2.1/24')]),
  verbose: box([port('vtnet0', 'outside', '198.51.100.20/24', '2001:db8:20::2/64')]),
};
