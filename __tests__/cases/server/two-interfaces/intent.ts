import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** Two interfaces with three addresses: each is open to the same sources, whichever interface packets come by. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      interfaces: [
        { name: 'eth0', addresses: ['203.0.113.20/24'] },
        { name: 'eth1', addresses: ['10.0.0.10/24', '10.0.0.11/24'], routes: ['10.1.0.0/16'] },
      ],
      trustedNetworks: 'none',
      profile: {
        name: 'web',
        services: ['https', { ports: 9100, protocol: 'tcp', from: ['10.1.0.0/16'] }],
        sources: 'anywhere',
        management: MANAGEMENT,
      },
    },
  ],
};
