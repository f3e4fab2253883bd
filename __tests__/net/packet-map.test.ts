// Compares packet maps and sets (union, difference, translation and others) on random blocks with plain loops over a
// few hosts and ports.

import { fc } from '../randomly';
import { FAMILY_RANGE, getFamily } from '../../lib/net/address';
import { AddressMove, Packet } from '../../lib/net/packet';
import { PacketMap } from '../../lib/net/packet-map';
import { contains, mergeRanges, subtractRanges } from '../../lib/net/range';
import { PORTS, V4, V6, addresses, build, decide, packet, rules, setOf } from './blocks';

const runs = { numRuns: 300 };

it('the first rule that matches decides', () => {
  fc.assert(
    fc.property(rules, packet, (list, p) => expect(build(list).findValue(p)).toBe(decide(list, p))),
    { numRuns: 2000 },
  );
});

it('union, intersection and difference say what a plain loop says', () => {
  fc.assert(
    fc.property(rules, rules, packet, (a, b, p) => {
      const [x, y] = [decide(a, p), decide(b, p)];
      expect(build(a).unite(build(b)).findValue(p)).toBe(x ?? y);
      expect(build(a).intersect(build(b)).findValue(p)).toBe(y === undefined ? undefined : x);
      expect(build(a).subtract(build(b)).findValue(p)).toBe(y === undefined ? x : undefined);
      expect(
        build(a)
          .merge(build(b), (m, n) => `${m}${n}`)
          .findValue(p),
      ).toBe(x === undefined && y === undefined ? undefined : `${x}${y}`);
      expect(
        build(a)
          .select((value) => value === 'b')
          .findValue(p),
      ).toBe(x === 'b' ? true : undefined);
    }),
    { numRuns: 1000 },
  );
});

it('equal sets are one object, however they were made', () => {
  fc.assert(
    fc.property(rules, rules, rules, (a, b, c) => {
      const [x, y, z] = [setOf(a), setOf(b), setOf(c)];
      expect(x.unite(y).equals(y.unite(x))).toBe(true);
      expect(
        x
          .unite(y)
          .unite(z)
          .equals(x.unite(y.unite(z))),
      ).toBe(true);
      expect(x.intersect(y.unite(z)).equals(x.intersect(y).unite(x.intersect(z)))).toBe(true);
      expect(x.subtract(y).unite(x.intersect(y)).equals(x)).toBe(true);
      expect(x.subtract(y).intersect(y).isEmpty).toBe(true);
      expect(
        PacketMap.ALL.subtract(x.unite(y)).equals(PacketMap.ALL.subtract(x).intersect(PacketMap.ALL.subtract(y))),
      ).toBe(true);
      expect(
        PacketMap.mergeFirst(
          [...x.listCells()].map((cell) =>
            PacketMap.createSet({
              family: cell.family,
              destination: [cell.destination],
              originalDestination: [cell.originalDestination],
              source: [cell.source],
              protocol: [cell.protocol],
              originalPort: [cell.originalPort],
              port: [cell.port],
              sourcePort: [cell.sourcePort],
            }),
          ),
        ).equals(x),
      ).toBe(true);
    }),
    runs,
  );
});

it('composing asks the map that each value chose', () => {
  fc.assert(
    fc.property(rules, rules, rules, packet, (outer, a, b, p) => {
      const chosen: Record<string, PacketMap<string>> = { a: build(a), b: build(b), c: PacketMap.createEmpty() };
      const value = decide(outer, p);
      expect(
        build(outer)
          .replaceValues((v) => chosen[v]!)
          .findValue(p),
      ).toBe(value === undefined ? undefined : chosen[value]!.findValue(p));
    }),
    { numRuns: 500 },
  );
});

const offsets = fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 4 });

it('a rewritten destination is looked up where it went, and remembers where it was', () => {
  fc.assert(
    fc.property(
      rules,
      offsets,
      fc.integer({ min: 0, max: 7 }),
      fc.option(fc.constantFrom(...PORTS), { nil: undefined }),
      packet,
      (list, froms, shift, port, p) => {
        const base = addresses.includes(p.destination) && p.destination < FAMILY_RANGE.ip6.first ? V4 : V6;
        const moves: AddressMove[] = froms.map((n) => ({
          from: { first: base + BigInt(n), last: base + BigInt(n) },
          to: { first: base + BigInt((n + shift) % 8), last: base + BigInt((n + shift) % 8) },
        }));
        const own = { ...p, originalDestination: p.destination, originalPort: p.port };
        const move = moves.find(({ from }) => from.first === p.destination);
        const rewritten = move && {
          ...own,
          destination: move.to.first as Packet['destination'],
          ...(port === undefined ? { originalPort: p.originalPort! } : { port }),
        };
        expect(build(list).translateDestination(moves, port).findValue(p)).toBe(rewritten && decide(list, rewritten));
      },
    ),
    { numRuns: 1000 },
  );
});

