// Sample policies of gateways and servers, for the tests of all generators.

import { Policy } from '../../lib/policy/policy';
import { NOTHING, address, gateway, mapping, opening, openings, ports, ranges, server, virtualIp } from './support';

export const REFLECTED = { mode: 'pure-nat', from: ['lan0'], globalHelper: false } as const;
export const MAIL = openings('mail', [opening({ ports: ports(25, 465, 993, 443) })]);

export const GATEWAYS: Readonly<Record<string, Policy>> = {
  'nothing at all': gateway([]),
  'one mapping': gateway([mapping('203.0.113.10', '10.0.0.10')], { virtualIps: [virtualIp('203.0.113.10')] }),
  'a /28 to a /28, reflected': gateway([mapping('203.0.113.16/28', '10.0.0.16/28', { reflection: REFLECTED })]),
  'one address of a /28 excluded': gateway([
    mapping('203.0.113.16/28', '10.0.0.16/28', { exclude: [{ internal: ranges('10.0.0.21'), peers: 'anywhere' }] }),
  ]),
  'peers excluded': gateway([
    mapping('203.0.113.10', '10.0.0.10', { exclude: [{ internal: 'all', peers: ranges('192.0.2.0/24') }] }),
  ]),
  'two publics for one server': gateway([
    mapping('203.0.113.10', '10.0.0.10', { name: 'first', peers: ranges('198.51.100.0/24'), allowRules: MAIL }),
    mapping('203.0.113.11', '10.0.0.10', { name: 'second', peers: ranges('192.0.2.0/24', '198.18.0.7') }),
  ]),
  'restricted before everybody': gateway([
    mapping('203.0.113.10', '10.0.0.10', { name: 'everybody' }),
    mapping('203.0.113.11', '10.0.0.10', { name: 'partner', peers: ranges('192.0.2.0/24') }),
  ]),
  'one pair of addresses, two lists of openings': gateway([
    mapping('203.0.113.10', '10.0.0.10', { name: 'everybody' }),
    mapping('203.0.113.10', '10.0.0.10', {
      name: 'partner',
      peers: ranges('192.0.2.0/24'),
      allowRules: MAIL,
      reflection: REFLECTED,
    }),
  ]),
  'every kind of opening': gateway([
    mapping('203.0.113.10', '10.0.0.10', {
      allowRules: openings(
        'all',
        [
          opening({
            protocol: 6,
            ports: [{ first: 0, last: 65535 }],
            sources: ranges('10.9.0.0/16'),
            management: true,
          }),
          opening({ protocol: 17, ports: 'all', sources: ranges('0.0.0.0/0') }),
          ...[33, 132, 136].map((protocol) => opening({ protocol, ports: ports(5, 7) })),
          opening({ protocol: 47, ports: 'all' }),
          opening({ protocol: 1, ports: ports(8, 13) }),
          opening({ protocol: 1, ports: 'all', sources: ranges('198.51.100.1') }),
          opening({ protocol: 58, ports: ports(128) }),
        ],
        ranges('192.0.2.0/25', '192.0.2.192'),
      ),
    }),
  ]),
  'a gateway that answers': gateway([mapping('203.0.113.10', '10.0.0.10', { enabled: false })], {
    virtualIps: [virtualIp('203.0.113.10', { answers: openings('ping', [opening({ protocol: 1, ports: ports(8) })]) })],
    establishedSessions: 'keep',
  }),
  'more lists of openings than rules are good for': gateway(
    Array.from({ length: 40 }, (_, n) =>
      mapping(`203.0.113.${n + 100}`, `10.0.0.${n + 100}`, {
        allowRules: openings(`p-${n}`, [opening({ ports: ports(1000 + n) })]),
      }),
    ),
  ),
};

export const SERVERS: Readonly<Record<string, Policy>> = {
  'one profile': server(),
  'nothing open': server({ allowRules: NOTHING, trustedNetworks: [], establishedSessions: 'keep' }),
  'both families, blocked and management': server({
    allowRules: openings(
      'full',
      [
        opening({
          ports: ports(22),
          sources: ranges('198.51.100.0/24', '192.0.2.9', '2001:db8:1::/48', '2001:db8:3::1'),
          management: true,
        }),
        opening({ ports: ports(80, 443) }),
        opening({ protocol: 1, ports: ports(8) }),
        opening({ protocol: 58, ports: ports(128) }),
        opening({ protocol: 1, ports: 'all', sources: ranges('0.0.0.0/0', '::/0') }),
        opening({ protocol: 17, ports: ports(53), sources: ranges('::/0') }),
      ],
      ranges('203.0.113.0/24', '2001:db8:bad::/48'),
    ),
    trustedConnections: 'listed',
  }),
  'few ways out': server({
    outbound: [
      { protocol: 6, ports: ports(2089), sourcePorts: ports(4, 1020), destinations: 'anywhere', origin: 'licence' },
      {
        protocol: 17,
        ports: ports(53),
        sourcePorts: 'all',
        destinations: ranges('9.9.9.9', '2620:fe::fe'),
        origin: 'dns',
      },
      { protocol: 6, ports: 'all', sourcePorts: ports(20), destinations: 'anywhere', origin: 'ftp' },
    ],
    ownPublic: [
      { public: address('203.0.113.10'), local: address('10.0.0.10') },
      { public: address('2001:db8::99'), local: address('2001:db8::10') },
    ],
  }),
};
