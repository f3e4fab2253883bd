import { Address, Family, familyOf } from '../../../net/address';
import { point } from '../../../net/range';
import { ServerPolicy } from '../../../policy/policy';
import { refuseIfAny } from '../../../problems/problem';
import { inputClauses, outputClauses } from '../../../generate/netfilter/server';
import { refused } from '../../../generate/refuse';
import { capabilities } from '../capabilities';
import { Chain, DROP, Rule, Table } from './model';
import { lastTypes } from './problems';
import { rulesFor } from './rules';

const REST: Rule = { matches: [], target: DROP };

/**
 * Throws Refusal with every wish that iptables can't meet. IPv6 stands first, as it is loaded. What comes in is decided in mangle, which is asked
 * before filter: what others accept there, in front of everything as cPanel's script does with each run, opens nothing.
 */
export function lowerHost(policy: ServerPolicy): readonly Table[] {
  refuseIfAny([...refused(policy, capabilities), ...lastTypes(policy.openings), ...lastTypes(listed(policy))]);
  return (['ip6', 'ip'] as const).flatMap((family): readonly Table[] => {
    const own = ownPublicRules(policy, family);
    const name = (is: 'in' | 'out' | 'own'): string => `ce-${policy.owner}-${is}`;
    const output = outputClauses(policy)?.flatMap((clause) => rulesFor(clause, 'out', family));
    const input = inputClauses(policy).flatMap((clause) => rulesFor(clause, 'in', family));
    const table = (of: Table['name'], chain: Chain): Table => ({ family, name: of, chains: [chain] });
    return [
      table('mangle', { name: name('in'), from: 'INPUT', rules: [...input, REST] }),
      // What is sent to an own public address has its destination there, and not in mangle.
      ...(output ? [table('filter', { name: name('out'), from: 'OUTPUT', rules: [...output, REST] })] : []),
      ...(own.length === 0 ? [] : [table('nat', { name: name('own'), from: 'OUTPUT', rules: own })]),
    ];
  });
}

/** What the host itself sends to its own public addresses goes to the local ones. */
function ownPublicRules({ ownPublic }: ServerPolicy, family: Family): readonly Rule[] {
  const pairs = new Map(
    ownPublic.filter((pair) => familyOf(pair.public) === family).map((pair) => [pair.public, pair.local]),
  );
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, to]: readonly [Address, Address]) => ({
      matches: [{ is: 'address', end: 'destination', range: point(from) }],
      target: { is: 'new destination', address: to },
    }));
}

const listed = ({ outbound }: ServerPolicy): Parameters<typeof lastTypes>[0] => ({
  name: 'outbound',
  entries: outbound === 'anywhere' ? [] : outbound,
});
