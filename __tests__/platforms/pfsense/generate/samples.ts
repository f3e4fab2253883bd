// Sample gateway policies and configurations of boxes, for the tests of the pfSense generator.

import { GatewayPolicy, Mapping, AllowRules } from '../../../../lib/policy/policy';
import { MAIL } from '../../../generate/samples';
import { gateway, mapping, opening, openings, ports, ranges, virtualIp } from '../../../generate/support';
import { port } from '../../../devices';

/** The gateway of the generators' tests as a box of CE 2.7.2. */
export const box = (
  mappings: Parameters<typeof gateway>[0],
  parts: Parameters<typeof gateway>[1] = {},
): GatewayPolicy => gateway(mappings, { platform: 'pfsense', version: '2.7.2', ...parts });

/** The interfaces of the box in the agent's tests, by these names. */
export const interfacesNamed = (outside: string, inside: string): GatewayPolicy['interfaces'] => [
  port(outside, 'outside', ['203.0.113.2/28']),
  port(inside, 'inside', ['10.0.1.1/24']),
];

/** One host of that box with its public address. */
export const oneHost = (opened: AllowRules, parts: Partial<Mapping> = {}): GatewayPolicy =>
  box([mapping('203.0.113.10', '10.0.1.50', { name: 'web', interface: 'igb0', allowRules: opened, ...parts })], {
    interfaces: interfacesNamed('igb0', 'igb1'),
    virtualIps: [virtualIp('203.0.113.10', { name: 'web', interface: 'igb0', mask: 28 })],
  });

export const PURE_NAT = { mode: 'pure-nat', from: ['lan0', 'dmz0'], globalHelper: true } as const;

export const PROFILE = openings(
  'mail',
  [
    opening({ ports: ports(22), sources: ranges('198.51.100.0/28'), management: true }),
    opening({ ports: ports(25, 465, 993, 443) }),
    opening({ ports: [{ first: 49152, last: 65534 }], sources: ranges('192.0.2.0/25', '198.18.0.7') }),
    opening({ protocol: 17, ports: ports(443) }),
    opening({ protocol: 1, ports: ports(8, 13) }),
    opening({ protocol: 47, ports: 'all' }),
    opening({ protocol: 58, ports: ports(128) }),
  ],
  ranges('192.0.2.128/25', '198.18.9.9'),
);

export const BOXES: Readonly<Record<string, GatewayPolicy>> = {
  'nothing at all': box([]),
  'every kind of virtual ip': box([], {
    virtualIps: [
      virtualIp('203.0.113.10', { name: 'alias', mask: 24 }),
      virtualIp('203.0.113.11', {
        name: 'group',
        mask: 24,
        kind: 'carp',
        carp: { vhid: 7, advertiseSeconds: 1, skew: 100 },
      }),
      virtualIp('203.0.113.12', { name: 'arp', kind: 'proxy-arp' }),
      virtualIp('203.0.113.16/28', { name: 'block', mask: 28, kind: 'proxy-arp' }),
      virtualIp('203.0.113.64/26', { name: 'routed', mask: 26, kind: 'other' }),
    ],
  }),
  'one host, every kind of opening': box(
    [
      mapping('203.0.113.10', '10.0.0.10', {
        name: 'mail',
        description: 'Mail & more',
        allowRules: PROFILE,
        reflection: PURE_NAT,
      }),
    ],
    {
      virtualIps: [virtualIp('203.0.113.10', { name: 'mail', mask: 24 })],
    },
  ),
  'restricted, excluded, inbound only, disabled': box(
    [
      mapping('203.0.113.16/30', '10.0.0.16/30', {
        name: 'farm',
        exclude: [
          { internal: ranges('10.0.0.18'), peers: 'anywhere' },
          { internal: 'all', peers: ranges('192.0.2.0/24') },
        ],
      }),
      mapping('203.0.113.20', '10.0.0.20', { name: 'main', allowRules: MAIL }),
      mapping('203.0.113.21', '10.0.0.20', { name: 'second', allowRules: MAIL, inboundOnly: true }),
      mapping('203.0.113.22', '10.0.0.22', { name: 'partner', peers: ranges('198.51.100.0/24', '198.18.0.7') }),
      mapping('203.0.113.23', '10.0.0.23', { name: 'off', enabled: false }),
    ],
    { virtualIps: [virtualIp('203.0.113.16/28', { name: 'block', mask: 28, kind: 'other' })] },
  ),
  'a box that answers, by two ways': box([mapping('203.0.113.10', '10.0.0.10', { enabled: false })], {
    interfaces: [...gateway([]).interfaces, port('wan1', 'outside', ['198.51.100.2/29'])],
    virtualIps: [
      virtualIp('203.0.113.10', {
        answers: openings('ping', [
          opening({ protocol: 1, ports: ports(8), sources: ranges('198.51.100.0/24', '192.0.2.1') }),
        ]),
      }),
    ],
  }),
};
