import { Verdict } from '../exposure/exposure';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';

export const allowedAt = (verdicts: PacketMap<Verdict>): PacketSet => verdicts.where(({ is }) => is === 'allowed');

/** What services are offered by: pings and the like are nobody's way in. */
export const TCP_UDP: PacketSet = PacketMap.set({ protocol: [PROTOCOL.tcp, PROTOCOL.udp].map((one) => ({ first: one, last: one })) });
