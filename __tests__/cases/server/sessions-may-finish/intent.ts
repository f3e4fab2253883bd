import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** First packets see no difference where sessions on a port that closes may go on until they end. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      inside: 'none',
      whenClosed: 'finish',
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT, outbound: ['dns'] },
    },
  ],
};
