import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** Pings are closed to all sources, management too; the ICMPv6 that IPv6 needs passes. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'],
      trustedNetworks: 'none',
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT, ping: 'nobody' },
    },
  ],
};
