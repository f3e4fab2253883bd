import { Family, familyOf } from '../../../../net/address';
import { ServerPolicy } from '../../../../policy/policy';
import { refuseIfAny } from '../../../../problems/problem';
import { Clause } from '../../../../generate/netfilter/clauses';
import { closed, inputClauses, outputClauses } from '../../../../generate/netfilter/server';
import { refused } from '../../../../generate/refuse';
import { capabilities } from '../../capabilities';
import { AddressMap, Chain, Rule, Table } from '../model';
import { tableName } from '../names';
import { rulesFor } from '../rules';
import { Sets } from '../sets';

const BOTH: readonly [Family, ...Family[]] = ['ip', 'ip6'];

/** Throws Refusal with every wish that nftables can't meet. */
export function lowerHost(policy: ServerPolicy): Table {
  refuseIfAny(refused(policy, capabilities));
  const name = tableName(policy.owner, 'host');
  const sets = new Sets();
  const maps = ownPublicMaps(policy);
  const output = outputClauses(policy);
  const chains: readonly Chain[] = [
    {
      name: 'c_input',
      hook: { type: 'filter', on: 'input', priority: 'filter - 10', policy: 'drop' },
      rules: inputRules(inputClauses(policy), sets),
    },
    ...(output
      ? [
          {
            name: 'c_output',
            hook: { type: 'filter', on: 'output', priority: 'filter - 10', policy: 'drop' },
            rules: output.flatMap((clause) => rulesFor(clause, 'out', BOTH, sets)),
          } as const,
        ]
      : []),
    ...(maps.length === 0 ? [] : [ownPublicChain(maps)]),
  ];
  return { name, sets: sets.all, maps, chains };
}

export const closingHost = (policy: ServerPolicy): Table => lowerHost(closed(policy));

/** The set of those inside stands behind the others', wherever their rule does: a text that changes is delivered anew. */
function inputRules(clauses: readonly Clause[], sets: Sets): readonly Rule[] {
  const isInside = ({ is }: Clause): boolean => is === 'inside';
  const made = new Map<Clause, readonly Rule[]>();
  for (const clause of [...clauses.filter((one) => !isInside(one)), ...clauses.filter(isInside)])
    made.set(clause, rulesFor(clause, 'in', BOTH, sets));
  return clauses.flatMap((clause) => made.get(clause)!);
}

function ownPublicMaps({ ownPublic }: ServerPolicy): readonly AddressMap[] {
  return BOTH.flatMap((family): readonly AddressMap[] => {
    const pairs = new Map(
      ownPublic.filter((pair) => familyOf(pair.public) === family).map((pair) => [pair.public, pair.local]),
    );
    const elements = [...pairs].map(([from, to]) => ({ from, to })).sort((a, b) => (a.from < b.from ? -1 : 1));
    const type = family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
    return elements.length === 0
      ? []
      : [{ is: 'addresses', name: family === 'ip' ? 'm_own' : 'm_own6', type, elements }];
  });
}

const ownPublicChain = (maps: readonly AddressMap[]): Chain => ({
  name: 'c_own_public',
  hook: { type: 'nat', on: 'output', priority: '-110', policy: 'accept' },
  rules: maps.map(({ name, type }) => ({
    matches: [],
    verdict: { is: 'translate', kind: 'dnat', family: type === 'ipv4_addr' ? 'ip' : 'ip6', map: name },
  })),
});
