import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** Listed outbound connections: names, ports to some hosts, a range, and one with a source port of its own. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: {
        name: 'web',
        services: ['https'],
        sources: 'anywhere',
        management: MANAGEMENT,
        outbound: [
          'licence',
          { service: 'dns', to: ['192.0.2.53', '192.0.2.54'] },
          { ports: ['8000-8010', 9000], protocol: 'tcp', to: ['198.51.100.0/24'] },
          { ports: 514, protocol: 'udp', to: ['192.0.2.99'], sourcePorts: [514] },
        ],
      },
    },
  ],
};
