import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** Without reflection the public address is silent inside, and doesn't reach the gateway's own services. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
    mappings: [
      {
        name: 'web',
        virtualIp: 'vip',
        internal: '10.0.0.10',
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
        reflection: { mode: 'disabled' },
      },
    ],
  },
};
