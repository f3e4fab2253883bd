import { NumberRange } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';

export const one = (number: number): readonly NumberRange[] => [{ first: number, last: number }];

/** Messages of these types, of ICMP over IPv4 and of ICMPv6 over IPv6. */
export const icmp = (v4: readonly NumberRange[], v6: readonly NumberRange[]): PacketSet =>
  PacketMap.first([
    PacketMap.set({ family: 'ip', protocol: one(PROTOCOL.icmp), port: v4 }),
    PacketMap.set({ family: 'ip6', protocol: one(PROTOCOL.icmpv6), port: v6 }),
  ]);
