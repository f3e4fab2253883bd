import { Family } from '../../net/address';

/** Lines of `sysctl -a | grep forwarding`. Some are about other traffic or about interfaces to come. */
const FORWARDING_SETTING = /^net\.ipv[46]\.(?:ip_forward|conf\.\S+\.\w*forwarding)\s*=\s*\d+\s*$/;
const DECISIVE_SETTING =
  /^net\.ipv(?:(4)\.(?:ip_forward|conf\.(?!default\.)\S+\.forwarding)|6\.conf\.(?:all\.forwarding|(?!default\.)\S+\.force_forwarding))\s*=\s*([01])/;

/**
 * Returns the family that a line of `sysctl` decides and whether it is forwarded; `nothing` if the line decides
 * nothing; undefined if it is no such line. For IPv4 one interface that forwards is enough, whatever `ip_forward` says;
 * for IPv6 one that is forced to. Source: IN_DEV_FORWARD in ip_route_input_slow of net/ipv4/route.c, ip6_forward in
 * net/ipv6/ip6_output.c; seen, 6.18.
 */
export function parseForwarding(line: string): readonly [Family, boolean] | 'nothing' | undefined {
  if (!FORWARDING_SETTING.test(line)) return undefined;
  const [, ipv4, value] = DECISIVE_SETTING.exec(line) ?? [];
  return value === undefined ? 'nothing' : [ipv4 === undefined ? 'ip6' : 'ip', value === '1'];
}
