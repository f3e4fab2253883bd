import { Wish } from '../../../support';

/** The server's own IPv6 address has the same profile, without translation, and stays closed otherwise. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'],
      trustedNetworks: 'none',
      profile: {
        name: 'web',
        services: ['https', { service: 'imaps', from: ['2001:db8:ffff::/48'] }],
        sources: 'anywhere',
        management: { from: ['198.51.100.0/28', '2001:db8:aaaa::/64'], port: 22 },
      },
    },
  ],
};
