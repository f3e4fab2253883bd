// Marks exits unknown for packets that a rule may have translated to loopback, multicast or broadcast addresses.

import { createDestinationSet } from './address-sets';
import { LOOPBACK } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { PacketContext } from './packet-context';
import { PacketExit, markExitUnknown, mergeExits } from './final-outcomes';
import { evaluateLastHook } from './evaluate-last-hook';
import { MULTICAST_REASON } from './pass-outcomes';
import { EvaluationEnvironment } from './evaluation-environment';

const [LOOPBACK_IPV4, LOOPBACK_IPV6] = LOOPBACK.map((range) => createDestinationSet([range])) as [PacketSet, PacketSet];

/**
 * Returns the exits of packets that came in by an interface, if a rule may have translated them to loopback, multicast
 * or broadcast. For 127.0.0.0/8 a setting of the interface decides. No packet arrives at `::1`. Linux takes packets to
 * a network's broadcast address or to a group itself if it is a member, and sends them on if it is told to. Source:
 * ip_route_input_slow and ip_route_input_rcu in net/ipv4/route.c, rt6_need_strict in net/ipv6/route.c.
 */
export function applyLoopbackRedirect(
  environment: EvaluationEnvironment,
  context: PacketContext,
  routed: PacketMap<PacketExit>,
): PacketMap<PacketExit> {
  const { kernel, routing } = environment;
  const { loopbackDropReason: reason } = kernel;
  if (!context.dnat || reason === undefined || context.iif === kernel.loopback) return routed;
  const multicast = createDestinationSet(routing.multicastAndBroadcast);
  const delivered = evaluateLastHook(environment, 'input', context).intersect(multicast);
  const merged = routed
    .intersect(multicast)
    .merge(delivered, (routedExit, deliveredExit) =>
      markExitUnknown(mergeExits(routedExit, deliveredExit, MULTICAST_REASON)!, MULTICAST_REASON),
    );
  const loopbackExits = routed.intersect(LOOPBACK_IPV4).map((exit) => markExitUnknown(exit, reason));
  return PacketMap.mergeFirst([loopbackExits, merged, routed.subtract(multicast)]).subtract(LOOPBACK_IPV6);
}
