import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** First packets see no difference where sessions on a port that closes may go on until they end. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      establishedSessions: 'keep',
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT, outbound: ['dns'] },
    },
  ],
};
