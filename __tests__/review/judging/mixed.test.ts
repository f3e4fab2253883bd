// Tests the states within a delivery, in which one device has the new release and the other not yet: a review objects
// if more passes than before and after.

import { EDGE } from '../../cases/edge';
import { Remark, Review } from '../../../lib/review/review';
import { Profile, edge, policiesOf, profile, reviewed, rows, server } from '../samples';

const OFFICE = '192.0.2.0/24';

/** A gateway with its own allow rules and the server behind it with others, as two teams write them. */
const apart = (gateway: readonly (readonly [port: string, from: string])[], host: Profile['services']) => [
  ...leadingTo('10.0.0.10', gateway),
  ...policiesOf({ servers: [server('web1', '10.0.0.10', profile(host))] }),
];

const leadingTo = (internal: string, opens: readonly (readonly [port: string, from: string])[]) =>
  policiesOf({
    gateway: {
      ...EDGE,
      virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
      mappings: [
        {
          name: 'web',
          virtualIp: 'vip',
          internal,
          reflection: { mode: 'disabled' },
          open: opens.map(([ports, from]) => ({
            ports: Number.parseInt(ports, 10),
            protocol: 'tcp',
            from: from === 'anywhere' ? from : [from],
          })),
        },
      ],
    },
  });

/** Without lint's objections, which aren't the subject here. */
const judged = ({ objections }: Review): readonly Remark[] =>
  objections.filter(({ code }) => code.startsWith('review/'));

test('an old gateway with a new server passes more than before and after: deliver the narrower one first', () => {
  const before = apart(
    [
      ['443/tcp', 'anywhere'],
      ['5432/tcp', 'anywhere'],
    ],
    ['443/tcp'],
  );
  const after = apart(
    [
      ['443/tcp', 'anywhere'],
      ['5432/tcp', OFFICE],
    ],
    ['443/tcp', '5432/tcp'],
  );
  const review = reviewed(before, after);
  expect(rows(review).filter((row) => row.includes('end to end'))).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 5432 from 192.0.2.0/24 reaches 10.0.0.10 of web1',
  ]);
  expect(review.verdict).toBe('objections');
  expect(judged(review)).toEqual([
    {
      code: 'review/mixed-state-wider',
      where: 'edge/hosting with web1',
      subject: 'the servers first',
      what:
        'Devices finish in any order. While web1 has its new release and edge still the old one, more passes than before the change and after it together: ' +
        'from the internet by wan0: 203.0.113.10 tcp 5432 from anywhere but 192.0.2.0/24; for example 198.51.100.7 port 40000 to 203.0.113.10 tcp 5432.',
      instead: 'first narrow, then widen: deliver edge first, in an apply of its own, and web1 after it.',
    },
  ]);
});

test("a new gateway with an old server: the address reaches a server that isn't narrowed yet", () => {
  const wide = profile(['443/tcp', '5432/tcp'], { name: 'wide' });
  const leading = (to: string, second: Profile) =>
    edge(
      { vip: '203.0.113.10' },
      [
        server('web1', '10.0.0.10', profile(['443/tcp', '5432/tcp'], { sources: [OFFICE] })),
        server('web2', '10.0.0.20', second),
      ],
      [{ name: 'web', virtualIp: 'vip', internal: { server: to } }],
    );
  // web2 is narrowed with the move. Until then 5432 is open there, but the gateway passes 443 only.
  const harmless = reviewed(leading('web1', wide), leading('web2', profile(['443/tcp'], { name: 'wide' })));
  expect(judged(harmless)).toEqual([]);
});

test('one device that changes alone has no mixed states', () => {
  const before = apart(
    [
      ['443/tcp', 'anywhere'],
      ['5432/tcp', 'anywhere'],
    ],
    ['443/tcp'],
  );
  const review = reviewed(
    before,
    apart(
      [
        ['443/tcp', 'anywhere'],
        ['5432/tcp', 'anywhere'],
      ],
      ['443/tcp', '5432/tcp'],
    ),
  );
  expect(judged(review)).toEqual([]);
  expect(rows(review).filter((row) => row.startsWith('opened'))).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 5432 from anywhere reaches 10.0.0.10 of web1',
  ]);
  expect(review.changes[0]!.reason).toBe('profile cpanel opens tcp 5432 from anywhere (5432/tcp), on web1');
});

test('objects twice if both orders pass more', () => {
  // Each end lets 5432 pass to one of two offices; gateway and server swap them in opposite directions.
  const office = (n: number): string => `192.0.2.${n * 16}/28`;
  const both = (gateway: string, host: string) =>
    apart(
      [
        ['443/tcp', 'anywhere'],
        ['5432/tcp', gateway],
        ['5433/tcp', host],
      ],
      ['443/tcp', { service: '5432/tcp', from: [host] }, { service: '5433/tcp', from: [gateway] }],
    );
  const review = reviewed(both(office(1), office(2)), both(office(2), office(1)));
  expect(judged(review).map(({ code, instead }) => [code, instead])).toEqual([
    ['review/mixed-state-wider', 'two changes: first narrow, with what closes on both; then widen, with what opens.'],
    ['review/mixed-state-wider', 'two changes: first narrow, with what closes on both; then widen, with what opens.'],
  ]);
});

test('objects to an address that moves to another server while that server is narrowed', () => {
  const second = (services: Profile['services']): Profile => profile(services, { name: 'second' });
  const leading = (to: string, its: Profile['services']) => [
    ...leadingTo(to, [
      ['443/tcp', 'anywhere'],
      ['5432/tcp', 'anywhere'],
    ]),
    ...policiesOf({
      servers: [
        server('web1', '10.0.0.10', profile(['443/tcp', '5432/tcp'])),
        server('web2', '10.0.0.20', second(its)),
      ],
    }),
  ];
  const review = reviewed(leading('10.0.0.10', ['443/tcp', '5432/tcp']), leading('10.0.0.20', ['443/tcp']));
  // 5432 passes before, too, but to web1: reaching web2 for a while is more.
  expect(
    judged(review).map(({ code, what }) => [
      code,
      /While (.*) still/.exec(what)?.[1],
      /together: (.*);/.exec(what)?.[1],
    ]),
  ).toEqual([
    [
      'review/mixed-state-wider',
      'edge has its new release and web2',
      'from the internet by wan0: 203.0.113.10 tcp 5432 from anywhere',
    ],
  ]);
});
