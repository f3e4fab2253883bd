import { Address } from '../net/address';
import { Excess, NO_EXCESS } from '../policy/excess';
import { Policy } from '../policy/policy';
import { Expectation } from './bounds';
import { gatewayMeaning } from './gateway';
import { serverMeaning } from './server';

/**
 * What a policy asks for, as bounds on exposure. `excess`: what its platform lets pass besides. `others` are addresses that a gateway
 * has besides what the policy knows (another owner's VIPs): what inside hosts send there doesn't leave, so nothing is asked of it.
 */
export const meaningOf = (policy: Policy, excess: Excess = NO_EXCESS, others: readonly Address[] = []): Expectation =>
  policy.kind === 'gateway' ? gatewayMeaning(policy, excess, others) : serverMeaning(policy, excess);
