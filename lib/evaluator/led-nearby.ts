import { LOOPBACK } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Context } from './context';
import { Leaving, doubtful, eitherLeaving } from './ends';
import { lastHook } from './last-hook';
import { TO_MANY, to } from './egress';
import { Environment } from './environment';

const [BY_4, BY_6] = LOOPBACK.map((range) => to([range])) as [PacketSet, PacketSet];

/**
 * What becomes by the routes of packets that came in by an interface, where a rule may have led them to loopback, or to many: to 127.0.0.0/8 a
 * setting of the interface decides, to `::1` none arrives; what is for a network's broadcast address or for a group Linux takes itself, where it
 * is a member, and sends on where it is told to. Source: ip_route_input_slow and ip_route_input_rcu in net/ipv4/route.c, rt6_need_strict in
 * net/ipv6/route.c.
 */
export function ledNearby(environment: Environment, at: Context, routed: PacketMap<Leaving>): PacketMap<Leaving> {
  const { box, surroundings } = environment;
  const { keepsFromLoopback: because } = box;
  if (!at.dnat || because === undefined || at.iif === box.loopback) return routed;
  const many = to(surroundings.many);
  const taken = lastHook(environment, 'input', at).within(many);
  const either = routed.within(many).with(taken, (on, own) => doubtful(eitherLeaving(on, own, TO_MANY)!, TO_MANY));
  const kept = routed.within(BY_4).map((one) => doubtful(one, because));
  return PacketMap.first([kept, either, routed.apartFrom(many)]).apartFrom(BY_6);
}
