// The registry of platforms (nftables, pfsense, iptables, firewalld, csf, apf): loads each generator and parser at
// first use, and lists the properties of platforms that the validation of an intent needs.

import type { Platform, ReadablePlatform } from './platforms/platform';
import { capabilities as apf } from './platforms/apf/capabilities';
import { capabilities as csf } from './platforms/csf/capabilities';
import { capabilities as firewalld } from './platforms/firewalld/capabilities';
import { capabilities as iptables } from './platforms/iptables/capabilities';
import { capabilities as nftables } from './platforms/nftables/capabilities';
import { capabilities as pfsense } from './platforms/pfsense/capabilities';
import {
  NamedCapability,
  Capabilities,
  hasCapability,
  listRoles,
  getDefaultVirtualIpKind,
} from './generate/capabilities';

/* eslint-disable @typescript-eslint/no-require-imports -- each of these is a room of this library */
/**
 * One line per platform. A platform is loaded on first access: together they are half of the library, and few users
 * need more than one.
 */
const PLATFORM_LINES = {
  nftables: {
    capabilities: nftables,
    load: () => (require('./platforms/nftables') as typeof import('./platforms/nftables')).nftables,
  },
  pfsense: {
    capabilities: pfsense,
    load: () => (require('./platforms/pfsense') as typeof import('./platforms/pfsense')).pfsense,
  },
  iptables: {
    capabilities: iptables,
    load: () => (require('./platforms/iptables') as typeof import('./platforms/iptables')).iptables,
  },
  firewalld: {
    capabilities: firewalld,
    load: () => (require('./platforms/firewalld') as typeof import('./platforms/firewalld')).firewalld,
  },
  csf: { capabilities: csf, load: () => (require('./platforms/csf') as typeof import('./platforms/csf')).csf },
  apf: { capabilities: apf, load: () => (require('./platforms/apf') as typeof import('./platforms/apf')).apf },
} as const satisfies Readonly<Record<string, { readonly capabilities: Capabilities; readonly load: () => Platform }>>;
/* eslint-enable @typescript-eslint/no-require-imports */

export type PlatformId = keyof typeof PLATFORM_LINES;

/** Platforms that are both generated and parsed. */
export const platforms = Object.defineProperties(
  {},
  Object.fromEntries(Object.entries(PLATFORM_LINES).map(([id, { load }]) => [id, { get: load, enumerable: true }])),
) as Readonly<Record<PlatformId, Platform>>;

const createReplacesCheck =
  (capability: NamedCapability | undefined) =>
  (firewall: string): boolean =>
    capability !== undefined && hasCapability(capability, firewall);

/** The properties of each platform that the validation of an intent needs. */
export const knownPlatforms = Object.values(PLATFORM_LINES).map(
  ({ capabilities }: { readonly capabilities: Capabilities }) => ({
    id: capabilities.id,
    roles: listRoles(capabilities),
    versions: capabilities.versions,
    versionCommand: capabilities.versionCommand,
    ...(capabilities.oldest === undefined ? {} : { oldest: capabilities.oldest }),
    ...(capabilities.newest === undefined ? {} : { newest: capabilities.newest }),
    virtualIp: getDefaultVirtualIpKind(capabilities),
    carp: capabilities.gateway?.virtualIps.carp === true,
    ownPublic: capabilities.server?.ownPublic === true,
    replaces: createReplacesCheck(capabilities.server?.replaces),
    ...(capabilities.server?.givesWay ? { givesWay: capabilities.server.givesWay } : {}),
  }),
);

/** Platforms that can be parsed: all that are generated. There is no platform that is only parsed. */
export const parsablePlatforms = platforms satisfies Readonly<Record<string, ReadablePlatform>>;
