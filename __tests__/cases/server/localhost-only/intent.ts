import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** The localhost-only ports 579, 783 and 953 stay reachable on the server itself and closed to everybody else. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: { name: 'panel', services: ['webmail', 'cpanel'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
