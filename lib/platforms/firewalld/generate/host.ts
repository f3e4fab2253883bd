import { ServerPolicy } from '../../../policy/policy';
import { refuseIfAny } from '../../../problems/problem';
import { inputClauses, outputClauses } from '../../../generate/netfilter/server';
import { refused } from '../../../generate/refuse';
import { capabilities } from '../capabilities';
import { Policy } from './model';
import { namelessTypes } from './problems';
import { leftToZones, rulesFor } from './rules';

/** Throws Refusal with every wish that firewalld can't meet. */
export function lowerHost(policy: ServerPolicy): readonly Policy[] {
  const { owner, version, openings, outbound, inside, insideConnections } = policy;
  refuseIfAny([
    ...refused(policy, capabilities),
    ...namelessTypes(version, openings.name, openings.entries),
    ...namelessTypes(version, 'outbound', outbound === 'anywhere' ? [] : outbound),
  ]);
  const input = inputClauses(policy).flatMap((clause) => rulesFor(clause, 'in', version));
  const output = outputClauses(policy)?.flatMap((clause) => rulesFor(clause, 'out', version));
  const rest = insideConnections === 'unmanaged' && inside.length > 0 ? leftToZones(inside) : undefined;
  return [
    {
      name: `cf-${owner}-in`,
      ...({ from: 'ANY', to: 'HOST' } as const),
      target: rest ? 'CONTINUE' : 'DROP',
      rules: [...input, ...(rest ?? [])],
    },
    ...(output ? [{ name: `cf-${owner}-out`, from: 'HOST', to: 'ANY', target: 'DROP', rules: output } as const] : []),
  ];
}
