import { EDGE, MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** All mistakes are reported together, each with its place. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'vip', interface: 'lan0', address: '203.0.113.10', kind: 'ip-alias' }],
    mappings: [
      { name: 'web', virtualIp: 'vip', internal: '10.0.0.10/24', open: [{ ports: 443, protocol: 'tcp', from: [] }] },
      { name: 'mail', external: '203.0.113.11', internal: '127.1', open: [{ service: 'mysql', from: ['0.0.0.0/0'] }] },
    ],
  },
  servers: [
    {
      ...WEB1,
      profile: {
        name: 'web',
        services: ['spamd', '579/tcp'],
        sources: 'anywhere',
        management: { ...MANAGEMENT, port: 0 },
      },
    },
  ],
};
