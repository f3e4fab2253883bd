import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** MySQL for a list of hosts without an administrator, beside a web site for any address. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: {
        name: 'shop',
        services: ['web', { service: 'remote-mysql', from: ['192.0.2.16/28', '192.0.2.77'] }],
        sources: 'anywhere',
        management: MANAGEMENT,
      },
    },
  ],
};
