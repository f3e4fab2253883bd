// Converts the server cases of __tests__/cases to the lab: replaces addresses by addresses of the lab, and puts the
// case on server web1.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Wish } from '../../__tests__/support';
import { EdgeEnvironment } from '../../stacks/edge-stack';
import { SERVER_PLATFORMS, ServerPlatform, serverOn, withServer } from './server-environment';

const CASES = join(__dirname, '../../__tests__/cases');
const load = createRequire(__filename);

/** A case for which web1 loses its IPv4, except the operator's access. */
export const ONLY_IPV6 = 'server/ipv6-only';

const NAMES = ['guide/full-cpanel', ...readdirSync(join(CASES, 'server')).map((name) => `server/${name}`)];

/**
 * Returns the cases of one server that the platform accepts, each with its hand-written truth. A refused case has a
 * file of problems.
 */
export const casesOn = (platform: ServerPlatform): readonly string[] =>
  [...NAMES.filter((name) => name !== ONLY_IPV6), ONLY_IPV6].filter((name) =>
    existsSync(join(CASES, name, `${platform}.golden`)),
  );

/**
 * Addresses of the cases, and the lab's addresses in their place. Other addresses of a case belong to no node of the
 * lab.
 */
const IN_THE_LAB: Readonly<Record<string, string>> = {
  '192.0.2.0/24': '203.0.113.0/26',
  '192.0.2.0/25': '203.0.113.0/26',
  '192.0.2.128/25': '203.0.113.64/26',
  '192.0.2.1': '203.0.113.1',
  '192.0.2.7': '203.0.113.1',
  '192.0.2.77': '203.0.113.1',
  '192.0.2.53': '203.0.113.1',
  '192.0.2.99': '203.0.113.1',
  '2001:db8:ffff::/48': '2001:db8:0:ffff::/64',
  '10.1.0.0/16': '10.0.1.0/24',
  '10.8.0.0/24': '10.9.0.0/24',
};

const inTheLab = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'string' ? (IN_THE_LAB[each] ?? each) : each,
  ) as Value;

export const variantOf = (name: string, platform: ServerPlatform): string => `${name} on ${platform}`;

/** If connections from the trusted networks are unmanaged, the zones decide on them, and no proof says how. */
const LISTED = { trustedConnections: 'listed' } as const;

/** Returns the case that a variant names, on the lab's web1 and with its connection; undefined for another variant. */
export function hostCase(lab: EdgeEnvironment, variant: string): EdgeEnvironment | undefined {
  const [, name = '', on] = /^(\S+) on (\S+)$/.exec(variant) ?? [];
  const platform = SERVER_PLATFORMS.find((each) => each === on);
  if (!platform || !NAMES.includes(name)) return undefined;
  const { wish } = load(join(CASES, name, 'intent.ts')) as { readonly wish: Wish };
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- its interfaces are the lab's
  const { device, addresses, interfaces, profile, ...server } = inTheLab(wish.servers![0]!);
  const { management } = profile;
  const environment: EdgeEnvironment = {
    ...lab,
    profiles: { cpanel: { ...profile, management: { from: [...management.from, '10.9.0.0/24'], port: 22 } } },
  };
  const made = withServer(serverOn(environment, platform), { ...(platform === 'firewalld' ? LISTED : {}), ...server });
  return name === ONLY_IPV6 ? withoutIpv4(made) : made;
}

const withoutIpv4 = (environment: EdgeEnvironment): EdgeEnvironment => ({
  ...withServer(environment, {
    interfaces: [
      { name: 'eth0', addresses: ['2001:db8:0:1::10/64'] },
      { name: 'mgmt0', addresses: ['10.9.0.10/24'] },
    ],
  }),
  mappings: { web: { external: { virtualIp: 'web' }, internal: { hosts: '10.0.0.20', profile: 'cpanel' } } },
});
