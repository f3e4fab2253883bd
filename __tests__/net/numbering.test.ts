// Tests the replacement of addresses by those at the same position of another device: in ranges and single addresses.
// An address without a position is refused.

import { Renumbering, RenumberingError } from '../../lib/net/renumbering';
import { parseAddress, parseRange } from '../../lib/net/address';
import { PacketMap, PacketSet } from '../../lib/net/packet-map';

const ends = (...texts: readonly string[]): readonly bigint[] => texts.map((text) => parseAddress(text)!);
const to = (...texts: readonly string[]): PacketSet =>
  PacketMap.createSet({ destination: texts.map(parseRange), port: [{ first: 443, last: 443 }] });
// One host in a network, and one behind it.
const numbering = new Renumbering(
  ends(
    '10.0.0.0',
    '10.0.0.10',
    '10.0.0.11',
    '10.0.1.0',
    '10.0.5.1',
    '10.0.5.2',
    '2001:db8::',
    '2001:db8::1',
    '2001:db8::2',
    '2001:db8:1::',
  ),
  ends(
    '10.7.0.0',
    '10.7.0.77',
    '10.7.0.78',
    '10.7.1.0',
    '192.0.2.1',
    '192.0.2.2',
    '2600:1:2:3::',
    '2600:1:2:3:7::',
    '2600:1:2:3:7::1',
    '2600:1:2:4::',
  ),
);

it.each<[string, PacketSet, PacketSet]>([
  ['a host', to('10.0.0.10'), to('10.7.0.77')],
  ['a network', to('10.0.0.0/24'), to('10.7.0.0/24')],
  [
    'what lies in none of them',
    PacketMap.ALL.subtract(to('10.0.0.0/24', '10.0.5.1')),
    PacketMap.ALL.subtract(to('10.7.0.0/24', '192.0.2.1')),
  ],
  ['a host of IPv6', to('2001:db8::1', '10.0.0.10'), to('2600:1:2:3:7::', '10.7.0.77')],
  ['a network of IPv6', to('2001:db8::/48'), to('2600:1:2:3::/64')],
  [
    'what lies outside of it',
    PacketMap.ALL.subtract(to('2001:db8::/48')),
    PacketMap.ALL.subtract(to('2600:1:2:3::/64')),
  ],
  [
    'sources of IPv6',
    PacketMap.createSet({ source: [parseRange('2001:db8::1')], destination: [parseRange('2001:db8::/48')] }),
    PacketMap.createSet({ source: [parseRange('2600:1:2:3:7::')], destination: [parseRange('2600:1:2:3::/64')] }),
  ],
  ['all', PacketMap.ALL, PacketMap.ALL],
  ['nothing', PacketMap.NONE, PacketMap.NONE],
  [
    'sources',
    PacketMap.createSet({ source: [parseRange('10.0.5.1')], destination: [parseRange('10.0.0.10')] }),
    PacketMap.createSet({ source: [parseRange('192.0.2.1')], destination: [parseRange('10.7.0.77')] }),
  ],
])('renumbers %s', (_, one, other) => expect(one.renumber(numbering).equals(other)).toBe(true));

it('refuses what has no number', () => {
  expect(() => to('10.0.0.12').renumber(numbering)).toThrow(RenumberingError);
  expect(() => to('10.0.0.0/25').renumber(numbering)).toThrow(RenumberingError);
  expect(() => to('2001:db8::/64').renumber(numbering)).toThrow(RenumberingError);
});

it('numbers single addresses that stand for one', () => {
  expect(numbering.mapEachAddress(parseRange('10.0.0.10'))).toEqual(parseRange('10.7.0.77'));
  expect(() => numbering.mapEachAddress(parseRange('10.0.0.10/31'))).toThrow(RenumberingError);
  const wider = new Renumbering(ends('10.0.0.1', '10.0.0.2'), ends('10.0.0.1', '10.0.0.9'));
  expect(() => wider.mapEachAddress(parseRange('10.0.0.1'))).toThrow(RenumberingError);
});
