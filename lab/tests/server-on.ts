import { EdgeEnvironment } from '../../stacks/edge-stack';
import { OF_DEBIAN } from '../debian';

/** What the lab has of each platform that a server can be on. */
const VERSIONS = { ...OF_DEBIAN.versions, csf: '15.10', apf: '9.7' } as const;

export type ServerPlatform = keyof typeof VERSIONS;

export const SERVER_PLATFORMS = Object.keys(VERSIONS) as readonly ServerPlatform[];

/** As `environment`, with another web1. */
export function withServer(
  environment: EdgeEnvironment,
  more: Partial<EdgeEnvironment['servers'][string]>,
): EdgeEnvironment {
  return { ...environment, servers: { web1: { ...environment.servers['web1']!, ...more } } };
}

/** What a server sends to its own public addresses only its own tables lead back. */
const LEAD_BACK: readonly ServerPlatform[] = ['nftables', 'iptables'];

export const byTheGateway = (environment: EdgeEnvironment): EdgeEnvironment => ({
  ...environment,
  reflection: { mode: 'pure-nat', onServer: false },
});

/** With web1 on a platform, and without IPv6 there where that filters nothing of it. */
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
