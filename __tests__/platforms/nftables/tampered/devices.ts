// The devices of the tampered nftables and iptables texts.

import { Device } from '../../../../lib/net/device';
import { host, port, router } from '../../../devices';

export const TAMPERED_DEVICES = {
  gateway: router(
    [port('wan0', 'outside', ['198.51.100.2/24']), port('lan0', 'inside', ['10.0.0.1/24', '2001:db8:2::1/64'])],
    '203.0.113.10',
  ),
  host: host(port('eth0', 'outside', ['10.0.0.10/24', '2001:db8:2::10/64'])),
} as const satisfies Record<string, Device>;
