import { Wish } from '../../../support';

/**
 * A server without an IPv4 address: neighbours and routers are heard, and IPv4 is closed except on the server itself.
 */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['2001:db8:0:1::10/64', '2001:db8:0:1::11/64'],
      trustedNetworks: 'none',
      profile: {
        name: 'web',
        services: ['https', { service: 'imaps', from: ['2001:db8:ffff::/48'] }],
        sources: 'anywhere',
        management: { from: ['2001:db8:aaaa::/64'], port: 22 },
        ping: 'anywhere',
      },
    },
  ],
};
