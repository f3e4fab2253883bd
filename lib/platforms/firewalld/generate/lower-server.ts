// Lowers a server's policy to firewalld policy objects with rich rules. Refuses a policy that firewalld can't
// express.

import { ServerPolicy } from '../../../policy/policy';
import { refuseIfAny } from '../../../problems/problem';
import { createInputClauses, createOutputClauses } from '../../../generate/netfilter/server-clauses';
import { checkPolicy } from '../../../generate/check-policy';
import { capabilities } from '../capabilities';
import { FirewalldPolicy } from './firewalld-policy';
import { checkIcmpTypes } from './icmp-problems';
import { createUntrustedDrops, lowerClause } from './lower-clause';

/**
 * Returns the policies of firewalld for a server.
 * @throws Refusal with every part of the policy that firewalld can't implement
 */
export function lowerServer(policy: ServerPolicy): readonly FirewalldPolicy[] {
  const { owner, version, allowRules, outbound, trustedNetworks, trustedConnections } = policy;
  refuseIfAny([
    ...checkPolicy(policy, capabilities),
    ...checkIcmpTypes(version, allowRules.name, allowRules.entries),
    ...checkIcmpTypes(version, 'outbound', outbound === 'anywhere' ? [] : outbound),
  ]);
  const input = createInputClauses(policy).flatMap((clause) => lowerClause(clause, 'in', version));
  const output = createOutputClauses(policy)?.flatMap((clause) => lowerClause(clause, 'out', version));
  const dropRules =
    trustedConnections === 'unmanaged' && trustedNetworks.length > 0
      ? createUntrustedDrops(trustedNetworks)
      : undefined;
  return [
    {
      name: `cf-${owner}-in`,
      ...({ from: 'ANY', to: 'HOST' } as const),
      target: dropRules ? 'CONTINUE' : 'DROP',
      rules: [...input, ...(dropRules ?? [])],
    },
    ...(output ? [{ name: `cf-${owner}-out`, from: 'HOST', to: 'ANY', target: 'DROP', rules: output } as const] : []),
  ];
}
