// Tests that PacketMap.along, which makes a map of many ranges on one axis at once, equals the map made range by range.

import { fc } from '../randomly';
import { FAMILY_RANGE } from '../../lib/net/address';
import { PacketMap } from '../../lib/net/packet-map';

describe('PacketMap.along', () => {
  it('is the same map as its ranges one by one', () => {
    const starts = [FAMILY_RANGE.ip.first, FAMILY_RANGE.ip6.first, FAMILY_RANGE.ip6.first + (1n << 64n) - 8n];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(30), { maxLength: 8 }),
        fc.constantFrom(...starts),
        fc.constantFrom('destination', 'source'),
        (cuts, start, axis) => {
          const entries = cuts.map((cut) => ({
            range: { first: start + BigInt(cut), last: start + BigInt(cut) },
            value: cut % 3,
          }));
          const oneByOne = PacketMap.mergeFirst(
            entries.map(({ range, value }) => PacketMap.create(value, { [axis]: [range] })),
          );
          expect(PacketMap.createAlong(axis, entries).equals(oneByOne)).toBe(true);
        },
      ),
    );
  });
});
