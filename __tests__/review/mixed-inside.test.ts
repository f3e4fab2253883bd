// Tests the objection review/mixed-state-wider for inside clients: a gateway that reflects is delivered before its
// server.

import { Policy } from '../../lib/policy/policy';
import { EDGE } from '../cases/edge';
import { Profile, profile, reviewed, server } from './samples';
import { compiled } from '../support';

// A pfSense box reflects every port of a public address for all inside interfaces, and translates the sources of one
// subnet.

const box = (services: Profile['services'], more: Partial<Parameters<typeof server>[3]> = {}): readonly Policy[] =>
  compiled(
    {
      gateway: {
        ...EDGE,
        virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
        mappings: [
          {
            name: 'web',
            virtualIp: 'vip',
            internal: { server: 'web1' },
            reflection: { mode: 'pure-nat', globalHelper: true },
          },
        ],
      },
      servers: [server('web1', '10.0.0.10', profile(services), more)],
    },
    'pfsense',
  ).policies;

const wider = (before: readonly Policy[], after: readonly Policy[]): readonly string[] =>
  reviewed(before, after)
    .objections.filter(({ code }) => code === 'review/mixed-state-wider')
    .map(({ subject, what }) => `${subject}: ${what.split(': ').slice(1).join(': ')}`);

test('a first delivery: inside clients reach no more of the server than without the gateway', () => {
  expect(wider([], box(['443/tcp']))).toEqual([]);
});

test('no objection if the server, which is narrowed with it, was open to inside clients before', () => {
  const [, open] = box(['443/tcp', { service: 'mysql', from: 'anywhere' }]);
  expect(wider([open!], box(['443/tcp']))).toEqual([]);
});

test("objects if clients reach more with the gateway's address as source than with their own", () => {
  const [, open] = box(['443/tcp', { service: 'mysql', from: ['10.0.0.1'] }]);
  expect(wider([open!], box(['443/tcp']))).toEqual([
    'the gateway first: from inside by lan0: 203.0.113.10 tcp 3306 from 10.0.0.0, 10.0.0.2-10.0.0.255; for example 10.0.0.2 port 40000 to 203.0.113.10 tcp 3306.',
  ]);
});
