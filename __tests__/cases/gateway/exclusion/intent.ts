import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/**
 * Part of the subnet and one peer are not translated: excluded hosts can't be reached, and leave with their own
 * address.
 */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'block', interface: 'wan0', address: '203.0.113.16/30', kind: 'proxy-arp' }],
    mappings: [
      {
        name: 'farm',
        virtualIp: 'block',
        internal: '10.0.0.16/30',
        exclude: [{ internal: '10.0.0.18' }, { peer: '192.0.2.0/24' }],
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
