import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** Nobody may ping it, its management neither; what IPv6 can't do without passes. */
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
