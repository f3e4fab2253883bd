import { Translation, createMove, createTarget, createTranslation } from '../reachability/reachability';
import { Address, getNetwork, toRange } from '../net/address';
import { NetworkInterface } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { Range, intersectRanges } from '../net/range';
import { Excess } from '../policy/platform-excess';
import { GatewayPolicy, Mapping } from '../policy/policy';

export const getNatDistance = ({ outside, inside }: Mapping): bigint => inside.first - outside.first;

/** One side of mappings, by how far the other is away: what moves alike is one range of packets. */
export function groupByDistance(
  mappings: readonly Mapping[],
  side: 'outside' | 'inside',
): ReadonlyMap<bigint, readonly Range[]> {
  return new Map(
    [...groupBy(mappings, getNatDistance)].map(([distance, members]) => [
      distance,
      members.map((mapping) => toRange(mapping[side])),
    ]),
  );
}

/** What arriving packets become. On an inside interface the source changes where client and server share a subnet. */
export function buildArrivalTranslations(
  mappings: readonly Mapping[],
  entry: NetworkInterface | undefined,
  excess: Excess,
): readonly PacketMap<Translation>[] {
  const hairpins = (entry ? listHairpinTraffic(mappings, entry) : []).map(({ by: distance, address, ...packets }) =>
    PacketMap.create(
      createTranslation({
        destination: createMove(distance),
        source: createTarget(address),
        sourcePort: excess.reflectedSourcePorts,
      }),
      packets,
    ),
  );
  const plain = [...groupByDistance(mappings, 'outside')].map(([distance, ranges]) =>
    PacketMap.create(createTranslation({ destination: createMove(distance) }), { destination: ranges }),
  );
  return [PacketMap.mergeFirst(hairpins), PacketMap.mergeFirst(plain)];
}

interface HairpinTraffic {
  readonly destination: readonly Range[];
  readonly source: readonly Range[];
  /** How far the server is from its public address. */
  readonly by: bigint;
  /** The gateway's in that subnet. */
  readonly address: Address;
}

/** Public addresses of servers in a subnet of the interface, with that subnet's hosts as sources. */
const listHairpinTraffic = (mappings: readonly Mapping[], { addresses }: NetworkInterface): readonly HairpinTraffic[] =>
  [...groupByDistance(mappings, 'outside')].flatMap(([distance, ranges]) =>
    addresses.flatMap(({ address, length }) => {
      const subnet = toRange(getNetwork(address, length));
      const destination = ranges.flatMap(
        (range) => intersectRanges(range, { first: subnet.first - distance, last: subnet.last - distance }) ?? [],
      );
      return destination.length === 0 ? [] : [{ destination, source: [subnet], by: distance, address }];
    }),
  );

/**
 * What inside hosts send to a reflected server of their own subnet directly, and by the gateway all the same: where a platform tells
 * reflected packets by their source alone, this is such a packet.
 */
export const buildReflectedSet = ({ interfaces }: GatewayPolicy, mappings: readonly Mapping[]): PacketSet =>
  PacketMap.mergeFirst(
    interfaces.flatMap((networkInterface) =>
      listHairpinTraffic(listReflectedMappings(networkInterface, mappings), networkInterface).map(
        ({ destination, source, by: distance }) =>
          PacketMap.createSet({
            destination: destination.map(({ first, last }) => ({ first: first + distance, last: last + distance })),
            source,
          }),
      ),
    ),
  );

const listReflectedMappings = ({ name }: NetworkInterface, mappings: readonly Mapping[]): readonly Mapping[] =>
  mappings.filter(({ reflection }) => reflection.mode !== 'disabled' && reflection.from.includes(name));

/** Packets that come by another interface than that of the subnet that their source shares with a reflected server. */
export const buildSpoofableSet = (
  { interfaces }: GatewayPolicy,
  mappings: readonly Mapping[],
  entry: NetworkInterface,
): PacketSet =>
  PacketMap.mergeFirst(
    interfaces
      .filter((networkInterface) => networkInterface !== entry)
      .flatMap((networkInterface) =>
        listHairpinTraffic(listReflectedMappings(networkInterface, mappings), networkInterface).map(
          ({ destination, source }) => PacketMap.createSet({ destination, source }),
        ),
      ),
  );
