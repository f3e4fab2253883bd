// Creates the packet set of given ICMP types, for IPv4 and IPv6.

import { NumberRange, toNumberRanges } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';

/** Returns messages of these types: ICMP over IPv4 and ICMPv6 over IPv6. */
export const createIcmpSet = (ipv4Types: readonly NumberRange[], ipv6Types: readonly NumberRange[]): PacketSet =>
  PacketMap.mergeFirst([
    PacketMap.createSet({ family: 'ip', protocol: toNumberRanges(PROTOCOL.icmp), port: ipv4Types }),
    PacketMap.createSet({ family: 'ip6', protocol: toNumberRanges(PROTOCOL.icmpv6), port: ipv6Types }),
  ]);
