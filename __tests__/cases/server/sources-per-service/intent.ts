import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** The sources of a service: its own, a source set, or those of the profile, in that order. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: {
        name: 'web',
        services: [
          'https',
          { service: 'imaps', from: ['192.0.2.0/25', '198.51.100.200'] },
          { service: 'submission', from: ['partners'] },
          { ports: 8443, protocol: 'tcp', from: 'anywhere' },
        ],
        sources: ['office'],
        management: MANAGEMENT,
        sourceSets: { office: ['198.51.100.128/25'], partners: ['203.0.113.64/26', '192.0.2.200'] },
      },
    },
  ],
};
