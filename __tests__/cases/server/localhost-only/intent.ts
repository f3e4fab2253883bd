import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** The ports 579, 783 and 953 are reachable on the server itself and closed to all other hosts. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: { name: 'panel', services: ['webmail', 'cpanel'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
