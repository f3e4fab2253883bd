// Creates the config generator of a platform on which an owner's rules don't depend on the unmanaged config: nftables
// and iptables, and for servers csf, APF and firewalld.
import { Policy, ServerPolicy } from '../../policy/policy';
import { Refusal } from '../../problems/problem';
import { Capabilities } from '../capabilities';
import * as problems from '../policy-problems';
import { addPlatformCode, requireServerPolicy } from '../check-policy';
import { UnmanagedConfig, ConfigGenerator } from '../config-generator';
import { listDeviceAddresses } from './device-addresses';
import { createClosedPolicy } from './server-clauses';

/**
 * The functions that generate a platform's texts of a policy.
 *
 * @throws Refusal, both, with every part of the policy that they can't meet.
 */
interface LoaderTexts {
  text(policy: Policy): string;
  closing(policy: Policy): string;
}

/**
 * Returns the generator of a platform on which an owner's rules are separate: the unmanaged config has no influence on
 * them.
 */
export const createLoaderGenerator = (
  capabilities: Capabilities,
  unmanaged: UnmanagedConfig,
  { text, closing }: LoaderTexts,
): ConfigGenerator => ({
  write(policy, captured) {
    if (captured !== undefined)
      throw new Refusal(
        addPlatformCode(capabilities, [problems.createCapturedConfigProblem(policy.device, capabilities)]),
      );
    const addresses = policy.kind === 'gateway' ? policy.virtualIps.flatMap(listDeviceAddresses) : [];
    return { text: text(policy), unmanagedConfig: unmanaged, addresses };
  },
  closing,
  without: () => unmanaged,
});

/** Returns the generator of a platform that supports only servers. */
export const createServerGenerator = (
  capabilities: Capabilities,
  unmanaged: UnmanagedConfig,
  text: (policy: ServerPolicy) => string,
  closing = (policy: ServerPolicy): string => text(createClosedPolicy(policy)),
): ConfigGenerator =>
  createLoaderGenerator(capabilities, unmanaged, {
    text: (policy) => text(requireServerPolicy(policy, capabilities)),
    closing: (policy) => closing(requireServerPolicy(policy, capabilities)),
  });
