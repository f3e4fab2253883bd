import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** Two trusted networks of both families are left alone; all other sources reach the listed services. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'],
      trustedNetworks: ['10.0.0.0/24', '10.9.0.0/16', '2001:db8:0:1::/64'],
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
