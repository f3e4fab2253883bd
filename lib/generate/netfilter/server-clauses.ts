import { ServerPolicy } from '../../policy/policy';
import { keepManagementRules } from '../allow-rule-keys';
import { Clause, NEIGHBOURS_IN, NEIGHBOURS_OUT, createAllowClauses, createSessionClauses } from './clauses';

const LOOPBACK: Clause = { is: 'loopback' };

/** What comes in, in the order in which it has to stand; whatever none of it lets pass is dropped. */
export function createInputClauses({
  whenClosed,
  openings,
  inside,
  insideConnections,
}: ServerPolicy): readonly Clause[] {
  const unmanaged =
    insideConnections === 'listed' || inside.length === 0 ? [] : [{ is: 'inside', peers: inside } as const];
  return [LOOPBACK, ...createSessionClauses(whenClosed), NEIGHBOURS_IN, ...createAllowClauses(openings, unmanaged)];
}

/** The same of what leaves; undefined where everything may. */
export function createOutputClauses({ whenClosed, outbound, ownPublic }: ServerPolicy): readonly Clause[] | undefined {
  if (outbound === 'anywhere') return undefined;
  // The way out was chosen before the destination was translated, so loopback misses what a server sends to its own public address.
  const toItself = ownPublic.length === 0 ? [] : [{ is: 'own public', pairs: ownPublic } as const];
  const listed = outbound.map(({ protocol, ports, sourcePorts, destinations }): Clause => ({
    is: 'service',
    peers: destinations,
    protocol,
    ports,
    sourcePorts,
  }));
  return [LOOPBACK, ...createSessionClauses(whenClosed), NEIGHBOURS_OUT, ...toItself, ...listed];
}

/** What stands in for a server's rules: inbound, nothing but its management and what was let in as inside. */
export const createClosedPolicy = (policy: ServerPolicy): ServerPolicy => ({
  ...policy,
  whenClosed: 'cut',
  openings: keepManagementRules(policy.openings),
});
