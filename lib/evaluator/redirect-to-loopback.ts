import { LOOPBACK } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { PacketContext } from './packet-context';
import { PacketExit, markExitUnknown, mergeExits } from './final-outcomes';
import { evaluateLastHook } from './last-hook';
import { MULTICAST_REASON, toDestinationSet } from './pass-outcomes';
import { EvaluationEnvironment } from './evaluation-environment';

const [LOOPBACK_IPV4, LOOPBACK_IPV6] = LOOPBACK.map((range) => toDestinationSet([range])) as [PacketSet, PacketSet];

/**
 * What becomes by the routes of packets that came in by an interface, where a rule may have led them to loopback, or to many: to 127.0.0.0/8 a
 * setting of the interface decides, to `::1` none arrives; what is for a network's broadcast address or for a group Linux takes itself, where it
 * is a member, and sends on where it is told to. Source: ip_route_input_slow and ip_route_input_rcu in net/ipv4/route.c, rt6_need_strict in
 * net/ipv6/route.c.
 */
export function applyLoopbackRedirect(
  environment: EvaluationEnvironment,
  context: PacketContext,
  routed: PacketMap<PacketExit>,
): PacketMap<PacketExit> {
  const { box: kernel, surroundings: routing } = environment;
  const { keepsFromLoopback: reason } = kernel;
  if (!context.dnat || reason === undefined || context.iif === kernel.loopback) return routed;
  const multicast = toDestinationSet(routing.multicastAndBroadcast);
  const delivered = evaluateLastHook(environment, 'input', context).intersect(multicast);
  const merged = routed
    .intersect(multicast)
    .merge(delivered, (routedExit, deliveredExit) =>
      markExitUnknown(mergeExits(routedExit, deliveredExit, MULTICAST_REASON)!, MULTICAST_REASON),
    );
  const loopbackExits = routed.intersect(LOOPBACK_IPV4).map((exit) => markExitUnknown(exit, reason));
  return PacketMap.mergeFirst([loopbackExits, merged, routed.subtract(multicast)]).subtract(LOOPBACK_IPV6);
}
