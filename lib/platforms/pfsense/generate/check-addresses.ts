// Reports, as problems, public addresses of a policy that pfSense can't serve: virtual IPs and mappings with the
// address of an interface, network addresses, and proxy ARP on an interface without IPv4.

import { getFamily, getNetwork, toRange } from '../../../net/address';
import { contains } from '../../../net/range';
import { GatewayPolicy, VirtualIp } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { MappingPart } from '../../../generate/mapping-parts';
import { isOnGateway } from '../../../generate/check-policy';
import * as problems from './gateway-problems';

export function checkVirtualIp(vip: VirtualIp, { interfaces }: GatewayPolicy, problemsFound: Problem[]): void {
  if (getFamily(vip.external.first) === 'ip6') return;
  const where = `virtual IP ${vip.name}`;
  const range = toRange(vip.external);
  for (const { name, addresses } of interfaces)
    if (addresses.some(({ address }) => contains(range, address)))
      problemsFound.push(problems.createOwnAddress(where, name));
  if (isOnGateway(vip)) {
    const network = toRange(getNetwork(vip.external.first, vip.mask));
    if (vip.mask < 31 && (contains(range, network.first) || contains(range, network.last)))
      problemsFound.push(problems.createNetworkAddress(where, vip.mask));
  } else if (vip.kind === 'proxy-arp') {
    const on = interfaces.find(({ name }) => name === vip.interface);
    if (on && !on.addresses.some(({ address }) => getFamily(address) === 'ip'))
      problemsFound.push(problems.createProxyArpAlone(where, vip.interface));
  }
}

export function checkOwnAddresses(
  parts: readonly MappingPart[],
  { interfaces }: GatewayPolicy,
  problemsFound: Problem[],
): void {
  const interfaceAddresses = interfaces.flatMap(({ name, addresses }) =>
    addresses.map(({ address }) => ({ name, address })),
  );
  for (const { mapping, external } of parts)
    for (const { name, address } of interfaceAddresses)
      if (contains(toRange(external), address))
        problemsFound.push(problems.createOwnAddress(`mapping ${mapping.name}`, name));
}
