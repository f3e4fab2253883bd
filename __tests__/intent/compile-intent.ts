// Compiles a gateway's intent with its servers to policies.

import { GatewayPolicy, ServerPolicy } from '../../lib/policy/policy';
import { Problem } from '../../lib/problems/problem';
import type { KnownPlatform } from '../../lib/intent/device-fields';
import { GatewayPolicyBuilder } from '../../lib/intent/gateway-policy-builder';
import type {
  CpanelFirewallProfileIntent,
  GatewayIntent,
  NatReflectionIntent,
  OneToOneNatIntent,
  ServerIntent,
  VirtualIpIntent,
} from '../../lib/intent/intent';
import { ServerPolicyBuilder } from '../../lib/intent/server-policy-builder';

/** A gateway and its servers in one object, as tests write them. */
export interface EdgeIntent {
  readonly gateway?: GatewayIntent;
  readonly virtualIps?: readonly VirtualIpIntent[];
  readonly servers?: readonly { readonly server: ServerIntent; readonly profile?: CpanelFirewallProfileIntent }[];
  readonly mappings?: readonly OneToOneNatIntent[];
  readonly reflections?: readonly NatReflectionIntent[];
}

interface Compiled {
  readonly gateway: GatewayPolicy | undefined;
  readonly servers: readonly ServerPolicy[];
  readonly problems: readonly Problem[];
}

/** Compiles a whole edge. `where` of each part is its kind and its index in the list. */
export function compileIntent(intent: EdgeIntent, platforms: readonly KnownPlatform[]): Compiled {
  const servers = (intent.servers ?? []).map(({ server, profile }, index) => {
    const parts = new ServerPolicyBuilder(`servers[${index}]`, server, platforms);
    if (profile !== undefined) parts.addProfile(`servers[${index}] profile`, profile);
    return parts;
  });
  const gateway =
    intent.gateway === undefined ? undefined : new GatewayPolicyBuilder('gateway', intent.gateway, platforms);
  intent.virtualIps?.forEach((vip, index) => gateway?.addVirtualIp(`virtualIps[${index}]`, vip));
  servers.forEach((server, index) => gateway?.addServer(`servers[${index}]`, server));
  intent.mappings?.forEach((mapping, index) => gateway?.addOneToOneNat(`mappings[${index}]`, mapping));
  intent.reflections?.forEach((reflection, index) => gateway?.addReflection(`reflections[${index}]`, reflection));
  const ended = servers.map((server) => server.build());
  const edge = gateway?.build();
  // Parts that share a profile share its problems.
  const problems = [...new Set([...(edge?.problems ?? []), ...ended.flatMap((one) => one.problems)])];
  return { gateway: edge?.policy, servers: ended.flatMap(({ policy }) => (policy ? [policy] : [])), problems };
}
