// Lists the addresses that a Linux gateway must hold for its virtual IPs, and reports those that an interface has
// already.

import { Address, toRange, printAddress } from '../../net/address';
import { contains } from '../../net/range';
import { GatewayPolicy, VirtualIp } from '../../policy/policy';
import { Problem } from '../../problems/problem';
import { Capabilities } from '../capabilities';
import { addPlatformCode, listGatewayAddresses } from '../check-policy';
import { DeviceAddress } from '../config-generator';

/**
 * Returns the addresses that the gateway must hold for a VIP. A subnet of aliases is one line per address: each is an
 * address of the interface.
 */
export function listDeviceAddresses(vip: VirtualIp): readonly DeviceAddress[] {
  switch (vip.kind) {
    case 'ip-alias': {
      const { first, last } = toRange(vip.external);
      return Array.from({ length: Number(last - first) + 1 }, (_, index) => ({
        kind: 'alias',
        interface: vip.interface,
        address: `${printAddress(first + BigInt(index))}/${vip.mask}`,
      }));
    }
    case 'proxy-arp':
      return [{ kind: 'proxy-arp', interface: vip.interface, address: printWholeBlock(vip) }];
    case 'other':
      return [{ kind: 'routed', interface: vip.interface, address: printWholeBlock(vip) }];
    case 'carp': // Linux has none: it was refused.
      return [];
    default:
      return vip.kind satisfies never;
  }
}

const printWholeBlock = ({ external }: VirtualIp): string => `${printAddress(external.first)}/${external.length}`;

/**
 * Returns a problem for each alias that is already an address of the interface. Removal of the release would take the
 * interface's own address away.
 */
export function checkAliases(policy: GatewayPolicy, capabilities: Capabilities): Problem[] {
  const gatewayAddresses = listGatewayAddresses(policy);
  const problemList = policy.virtualIps.flatMap(({ name, kind, external }) => {
    const range = toRange(external);
    return kind === 'ip-alias'
      ? gatewayAddresses
          .filter((address) => contains(range, address))
          .map((address) => createAliasProblem(`virtual IP ${name}`, address))
      : [];
  });
  return addPlatformCode(capabilities, problemList);
}

const createAliasProblem = (where: string, address: Address): Problem => ({
  code: 'alias-is-own-address',
  where,
  what: `${printAddress(address)} is an address of the interface already; as an alias of ours it would be taken away with the release.`,
  instead: 'another public address: the interface keeps its own.',
});
