import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/**
 * A partner reaches the server by the address; to all other sources the gateway itself answers pings, and nothing
 * more.
 */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [
      {
        name: 'vip',
        interface: 'wan0',
        address: '203.0.113.10',
        kind: 'ip-alias',
        answers: [{ protocol: 'icmp', types: [8], from: 'anywhere' }],
      },
    ],
    mappings: [
      {
        name: 'partner',
        virtualIp: 'vip',
        internal: '10.0.0.10',
        destination: ['198.51.100.0/24'],
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
