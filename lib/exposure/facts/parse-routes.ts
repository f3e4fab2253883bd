import { Family, Prefix, getFamily, parseRange } from '../../net/address';
import { contains } from '../../net/range';

/** What a line of `ip route` says: where it leads, and by which interfaces; none where it leads nowhere. */
export interface ParsedRoute {
  readonly to: string;
  readonly family: Family;
  readonly devices: readonly string[];
  /** What is sent there is for the device itself. */
  readonly local: boolean;
}

const ROUTE =
  /^(?:(unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|throw) )?(default|[0-9.]+(?:\/\d+)?|[0-9a-f:]*:[0-9a-f:.]*(?:\/\d+)?)(?=\s|$)(.*)$/;
const UNREACHABLE_TYPES = new Set(['blackhole', 'unreachable', 'prohibit', 'throw']);
const NEXT_HOP_LINE = /^\s+(?:nexthop|nh_info) /;

/** Of several hops each may be a line of its own below it. Undefined for what is no route. */
export function parseRoute(line: string, nextLine: string | undefined): ParsedRoute | undefined {
  const [, type = '', to, attributes = ''] = ROUTE.exec(line) ?? [];
  if (to === undefined) return undefined;
  const devices = parseDeviceNames(attributes);
  return devices.length > 0 || UNREACHABLE_TYPES.has(type) || (nextLine !== undefined && NEXT_HOP_LINE.test(nextLine))
    ? { to, family: getRouteFamily(to, attributes), devices, local: type === 'local' }
    : undefined;
}

/** Of every route of IPv6, and of none of IPv4, ip prints a preference. Source: iproute2, print_route in ip/iproute.c, since 4.1. */
const getRouteFamily = (to: string, attributes: string): Family =>
  to.includes(':') || /\bpref (?:low|medium|high)\b|\bvia [0-9a-f]*:/.test(attributes) ? 'ip6' : 'ip';

/** By which interfaces a hop leads, in a line below its route. Undefined for what is none. */
export const parseHopDevices = (line: string): readonly string[] | undefined =>
  NEXT_HOP_LINE.test(line) ? parseDeviceNames(line) : undefined;

const parseDeviceNames = (text: string): readonly string[] =>
  [...text.matchAll(/\bdev (\S+)/g)].map(([, name]) => name!);

const MULTICAST = parseRange('224.0.0.0/3');

/** A default route, or half of one: `0.0.0.0/1`, `2000::/3`. Of private networks and of groups none is as large. */
export const isDefaultLike = (prefix: Prefix): boolean =>
  prefix.length < (getFamily(prefix.first) === 'ip' ? 8 : 7) &&
  (prefix.length === 0 || !contains(MULTICAST, prefix.first));
