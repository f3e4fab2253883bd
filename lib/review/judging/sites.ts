import { groupBy } from '../../net/group-by';
import { remembered } from '../../net/interned';
import { Plan } from '../plan';
import { Sided } from './sides';
import { Judged, State } from './state';

const WHEN = ['before', 'after'] as const;
type When = (typeof WHEN)[number];

/** Which addresses a server has, and when. */
const heldBy = remembered(({ before, after }: Judged): Readonly<Record<When, ReadonlySet<bigint>>> => {
  const of = (states: readonly State[]): ReadonlySet<bigint> =>
    new Set(states.flatMap(({ meant }) => (meant?.policy.kind === 'server' ? meant.policy.localAddresses : [])));
  return { before: of(before), after: of([after]) };
});

const holds = ({ judged }: Sided, address: bigint, when: When): boolean => heldBy(judged)[when].has(address);

/** What tells servers apart that a gateway may lead to: the plan, and which addresses they have when. */
export const keyOfHeld = remembered((judged: Judged): string =>
  JSON.stringify([judged.plan.name, ...WHEN.map((when) => [...heldBy(judged)[when]].join())]),
);

/** Whether a plan has another gateway with an address inside that this one has at the same time: no network has it twice, so that theirs are two. */
export function sitesApart(gateways: readonly Judged[]): (gateway: Judged, plan: Plan) => boolean {
  const inside = groupBy(
    gateways.flatMap((one) => insideOf(one).map((key) => ({ key, one }))),
    ({ key }) => key,
  );
  return (gateway, plan) =>
    plan !== gateway.plan &&
    insideOf(gateway).some((key) =>
      inside.get(key)!.some(({ one }) => one.plan === plan && !isSameDevice(one, gateway)),
    );
}

/** By its host keys, which no two devices share: it may have another owner in each plan. */
function isSameDevice({ planned: one }: Judged, { planned: other }: Judged): boolean {
  const [keys, others] = [one, other].map(({ before, after }) =>
    [...before, ...(after ? [after] : [])].map(({ hostKeys }) => hostKeys),
  );
  return keys!.some((key) => others!.includes(key));
}

/** The first of each interface: members of a group that share an address have one of their own before it. */
const insideOf = remembered(({ before, after }: Judged): readonly string[] => {
  const of = (states: readonly State[], when: When): readonly string[] =>
    states
      .flatMap(({ meant, device }) =>
        meant === undefined ? [] : device.interfaces.filter(({ role }) => role !== 'outside'),
      )
      .flatMap(({ addresses }) => addresses.slice(0, 1).map(({ address }) => `${when} ${address}`));
  return [...of(before, 'before'), ...of([after], 'after')];
});

/**
 * Sites number alike, and what one stack has is at one site: of servers with one address a gateway leads to those of its own plan. One of another
 * plan may be meant where these don't have it, before or after: an address that moves.
 */
export function nearTo(gateway: Judged, servers: readonly Sided[], address: bigint): readonly Sided[] {
  const isNear = ({ judged }: Sided): boolean => judged.plan === gateway.plan;
  const near = servers.filter(isNear);
  if (near.length === 0) return servers;
  const left = WHEN.filter((when) => !near.some((one) => holds(one, address, when)));
  return servers.filter((one) => isNear(one) || left.some((when) => holds(one, address, when)));
}

/** Servers of which each address has one holder at a time: which addresses each of them lacks for that. */
export interface Version {
  readonly servers: readonly Sided[];
  readonly without: Readonly<Record<When, ReadonlyMap<Sided, ReadonlySet<bigint>>>>;
}

/**
 * Where several have one address at once, each of them may be the one behind the gateway. Taken together, what one opens would hide behind what
 * another has open: each is looked at by itself, with whoever comes or goes in its place.
 */
export const versionsOf = remembered((servers: readonly Sided[]): readonly Version[] => {
  const alike = [...holdersOf(servers)].filter(([address, all]) =>
    WHEN.some((when) => all.filter((one) => holds(one, address, when)).length > 1),
  );
  const most = Math.max(1, ...alike.map(([, all]) => all.length));
  return Array.from({ length: most }, (_, nth): Version => {
    const without = { before: new Map<Sided, Set<bigint>>(), after: new Map<Sided, Set<bigint>>() };
    for (const [address, all] of alike) {
      const chosen = all[nth % all.length]!;
      for (const when of WHEN) {
        const other = when === 'before' ? 'after' : 'before';
        const isMeant = (one: Sided): boolean =>
          holds(chosen, address, when) ? one === chosen : !holds(one, address, other);
        for (const one of all) {
          if (isMeant(one)) continue;
          const lacks = without[when].get(one) ?? new Set();
          without[when].set(one, lacks.add(address));
        }
      }
    }
    return { servers, without };
  });
});

/** Whether a server has an address that no other one is taken to have in its place. */
export const takesPart = ({ without }: Version, server: Sided): boolean =>
  WHEN.some((when) => [...heldBy(server.judged)[when]].some((address) => !without[when].get(server)?.has(address)));

function holdersOf(servers: readonly Sided[]): ReadonlyMap<bigint, readonly Sided[]> {
  const all = new Map<bigint, Sided[]>();
  for (const server of servers)
    for (const address of new Set(WHEN.flatMap((when) => [...heldBy(server.judged)[when]]))) {
      const there = all.get(address);
      if (there) there.push(server);
      else all.set(address, [server]);
    }
  return all;
}
