import { Problem } from '../../../problems/problem';
import { Policy, Zone } from './configuration';
import { broken } from './problems';
import { lineOf } from './said';

/** What firewalld doesn't load in a policy. Source: Policy._check_config of firewall/core/io/policy.py, 1.3.3. */
export function refuseWays({ from, to, items, file }: Policy, goals: readonly Zone[], problems: Problem[]): void {
  const isHost = from.includes('HOST') || to.includes('HOST');
  const isBound = goals.some(({ interfaces }) => interfaces.length > 0);
  for (const { element, of } of items.flatMap((item) =>
    item.name === 'rule' ? item.children.map((of) => ({ element: item, of })) : [{ element: item, of: item }],
  )) {
    const wrong = (what: string): unknown => problems.push(broken(lineOf(file, element), what));
    const address = of.attributes['to-addr'] ?? '';
    if (of.name === 'masquerade' && isHost) wrong('a policy of the host has no masquerade.');
    if (of.name === 'mark' && (isBound || isHost)) wrong('this policy can not mark.');
    if (of.name !== 'forward-port') continue;
    if (to.includes('HOST') ? address !== '' || !from.includes('ANY') : address === '' || isBound)
      wrong('this policy can not forward like that.');
  }
}
