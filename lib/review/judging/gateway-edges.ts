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
import { AddressEntry, sortByAddress, findIndexRange } from './sorted-addresses';
import { ScopedOwner, ComparisonScope } from './comparison-scope';
import { JudgedOwner, ReviewState } from './review-state';

export type { ScopedOwner } from './comparison-scope';

/** A gateway with the servers of the review that its mappings lead to, before or after. Those of one list are one object. */
export interface Edge {
  readonly gateway: ScopedOwner;
  readonly servers: readonly ScopedOwner[];
}

export function createEdges(owners: readonly ScopedOwner[]): readonly Edge[] {
  const servers = owners.filter(({ judged }) => judged.planned.role === 'server');
  const sortedAddresses = sortByAddress([...servers.keys()], (index) => listServerAddresses(servers[index]!.judged));
  const serverLists = new Map<string, readonly ScopedOwner[]>();
  const serverIndexes = new Map(servers.map((candidate, index) => [candidate, index]));
  const selectNear = (
    gateway: JudgedOwner,
    sameAddress: readonly AddressEntry<number>[],
    address: bigint,
  ): readonly number[] =>
    selectNearServers(
      gateway,
      sameAddress.map(({ one: candidate }) => servers[candidate]!),
      address,
    ).map((candidate) => serverIndexes.get(candidate)!);
  const gateways = owners.filter(({ judged }) => judged.planned.role === 'gateway');
  const areSitesApart = createSiteCheck(gateways.map(({ judged }) => judged));
  return gateways.map((gateway) => {
    const serverIndexSet = new Set(
      listInternalRanges(gateway.judged).flatMap((range) => {
        const [firstIndex, endIndex] = findIndexRange(range, sortedAddresses);
        const candidates = sortedAddresses
          .slice(firstIndex, endIndex)
          .filter(({ one: candidate }) => !areSitesApart(gateway.judged, servers[candidate]!.judged.plan));
        return [...groupBy(candidates, ({ address }) => address)].flatMap(([address, sameAddress]) =>
          sameAddress.length === 1 ? [sameAddress[0].one] : selectNear(gateway.judged, sameAddress, address),
        );
      }),
    );
    const sortedIndexes = [...serverIndexSet].sort((a, b) => a - b);
    const serverList = serverLists.get(sortedIndexes.join()) ?? sortedIndexes.map((index) => servers[index]!);
    serverLists.set(sortedIndexes.join(), serverList);
    return { gateway, servers: serverList };
  });
}

/** Whether a gateway's mappings lead to a server, of thousands of them. */
export const reachesServer = ({ servers }: Pick<Edge, 'servers'>, { judged }: Pick<ScopedOwner, 'judged'>): boolean =>
  toJudgedSet(servers).has(judged);

const toJudgedSet = memoize(
  (servers: readonly ScopedOwner[]): ReadonlySet<JudgedOwner> => new Set(servers.map((server) => server.judged)),
);

const listStates = ({ before, after }: JudgedOwner): readonly ReviewState[] => [...before, after];

/** Of all its states: thousands of servers ask for them. */
export const listGatewayPolicies = memoize((judged: JudgedOwner): readonly GatewayPolicy[] =>
  listStates(judged).flatMap(({ meant: specified }) =>
    specified?.policy.kind === 'gateway' ? [specified.policy] : [],
  ),
);

const listServerPolicies = (judged: JudgedOwner): readonly ServerPolicy[] =>
  listStates(judged).flatMap(({ meant: specified }) => (specified?.policy.kind === 'server' ? [specified.policy] : []));

/** Every address that a server has, before or after. */
export const listServerAddresses = memoize((judged: JudgedOwner): readonly bigint[] => [
  ...new Set(listServerPolicies(judged).flatMap(({ localAddresses }) => localAddresses)),
]);

/** What its mappings lead to, before or after. */
const listInternalRanges = (gateway: JudgedOwner): readonly Range[] =>
  mergeRanges(listGatewayPolicies(gateway).flatMap(({ mappings }) => mappings.map(({ inside }) => toRange(inside))));

