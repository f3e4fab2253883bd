import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** Two gateways share the address; the one that has it translates it. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'carp', carp: { vhid: 10 } }],
    mappings: [
      {
        name: 'web',
        virtualIp: 'vip',
        internal: '10.0.0.10',
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
