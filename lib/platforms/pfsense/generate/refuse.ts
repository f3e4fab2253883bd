import { familyOf, networkOf, prefixRange } from '../../../net/address';
import { contains } from '../../../net/range';
import { GatewayPolicy, VirtualIp } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { Part } from '../../../generate/parts';
import { isOnGateway } from '../../../generate/refuse';
import * as problems from './problems';

export function checkVirtualIp(vip: VirtualIp, { interfaces }: GatewayPolicy, found: Problem[]): void {
  if (familyOf(vip.outside.first) === 'ip6') return;
  const where = `virtual IP ${vip.name}`;
  const range = prefixRange(vip.outside);
  for (const { name, addresses } of interfaces)
    if (addresses.some(({ address }) => contains(range, address))) found.push(problems.ownAddress(where, name));
  if (isOnGateway(vip)) {
    const network = prefixRange(networkOf(vip.outside.first, vip.mask));
    if (vip.mask < 31 && (contains(range, network.first) || contains(range, network.last)))
      found.push(problems.network(where, vip.mask));
  } else if (vip.kind === 'proxy-arp') {
    const on = interfaces.find(({ name }) => name === vip.interface);
    if (on && !on.addresses.some(({ address }) => familyOf(address) === 'ip'))
      found.push(problems.proxyArpAlone(where, vip.interface));
  }
}

export function checkOwnAddresses(parts: readonly Part[], { interfaces }: GatewayPolicy, found: Problem[]): void {
  const own = interfaces.flatMap(({ name, addresses }) => addresses.map(({ address }) => ({ name, address })));
  for (const { mapping, outside } of parts)
    for (const { name, address } of own)
      if (contains(prefixRange(outside), address)) found.push(problems.ownAddress(`mapping ${mapping.name}`, name));
}
