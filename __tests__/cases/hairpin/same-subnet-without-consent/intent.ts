import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** Like same-subnet, but without consent to the switch for the whole device that some platforms need. */
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
      },
    ],
    reflections: [{ mode: 'pure-nat' }],
  },
};
