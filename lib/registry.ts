import { Platform, Readable } from './platforms/platform';
import { iptables } from './platforms/iptables';
import { nftables } from './platforms/nftables';
import { pfsense } from './platforms/pfsense';

/** What is written, and read back: one line per platform. */
export const platforms = { nftables, pfsense } as const satisfies Readonly<Record<string, Platform>>;

/** What can be read: those, and what only others write. */
export const readables = { ...platforms, iptables } as const satisfies Readonly<Record<string, Readable>>;
