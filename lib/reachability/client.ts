import { parseAddress } from '../net/address';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';

/** Sources that a reader takes for somebody on the internet. Source: RFC 5737, RFC 3849. */
export const CLIENTS = ['198.51.100.7', '192.0.2.7', '203.0.113.77', '2001:db8:ffff::7'].map((text) =>
  parseAddress(text)!,
);
export const CLIENT_PORT = 40_000;

/** Some packet of a set, as a client sends it if there is one. */
export function clientPacket(packets: PacketSet): Packet | undefined {
  const usual = packets.within(PacketMap.set({ sourcePort: [point(CLIENT_PORT)] }));
  for (const client of CLIENTS) {
    const found = usual.within(PacketMap.set({ source: [point(client)] })).sample();
    if (found) return found.packet;
  }
  return (usual.isEmpty ? packets : usual).sample()?.packet;
}
