import { EDGE } from '../../edge';
import { Wish } from '../../../support';

/** IPv6 isn't translated: neither a public address for it nor a mapping is accepted. */
export const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [{ name: 'vip', interface: 'wan0', address: '2001:db8:1::10', kind: 'ip-alias' }],
    mappings: [
      {
        name: 'web',
        external: '2001:db8:1::11',
        internal: '2001:db8:2::10',
        open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
  },
};
