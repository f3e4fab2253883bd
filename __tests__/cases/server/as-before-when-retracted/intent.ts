import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** All its rules go when it is retired; as long as it isn't, it is as closed as any other. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      inside: 'none',
      onRetract: 'as before',
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
