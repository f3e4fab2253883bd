// Reads an intent from a file and builds its policy, for the programs of the benchmarks.

import { readFileSync } from 'node:fs';
import { GatewayPolicyBuilder } from '../../lib/intent/gateway-policy-builder';
import { GatewayIntent, OneToOneNatIntent } from '../../lib/intent/intent';
import { GatewayPolicy } from '../../lib/policy/policy';
import { refuseIfAny } from '../../lib/problems/problem';
import { knownPlatforms } from '../../lib/registry';
import { Farm } from '../farm';

/**
 * Returns the policy of the intent in a file. It is built by the same parts that the constructs hand to their gateway.
 */
export function compiled(file: string): GatewayPolicy {
  const { gateway, profiles, mappings } = JSON.parse(readFileSync(file, 'utf8')) as Farm;
  // Mappings name their profile and share one object of it, as constructs do.
  return policyOf(
    gateway,
    mappings.map((mapping) => ({ ...mapping, profile: profiles[mapping.profile]! })),
  );
}

export function policyOf(gateway: GatewayIntent, mappings: readonly OneToOneNatIntent[]): GatewayPolicy {
  const parts = new GatewayPolicyBuilder('gateway', gateway, knownPlatforms);
  mappings.forEach((mapping, n) => parts.addOneToOneNat(`mappings[${n}]`, mapping));
  const { policy, problems } = parts.build();
  refuseIfAny(problems);
  if (policy === undefined) throw new Error('no policy and no problem');
  return policy;
}
