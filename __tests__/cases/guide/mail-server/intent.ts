import { EDGE, MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/**
 * The guide's mail server: four ports for any address, SSH for administrators, and its own public address as the
 * source outside.
 */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'mail-vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
    mappings: [{ name: 'mail', virtualIp: 'mail-vip', internal: { server: 'mail1' } }],
    reflections: [{ mode: 'pure-nat', globalHelper: true }],
  },
  servers: [
    {
      device: 'mail1',
      addresses: ['10.0.0.10/24'],
      trustedNetworks: ['10.0.0.0/24'],
      profile: {
        name: 'mail',
        services: ['smtp', 'smtps', 'imaps', 'https'].map((service) => (service === 'https' ? '443/tcp' : service)),
        sources: 'anywhere',
        management: MANAGEMENT,
      },
    },
  ],
};
