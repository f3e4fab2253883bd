import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** Echo requests of two sources, one of each family, are answered, and no others. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'],
      trustedNetworks: 'none',
      profile: {
        name: 'web',
        services: ['https'],
        sources: 'anywhere',
        management: MANAGEMENT,
        ping: ['192.0.2.7', '2001:db8:ffff::/48'],
      },
    },
  ],
};
