import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** Established sessions on a port that closes may go on until they end; first packets see no difference. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      establishedSessions: 'keep',
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT, outbound: ['dns'] },
    },
  ],
};
