import { clientPacket } from '../exposure/client';
import { FAMILIES, parseAddress } from '../net/address';
import { PROTOCOL, Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { STAND_INS } from './supposed';

/** Destinations that a person takes for one that is meant: somebody. Source: RFC 5737, RFC 3849. */
const SOMEBODY = [
  ['203.0.113.10', '2001:db8::10'],
  ['192.0.2.10', '2001:db8:1::10'],
].map((texts) => PacketMap.set({ destination: texts.map((text) => point(parseAddress(text)!)) }));
/** Of a server whose addresses nobody told, itself first. Where they are told, the address that stands for them is anybody's. */
const ITSELF = PacketMap.set({ destination: STAND_INS });

const KINDS = [PROTOCOL.tcp, PROTOCOL.udp].flatMap((protocol) =>
  FAMILIES.map((family) => PacketMap.set({ family, protocol: [point(protocol)] })),
);

/** One packet of each kind that rules tell apart most, as a client sends it; else any. */
export function samples(packets: PacketSet, isAnonymous: boolean): readonly Packet[] {
  const preferred = isAnonymous ? [ITSELF, ...SOMEBODY] : SOMEBODY;
  const meant = (among: PacketSet): PacketSet => preferred.map((set) => among.within(set)).find((set) => !set.isEmpty) ?? among;
  const found = KINDS.flatMap((kind) => clientPacket(meant(packets.within(kind))) ?? []);
  return found.length > 0 ? found : [clientPacket(meant(packets))].flatMap((one) => one ?? []);
}
