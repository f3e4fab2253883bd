// Lowers a server's policy to one nftables table: filter chains for input and output, and a NAT chain for connections
// of the server to public addresses that are translated to it.

import { Family, getFamily } from '../../../../net/address';
import { ServerPolicy } from '../../../../policy/policy';
import { refuseIfAny } from '../../../../problems/problem';
import { Clause } from '../../../../generate/netfilter/clauses';
import {
  createClosedPolicy,
  createInputClauses,
  createOutputClauses,
} from '../../../../generate/netfilter/server-clauses';
import { checkPolicy } from '../../../../generate/check-policy';
import { capabilities } from '../../capabilities';
import { NftAddressMap, NftChain, NftRule, NftTable } from '../nft-table';
import { toTableName } from '../nft-names';
import { lowerClause } from '../lower-clause';
import { NftSetBuilder } from '../nft-set-builder';

const BOTH_FAMILIES: readonly [Family, ...Family[]] = ['ip', 'ip6'];

/**
 * Returns the table of a server.
 * @throws Refusal with every part of the policy that nftables can't implement
 */
export function lowerServer(policy: ServerPolicy): NftTable {
  refuseIfAny(checkPolicy(policy, capabilities));
  const name = toTableName(policy.owner, 'host');
  const sets = new NftSetBuilder();
  const maps = createOwnPublicMaps(policy);
  const outputRules = createOutputClauses(policy);
  const chains: readonly NftChain[] = [
    {
      name: 'c_input',
      hook: { type: 'filter', hook: 'input', priority: 'filter - 10', policy: 'drop' },
      rules: createInputRules(createInputClauses(policy), sets),
    },
    ...(outputRules
      ? [
          {
            name: 'c_output',
            hook: { type: 'filter', hook: 'output', priority: 'filter - 10', policy: 'drop' },
            rules: outputRules.flatMap((clause) => lowerClause(clause, 'out', BOTH_FAMILIES, sets)),
          } as const,
        ]
      : []),
    ...(maps.length === 0 ? [] : [createOwnPublicChain(maps)]),
  ];
  return { name, sets: sets.list, maps, chains };
}

export const lowerClosedServer = (policy: ServerPolicy): NftTable => lowerServer(createClosedPolicy(policy));

/**
 * Returns the input rules. The set of trusted networks stands behind the other sets, wherever its rule is: a changed
 * text is delivered again.
 */
function createInputRules(clauses: readonly Clause[], sets: NftSetBuilder): readonly NftRule[] {
  const isInside = ({ is }: Clause): boolean => is === 'inside';
  const rulesByClause = new Map<Clause, readonly NftRule[]>();
  for (const clause of [...clauses.filter((c) => !isInside(c)), ...clauses.filter(isInside)])
    rulesByClause.set(clause, lowerClause(clause, 'in', BOTH_FAMILIES, sets));
  return clauses.flatMap((clause) => rulesByClause.get(clause)!);
}

function createOwnPublicMaps({ ownPublic }: ServerPolicy): readonly NftAddressMap[] {
  return BOTH_FAMILIES.flatMap((family): readonly NftAddressMap[] => {
    const pairs = new Map(
      ownPublic.filter((pair) => getFamily(pair.public) === family).map((pair) => [pair.public, pair.local]),
    );
    const elements = [...pairs].map(([from, to]) => ({ from, to })).sort((a, b) => (a.from < b.from ? -1 : 1));
    const type = family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
    return elements.length === 0
      ? []
      : [{ is: 'addresses', name: family === 'ip' ? 'm_own' : 'm_own6', type, elements }];
  });
}

const createOwnPublicChain = (maps: readonly NftAddressMap[]): NftChain => ({
  name: 'c_own_public',
  hook: { type: 'nat', hook: 'output', priority: '-110', policy: 'accept' },
  rules: maps.map(({ name, type }) => ({
    matches: [],
    verdict: { is: 'translate', kind: 'dnat', family: type === 'ipv4_addr' ? 'ip' : 'ip6', map: name },
  })),
});
