// Parses lines of `ip route` to destinations and interfaces.

import { Family, Prefix, getFamily, parseRange } from '../../net/address';
import { contains } from '../../net/range';

/** One line of `ip route`: its destination, and the interfaces by which it leads; none if it leads nowhere. */
export interface ParsedRoute {
  readonly to: string;
  readonly family: Family;
  readonly devices: readonly string[];
  /** Whether packets to the destination are for the device itself. */
  readonly local: boolean;
}

const ROUTE =
  /^(?:(unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|throw) )?(default|[0-9.]+(?:\/\d+)?|[0-9a-f:]*:[0-9a-f:.]*(?:\/\d+)?)(?=\s|$)(.*)$/;
const UNREACHABLE_TYPES = new Set(['blackhole', 'unreachable', 'prohibit', 'throw']);
const NEXT_HOP_LINE = /^\s+(?:nexthop|nh_info) /;

/**
 * Returns the route of a line; undefined if the line is no route. Each of several hops may have a line of its own below
 * it.
 */
export function parseRoute(line: string, nextLine: string | undefined): ParsedRoute | undefined {
  const [, type = '', to, attributes = ''] = ROUTE.exec(line) ?? [];
  if (to === undefined) return undefined;
  const devices = parseDeviceNames(attributes);
  return devices.length > 0 || UNREACHABLE_TYPES.has(type) || (nextLine !== undefined && NEXT_HOP_LINE.test(nextLine))
    ? { to, family: getRouteFamily(to, attributes), devices, local: type === 'local' }
    : undefined;
}

/**
 * Returns a route's family. ip prints a preference for every route of IPv6 and for none of IPv4. Source: iproute2,
 * print_route in ip/iproute.c, since 4.1.
 */
const getRouteFamily = (destination: string, attributes: string): Family =>
  destination.includes(':') || /\bpref (?:low|medium|high)\b|\bvia [0-9a-f]*:/.test(attributes) ? 'ip6' : 'ip';

/** Returns the interfaces of a hop on a line below its route; undefined if the line is none. */
export const parseHopDevices = (line: string): readonly string[] | undefined =>
  NEXT_HOP_LINE.test(line) ? parseDeviceNames(line) : undefined;

const parseDeviceNames = (text: string): readonly string[] =>
  [...text.matchAll(/\bdev (\S+)/g)].map(([, name]) => name!);

const MULTICAST = parseRange('224.0.0.0/3');

/**
 * Returns whether a prefix is a default route, or half of one: `0.0.0.0/1`, `2000::/3`. No private network and no
 * network of groups is as large.
 */
export const isDefaultLike = (prefix: Prefix): boolean =>
  prefix.length < (getFamily(prefix.first) === 'ip' ? 8 : 7) &&
  (prefix.length === 0 || !contains(MULTICAST, prefix.first));
