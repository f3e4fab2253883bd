// Sample policies with every part, for the tests of the codec.

import { mapping, opening, openings, gateway as gatewayOf, ports, ranges, virtualIp } from '../generate/support';
import { port } from '../devices';

export const web = openings('web', [opening({ ports: ports(80, 443), origin: 'web' })], ranges('198.51.100.0/24'));

/** A gateway with every part. */
export const gateway = gatewayOf(
  [
    mapping('203.0.113.10', '10.0.0.10', {
      name: 'web',
      description: 'the "web" server',
      interface: 'eth0',
      allowRules: web,
      exclude: [{ internal: 'all', peers: ranges('192.0.2.0/24') }],
      reflection: { mode: 'pure-nat', from: ['eth1'], globalHelper: false },
    }),
  ],
  {
    owner: 'team',
    interfaces: [port('eth0', 'outside', ['203.0.113.2/28'])],
    virtualIps: [
      virtualIp('203.0.113.10', {
        name: 'v',
        interface: 'eth0',
        mask: 28,
        kind: 'carp',
        carp: { vhid: 1, advertiseSeconds: 1, skew: 0 },
      }),
    ],
  },
);
