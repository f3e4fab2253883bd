// Converts a server's policy to ordered clauses for incoming and outgoing packets, which the generators of nftables,
// iptables and firewalld lower to rules.

import { ServerPolicy } from '../../policy/policy';
import { keepManagementRules } from '../allow-rule-keys';
import { Clause, NEIGHBOURS_IN, NEIGHBOURS_OUT, createAllowClauses, createSessionClauses } from './clauses';

const LOOPBACK: Clause = { is: 'loopback' };

/**
 * Returns the clauses for incoming packets, in the order in which they have to stand; all other packets are dropped.
 */
export function createInputClauses({
  establishedSessions,
  allowRules,
  trustedNetworks,
  trustedConnections,
}: ServerPolicy): readonly Clause[] {
  const unmanaged =
    trustedConnections === 'listed' || trustedNetworks.length === 0
      ? []
      : [{ is: 'inside', peers: trustedNetworks } as const];
  return [
    LOOPBACK,
    ...createSessionClauses(establishedSessions),
    NEIGHBOURS_IN,
    ...createAllowClauses(allowRules, unmanaged),
  ];
}

/** Returns the clauses for packets that leave; undefined if all may leave. */
export function createOutputClauses({
  establishedSessions,
  outbound,
  ownPublic,
}: ServerPolicy): readonly Clause[] | undefined {
  if (outbound === 'anywhere') return undefined;
  // The route is chosen before the destination is translated, so the loopback clause doesn't match packets from a
  // server to its own public address.
  const toItself = ownPublic.length === 0 ? [] : [{ is: 'own public', pairs: ownPublic } as const];
  const listed = outbound.map(({ protocol, ports, sourcePorts, destinations }): Clause => ({
    is: 'service',
    peers: destinations,
    protocol,
    ports,
    sourcePorts,
  }));
  return [LOOPBACK, ...createSessionClauses(establishedSessions), NEIGHBOURS_OUT, ...toItself, ...listed];
}

/**
 * Returns the policy that replaces a server's policy while it is closed: inbound, only management and trusted networks.
 */
export const createClosedPolicy = (policy: ServerPolicy): ServerPolicy => ({
  ...policy,
  establishedSessions: 'terminate',
  allowRules: keepManagementRules(policy.allowRules),
});
