import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** Two uplinks: each public address is on its own uplink, and a host is seen by it only on packets that leave there. */
export const wish: Wish = {
  gateway: {
    device: 'edge',
    interfaces: [...EDGE.interfaces, { name: 'wan1', role: 'outside', addresses: ['192.0.2.2/24'] }],
    virtualIps: [
      { name: 'a', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' },
      { name: 'b', interface: 'wan1', address: '192.0.2.20', kind: 'ip-alias' },
    ],
    mappings: [
      { name: 'web', virtualIp: 'a', internal: '10.0.0.10', open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }] },
      { name: 'mail', virtualIp: 'b', internal: '10.0.0.20', open: [{ ports: 25, protocol: 'tcp', from: 'anywhere' }] },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