it('a subnet moves as a whole, in both families, across the end of a word', () => {
  fc.assert(
    fc.property(
      rules,
      fc.constantFrom(V4, V6),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 4 }),
      packet,
      (list, base, start, to, p) => {
        const move: AddressMove = {
          from: { first: base + BigInt(start), last: base + BigInt(start + 3) },
          to: { first: base + BigInt(to), last: base + BigInt(to + 3) },
        };
        const inside = contains(move.from, p.destination);
        const rewritten = {
          ...p,
          originalDestination: p.destination,
          destination: (p.destination - move.from.first + move.to.first) as Packet['destination'],
        };
        expect(build(list).translateDestination([move]).findValue(p)).toBe(
          inside ? decide(list, rewritten) : undefined,
        );
        const sourceInside = contains(move.from, p.source);
        const moved = { ...p, source: (p.source - move.from.first + move.to.first) as Packet['source'] };
        expect(build(list).translateSource([move]).findValue(p)).toBe(sourceInside ? decide(list, moved) : undefined);
      },
    ),
    { numRuns: 1000 },
  );
});

it('untranslated packets are their own originals', () => {
  fc.assert(
    fc.property(rules, packet, (list, p) =>
      expect(build(list).selectUntranslated().findValue(p)).toBe(
        decide(list, { ...p, originalDestination: p.destination, originalPort: p.port }),
      ),
    ),
    { numRuns: 1000 },
  );
});

it('values may depend on where they stand', () => {
  fc.assert(
    fc.property(rules, packet, (list, p) => {
      const map = build(list);
      for (const axis of ['destination', 'source'] as const) {
        const placed = map.mapAlong(axis, (value, range) => `${value} ${contains(range, p[axis])}`);
        const value = decide(list, p);
        expect(placed.findValue(p)).toBe(value === undefined ? undefined : `${value} true`);
      }
    }),
    { numRuns: 500 },
  );
});

it('groups cover every destination once', () => {
  fc.assert(
    fc.property(rules, packet, (list, p) => {
      const map = build(list);
      const mine = map
        .groupAlong('destination')
        .filter(({ ranges }) => ranges.some((range) => contains(range, p.destination)));
      expect(mine.length).toBeLessThanOrEqual(1);
      expect(mine[0]?.below.findValue(p)).toBe(decide(list, p));
    }),
    { numRuns: 500 },
  );
});

it('whatever one field is, a packet is in it that is for some value of that field', () => {
  fc.assert(
    fc.property(rules, packet, (list, p) => {
      const set = setOf(list);
      const inside = (others: readonly Packet[]): true | undefined =>
        others.some((one) => decide(list, one) !== undefined) || undefined;
      // One beyond those that rules name stands for all others.
      const family = addresses.filter((one) => contains(FAMILY_RANGE[getFamily(one)], p.destination));
      const [some, ports] = [[...family, family.at(-1)! + 1n] as Packet['source'][], [...PORTS, PORTS.length]];
      expect(set.dropAxis('destination').findValue(p)).toBe(inside(some.map((destination) => ({ ...p, destination }))));
      expect(set.dropAxis('source').findValue(p)).toBe(inside(some.map((source) => ({ ...p, source }))));
      expect(set.dropAxis('sourcePort').findValue(p)).toBe(inside(ports.map((sourcePort) => ({ ...p, sourcePort }))));
    }),
    { numRuns: 500 },
  );
});

it('only what doesn’t look at an earlier axis is listed along one', () => {
  const set = PacketMap.createSet({
    originalDestination: [{ first: V4, last: V4 }],
    source: [{ first: V4, last: V4 }],
  });
  expect(() => set.groupAlong('source')).toThrow(RangeError);
});

it('ranges join and part as plain loops say', () => {
  const small = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 5 }))
      .map(([a, n]) => ({ first: BigInt(a), last: BigInt(a + n) })),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(small, small, (a, b) => {
      const left = mergeRanges(a);
      const rest = subtractRanges(a, b);
      for (let n = 0n; n < 30n; n++) {
        const inA = a.some((range) => contains(range, n));
        expect(left.some((range) => contains(range, n))).toBe(inA);
        expect(rest.some((range) => contains(range, n))).toBe(inA && !b.some((range) => contains(range, n)));
      }
      left.slice(1).forEach((range, i) => expect(range.first > left[i]!.last + 1n).toBe(true));
    }),
    runs,
  );
});

it('a map says the same from one edge to the next', () => {
  fc.assert(
    fc.property(
      rules,
      packet,
      fc.constantFrom('destination' as const, 'source' as const, 'sourcePort' as const),
      (list, p, axis) => {
        const map = build(list);
        const below = [...map.collectBoundaries(axis, getFamily(p.destination))].filter(
          (edge) => edge <= BigInt(p[axis]),
        );
        const edge = below.reduce((one, other) => (one > other ? one : other));
        expect(map.findValue({ ...p, [axis]: axis === 'sourcePort' ? Number(edge) : edge })).toBe(map.findValue(p));
        // Fewer than the cells have, or it would be no less work to look at them.
        expect(map.collectBoundaries(axis, getFamily(p.destination)).size).toBeLessThanOrEqual(
          2 * [...map.listCells()].length + 1,
        );
      },
    ),
    { numRuns: 1000 },
  );
});
