// Composes each gateway of a review with the servers behind it, before and after the change: an `Edge` is such a pair
// of states.

import { ServerReachability, computeEndToEnd } from '../../reachability/end-to-end';
import { Reachability } from '../../reachability/reachability';
import { toRange } from '../../net/address';
import { Device, toLocationKey, getLocalAddresses } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { memoize } from '../../net/intern-tables';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, mergeRanges, toSingleRange } from '../../net/range';
import { GatewayPolicy, ServerPolicy } from '../../policy/policy';
import { AddressAssignment, selectNearServers, createSiteCheck } from './address-assignments';
import { AddressEntry, sortByAddress, findIndexRange } from './address-index';
import { ScopedOwner, ComparisonScope } from './comparison-scope';
import { JudgedOwner, ReviewState } from './review-state';

export type { ScopedOwner } from './comparison-scope';

/**
 * A gateway with the servers of the review to which its mappings translate, before or after. Equal server lists are one
 * object.
 */
export interface Edge {
  readonly gateway: ScopedOwner;
  readonly servers: readonly ScopedOwner[];
}

export function createEdges(owners: readonly ScopedOwner[]): readonly Edge[] {
  const servers = owners.filter(({ judgedOwner }) => judgedOwner.plannedOwner.role === 'server');
  const sortedAddresses = sortByAddress([...servers.keys()], (index) =>
    listServerAddresses(servers[index]!.judgedOwner),
  );
  const serverLists = new Map<string, readonly ScopedOwner[]>();
  const serverIndexes = new Map(servers.map((server, index) => [server, index]));
  const selectNear = (
    gateway: JudgedOwner,
    sameAddress: readonly AddressEntry<number>[],
    address: bigint,
  ): readonly number[] =>
    selectNearServers(
      gateway,
      sameAddress.map(({ item: serverIndex }) => servers[serverIndex]!),
      address,
    ).map((server) => serverIndexes.get(server)!);
  const gateways = owners.filter(({ judgedOwner }) => judgedOwner.plannedOwner.role === 'gateway');
  const areSitesApart = createSiteCheck(gateways.map(({ judgedOwner }) => judgedOwner));
  return gateways.map((gateway) => {
    const serverIndexSet = new Set(
      listInternalRanges(gateway.judgedOwner).flatMap((range) => {
        const [firstIndex, endIndex] = findIndexRange(range, sortedAddresses);
        const candidates = sortedAddresses
          .slice(firstIndex, endIndex)
          .filter(
            ({ item: serverIndex }) => !areSitesApart(gateway.judgedOwner, servers[serverIndex]!.judgedOwner.plan),
          );
        return [...groupBy(candidates, ({ address }) => address)].flatMap(([address, sameAddress]) =>
          sameAddress.length === 1 ? [sameAddress[0].item] : selectNear(gateway.judgedOwner, sameAddress, address),
        );
      }),
    );
    const sortedIndexes = [...serverIndexSet].sort((a, b) => a - b);
    const serverList = serverLists.get(sortedIndexes.join()) ?? sortedIndexes.map((index) => servers[index]!);
    serverLists.set(sortedIndexes.join(), serverList);
    return { gateway, servers: serverList };
  });
}

/**
 * Whether a gateway's mappings translate to a server. The lookup is a set, because there may be thousands of servers.
 */
export const reachesServer = (
  { servers }: Pick<Edge, 'servers'>,
  { judgedOwner }: Pick<ScopedOwner, 'judgedOwner'>,
): boolean => toJudgedSet(servers).has(judgedOwner);

const toJudgedSet = memoize(
  (servers: readonly ScopedOwner[]): ReadonlySet<JudgedOwner> => new Set(servers.map((server) => server.judgedOwner)),
);

const listStates = ({ before, after }: JudgedOwner): readonly ReviewState[] => [...before, after];

/** Returns the gateway policies of all states. The result is memoized, because thousands of servers ask for it. */
export const listGatewayPolicies = memoize((judgedOwner: JudgedOwner): readonly GatewayPolicy[] =>
  listStates(judgedOwner).flatMap(({ specified }) => (specified?.policy.kind === 'gateway' ? [specified.policy] : [])),
);

const listServerPolicies = (judgedOwner: JudgedOwner): readonly ServerPolicy[] =>
  listStates(judgedOwner).flatMap(({ specified }) => (specified?.policy.kind === 'server' ? [specified.policy] : []));

/** Returns every address that a server has, before or after. */
export const listServerAddresses = memoize((judgedOwner: JudgedOwner): readonly bigint[] => [
  ...new Set(listServerPolicies(judgedOwner).flatMap(({ localAddresses }) => localAddresses)),
]);

