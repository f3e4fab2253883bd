// Builds the spec of a policy: the reachability that it requires at least and permits at most. `gateway-spec.ts` and
// `server-spec.ts` build those of the two kinds of devices.

import { Address } from '../net/address';
import { Excess, NO_EXCESS } from '../policy/platform-excess';
import { Policy } from '../policy/policy';
import { ReachabilitySpec } from './reachability-spec';
import { buildGatewaySpec } from './gateway-spec';
import { buildServerSpec } from './server-spec';

/**
 * Returns the reachability that a policy requires at least and permits at most. `excess`: what its platform lets pass
 * besides. `otherAddresses`: addresses that a gateway has besides those in the policy (another owner's VIPs). Packets
 * from inside hosts to them don't leave, so the spec asks nothing of those packets.
 */
export const buildSpec = (
  policy: Policy,
  excess: Excess = NO_EXCESS,
  otherAddresses: readonly Address[] = [],
): ReachabilitySpec =>
  policy.kind === 'gateway' ? buildGatewaySpec(policy, excess, otherAddresses) : buildServerSpec(policy, excess);
