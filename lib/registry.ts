import type { Platform, Readable } from './platforms/platform';
import { capabilities as apf } from './platforms/apf/capabilities';
import { capabilities as csf } from './platforms/csf/capabilities';
import { capabilities as firewalld } from './platforms/firewalld/capabilities';
import { capabilities as iptables } from './platforms/iptables/capabilities';
import { capabilities as nftables } from './platforms/nftables/capabilities';
import { capabilities as pfsense } from './platforms/pfsense/capabilities';
import { AbleOf, Capabilities, isAbleOf, rolesOf, virtualIpOf } from './writing/capabilities';

/* eslint-disable @typescript-eslint/no-require-imports -- each of these is a room of this library */
/** What is written, and read back. A platform is loaded when it is asked for: they are half of the library, and few need more than one. */
export const platforms = {
  get nftables(): Platform {
    return (require('./platforms/nftables') as typeof import('./platforms/nftables')).nftables;
  },
  get pfsense(): Platform {
    return (require('./platforms/pfsense') as typeof import('./platforms/pfsense')).pfsense;
  },
  get iptables(): Platform {
    return (require('./platforms/iptables') as typeof import('./platforms/iptables')).iptables;
  },
  get firewalld(): Platform {
    return (require('./platforms/firewalld') as typeof import('./platforms/firewalld')).firewalld;
  },
  get csf(): Platform {
    return (require('./platforms/csf') as typeof import('./platforms/csf')).csf;
  },
  get apf(): Platform {
    return (require('./platforms/apf') as typeof import('./platforms/apf')).apf;
  },
} as const satisfies Readonly<Record<string, Platform>>;
/* eslint-enable @typescript-eslint/no-require-imports */

export type PlatformId = keyof typeof platforms;

const replacesOf =
  (able: AbleOf | undefined) =>
  (firewall: string): boolean =>
    able !== undefined && isAbleOf(able, firewall);

/** What is written, as far as an intent can be wrong about it. */
export const knownPlatforms = [nftables, pfsense, iptables, firewalld, csf, apf].map((capabilities: Capabilities) => ({
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
