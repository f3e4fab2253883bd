// Tests that lint on thousands of mappings is fast and gives one finding with a count in place of thousands.

import { lint } from '../../lib/lint/lint';
import { AllowRules } from '../../lib/policy/policy';
import { ownerOf, subjectOf } from './samples/lint-subjects';
import { address, gateway, mapping, opening, openings, ports, ranges, server, virtualIp } from '../generate/support';
import { port } from '../devices';

const PROFILES: readonly AllowRules[] = [
  openings('web', [opening({ ports: ports(80, 443, 8443) })]),
  openings('mail', [
    opening({ ports: ports(25, 465, 993) }),
    opening({ ports: ports(143), sources: ranges('198.51.100.0/24') }),
  ]),
  openings('old', [opening({ ports: ports(80, 443, 3306, 110) })]),
];

const text = (number: number): string => [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
const outside = (n: number): string => text(0xc612_0000 + n + 1);
/** Each mapping shifts its address by another distance. */
const inside = (n: number): string => text(0x0a40_0000 + 3 * n + 1);

const gatewayOf = (count: number) =>
  ownerOf(
    gateway(
      Array.from({ length: count }, (_, n) =>
        mapping(outside(n), inside(n), { name: `host-${n}`, allowRules: PROFILES[n % 3]! }),
      ),
      {
        interfaces: [port('wan0', 'outside', ['203.0.113.2/24']), port('lan0', 'inside', ['10.127.255.254/10'])],
        virtualIps: [virtualIp('198.18.0.0/15', { kind: 'other' })],
      },
    ),
  );

it('three thousand mappings give a few findings', () => {
  const found = lint(subjectOf(gatewayOf(3000))).map(({ code, where, what }) => [code, where, what]);
  expect(found).toEqual([
    [
      'ports/mysql-public',
      'gateway edge, owner web-team, mappings host-2, host-5, host-8 and 997 more',
      'Any source in the internet reaches MySQL (tcp 3306) at 198.18.0.3, 198.18.0.6, 198.18.0.9 and 997 more.',
    ],
    [
      'ports/plaintext-open',
      'gateway edge, owner web-team, mappings host-2, host-5, host-8 and 997 more',
      expect.stringContaining('POP3'),
    ],
    [
      'ports/smtps-tls12',
      'gateway edge, owner web-team, mappings host-1, host-4, host-7 and 997 more',
      expect.stringContaining('SMTPS'),
    ],
  ]);
});

it('a finding on many servers is one with a count', () => {
  const servers = Array.from({ length: 30 }, (_, n) =>
    ownerOf(
      server({
        device: `server-${n}`,
        interfaces: [
          { name: 'eth0', role: 'outside', addresses: [{ address: address(inside(n)), length: 10 }], routes: [] },
        ],
        localAddresses: [address(inside(n))],
        trustedNetworks: [],
        allowRules: PROFILES[n % 3]!,
        outbound: [{ protocol: 6, ports: ports(443), sourcePorts: 'all', destinations: 'anywhere', origin: 'https' }],
      }),
    ),
  );
  const found = lint(subjectOf(gatewayOf(40), ...servers));
  const [egress, ...more] = found.filter(({ code }) => code === 'licence/egress-blocked');
  expect(more).toEqual([]);
  expect(egress!.where).toMatch(/^server server-0, .*; server server-1, .*; server server-2, .* and 27 more$/);
  expect(egress!.what).toContain('The same goes for 29 more places.');
  // A known server's ports are reported at the server; the gateway is reported for other hosts only.
  const mysql = found.filter(({ code }) => code === 'ports/mysql-public').map(({ where }) => where);
  expect(mysql).toHaveLength(11);
  expect(mysql).toContain('gateway edge, owner web-team, mappings host-32, host-35, host-38');
  expect(mysql).toContain('server server-2, owner web-team, profile old');
});
