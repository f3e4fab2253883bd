// Builds the input of lint and of review rules from the judged owners, for the devices after the change and before
// it.

import { computeEndToEnd } from '../../reachability/end-to-end';
import { memoize } from '../../net/intern-tables';
import { LintSubject, SubjectOwner } from '../../lint/lint-subject';
import { printOwnerLocation } from '../owner-locations';
import { Edge, ScopedOwner, createServerReachability, listRounds } from './gateway-edges';
import { ComparisonScope } from './comparison-scope';
import { ReviewState } from './review-state';

/** Returns the lint subject of the devices after the change, for lint and for the review rules. */
export const createSubjectAfter = (owners: readonly ScopedOwner[], edges: readonly Edge[]): LintSubject =>
  createSubject(owners, edges, ({ judgedOwner }) => judgedOwner.after);

/** Returns the lint subjects before the change: one for each round of states. */
export function createSubjectsBefore(owners: readonly ScopedOwner[], edges: readonly Edge[]): readonly LintSubject[] {
  return listRounds(owners).map((round) => {
    const states = new Map(round);
    return createSubject(owners, edges, (scopedOwner) => states.get(scopedOwner)!);
  });
}

/**
 * Returns the lint subject of the readable states. Bare states aren't part of it: a device without anything of ours
 * isn't ours to judge.
 */
function createSubject(
  scopedOwners: readonly ScopedOwner[],
  edges: readonly Edge[],
  chooseState: (scopedOwner: ScopedOwner) => ReviewState,
): LintSubject {
  const knownOwners = scopedOwners.filter((scopedOwner) => isEvaluated(chooseState(scopedOwner)));
  const owners = new Map(
    knownOwners.map((scopedOwner) => [scopedOwner, createSubjectOwner(scopedOwner, chooseState(scopedOwner))] as const),
  );
  // Gateways in front of one list of servers share the result.
  const listServerReachability = memoize((servers: Edge['servers']) =>
    servers
      .filter((server) => owners.has(server))
      .map((server) => createServerReachability(server, chooseState(server), UNLIMITED_SCOPE)),
  );
  const composedGateways = edges
    // A gateway without known servers is judged by its own reachability.
    .filter(({ gateway, servers }) => owners.has(gateway) && servers.some((server) => owners.has(server)))
    .map(({ gateway, servers }) => ({
      gateway: owners.get(gateway)!,
      endToEndViews: computeEndToEnd(
        chooseState(gateway).reachability,
        chooseState(gateway).device,
        listServerReachability(servers),
      ),
    }));
  const listSubjectServers = memoize((servers: Edge['servers']) =>
    servers.flatMap((server) => owners.get(server) ?? []),
  );
  const servers = new Map(
    edges.flatMap((edge) =>
      owners.has(edge.gateway) ? [[owners.get(edge.gateway)!, listSubjectServers(edge.servers)] as const] : [],
    ),
  );
  return { owners: [...owners.values()], composedGateways, servers };
}

const isEvaluated = ({ is: stateKind }: ReviewState): boolean => stateKind === 'release' || stateKind === 'live';

const UNLIMITED_SCOPE: Pick<ComparisonScope, 'limitState'> = { limitState: ({ reachability }) => reachability };

const createSubjectOwner = (
  { judgedOwner: { plan, plannedOwner } }: ScopedOwner,
  { specified, device, reachability }: ReviewState,
): SubjectOwner => ({
  name: printOwnerLocation(plannedOwner),
  plan: plan.name,
  ...(specified ? { policy: specified.policy } : {}),
  device,
  reachability,
});
