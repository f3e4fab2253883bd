import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** Ports by number, ranges that touch and overlap, and protocols without ports. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: {
        name: 'web',
        services: [
          '8443/tcp',
          '30000-30100/udp',
          { ports: ['1000-1010', 1011, '1005-1020', 4000], protocol: 'tcp' },
          { ports: 3868, protocol: 'sctp' },
          { protocol: 'gre', from: ['192.0.2.1'] },
          { protocol: 'icmp', types: [13], from: ['192.0.2.0/24'] },
        ],
        sources: 'anywhere',
        management: MANAGEMENT,
      },
    },
  ],
};
