import { Wish } from '../../../support';

/** Management comes from a VPN's network and has a port of its own; the VPN, too, reaches only listed services. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      interfaces: [
        { name: 'eth0', addresses: ['10.0.0.10/24'] },
        { name: 'wg0', addresses: ['10.8.0.10/24'] },
      ],
      trustedNetworks: ['10.8.0.0/24'],
      trustedConnections: 'listed',
      profile: {
        name: 'web',
        services: ['https', 'panel'],
        sources: 'anywhere',
        management: { from: ['10.8.0.0/24'], port: 2222 },
      },
    },
  ],
};
