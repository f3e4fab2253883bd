// Decides for a review which servers have the inside addresses that a gateway translates to. Where several sites or
// servers have one address, each candidate is compared in an assignment.

import { groupBy } from '../../net/group-by';
import { memoize } from '../../net/intern-tables';
import { Plan } from '../plan';
import { ScopedOwner } from './comparison-scope';
import { JudgedOwner, ReviewState } from './review-state';

const TIMES = ['before', 'after'] as const;
type BeforeOrAfter = (typeof TIMES)[number];

/** Returns the addresses that a server has before and after the change. */
const getServerAddresses = memoize(
  ({ before, after }: JudgedOwner): Readonly<Record<BeforeOrAfter, ReadonlySet<bigint>>> => {
    const listAddresses = (states: readonly ReviewState[]): ReadonlySet<bigint> =>
      new Set(
        states.flatMap(({ specified }) => (specified?.policy.kind === 'server' ? specified.policy.localAddresses : [])),
      );
    return { before: listAddresses(before), after: listAddresses([after]) };
  },
);

const hasAddress = ({ judgedOwner }: ScopedOwner, address: bigint, time: BeforeOrAfter): boolean =>
  getServerAddresses(judgedOwner)[time].has(address);

/** Returns a key that tells servers behind a gateway apart: plan, and addresses before and after. */
export const toAddressesKey = memoize((judged: JudgedOwner): string =>
  JSON.stringify([judged.plan.name, ...TIMES.map((time) => [...getServerAddresses(judged)[time]].join())]),
);

/**
 * Returns a function that says whether a plan is of another site than a gateway. It is if the plan has another gateway
 * with the same inside address at the same time: no network has an address twice, so these are two networks.
 */
export function createSiteCheck(gateways: readonly JudgedOwner[]): (gateway: JudgedOwner, plan: Plan) => boolean {
  const gatewaysByKey = groupBy(
    gateways.flatMap((otherGateway) => listInsideKeys(otherGateway).map((key) => ({ key, otherGateway }))),
    ({ key }) => key,
  );
  return (gateway, plan) =>
    plan !== gateway.plan &&
    listInsideKeys(gateway).some((key) =>
      gatewaysByKey
        .get(key)!
        .some(({ otherGateway }) => otherGateway.plan === plan && !isSameDevice(otherGateway, gateway)),
    );
}

/** Compares host keys, which no two devices share. The device may have another owner in each plan. */
function isSameDevice({ plannedOwner: owner }: JudgedOwner, { plannedOwner: otherOwner }: JudgedOwner): boolean {
  const [ownKeys, otherKeys] = [owner, otherOwner].map(({ before, after }) =>
    [...before, ...(after ? [after] : [])].map(({ hostKeys }) => hostKeys),
  );
  return ownKeys!.some((key) => otherKeys!.includes(key));
}

/**
 * Returns the first address of each inside interface. Members of a group that share an address have an address of their
 * own before it.
 */
const listInsideKeys = memoize(({ before, after }: JudgedOwner): readonly string[] => {
  const listKeys = (states: readonly ReviewState[], time: BeforeOrAfter): readonly string[] =>
    states
      .flatMap(({ specified, device }) =>
        specified === undefined ? [] : device.interfaces.filter(({ role }) => role !== 'outside'),
      )
      .flatMap(({ addresses }) => addresses.slice(0, 1).map(({ address }) => `${time} ${address}`));
  return [...listKeys(before, 'before'), ...listKeys([after], 'after')];
});

/**
 * Returns the servers that a gateway translates to, of those that have one address. Several sites use the same
 * addresses, and one stack describes one site, so these are the servers of the gateway's own plan. A server of another
 * plan counts only at a time, before or after, when no server of the own plan has the address: an address that moves.
 */
export function selectNearServers(
  gateway: JudgedOwner,
  servers: readonly ScopedOwner[],
  address: bigint,
): readonly ScopedOwner[] {
  const isNear = ({ judgedOwner }: ScopedOwner): boolean => judgedOwner.plan === gateway.plan;
  const nearServers = servers.filter(isNear);
  if (nearServers.length === 0) return servers;
  const missingTimes = TIMES.filter((time) => !nearServers.some((server) => hasAddress(server, address, time)));
  return servers.filter((server) => isNear(server) || missingTimes.some((time) => hasAddress(server, address, time)));
}

/**
 * Servers, with the addresses that each of them is taken not to have, so that each address has one server at a time.
 */
export interface AddressAssignment {
  readonly servers: readonly ScopedOwner[];
  readonly missingAddresses: Readonly<Record<BeforeOrAfter, ReadonlyMap<ScopedOwner, ReadonlySet<bigint>>>>;
}

/**
 * Returns the assignments to compare. Where several servers have one address at once, each of them may be the one
 * behind the gateway. If they were merged, the changes of one would hide behind the open ports of another. So each server
 * gets an assignment of its own, with the servers that come or go in its place.
 */
export const listAssignments = memoize((servers: readonly ScopedOwner[]): readonly AddressAssignment[] => {
  const sharedAddresses = [...groupByAddress(servers)].filter(([address, candidates]) =>
    TIMES.some((time) => candidates.filter((server) => hasAddress(server, address, time)).length > 1),
  );
  const assignmentCount = Math.max(1, ...sharedAddresses.map(([, candidates]) => candidates.length));
  return Array.from({ length: assignmentCount }, (_, index): AddressAssignment => {
    const missingAddresses = {
      before: new Map<ScopedOwner, Set<bigint>>(),
      after: new Map<ScopedOwner, Set<bigint>>(),
    };
    for (const [address, candidates] of sharedAddresses) {
      const chosenServer = candidates[index % candidates.length]!;
      for (const time of TIMES) {
        const otherTime = time === 'before' ? 'after' : 'before';
        const isAssigned = (server: ScopedOwner): boolean =>
          hasAddress(chosenServer, address, time) ? server === chosenServer : !hasAddress(server, address, otherTime);
        for (const server of candidates) {
          if (isAssigned(server)) continue;
          const serverAddresses = missingAddresses[time].get(server) ?? new Set();
          missingAddresses[time].set(server, serverAddresses.add(address));
        }
      }
    }
    return { servers, missingAddresses };
  });
});

/** Whether a server has an address that no other server is taken to have in its place. */
export const hasAssignedAddress = ({ missingAddresses }: AddressAssignment, server: ScopedOwner): boolean =>
  TIMES.some((time) =>
    [...getServerAddresses(server.judgedOwner)[time]].some(
      (address) => !missingAddresses[time].get(server)?.has(address),
    ),
  );

function groupByAddress(servers: readonly ScopedOwner[]): ReadonlyMap<bigint, readonly ScopedOwner[]> {
  const serversByAddress = new Map<bigint, ScopedOwner[]>();
  for (const server of servers)
    for (const address of new Set(TIMES.flatMap((time) => [...getServerAddresses(server.judgedOwner)[time]]))) {
      const sameAddress = serversByAddress.get(address);
      if (sameAddress) sameAddress.push(server);
      else serversByAddress.set(address, [server]);
    }
  return serversByAddress;
}
