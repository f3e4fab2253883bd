import { Platform } from './platforms/platform';
import { nftables } from './platforms/nftables';

/** One line per platform. */
export const platforms = { nftables } as const satisfies Readonly<Record<string, Platform>>;
