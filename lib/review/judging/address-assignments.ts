import { groupBy } from '../../net/group-by';
import { memoize } from '../../net/intern-tables';
import { Plan } from '../plan';
import { ScopedOwner } from './comparison-scope';
import { JudgedOwner, ReviewState } from './review-state';

const TIMES = ['before', 'after'] as const;
type BeforeOrAfter = (typeof TIMES)[number];

/** Which addresses a server has, and when. */
const getServerAddresses = memoize(
  ({ before, after }: JudgedOwner): Readonly<Record<BeforeOrAfter, ReadonlySet<bigint>>> => {
    const listAddresses = (states: readonly ReviewState[]): ReadonlySet<bigint> =>
      new Set(
        states.flatMap(({ meant: specified }) =>
          specified?.policy.kind === 'server' ? specified.policy.localAddresses : [],
        ),
      );
    return { before: listAddresses(before), after: listAddresses([after]) };
  },
);

const hasAddress = ({ judged }: ScopedOwner, address: bigint, time: BeforeOrAfter): boolean =>
  getServerAddresses(judged)[time].has(address);

/** What tells servers apart that a gateway may lead to: the plan, and which addresses they have when. */
export const toAddressesKey = memoize((judged: JudgedOwner): string =>
  JSON.stringify([judged.plan.name, ...TIMES.map((time) => [...getServerAddresses(judged)[time]].join())]),
);

/** Whether a plan has another gateway with an address inside that this one has at the same time: no network has it twice, so that theirs are two. */
export function createSiteCheck(gateways: readonly JudgedOwner[]): (gateway: JudgedOwner, plan: Plan) => boolean {
  const gatewaysByKey = groupBy(
    gateways.flatMap((candidate) => listInsideKeys(candidate).map((key) => ({ key, one: candidate }))),
    ({ key }) => key,
  );
  return (gateway, plan) =>
    plan !== gateway.plan &&
    listInsideKeys(gateway).some((key) =>
      gatewaysByKey
        .get(key)!
        .some(({ one: candidate }) => candidate.plan === plan && !isSameDevice(candidate, gateway)),
    );
}

/** By its host keys, which no two devices share: it may have another owner in each plan. */
function isSameDevice({ planned: owner }: JudgedOwner, { planned: otherOwner }: JudgedOwner): boolean {
  const [ownKeys, otherKeys] = [owner, otherOwner].map(({ before, after }) =>
    [...before, ...(after ? [after] : [])].map(({ hostKeys }) => hostKeys),
  );
  return ownKeys!.some((key) => otherKeys!.includes(key));
}

/** The first of each interface: members of a group that share an address have one of their own before it. */
const listInsideKeys = memoize(({ before, after }: JudgedOwner): readonly string[] => {
  const listKeys = (states: readonly ReviewState[], time: BeforeOrAfter): readonly string[] =>
    states
      .flatMap(({ meant: specified, device }) =>
        specified === undefined ? [] : device.interfaces.filter(({ role }) => role !== 'outside'),
      )
      .flatMap(({ addresses }) => addresses.slice(0, 1).map(({ address }) => `${time} ${address}`));
  return [...listKeys(before, 'before'), ...listKeys([after], 'after')];
});

/**
 * Sites number alike, and what one stack has is at one site: of servers with one address a gateway leads to those of its own plan. One of another
 * plan may be meant where these don't have it, before or after: an address that moves.
 */
export function selectNearServers(
  gateway: JudgedOwner,
  servers: readonly ScopedOwner[],
  address: bigint,
): readonly ScopedOwner[] {
  const isNear = ({ judged }: ScopedOwner): boolean => judged.plan === gateway.plan;
  const nearServers = servers.filter(isNear);
  if (nearServers.length === 0) return servers;
  const missingTimes = TIMES.filter((time) => !nearServers.some((server) => hasAddress(server, address, time)));
  return servers.filter((server) => isNear(server) || missingTimes.some((time) => hasAddress(server, address, time)));
}

/** Servers of which each address has one holder at a time: which addresses each of them lacks for that. */
export interface AddressAssignment {
  readonly servers: readonly ScopedOwner[];
  readonly without: Readonly<Record<BeforeOrAfter, ReadonlyMap<ScopedOwner, ReadonlySet<bigint>>>>;
}

/**
 * Where several have one address at once, each of them may be the one behind the gateway. Taken together, what one opens would hide behind what
 * another has open: each is looked at by itself, with whoever comes or goes in its place.
 */
export const listAssignments = memoize((servers: readonly ScopedOwner[]): readonly AddressAssignment[] => {
  const sharedAddresses = [...groupByAddress(servers)].filter(([address, candidates]) =>
    TIMES.some((time) => candidates.filter((server) => hasAddress(server, address, time)).length > 1),
  );
  const assignmentCount = Math.max(1, ...sharedAddresses.map(([, candidates]) => candidates.length));
  return Array.from({ length: assignmentCount }, (_, index): AddressAssignment => {
    const lackedAddresses = { before: new Map<ScopedOwner, Set<bigint>>(), after: new Map<ScopedOwner, Set<bigint>>() };
    for (const [address, candidates] of sharedAddresses) {
      const chosenServer = candidates[index % candidates.length]!;
      for (const time of TIMES) {
        const otherTime = time === 'before' ? 'after' : 'before';
        const isAssigned = (server: ScopedOwner): boolean =>
          hasAddress(chosenServer, address, time) ? server === chosenServer : !hasAddress(server, address, otherTime);
        for (const server of candidates) {
          if (isAssigned(server)) continue;
          const lackedByServer = lackedAddresses[time].get(server) ?? new Set();
          lackedAddresses[time].set(server, lackedByServer.add(address));
        }
      }
    }
    return { servers, without: lackedAddresses };
  });
});

/** Whether a server has an address that no other one is taken to have in its place. */
export const hasAssignedAddress = ({ without: lackedAddresses }: AddressAssignment, server: ScopedOwner): boolean =>
  TIMES.some((time) =>
    [...getServerAddresses(server.judged)[time]].some((address) => !lackedAddresses[time].get(server)?.has(address)),
  );

function groupByAddress(servers: readonly ScopedOwner[]): ReadonlyMap<bigint, readonly ScopedOwner[]> {
  const serversByAddress = new Map<bigint, ScopedOwner[]>();
  for (const server of servers)
    for (const address of new Set(TIMES.flatMap((time) => [...getServerAddresses(server.judged)[time]]))) {
      const sameAddress = serversByAddress.get(address);
      if (sameAddress) sameAddress.push(server);
      else serversByAddress.set(address, [server]);
    }
  return serversByAddress;
}
