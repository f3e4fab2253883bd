import { Translation, moved, set, translation } from '../reachability/exposure';
import { Address, networkOf, prefixRange } from '../net/address';
import { NetworkInterface } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { Range, overlap } from '../net/range';
import { Excess } from '../policy/excess';
import { GatewayPolicy, Mapping } from '../policy/policy';

export const distance = ({ outside, inside }: Mapping): bigint => inside.first - outside.first;

/** One side of mappings, by how far the other is away: what moves alike is one range of packets. */
export function byDistance(
  mappings: readonly Mapping[],
  side: 'outside' | 'inside',
): ReadonlyMap<bigint, readonly Range[]> {
  return new Map(
    [...groupBy(mappings, distance)].map(([by, all]) => [by, all.map((mapping) => prefixRange(mapping[side]))]),
  );
}

/** What arriving packets become. On an inside interface the source changes where client and server share a subnet. */
export function arrivals(
  mappings: readonly Mapping[],
  entry: NetworkInterface | undefined,
  excess: Excess,
): readonly PacketMap<Translation>[] {
  const parts = (entry ? sharedWith(mappings, entry) : []).map(({ by, address, ...packets }) =>
    PacketMap.of(
      translation({ destination: moved(by), source: set(address), sourcePort: excess.reflectedSourcePorts }),
      packets,
    ),
  );
  const rest = [...byDistance(mappings, 'outside')].map(([by, ranges]) =>
    PacketMap.of(translation({ destination: moved(by) }), { destination: ranges }),
  );
  return [PacketMap.first(parts), PacketMap.first(rest)];
}

interface Shared {
  readonly destination: readonly Range[];
  readonly source: readonly Range[];
  /** How far the server is from its public address. */
  readonly by: bigint;
  /** The gateway's in that subnet. */
  readonly address: Address;
}

/** Public addresses of servers in a subnet of the interface, with that subnet's hosts as sources. */
const sharedWith = (mappings: readonly Mapping[], { addresses }: NetworkInterface): readonly Shared[] =>
  [...byDistance(mappings, 'outside')].flatMap(([by, ranges]) =>
    addresses.flatMap(({ address, length }) => {
      const subnet = prefixRange(networkOf(address, length));
      const destination = ranges.flatMap(
        (range) => overlap(range, { first: subnet.first - by, last: subnet.last - by }) ?? [],
      );
      return destination.length === 0 ? [] : [{ destination, source: [subnet], by, address }];
    }),
  );

/**
 * What inside hosts send to a reflected server of their own subnet directly, and by the gateway all the same: where a platform tells
 * reflected packets by their source alone, this is such a packet.
 */
export const takenForReflected = ({ interfaces }: GatewayPolicy, mappings: readonly Mapping[]): PacketSet =>
  PacketMap.first(
    interfaces.flatMap((one) =>
      sharedWith(reflectedFrom(one, mappings), one).map(({ destination, source, by }) =>
        PacketMap.set({
          destination: destination.map(({ first, last }) => ({ first: first + by, last: last + by })),
          source,
        }),
      ),
    ),
  );

const reflectedFrom = ({ name }: NetworkInterface, mappings: readonly Mapping[]): readonly Mapping[] =>
  mappings.filter(({ reflection }) => reflection.mode !== 'disabled' && reflection.from.includes(name));

/** Packets that come by another interface than that of the subnet that their source shares with a reflected server. */
export const sharing = (
  { interfaces }: GatewayPolicy,
  mappings: readonly Mapping[],
  entry: NetworkInterface,
): PacketSet =>
  PacketMap.first(
    interfaces
      .filter((one) => one !== entry)
      .flatMap((one) =>
        sharedWith(reflectedFrom(one, mappings), one).map(({ destination, source }) =>
          PacketMap.set({ destination, source }),
        ),
      ),
  );
