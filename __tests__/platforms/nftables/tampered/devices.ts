import { parseAddress, parseInterfaceAddress } from '../../../../lib/net/address';
import { Device } from '../../../../lib/net/device';

const addresses = (...texts: string[]) => texts.map((text) => parseInterfaceAddress(text)!);

export const TAMPERED_DEVICES = {
  gateway: {
    forwarding: true,
    localAddresses: [parseAddress('203.0.113.10')!],
    interfaces: [
      { name: 'wan0', role: 'outside', addresses: addresses('198.51.100.2/24'), routes: [] },
      { name: 'lan0', role: 'inside', addresses: addresses('10.0.0.1/24', '2001:db8:2::1/64'), routes: [] },
    ],
  },
  host: {
    forwarding: false,
    localAddresses: [],
    interfaces: [{ name: 'eth0', role: 'outside', addresses: addresses('10.0.0.10/24', '2001:db8:2::10/64'), routes: [] }],
  },
} as const satisfies Record<string, Device>;
