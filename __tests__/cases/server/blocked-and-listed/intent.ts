import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** Blocked sources reach only management, and trusted hosts only the listed services. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      trustedNetworks: ['10.0.0.0/24'],
      trustedConnections: 'listed',
      profile: {
        name: 'web',
        services: ['https', { ports: 2087, protocol: 'tcp', from: ['10.0.0.0/24'] }],
        sources: 'anywhere',
        management: MANAGEMENT,
        blocked: ['198.51.100.0/24'],
        ping: 'anywhere',
      },
    },
  ],
};
