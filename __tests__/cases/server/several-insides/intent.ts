import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** What comes from inside isn't ours to close, of two networks and both families; everybody else has what is listed. */
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
