// Builds the translations of arriving packets for a gateway's spec: from public to inside addresses, with a source
// translation where client and server share a subnet (hairpin NAT).

import { Translation, createMove, createTarget, createTranslation } from '../reachability/reachability';
import { Address, getNetwork, toRange } from '../net/address';
import { NetworkInterface } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { Range, intersectRanges } from '../net/range';
import { Excess } from '../policy/platform-excess';
import { GatewayPolicy, Mapping } from '../policy/policy';

export const getNatDistance = ({ external, internal }: Mapping): bigint => internal.first - external.first;

/**
 * Returns one side of the mappings as ranges, grouped by the distance to the other side. Mappings with one distance
 * share one translation.
 */
export function groupByDistance(
  mappings: readonly Mapping[],
  side: 'external' | 'internal',
): ReadonlyMap<bigint, readonly Range[]> {
  return new Map(
    [...groupBy(mappings, getNatDistance)].map(([distance, members]) => [
      distance,
      members.map((mapping) => toRange(mapping[side])),
    ]),
  );
}

/**
 * Returns the translations of arriving packets. On an inside interface the source changes if client and server share a
 * subnet.
 */
export function buildArrivalTranslations(
  mappings: readonly Mapping[],
  entry: NetworkInterface | undefined,
  excess: Excess,
): readonly PacketMap<Translation>[] {
  const hairpins = (entry ? listHairpinTraffic(mappings, entry) : []).map(({ distance, address, ...packets }) =>
    PacketMap.create(
      createTranslation({
        destination: createMove(distance),
        source: createTarget(address),
        sourcePort: excess.reflectedSourcePorts,
      }),
      packets,
    ),
  );
  const plain = [...groupByDistance(mappings, 'external')].map(([distance, ranges]) =>
    PacketMap.create(createTranslation({ destination: createMove(distance) }), { destination: ranges }),
  );
  return [PacketMap.mergeFirst(hairpins), PacketMap.mergeFirst(plain)];
}

interface HairpinTraffic {
  readonly destination: readonly Range[];
  readonly source: readonly Range[];
  /** Distance from the public address of the server to its inside address. */
  readonly distance: bigint;
  /** The gateway's address in that subnet. */
  readonly address: Address;
}

/** Returns the public addresses of servers in a subnet of the interface, with the hosts of that subnet as sources. */
const listHairpinTraffic = (mappings: readonly Mapping[], { addresses }: NetworkInterface): readonly HairpinTraffic[] =>
  [...groupByDistance(mappings, 'external')].flatMap(([distance, ranges]) =>
    addresses.flatMap(({ address, length }) => {
      const subnet = toRange(getNetwork(address, length));
      const destination = ranges.flatMap(
        (range) => intersectRanges(range, { first: subnet.first - distance, last: subnet.last - distance }) ?? [],
      );
      return destination.length === 0 ? [] : [{ destination, source: [subnet], distance, address }];
    }),
  );

/**
 * Returns the packets that inside hosts send directly to a reflected server of their own subnet, and yet by the
 * gateway. A platform that recognizes reflected packets by their source alone takes them for reflected.
 */
export const buildReflectedSet = ({ interfaces }: GatewayPolicy, mappings: readonly Mapping[]): PacketSet =>
  PacketMap.mergeFirst(
    interfaces.flatMap((networkInterface) =>
      listHairpinTraffic(listReflectedMappings(networkInterface, mappings), networkInterface).map(
        ({ destination, source, distance }) =>
          PacketMap.createSet({
            destination: destination.map(({ first, last }) => ({ first: first + distance, last: last + distance })),
            source,
          }),
      ),
    ),
  );

const listReflectedMappings = ({ name }: NetworkInterface, mappings: readonly Mapping[]): readonly Mapping[] =>
  mappings.filter(({ reflection }) => reflection.mode !== 'disabled' && reflection.from.includes(name));

/**
 * Returns the packets that arrive by another interface than that of the subnet that their source shares with a
 * reflected server.
 */
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
