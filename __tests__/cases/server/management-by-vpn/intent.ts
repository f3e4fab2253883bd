import { Wish } from '../../../support';

/** The way back in is a VPN's network and a port of its own; from there, too, only what is listed. */
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
