import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** The gateway answers for a whole subnet, which is translated to an inside subnet address by address. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.32/29', kind: 'proxy-arp' }],
    mappings: [
      {
        name: 'web',
        virtualIp: 'vip',
        internal: '10.0.0.32/29',
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
