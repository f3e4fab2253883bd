import { PacketMap } from '../../net/packet-map';

const FEW = 24;

/**
 * What becomes of packets, each by the leg that it is planned for. Few legs are cut out of what they lead to and laid side by side:
 * composing puts the whole of it below each rule. Of many, each is put where it stands.
 */
export function everyLeg<L, V>(planned: PacketMap<L>, along: (leg: L) => PacketMap<V>): PacketMap<V> {
  const legs = planned.values;
  if (legs.length > FEW) return planned.compose(along);
  return PacketMap.first(legs.map((leg) => along(leg).within(planned.where((one) => one === leg))));
}
