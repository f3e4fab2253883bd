import { clientPacket } from '../exposure/client';
import { parseAddress } from '../net/address';
import { PROTOCOL, Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { STAND_INS } from './supposed';

/** Destinations that a person takes for one that is meant: the server itself, then somebody. Source: RFC 5737, RFC 3849. */
const MEANT = [STAND_INS, ['203.0.113.10', '2001:db8::10'].map((text) => point(parseAddress(text)!))].map((destination) =>
  PacketMap.set({ destination }),
);

const KINDS = [PROTOCOL.tcp, PROTOCOL.udp].flatMap((protocol) =>
  (['ip', 'ip6'] as const).map((family) => PacketMap.set({ family, protocol: [{ first: protocol, last: protocol }] })),
);

/** One packet of each kind that rules tell apart most, as a client sends it; else any. */
export function samples(packets: PacketSet): readonly Packet[] {
  const meant = MEANT.map((set) => packets.within(set)).find((set) => !set.isEmpty) ?? packets;
  const found = KINDS.flatMap((kind) => clientPacket(meant.within(kind)) ?? []);
  return found.length > 0 ? found : [clientPacket(meant)].flatMap((one) => one ?? []);
}
