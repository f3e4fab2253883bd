import { NumberRange, points } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';

/** Messages of these types, of ICMP over IPv4 and of ICMPv6 over IPv6. */
export const icmp = (v4: readonly NumberRange[], v6: readonly NumberRange[]): PacketSet =>
  PacketMap.first([
    PacketMap.set({ family: 'ip', protocol: points(PROTOCOL.icmp), port: v4 }),
    PacketMap.set({ family: 'ip6', protocol: points(PROTOCOL.icmpv6), port: v6 }),
  ]);
