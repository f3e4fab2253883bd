import { prefixRange } from '../../../../net/address';
import { contains } from '../../../../net/range';
import { GatewayPolicy } from '../../../../policy/policy';
import { Problem } from '../../../../problems/problem';
import { ownAddresses } from '../../../../writing/refuse';
import * as problems from '../problems';

/** An alias of ours goes with the release; the interface would lose an address of its own. */
export function checkAliases(policy: GatewayPolicy, found: Problem[]): void {
  const own = ownAddresses(policy);
  for (const { name, kind, outside } of policy.virtualIps) {
    if (kind !== 'ip-alias') continue;
    const range = prefixRange(outside);
    for (const address of own) if (contains(range, address)) found.push(problems.aliasIsOwn(`virtual IP ${name}`, address));
  }
}
