// Creates the entries of pfSense's config.xml for a virtual IP of the policy, and lists the addresses that the box must
// have for it.

import { Address, isHost, toRange, printAddress } from '../../../net/address';
import { VirtualIp } from '../../../policy/policy';
import { isOnGateway } from '../../../generate/check-policy';
import { DeviceAddress } from '../../../generate/config-generator';
import { VirtualIpEntry } from './pfsense-entries';
import { EntryNames } from './entry-names';

const VIRTUAL_IP_MODES = { 'ip-alias': 'ipalias', carp: 'carp', 'proxy-arp': 'proxyarp', other: 'other' } as const;

/**
 * Returns the entries of a virtual IP. Kinds that put it on the interface have an entry per address, the others one for
 * the whole prefix.
 */
export function createVirtualIpEntries(vip: VirtualIp, key: string, names: EntryNames): readonly VirtualIpEntry[] {
  const addresses = listAddresses(vip);
  return addresses.map(({ address, bits, type }, index): VirtualIpEntry => {
    const purpose = addresses.length === 1 ? vip.name : `${vip.name}.${index + 1}`;
    return {
      mode: VIRTUAL_IP_MODES[vip.kind],
      interface: key,
      ...(isOnGateway(vip) ? { uniqid: names.createUniqid(`${vip.name} ${printAddress(address)}`) } : {}),
      address,
      bits,
      type,
      ...(vip.carp
        ? { carp: { vhid: vip.carp.vhid, advbase: vip.carp.advertiseSeconds, advskew: vip.carp.skew } }
        : {}),
      descr: names.createDescription(purpose),
    };
  });
}

export function createAddressLines(vip: VirtualIp): readonly DeviceAddress[] {
  const kind = isOnGateway(vip) ? 'alias' : vip.kind === 'proxy-arp' ? 'proxy-arp' : 'routed';
  return listAddresses(vip).map(({ address, bits }) => ({
    kind,
    interface: vip.interface,
    address: `${printAddress(address)}/${bits}`,
  }));
}

function listAddresses(
  vip: VirtualIp,
): readonly { readonly address: Address; readonly bits: number; readonly type: VirtualIpEntry['type'] }[] {
  const { first, last } = toRange(vip.external);
  if (!isOnGateway(vip))
    return [
      { address: vip.external.first, bits: vip.external.length, type: isHost(vip.external) ? 'single' : 'network' },
    ];
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => ({
    address: (first + BigInt(index)) as Address,
    bits: vip.mask,
    type: 'single',
  }));
}
