import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** One server with two public addresses, in both directions: one for a partner, one for all other sources. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [
      { name: 'a', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' },
      { name: 'b', interface: 'wan0', address: '203.0.113.11', kind: 'ip-alias' },
    ],
    mappings: [
      {
        name: 'partner',
        virtualIp: 'a',
        internal: '10.0.0.10',
        destination: ['198.51.100.0/24'],
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
      {
        name: 'others',
        virtualIp: 'b',
        internal: '10.0.0.10',
        destination: ['192.0.2.0/24'],
        open: [{ ports: 25, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
