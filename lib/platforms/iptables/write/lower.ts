import { Address, Family, familyOf } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { point } from '../../../net/range';
import { ServerPolicy } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { inputClauses, outputClauses } from '../../../writing/netfilter/server';
import { refused } from '../../../writing/refuse';
import { capabilities } from '../capabilities';
import { Chain, Rule, Table } from './model';
import * as problems from './problems';
import { rulesFor } from './rules';

const DROP: Rule = { matches: [], target: { is: 'drop' } };

/**
 * Throws Refusal with every wish that iptables can't meet. IPv6 stands first, as it is loaded. What comes in is decided in mangle, which is asked
 * before filter: what others accept there, in front of everything as cPanel's script does with each run, opens nothing.
 */
export function lowerHost(policy: ServerPolicy): readonly Table[] {
  refuseIfAny([...refused(policy, capabilities), ...lastTypes(policy)]);
  return (['ip6', 'ip'] as const).flatMap((family): readonly Table[] => {
    const own = ownPublicRules(policy, family);
    const name = (is: 'in' | 'out' | 'own'): string => `ce-${policy.owner}-${is}`;
    const output = outputClauses(policy)?.flatMap((clause) => rulesFor(clause, 'out', family));
    const input = inputClauses(policy).flatMap((clause) => rulesFor(clause, 'in', family));
    const table = (of: Table['name'], chain: Chain): Table => ({ family, name: of, chains: [chain] });
    return [
      table('mangle', { name: name('in'), from: 'INPUT', rules: [...input, DROP] }),
      // What is sent to an own public address has its destination there, and not in mangle.
      ...(output ? [table('filter', { name: name('out'), from: 'OUTPUT', rules: [...output, DROP] })] : []),
      ...(own.length === 0 ? [] : [table('nat', { name: name('own'), from: 'OUTPUT', rules: own })]),
    ];
  });
}

/** What the host itself sends to its own public addresses goes to the local ones. */
function ownPublicRules({ ownPublic }: ServerPolicy, family: Family): readonly Rule[] {
  const pairs = new Map(ownPublic.filter((pair) => familyOf(pair.public) === family).map((pair) => [pair.public, pair.local]));
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, to]: readonly [Address, Address]) => ({
      matches: [{ is: 'address', end: 'destination', range: point(from) }],
      target: { is: 'translate', to },
    }));
}

/** A rule for all types doesn't name it. */
function lastTypes({ openings, outbound }: ServerPolicy): readonly Problem[] {
  const asks = [
    { name: openings.name, entries: openings.entries },
    { name: 'outbound', entries: outbound === 'anywhere' ? [] : outbound },
  ];
  return asks
    .filter(({ entries }) =>
      entries.some(
        ({ protocol, ports }) => protocol === PROTOCOL.icmp && ports !== 'all' && ports.some(({ first, last }) => last >= 255 && first > 0),
      ),
    )
    .map(({ name }) => problems.lastType(`openings ${name}`));
}
