import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** Two addresses are translated to one server, each with its own port; the server leaves by the first. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [
      { name: 'a', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' },
      { name: 'b', interface: 'wan0', address: '203.0.113.11', kind: 'proxy-arp' },
    ],
    mappings: [
      {
        name: 'main',
        virtualIp: 'a',
        internal: '10.0.0.10',
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
      {
        name: 'second',
        virtualIp: 'b',
        internal: '10.0.0.10',
        inboundOnly: true,
        open: [{ ports: 25, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
    reflections: [{ mode: 'disabled' }],
  },
};
