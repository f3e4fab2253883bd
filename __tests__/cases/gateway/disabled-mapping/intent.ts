import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** A disabled mapping leaves its VIP on the gateway, and the VIP answers nothing but what it was asked to. */
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
