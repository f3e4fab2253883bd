// Lists the public addresses for which a policy makes its device answer (ARP), for the check of addresses beside the
// check of packets.

import { AnnouncedAddress } from '../net/device';
import { Address, toRange } from '../net/address';
import { Policy, VirtualIp } from '../policy/policy';

/**
 * Returns the addresses that a policy makes its device answer for: each address that is put on an interface, and the
 * whole prefix for the other kinds of VIPs.
 */
export const listAnnouncedAddresses = (policy: Policy): readonly AnnouncedAddress[] =>
  policy.kind === 'gateway' ? policy.virtualIps.flatMap(listVirtualIpAddresses) : [];

function listVirtualIpAddresses({
  kind,
  interface: name,
  external,
  mask,
  carp,
}: VirtualIp): readonly AnnouncedAddress[] {
  if (kind === 'proxy-arp' || kind === 'other')
    return [{ kind, interface: name, address: external.first, length: external.length }];
  const { first, last } = toRange(external);
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => ({
    kind,
    interface: name,
    address: (first + BigInt(index)) as Address,
    length: mask,
    ...(carp ? { carp } : {}),
  }));
}
