import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** A removal takes all rules away; until then the server is as closed as any other. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      onRemove: 'as before',
      profile: { name: 'web', services: ['https'], sources: 'anywhere', management: MANAGEMENT },
    },
  ],
};
