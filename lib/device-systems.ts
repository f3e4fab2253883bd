// The DeviceSystem of each platform (agent, refusals, boot faults), and the refusals, boot faults and `bootstrap
// --allow` words of all platforms together. The driver finds platforms here.

import { SHARED_LOGIN_WORDS } from './agent-protocol/linux-system';
import { BootFaults, LoginWord, RefusalTexts, DeviceSystem } from './agent-protocol/device-system';
import { system as apf } from './platforms/apf/system';
import { system as csf } from './platforms/csf/system';
import { system as firewalld } from './platforms/firewalld/system';
import { system as iptables } from './platforms/iptables/system';
import { system as nftables } from './platforms/nftables/system';
import { system as pfsense } from './platforms/pfsense/system';
import type { platforms } from './registry';

/**
 * The device system of each platform: one line per platform. It is separate from the registry, because a process that
 * only relays loads no parser and no generator.
 */
export const systems: Readonly<Record<keyof typeof platforms, DeviceSystem>> = {
  nftables,
  pfsense,
  iptables,
  firewalld,
  csf,
  apf,
};

const allSystems = Object.values(systems);
/** The refusals of all agents, besides those that they share. */
export const refusals: RefusalTexts = Object.fromEntries(
  allSystems.flatMap((system) => Object.entries(system.refusals)),
);
export const bootFaults: BootFaults = Object.fromEntries(
  allSystems.flatMap((system) => Object.entries(system.bootFaults)),
);
/** Words of `bootstrap --allow`, in the order in which a device names them. */
export const loginWords: readonly LoginWord[] = [
  ...allSystems.flatMap(({ loginWord }) => loginWord ?? []),
  ...SHARED_LOGIN_WORDS,
];

/** Returns the platform in whose format a device lists all that it runs, if rules of this platform run there. */
export const getListingPlatform = (platform: string): string =>
  (Object.hasOwn(systems, platform) ? systems[platform as keyof typeof systems].listingPlatform : undefined) ??
  platform;
