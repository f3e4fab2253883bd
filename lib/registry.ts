import { Platform } from './platforms/platform';
import { nftables } from './platforms/nftables';
import { pfsense } from './platforms/pfsense';

/** One line per platform. */
export const platforms = { nftables, pfsense } as const satisfies Readonly<Record<string, Platform>>;
