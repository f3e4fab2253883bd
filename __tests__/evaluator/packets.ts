// The gateway of the evaluator's random tests, and random packets to it.

import { fc } from '../randomly';
import { Address, parseAddress } from '../../lib/net/address';
import { Device } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { port, router } from '../devices';

export const GATEWAY: Device = router(
  [
    port('wan0', 'outside', ['198.51.100.2/24', '2001:db8:1::2/64']),
    port('br0', 'inside', ['10.0.0.1/24', '2001:db8:2::1/64']),
  ],
  '203.0.113.10',
);

export const V4 = [
  '198.51.100.2',
  '198.51.100.7',
  '203.0.113.10',
  '203.0.113.11',
  '10.0.0.1',
  '10.0.0.10',
  '10.0.0.11',
  '192.0.2.5',
  '127.0.0.1',
  '0.0.0.0',
];
const V6 = ['2001:db8:1::2', '2001:db8:1::7', '2001:db8:2::1', '2001:db8:2::10', '2001:db8:9::1', '::1', '::'];
const PORT_NUMBERS = [4, 22, 80, 443, 1020, 8080];
const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

export const packets: fc.Arbitrary<Packet> = fc
  .tuple(
    pick([V4, V4, V6]),
    fc.nat(),
    fc.nat(),
    pick([6, 6, 17, 1, 58, 47]),
    pick(PORT_NUMBERS),
    pick([4, 1020, 40_000]),
    pick([8, 0, 135, 128]),
  )
  .map(([pool, from, to, protocol, port, sourcePort, type]) => {
    const at = (index: number): Address => parseAddress(pool[index % pool.length]!)!;
    const icmp = protocol === 1 || protocol === 58;
    return {
      source: at(from),
      destination: at(to),
      protocol,
      port: icmp ? type : protocol === 47 ? 0 : port,
      sourcePort: icmp || protocol === 47 ? 0 : sourcePort,
    };
  });
