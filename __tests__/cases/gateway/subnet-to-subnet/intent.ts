import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** A routed /28 is translated to a /28 inside, address by address. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'block', interface: 'wan0', address: '203.0.113.16/28', kind: 'other' }],
    mappings: [
      {
        name: 'farm',
        virtualIp: 'block',
        internal: '10.0.0.16/28',
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
