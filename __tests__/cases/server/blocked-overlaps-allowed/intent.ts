import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/**
 * Sources that are both blocked and allowed are blocked, except for management: half of a network, one host in
 * another, and the administrators.
 */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: {
        name: 'web',
        services: [
          'https',
          { service: 'imaps', from: ['192.0.2.0/24'] },
          { service: 'whm', from: ['198.51.100.0/28', '203.0.113.0/29'] },
        ],
        sources: 'anywhere',
        management: MANAGEMENT,
        blocked: ['192.0.2.128/25', '203.0.113.4', '198.51.100.0/24'],
        ping: 'anywhere',
      },
    },
  ],
};
