import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** The localhost-only ports 579, 783 and 953 stay reachable on the server itself and closed to everybody else. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      inside: 'none',
      profile: { name: 'panel', services: ['webmail', 'cpanel'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
