import { prefixRange, printAddress } from '../../../../net/address';
import { VirtualIp } from '../../../../policy/policy';
import { AddressLine } from '../../../../writing/writer';

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
    case 'carp': // lower has refused it
      return [];
    default:
      return vip.kind satisfies never;
  }
}

const whole = ({ outside }: VirtualIp): string => `${printAddress(outside.first)}/${outside.length}`;
