import { Platform, Readable } from './platforms/platform';
import { apf } from './platforms/apf';
import { csf } from './platforms/csf';
import { firewalld } from './platforms/firewalld';
import { iptables } from './platforms/iptables';
import { nftables } from './platforms/nftables';
import { pfsense } from './platforms/pfsense';
import { AbleOf, isAbleOf, rolesOf, virtualIpOf } from './writing/capabilities';

/** What is written, and read back: one line per platform. */
export const platforms = { nftables, pfsense, iptables, firewalld, csf, apf } as const satisfies Readonly<Record<string, Platform>>;

export type PlatformId = keyof typeof platforms;

const replacesOf =
  (able: AbleOf | undefined) =>
  (firewall: string): boolean =>
    able !== undefined && isAbleOf(able, firewall);

/** What is written, as far as an intent can be wrong about it. */
export const knownPlatforms = Object.values(platforms).map(({ capabilities }) => ({
  id: capabilities.id,
  roles: rolesOf(capabilities),
  versions: capabilities.versions,
  versionBy: capabilities.versionBy,
  ...(capabilities.oldest === undefined ? {} : { oldest: capabilities.oldest }),
  ...(capabilities.newest === undefined ? {} : { newest: capabilities.newest }),
  virtualIp: virtualIpOf(capabilities),
  carp: capabilities.gateway?.virtualIps.carp === true,
  ownPublic: capabilities.server?.ownPublic === true,
  replaces: replacesOf(capabilities.server?.replaces),
  ...(capabilities.server?.givesWay ? { givesWay: capabilities.server.givesWay } : {}),
}));

/** What can be read: those, and what only others write, of which there is nothing. */
export const readables = platforms satisfies Readonly<Record<string, Readable>>;
