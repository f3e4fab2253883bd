import { ADMINS, EDGE } from '../../edge';
import { Wish } from '../../../support';

/** Two servers with different profiles: a port that one opens is closed at the other. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [
      { name: 'web-vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' },
      { name: 'dns-vip', interface: 'wan0', address: '203.0.113.20', kind: 'ip-alias' },
    ],
    mappings: [
      {
        name: 'web',
        virtualIp: 'web-vip',
        internal: '10.0.0.10',
        open: [{ ports: [80, 443], protocol: 'tcp', from: 'anywhere' }],
      },
      {
        name: 'dns',
        virtualIp: 'dns-vip',
        internal: '10.0.0.20',
        open: [
          { service: 'dns', from: 'anywhere' },
          { protocol: 'icmp', types: [8], from: [ADMINS] },
        ],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
