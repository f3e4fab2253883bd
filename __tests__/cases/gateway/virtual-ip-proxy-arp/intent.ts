import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** The gateway answers ARP for the address without having it. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'proxy-arp' }],
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
