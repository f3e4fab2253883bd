import { ADMINS, MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** A server that may send nothing but its licence check, from ports 4 and 1020, and mail. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: {
        name: 'web',
        services: [{ ports: 2087, protocol: 'tcp', from: [ADMINS] }],
        management: MANAGEMENT,
        outbound: ['licence', 'smtp'],
      },
    },
  ],
};
