// Lowers a server's policy to iptables tables: mangle decides incoming packets, filter decides outgoing ones if the
// policy lists them, and nat translates what the server sends to the server's public addresses.

import { Address, Family, getFamily } from '../../../net/address';
import { toSingleRange } from '../../../net/range';
import { ServerPolicy } from '../../../policy/policy';
import { refuseIfAny } from '../../../problems/problem';
import { createInputClauses, createOutputClauses } from '../../../generate/netfilter/server-clauses';
import { checkPolicy } from '../../../generate/check-policy';
import { capabilities } from '../capabilities';
import { IptablesChain, DROP, IptablesRule, IptablesTable } from './iptables-table';
import { checkIcmpTypes } from './iptables-problems';
import { lowerClause } from './lower-clause';

const DROP_REST: IptablesRule = { matches: [], target: DROP };

/**
 * Returns the tables of a server. IPv6 stands first, because it is loaded first. Incoming packets are decided in
 * mangle, before filter: an unmanaged accept in front of filter, such as cPanel's script adds with each run, allows
 * nothing.
 * @throws Refusal with every part of the policy that iptables can't implement
 */
export function lowerServer(policy: ServerPolicy): readonly IptablesTable[] {
  refuseIfAny([
    ...checkPolicy(policy, capabilities),
    ...checkIcmpTypes(policy.allowRules),
    ...checkIcmpTypes(listOutbound(policy)),
  ]);
  return (['ip6', 'ip'] as const).flatMap((family): readonly IptablesTable[] => {
    const natRules = createOwnPublicRules(policy, family);
    const nameChain = (purpose: 'in' | 'out' | 'own'): string => `ce-${policy.owner}-${purpose}`;
    const outputRules = createOutputClauses(policy)?.flatMap((clause) => lowerClause(clause, 'out', family));
    const inputRules = createInputClauses(policy).flatMap((clause) => lowerClause(clause, 'in', family));
    const createTable = (tableName: IptablesTable['name'], chain: IptablesChain): IptablesTable => ({
      family,
      name: tableName,
      chains: [chain],
    });
    return [
      createTable('mangle', { name: nameChain('in'), from: 'INPUT', rules: [...inputRules, DROP_REST] }),
      // filter sees the translated destination of packets to an own public address; mangle doesn't.
      ...(outputRules
        ? [createTable('filter', { name: nameChain('out'), from: 'OUTPUT', rules: [...outputRules, DROP_REST] })]
        : []),
      ...(natRules.length === 0
        ? []
        : [createTable('nat', { name: nameChain('own'), from: 'OUTPUT', rules: natRules })]),
    ];
  });
}

/** Returns rules that translate what the host sends to its own public addresses to the local ones. */
function createOwnPublicRules({ ownPublic }: ServerPolicy, family: Family): readonly IptablesRule[] {
  const pairs = new Map(
    ownPublic.filter((pair) => getFamily(pair.public) === family).map((pair) => [pair.public, pair.local]),
  );
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([publicAddress, localAddress]: readonly [Address, Address]) => ({
      matches: [{ is: 'address', end: 'destination', range: toSingleRange(publicAddress) }],
      target: { is: 'new destination', address: localAddress },
    }));
}

const listOutbound = ({ outbound }: ServerPolicy): Parameters<typeof checkIcmpTypes>[0] => ({
  name: 'outbound',
  entries: outbound === 'anywhere' ? [] : outbound,
});
