import { Address, prefixRange, printAddress } from '../../net/address';
import { contains } from '../../net/range';
import { GatewayPolicy, VirtualIp } from '../../policy/policy';
import { Problem } from '../../problems/problem';
import { Capabilities } from '../capabilities';
import { coded, ownAddresses } from '../refuse';
import { AddressLine } from '../writer';

/** What the gateway must hold of a VIP. A subnet of aliases is one line per address: each is an address of the interface. */
export function addressLines(vip: VirtualIp): readonly AddressLine[] {
  switch (vip.kind) {
    case 'ip-alias': {
      const { first, last } = prefixRange(vip.outside);
      return Array.from({ length: Number(last - first) + 1 }, (_, index) => ({
        kind: 'alias',
        interface: vip.interface,
        address: `${printAddress(first + BigInt(index))}/${vip.mask}`,
      }));
    }
    case 'proxy-arp':
      return [{ kind: 'proxy-arp', interface: vip.interface, address: whole(vip) }];
    case 'other':
      return [{ kind: 'routed', interface: vip.interface, address: whole(vip) }];
    case 'carp': // Linux has none: it was refused.
      return [];
    default:
      return vip.kind satisfies never;
  }
}

const whole = ({ outside }: VirtualIp): string => `${printAddress(outside.first)}/${outside.length}`;

/** An alias of ours goes with the release; the interface would lose an address of its own. */
export function refusedAliases(policy: GatewayPolicy, can: Capabilities): Problem[] {
  const own = ownAddresses(policy);
  const found = policy.virtualIps.flatMap(({ name, kind, outside }) => {
    const range = prefixRange(outside);
    return kind === 'ip-alias'
      ? own.filter((one) => contains(range, one)).map((one) => aliasIsOwn(`virtual IP ${name}`, one))
      : [];
  });
  return coded(can, found);
}

const aliasIsOwn = (where: string, address: Address): Problem => ({
  code: 'alias-is-own-address',
  where,
  what: `${printAddress(address)} is an address of the interface already; as an alias of ours it would be taken away with the release.`,
  instead: 'another public address: the interface keeps its own.',
});
