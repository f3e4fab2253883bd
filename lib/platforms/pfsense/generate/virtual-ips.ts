import { Address, isHost, prefixRange, printAddress } from '../../../net/address';
import { VirtualIp } from '../../../policy/policy';
import { isOnGateway } from '../../../generate/refuse';
import { AddressLine } from '../../../generate/writer';
import { VirtualIpEntry } from './model';
import { Names } from './names';

const MODES = { 'ip-alias': 'ipalias', carp: 'carp', 'proxy-arp': 'proxyarp', other: 'other' } as const;

/** A virtual IP as the box has it: kinds that put it on the interface an entry an address, the others one for the whole. */
export function virtualIpEntries(vip: VirtualIp, key: string, names: Names): readonly VirtualIpEntry[] {
  const all = addressesOf(vip);
  return all.map(({ address, bits, type }, index): VirtualIpEntry => {
    const what = all.length === 1 ? vip.name : `${vip.name}.${index + 1}`;
    return {
      mode: MODES[vip.kind],
      interface: key,
      ...(isOnGateway(vip) ? { uniqid: names.uniqid(`${vip.name} ${printAddress(address)}`) } : {}),
      address,
      bits,
      type,
      ...(vip.carp
        ? { carp: { vhid: vip.carp.vhid, advbase: vip.carp.advertiseSeconds, advskew: vip.carp.skew } }
        : {}),
      descr: names.descr(what),
    };
  });
}

export function addressLines(vip: VirtualIp): readonly AddressLine[] {
  const kind = isOnGateway(vip) ? 'alias' : vip.kind === 'proxy-arp' ? 'proxy-arp' : 'routed';
  return addressesOf(vip).map(({ address, bits }) => ({
    kind,
    interface: vip.interface,
    address: `${printAddress(address)}/${bits}`,
  }));
}

function addressesOf(
  vip: VirtualIp,
): readonly { readonly address: Address; readonly bits: number; readonly type: VirtualIpEntry['type'] }[] {
  const { first, last } = prefixRange(vip.outside);
  if (!isOnGateway(vip))
    return [{ address: vip.outside.first, bits: vip.outside.length, type: isHost(vip.outside) ? 'single' : 'network' }];
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => ({
    address: (first + BigInt(index)) as Address,
    bits: vip.mask,
    type: 'single',
  }));
}
