// Small random blocks of packets, and a naive decision on them, for the tests of packet sets and maps.

import { fc } from '../randomly';
import { FAMILY_RANGE, parseAddress } from '../../lib/net/address';
import { PacketBlock, Packet } from '../../lib/net/packet';
import { PacketMap } from '../../lib/net/packet-map';
import { Range, contains } from '../../lib/net/range';

// Small domains on purpose: blocks must collide. IPv6 addresses sit on both sides of a 32-bit word's end.
export const V4 = parseAddress('203.0.113.0')!;
export const V6 = parseAddress('2001:db8::ffff:fffc')!;
export const addresses = [...Array(8).keys()].flatMap((n) => [V4 + BigInt(n), V6 + BigInt(n)]);
export const PORTS = [...Array(12).keys()];
const PROTOCOLS = [1, 6, 17, 47];

const addressRange: fc.Arbitrary<Range> = fc.oneof(
  fc
    .tuple(fc.constantFrom(V4, V6), fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }))
    .map(([base, a, b]) => ({ first: base + BigInt(Math.min(a, b)), last: base + BigInt(Math.max(a, b)) })),
  fc.constantFrom(FAMILY_RANGE.ip, FAMILY_RANGE.ip6),
);
const numbers = (values: readonly number[]) =>
  fc.array(
    fc
      .tuple(fc.constantFrom(...values), fc.constantFrom(...values))
      .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) })),
    { minLength: 1, maxLength: 2 },
  );
const ranges = fc.array(addressRange, { minLength: 1, maxLength: 3 });
const block: fc.Arbitrary<PacketBlock> = fc.record(
  {
    destination: ranges,
    originalDestination: ranges,
    source: ranges,
    protocol: numbers(PROTOCOLS),
    originalPort: numbers(PORTS),
    port: numbers(PORTS),
    sourcePort: numbers(PORTS),
    family: fc.constantFrom('ip' as const, 'ip6' as const),
  },
  { requiredKeys: [] },
);
export const rules = fc.array(fc.tuple(block, fc.constantFrom('a', 'b', 'c')), { maxLength: 6 });

export const packet: fc.Arbitrary<Packet> = fc
  .tuple(
    fc.constantFrom(0, 1),
    ...[0, 1, 2].map(() => fc.integer({ min: 0, max: 7 })),
    fc.constantFrom(...PROTOCOLS),
    fc.constantFrom(...PORTS),
    fc.constantFrom(...PORTS),
    fc.constantFrom(...PORTS),
  )
  .map(([family, d, o, s, protocol, port, sourcePort, originalPort]) => {
    const at = (n: number): Packet['source'] => ((family === 0 ? V4 : V6) + BigInt(n)) as Packet['source'];
    return {
      destination: at(d!),
      originalDestination: at(o!),
      source: at(s!),
      protocol: protocol!,
      port: port!,
      sourcePort: sourcePort!,
      originalPort: originalPort!,
    };
  });

/** The meaning of a block in its plainest words. */
function plainly(wanted: PacketBlock, p: Packet): boolean {
  const among = (list: readonly Range[] | undefined, value: bigint): boolean =>
    !list || list.some((range) => contains(range, value));
  const between = (list: readonly { first: number; last: number }[] | undefined, value: number): boolean =>
    !list || list.some(({ first, last }) => first <= value && value <= last);
  return (
    (!wanted.family || contains(FAMILY_RANGE[wanted.family], p.destination)) &&
    among(wanted.destination, p.destination) &&
    among(wanted.originalDestination, p.originalDestination!) &&
    among(wanted.source, p.source) &&
    between(wanted.protocol, p.protocol) &&
    between(wanted.originalPort, p.originalPort!) &&
    between(wanted.port, p.port) &&
    between(wanted.sourcePort, p.sourcePort)
  );
}
export const decide = (list: readonly (readonly [PacketBlock, string])[], p: Packet): string | undefined =>
  list.find(([wanted]) => plainly(wanted, p))?.[1];
export const build = (list: readonly (readonly [PacketBlock, string])[]): PacketMap<string> =>
  PacketMap.mergeFirst(list.map(([wanted, value]) => PacketMap.create(value, wanted)));
export const setOf = (list: readonly (readonly [PacketBlock, string])[]) => build(list).domain;
