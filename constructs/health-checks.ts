// Returns a problem for each health check that the release itself denies, so that each delivery would be rolled back.

import { HealthCheck } from '../lib/agent-protocol/release';
import { Problem } from '../lib/problems/problem';
import { Verification, createScope } from '../lib/verifier/verify-policy';
import { createHealthCheckPackets, selectViews } from '../lib/verifier/health-check';

/**
 * Finds health checks that the release itself denies: each delivery would be rolled back. Packets that the policy
 * doesn't cover may be allowed by unmanaged rules, so the device decides on them.
 */
export function checkHealthChecks(
  location: string,
  { evaluated, spec }: Verification,
  healthChecks: readonly HealthCheck[],
): readonly Problem[] {
  const scope = createScope(spec);
  return healthChecks.flatMap((healthCheck, index) => {
    const packets = createHealthCheckPackets(healthCheck)!;
    const views = selectViews(evaluated, healthCheck);
    const [first] = views;
    const isKeptOut = views.every(
      ({ startLocation, dispositions }) =>
        packets.subtract(scope(startLocation)).isEmpty && dispositions.intersect(packets).isEmpty,
    );
    if (!first || !isKeptOut) return [];
    return [
      createDeniedProblem(
        `${location} healthChecks[${index}]`,
        healthCheck,
        evaluated.explain(first.startLocation, packets.pickPacket()!.packet).reason,
      ),
    ];
  });
}

const createDeniedProblem = (
  where: string,
  { arrives, from, to, protocol, port }: HealthCheck,
  reason: string,
): Problem => ({
  code: 'constructs/witness-denied',
  where,
  what: `${from} to ${to} ${protocol} ${port}, by ${arrives}, has to be let through after each delivery, and what is written here keeps it out (${reason}): every delivery would be rolled back.`,
  instead: 'a health check that the profile or a mapping lets through; or the opening that it is for.',
});