/** Returns the ranges to which the gateway's mappings translate, before or after. */
const listInternalRanges = (gateway: JudgedOwner): readonly Range[] =>
  mergeRanges(
    listGatewayPolicies(gateway).flatMap(({ mappings }) => mappings.map(({ internal }) => toRange(internal))),
  );

/** The reachability through a gateway, and the part of it that a server of the review decides, too. */
export interface EdgeReachability {
  readonly reachability: Reachability;
  /** The packets that a server decides, by start location. */
  readonly covered: ReadonlyMap<string, PacketSet>;
}

/**
 * Returns the reachability of one state of the gateway with one state of each server. Without servers the gateway
 * stands alone.
 */
export function computeEdgeReachability(
  gateway: Reachability,
  device: Device,
  servers: readonly ServerReachability[],
): EdgeReachability {
  if (servers.length === 0) return { reachability: gateway, covered: new Map() };
  const localAddresses = getLocalAddresses(device);
  const localPackets =
    localAddresses.length === 0
      ? PacketMap.NONE
      : PacketMap.createSet({ destination: localAddresses.map(toSingleRange) });
  const endViews = computeEndToEnd(gateway, device, servers);
  const otherViews = gateway.views.filter(({ startLocation }) => startLocation.kind !== 'interface');
  return {
    reachability: { views: [...endViews.map(({ view }) => view), ...otherViews] },
    covered: new Map(
      endViews.map(({ view, gatewayOnly }) => [
        toLocationKey(view.startLocation),
        view.dispositions.domain
          .subtract(gatewayOnly)
          .subtract(localPackets.intersect(view.translations.select(({ destination }) => destination.is === 'kept'))),
      ]),
    ),
  };
}

/**
 * Returns a server's state for packets from the gateway. They arrive at the interface that the policy names first,
 * whatever other interfaces the device has. `missingAddresses`: addresses that another server is taken to have.
 */
export function createServerReachability(
  { judgedOwner, comparison }: ScopedOwner,
  state: ReviewState,
  limiter: Pick<ComparisonScope, 'limitState'> = comparison,
  missingAddresses: ReadonlySet<bigint> = NO_ADDRESSES,
): ServerReachability {
  const interfaceNames = listServerPolicies(judgedOwner).flatMap(({ interfaces }) =>
    interfaces.map(({ name }) => name),
  );
  const firstInterfaces = state.device.interfaces.filter(({ name }) => name === interfaceNames[0]);
  const interfaces = [
    ...firstInterfaces,
    ...state.device.interfaces.filter((deviceInterface) => !firstInterfaces.includes(deviceInterface)),
  ];
  const device = { ...state.device, interfaces };
  return {
    device: missingAddresses.size === 0 ? device : removeAddresses(device, missingAddresses),
    reachability: limiter.limitState(state),
  };
}

const NO_ADDRESSES: ReadonlySet<bigint> = new Set();

const removeAddresses = (device: Device, missingAddresses: ReadonlySet<bigint>): Device => ({
  ...device,
  localAddresses: device.localAddresses.filter((address) => !missingAddresses.has(address)),
  interfaces: device.interfaces.map((deviceInterface) => ({
    ...deviceInterface,
    addresses: deviceInterface.addresses.filter(({ address }) => !missingAddresses.has(address)),
  })),
});

/** Returns the states of an assignment's servers after the change. */
export const listServersAfter = memoize(
  ({ servers, missingAddresses: { after } }: AddressAssignment): readonly ServerReachability[] =>
    servers.map((server) =>
      createServerReachability(server, server.judgedOwner.after, server.comparison, after.get(server)),
    ),
);

/** Returns the states before the change, one list for each round. */
export const listServersBefore = memoize(
  ({ servers, missingAddresses: { before } }: AddressAssignment): readonly (readonly ServerReachability[])[] =>
    listRounds(servers).map((round) =>
      round.map(([server, state]) => createServerReachability(server, state, server.comparison, before.get(server))),
    ),
);

/** A list of servers, each with one of its states. */
export type StateRound = readonly (readonly [ScopedOwner, ReviewState])[];

/**
 * Returns the rounds of states before the change. Servers have addresses of their own, so their states needn't be
 * combined with each other: it is enough that each state of each server is in one of the rounds.
 */
export function listRounds(servers: readonly ScopedOwner[]): readonly StateRound[] {
  const roundCount = Math.max(1, ...servers.map(({ judgedOwner }) => judgedOwner.before.length));
  return Array.from({ length: roundCount }, (_, roundIndex) =>
    servers.map(
      (server) =>
        [server, server.judgedOwner.before[Math.min(roundIndex, server.judgedOwner.before.length - 1)]!] as const,
    ),
  );
}
