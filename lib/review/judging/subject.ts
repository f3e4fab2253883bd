import { composed } from '../../reachability/compose';
import { remembered } from '../../net/interned';
import { Subject, SubjectOwner } from '../../lint/subject';
import { ownerPlace } from '../owner-places';
import { Edge, Sided, behind, rounds } from './edges';
import { Sides } from './sides';
import { State } from './state';

/** Everything that is known of the devices as they will be, for lint and for the review rules. */
export const subjectAfter = (all: readonly Sided[], edges: readonly Edge[]): Subject =>
  subjectOf(all, edges, ({ judged }) => judged.after);

/** The same as it may be before: one for each choice of states. */
export function subjectsBefore(all: readonly Sided[], edges: readonly Edge[]): readonly Subject[] {
  return rounds(all).map((round) => {
    const states = new Map(round);
    return subjectOf(all, edges, (sided) => states.get(sided)!);
  });
}

/** What is bare or can't be read is no part of it: a device without anything of ours isn't ours to judge. */
function subjectOf(all: readonly Sided[], edges: readonly Edge[], choose: (sided: Sided) => State): Subject {
  const known = all.filter((sided) => isKnown(choose(sided)));
  const owners = new Map(known.map((sided) => [sided, ownerOf(sided, choose(sided))] as const));
  // Gateways that lead to one list of servers ask with one list.
  const behindThem = remembered((servers: Edge['servers']) =>
    servers.filter((server) => owners.has(server)).map((server) => behind(server, choose(server), WHOLE)),
  );
  const reached = edges
    // Alone, a gateway's word is its exposure.
    .filter(({ gateway, servers }) => owners.has(gateway) && servers.some((server) => owners.has(server)))
    .map(({ gateway, servers }) => ({
      gateway: owners.get(gateway)!,
      ends: composed(choose(gateway).exposure, choose(gateway).device, behindThem(servers)),
    }));
  const leadTo = remembered((servers: Edge['servers']) => servers.flatMap((server) => owners.get(server) ?? []));
  const servers = new Map(
    edges.flatMap((edge) =>
      owners.has(edge.gateway) ? [[owners.get(edge.gateway)!, leadTo(edge.servers)] as const] : [],
    ),
  );
  return { owners: [...owners.values()], reached, servers };
}

const isKnown = ({ is }: State): boolean => is === 'release' || is === 'live';

const WHOLE: Pick<Sides, 'cut'> = { cut: ({ exposure }) => exposure };

const ownerOf = ({ judged: { plan, planned } }: Sided, { meant, device, exposure }: State): SubjectOwner => ({
  name: ownerPlace(planned),
  plan: plan.name,
  ...(meant ? { policy: meant.policy } : {}),
  device,
  exposure,
});
