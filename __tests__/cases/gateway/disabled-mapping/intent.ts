import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** A disabled mapping leaves its virtual IP on the gateway, which answers only the services of `answers`. */
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
        name: 'web',
        virtualIp: 'vip',
        internal: '10.0.0.10',
        enabled: false,
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
  },
};
