import { rangeOf } from './address';
import { Range, contains } from './range';

/** Networks that anybody may use behind a router, so that nobody in the internet can send to them. Source: RFC 1918, RFC 6598, RFC 3927, RFC 4193. */
export const PRIVATE_NETWORKS: readonly Range[] = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  'fc00::/7',
].map(rangeOf);

/** Of an address that some interface has. */
export const isPublic = (address: bigint): boolean => !PRIVATE_NETWORKS.some((range) => contains(range, address));
