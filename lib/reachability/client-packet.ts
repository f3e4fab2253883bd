// Picks one example packet of a packet set, preferably one as a client in the internet sends it.

import { parseAddress } from '../net/address';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';

/** Sources that look like a client on the internet. Source: RFC 5737, RFC 3849. */
export const CLIENT_ADDRESSES = ['198.51.100.7', '192.0.2.7', '203.0.113.77', '2001:db8:ffff::7'].map((text) =>
  parseAddress(text)!,
);
export const CLIENT_PORT = 40_000;

/** Returns one packet of a set, preferably one that a client would send. */
export function pickClientPacket(packets: PacketSet): Packet | undefined {
  const usual = packets.intersect(PacketMap.createSet({ sourcePort: [toSingleRange(CLIENT_PORT)] }));
  for (const client of CLIENT_ADDRESSES) {
    const sample = usual.intersect(PacketMap.createSet({ source: [toSingleRange(client)] })).pickPacket();
    if (sample) return sample.packet;
  }
  return (usual.isEmpty ? packets : usual).pickPacket()?.packet;
}
