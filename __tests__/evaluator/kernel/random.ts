// Generates random probes (test packets) between the network namespaces in which the tests ask a kernel, and has the
// addresses of each namespace.

import { fc } from '../../randomly';
import { Place, Probe } from './namespaces';

/** Places with an address. */
export const FROM: Readonly<Record<Place, readonly string[]>> = {
  out: ['198.51.100.7', '192.0.2.5', '2001:db8:1::7', '2001:db8:9::1'],
  in: ['10.0.0.10', '10.0.0.11', '2001:db8:2::10'],
  gw: ['198.51.100.2', '10.0.0.1', '203.0.113.10', '2001:db8:2::1'],
};
/** Destinations outside the sender's own network, whose packets would never reach the gateway. */
export const TO: Readonly<Record<Place, readonly string[]>> = {
  out: [
    '198.51.100.2',
    '203.0.113.10',
    '203.0.113.11',
    '10.0.0.1',
    '10.0.0.10',
    '10.0.0.11',
    '203.0.113.10',
    '2001:db8:1::2',
    '2001:db8:2::1',
    '2001:db8:2::10',
  ],
  in: [
    '198.51.100.2',
    '203.0.113.10',
    '203.0.113.11',
    '10.0.0.1',
    '198.51.100.7',
    '192.0.2.5',
    '203.0.113.10',
    '2001:db8:1::2',
    '2001:db8:2::1',
    '2001:db8:1::7',
    '2001:db8:9::1',
  ],
  gw: [
    '198.51.100.7',
    '192.0.2.5',
    '203.0.113.11',
    '10.0.0.10',
    '10.0.0.11',
    '10.0.0.1',
    '203.0.113.10',
    '2001:db8:2::10',
    '2001:db8:9::1',
    '2001:db8:2::1',
  ],
};
/** Packets that may start a connection, from any place to any other. */
export const probes = fc
  .array(
    fc.tuple(
      fc.constantFrom<Place>('out', 'out', 'in', 'in', 'gw'),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(6, 6, 17, 1),
      fc.constantFrom(22, 80, 443, 8080),
    ),
    { minLength: 40, maxLength: 40 },
  )
  .map((wishes) =>
    wishes.flatMap(([place, from, to, protocol, port], i): Probe[] => {
      const destination = TO[place][to % TO[place].length]!;
      const alike = FROM[place].filter((one) => one.includes(':') === destination.includes(':'));
      const source = alike[from % alike.length]!;
      if (protocol === 1 && destination.includes(':')) return [];
      return [
        {
          place,
          from: source,
          to: destination,
          protocol,
          port: protocol === 1 ? 8 : port,
          sourcePort: 20_000 + i,
          size: 100 + i,
        },
      ];
    }),
  );
