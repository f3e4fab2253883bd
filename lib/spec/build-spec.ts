import { Address } from '../net/address';
import { Excess, NO_EXCESS } from '../policy/platform-excess';
import { Policy } from '../policy/policy';
import { ReachabilitySpec } from './reachability-spec';
import { buildGatewaySpec } from './gateway-spec';
import { buildServerSpec } from './server-spec';

/**
 * What a policy asks for, as bounds on exposure. `excess`: what its platform lets pass besides. `others` are addresses that a gateway
 * has besides what the policy knows (another owner's VIPs): what inside hosts send there doesn't leave, so nothing is asked of it.
 */
export const buildSpec = (
  policy: Policy,
  excess: Excess = NO_EXCESS,
  otherAddresses: readonly Address[] = [],
): ReachabilitySpec =>
  policy.kind === 'gateway' ? buildGatewaySpec(policy, excess, otherAddresses) : buildServerSpec(policy, excess);
