import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** Every inbound row of the port table, with administrative ports for administrators only. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: { name: 'full', services: ['full-v112'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
