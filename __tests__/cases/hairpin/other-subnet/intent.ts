import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** A client in another subnet keeps its address, because the server's ban list has to see it. */
export const wish: Wish = {
  gateway: {
    device: 'edge',
    interfaces: [...EDGE.interfaces, { name: 'lan1', role: 'inside', addresses: ['10.0.1.1/24'] }],
    virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
    mappings: [
      {
        name: 'web',
        virtualIp: 'vip',
        internal: '10.0.0.10',
        open: [{ ports: 443, protocol: 'tcp', from: ['10.0.1.0/24'] }],
      },
    ],
    reflections: [{ mode: 'pure-nat', from: ['lan1'] }],
  },
};