/** What is reachable through a gateway, and the part of it that a server of the review decides, too. */
export interface EdgeReachability {
  readonly exposure: Reachability;
  /** By vantage. */
  readonly covered: ReadonlyMap<string, PacketSet>;
}

/** One state of the gateway with one of each server. Without servers the gateway stands alone. */
export function computeEdgeReachability(
  gateway: Reachability,
  device: Device,
  servers: readonly ServerReachability[],
): EdgeReachability {
  if (servers.length === 0) return { exposure: gateway, covered: new Map() };
  const localAddresses = getLocalAddresses(device);
  const localPackets =
    localAddresses.length === 0
      ? PacketMap.NONE
      : PacketMap.createSet({ destination: localAddresses.map(toSingleRange) });
  const endViews = computeEndToEnd(gateway, device, servers);
  const otherViews = gateway.views.filter(({ vantage }) => vantage.kind !== 'interface');
  return {
    exposure: { views: [...endViews.map(({ view }) => view), ...otherViews] },
    covered: new Map(
      endViews.map(({ view, gatewayOnly }) => [
        toLocationKey(view.vantage),
        view.verdicts.domain
          .subtract(gatewayOnly)
          .subtract(localPackets.intersect(view.translations.select(({ destination }) => destination.is === 'kept'))),
      ]),
    ),
  };
}

/**
 * A server's state as the gateway's packets meet it: by the interface that the policy names first, whatever else the device has. `without`:
 * addresses that another server is taken to have.
 */
export function createServerReachability(
  { judged, sides: comparison }: ScopedOwner,
  state: ReviewState,
  limiter: Pick<ComparisonScope, 'limitState'> = comparison,
  lackedAddresses: ReadonlySet<bigint> = NO_ADDRESSES,
): ServerReachability {
  const interfaceNames = listServerPolicies(judged).flatMap(({ interfaces }) => interfaces.map(({ name }) => name));
  const firstInterfaces = state.device.interfaces.filter(({ name }) => name === interfaceNames[0]);
  const interfaces = [
    ...firstInterfaces,
    ...state.device.interfaces.filter((deviceInterface) => !firstInterfaces.includes(deviceInterface)),
  ];
  const device = { ...state.device, interfaces };
  return {
    device: lackedAddresses.size === 0 ? device : removeAddresses(device, lackedAddresses),
    exposure: limiter.limitState(state),
  };
}

const NO_ADDRESSES: ReadonlySet<bigint> = new Set();

const removeAddresses = (device: Device, lackedAddresses: ReadonlySet<bigint>): Device => ({
  ...device,
  localAddresses: device.localAddresses.filter((address) => !lackedAddresses.has(address)),
  interfaces: device.interfaces.map((deviceInterface) => ({
    ...deviceInterface,
    addresses: deviceInterface.addresses.filter(({ address }) => !lackedAddresses.has(address)),
  })),
});

/** The servers of a list as they will be. */
export const listServersAfter = memoize(
  ({ servers, without: { after } }: AddressAssignment): readonly ServerReachability[] =>
    servers.map((server) => createServerReachability(server, server.judged.after, server.sides, after.get(server))),
);

/** And as they may be before, in each of the rounds. */
export const listServersBefore = memoize(
  ({ servers, without: { before } }: AddressAssignment): readonly (readonly ServerReachability[])[] =>
    listRounds(servers).map((round) =>
      round.map(([server, state]) => createServerReachability(server, state, server.sides, before.get(server))),
    ),
);

/** Servers, each with one of its states. */
export type StateRound = readonly (readonly [ScopedOwner, ReviewState])[];

/**
 * Every choice that matters of the states before: each of the gateway's with each of every server's. Servers have addresses of their own,
 * so it is enough that each state of each is in one of the rounds.
 */
export function listRounds(servers: readonly ScopedOwner[]): readonly StateRound[] {
  const roundCount = Math.max(1, ...servers.map(({ judged }) => judged.before.length));
  return Array.from({ length: roundCount }, (_, roundIndex) =>
    servers.map(
      (server) => [server, server.judged.before[Math.min(roundIndex, server.judged.before.length - 1)]!] as const,
    ),
  );
}
