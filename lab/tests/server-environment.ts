// Changes the lab's environment: puts server web1 on a given platform, in the version that the lab has of it, or leaves
// its reflection to the gateway.
import { EdgeEnvironment } from '../../stacks/edge-stack';
import { OF_DEBIAN } from '../debian';

/** Version of each platform that a server in the lab can run. */
const VERSIONS = { ...OF_DEBIAN.versions, csf: '15.10', apf: '9.7' } as const;

export type ServerPlatform = keyof typeof VERSIONS;

export const SERVER_PLATFORMS = Object.keys(VERSIONS) as readonly ServerPlatform[];

/** Returns `environment` with another web1. */
export function withServer(
  environment: EdgeEnvironment,
  more: Partial<EdgeEnvironment['servers'][string]>,
): EdgeEnvironment {
  return { ...environment, servers: { web1: { ...environment.servers['web1']!, ...more } } };
}

/** Platforms whose servers translate their packets to their own public addresses: only their own tables can do so. */
const LEAD_BACK: readonly ServerPlatform[] = ['nftables', 'iptables'];

export const byTheGateway = (environment: EdgeEnvironment): EdgeEnvironment => ({
  ...environment,
  reflection: { mode: 'pure-nat', onServer: false },
});

/** Returns an environment with web1 on a platform, without IPv6 if the platform doesn't filter it. */
export function serverOn(environment: EdgeEnvironment, platform: ServerPlatform): EdgeEnvironment {
  const around = LEAD_BACK.includes(platform) ? environment : byTheGateway(environment);
  const { interfaces = [] } = environment.servers['web1']!;
  return withServer(around, {
    platform,
    version: VERSIONS[platform],
    ...(platform === 'apf' ? { interfaces: interfaces.map(withoutIpv6) } : {}),
  });
}

type Interface = NonNullable<EdgeEnvironment['servers'][string]['interfaces']>[number];

const withoutIpv6 = ({ addresses, ...rest }: Interface): Interface => ({
  ...rest,
  addresses: addresses.filter((address) => !address.includes(':')),
});
