// Compares the allow rules that valid profiles are compiled to with those written by hand.

import { AllowRule } from '../../lib/policy/policy';
import { ports, ranges } from '../generate/support';
import { MANAGEMENT, OPERATORS, compiled, entries, tcp, udp } from './compile-sample';

describe('a profile', () => {
  const profile = (more: object): readonly AllowRule[] => entries((w) => Object.assign(w.servers[0].profile, more));

  test('compiles names, presets, raw ports and objects', () => {
    expect(
      profile({
        services: [
          'mail',
          'dns',
          '8443/tcp',
          { ports: ['6000-6010', 7000], protocol: 'udp', from: ['192.0.2.7'], reason: 'game' },
        ],
        extra: [{ protocol: 'gre', from: ['192.0.2.7'] }, { service: 'ftp' }],
        ping: 'anywhere',
      }),
    ).toEqual([
      MANAGEMENT,
      tcp('mail: smtp', 25),
      tcp('mail: smtps', 465),
      tcp('mail: submission', 587),
      tcp('mail: imaps', 993),
      tcp('mail: pop3s', 995),
      tcp('dns', 53),
      udp('dns', 53),
      tcp('8443/tcp', 8443),
      {
        protocol: 17,
        ports: [
          { first: 6000, last: 6010 },
          { first: 7000, last: 7000 },
        ],
        sources: ranges('192.0.2.7'),
        management: false,
        origin: 'game',
      },
      { protocol: 47, ports: 'all', sources: ranges('192.0.2.7'), management: false, origin: 'protocol 47' },
      {
        ...tcp('ftp'),
        ports: [
          { first: 21, last: 21 },
          { first: 49152, last: 65534 },
        ],
      },
      { ...tcp('ping', 8), protocol: 1 },
      { ...tcp('ping', 128), protocol: 58 },
    ]);
  });

  test('treats a port with its protocol like a protocol beside it', () => {
    const from = ['192.0.2.7'];
    const both = profile({ services: ['https'], extra: [{ ports: ['8443/tcp', '6000-6010/udp', '8444/tcp'], from }] });
    expect(both.slice(2)).toEqual([
      { ...tcp('8443-8444/tcp'), ports: [{ first: 8443, last: 8444 }], sources: ranges('192.0.2.7') },
      { ...udp('6000-6010/udp'), ports: [{ first: 6000, last: 6010 }], sources: ranges('192.0.2.7') },
    ]);
    const extra = [{ ports: '8443/tcp', from, reason: 'shop' }];
    expect(profile({ extra })).toEqual(profile({ extra: [{ ports: 8443, protocol: 'tcp', from, reason: 'shop' }] }));
  });

  test("opens WHM of a preset to operators, whatever the preset's sources", () => {
    const whm = profile({ services: [{ service: 'panel', from: 'anywhere' }] }).find(
      ({ origin }) => origin === 'panel: whm',
    );
    expect(whm).toEqual({ ...tcp('panel: whm', 2087), sources: OPERATORS });
  });

  test('opens every inbound row of version 112 and nothing else', () => {
    const all = profile({ services: ['full-v112'] }).filter(({ management }) => !management);
    const open = (list: readonly AllowRule[], protocol: number) =>
      list
        .filter((one) => one.protocol === protocol)
        .flatMap((one) => (one.ports === 'all' ? [] : one.ports.map(({ first }) => first)));
    const forAll = all.filter(({ sources }) => sources === 'anywhere');
    expect(open(forAll, 6)).toEqual([
      20, 21, 25, 26, 53, 80, 110, 143, 443, 465, 587, 993, 995, 2077, 2078, 2079, 2080, 2082, 2083, 2091, 2095, 2096,
    ]);
    expect(open(forAll, 17)).toEqual([53, 443]);
    expect(
      open(
        all.filter(({ sources }) => sources === OPERATORS || sources !== 'anywhere'),
        6,
      ),
    ).toEqual([22, 2086, 2087, 3306]);
  });

  test('opens ping to addresses of both families', () => {
    const ping = profile({ ping: ['192.0.2.0/24', '2001:db8::/32'] }).slice(-2);
    expect(ping.map(({ protocol, sources }) => [protocol, sources])).toEqual([
      [1, ranges('192.0.2.0/24')],
      [58, ranges('2001:db8::/32')],
    ]);
  });

  test('compiles outgoing licence checks with their source ports', () => {
    const { server } = compiled(
      (w) => (w.servers[0].profile.outbound = ['licence', { ports: 123, protocol: 'udp', to: ['192.0.2.0/24'] }]),
    );
    expect(server.outbound).toEqual([
      { protocol: 6, ports: ports(2089), sourcePorts: ports(4, 1020), destinations: 'anywhere', origin: 'licence' },
      { protocol: 17, ports: ports(123), sourcePorts: 'all', destinations: ranges('192.0.2.0/24'), origin: '123/udp' },
    ]);
  });

  test('compiles blocked sources and source sets', () => {
    const { server } = compiled((w) =>
      Object.assign(w.servers[0].profile, {
        sourceSets: { bad: ['198.51.100.0/25', '198.51.100.128/25'], customers: ['192.0.2.0/25'] },
        blocked: ['bad', '192.0.2.66'],
        sources: ['customers'],
      }),
    );
    expect(server.allowRules.blocked).toEqual(ranges('192.0.2.66', '198.51.100.0/24'));
    expect(server.allowRules.entries[1]!.sources).toEqual(ranges('192.0.2.0/25'));
  });
});

test("neighbouring numbers of different families aren't merged", () => {
  const sources = entries((w) => (w.servers[0].profile.sources = ['192.0.0.0/2', '::/1']))[1]!.sources;
  expect(sources).toEqual(ranges('192.0.0.0/2', '::/1'));
});
