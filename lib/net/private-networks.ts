// The private and shared address ranges (RFC 1918, RFC 4193, RFC 6598), and the test whether an address is public.

import { Family, parseRange } from './address';
import { Range, contains } from './range';

/** Source: RFC 1918, RFC 4193. */
export const PRIVATE_RANGES: Readonly<Record<Family, readonly Range[]>> = {
  ip: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(parseRange),
  ip6: ['fc00::/7'].map(parseRange),
};

/**
 * Networks that anyone may use behind a router, so that no host in the internet can send to them. Source: RFC 6598 and
 * RFC 3927, too.
 */
export const PRIVATE_NETWORKS: readonly Range[] = [
  ...PRIVATE_RANGES.ip,
  ...['100.64.0.0/10', '169.254.0.0/16'].map(parseRange),
  ...PRIVATE_RANGES.ip6,
];

/** Returns whether an address that some interface has is public. */
export const isPublic = (address: bigint): boolean => !PRIVATE_NETWORKS.some((range) => contains(range, address));
