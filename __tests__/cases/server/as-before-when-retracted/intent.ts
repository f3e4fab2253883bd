import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** All its rules go when it is retired; as long as it isn't, it is as closed as any other. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      onRemove: 'as before',
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
