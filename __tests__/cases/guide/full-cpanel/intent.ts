import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** Every inbound row of the port table, with administrative ports for administrators only. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      inside: 'none',
      profile: { name: 'full', services: ['full-v112'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
