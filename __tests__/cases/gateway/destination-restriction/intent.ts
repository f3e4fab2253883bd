import { ADMINS, EDGE } from '../../edge';
import { Wish } from '../../../support';

/** The mapping is for one peer network only: to all other sources the address is silent. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'partner-vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
    mappings: [
      {
        name: 'partner',
        virtualIp: 'partner-vip',
        internal: '10.0.0.10',
        destination: ['198.51.100.0/24'],
        open: [
          { ports: 443, protocol: 'tcp', from: 'anywhere' },
          { ports: 22, protocol: 'tcp', from: [ADMINS] },
        ],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
