import { LaterPhase } from '../reachability/phase';
import { points } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Bound, Bounds } from './bounds';
import { icmp } from './icmp';

/**
 * Errors about a session: without them its hosts never learn that a packet was too big or went nowhere. Source: RFC 1812 section 4.3;
 * RFC 4443 section 3; RFC 4890 section 4.3.1.
 */
export const ERRORS = icmp(points(3, 11, 12), [{ first: 1, last: 4 }]);

/** Whatever ICMP says about a session, redirects, too. Source: linux nf_conntrack_proto_icmp.c and icmpv6.c. */
export const TAKEN_FOR_RELATED = icmp([{ first: 3, last: 5 }, ...points(11, 12)], [{ first: 0, last: 127 }]);

const ICMP = PacketMap.set({ protocol: points(PROTOCOL.icmp, PROTOCOL.icmpv6) });

/** Discovery of neighbours and listeners: no sessions are made of it. Source: RFC 4861; RFC 3810. */
const SESSIONLESS = icmp([], [{ first: 130, last: 137 }, ...points(143)]);

/** They always ask for something new. Source: linux nf_conntrack_proto_icmp.c and icmpv6.c. */
const REQUESTS = icmp(points(8, 13, 15, 17), points(128, 139));

/** Packets that can be what the phase says. */
export const POSSIBLE: Readonly<Record<LaterPhase, PacketSet>> = {
  'going on': PacketMap.ALL.apartFrom(SESSIONLESS),
  answer: PacketMap.ALL.apartFrom(SESSIONLESS),
  related: PacketMap.ALL.apartFrom(ICMP.apartFrom(TAKEN_FOR_RELATED)),
  stray: PacketMap.ALL.apartFrom(SESSIONLESS.or(REQUESTS)),
};

/**
 * What a policy asks for of packets that start no connection, where they are possible: what may start one may go on, and strays reach no
 * more than that.
 */
export function boundsOf(
  phase: LaterPhase,
  { bounds, sessions, whenClosed, related, untranslated }: Bounds,
): PacketMap<Bound> {
  switch (phase) {
    case 'going on':
      return whenClosed === 'cut' ? bounds : must(sessions).or(EVERYTHING);
    case 'answer':
      return must(sessions).or(EVERYTHING);
    case 'related':
      return must(sessions.within(ERRORS)).or(may(bounds.domain.or(related)));
    case 'stray':
      return may(bounds.domain.or(untranslated));
    default:
      return phase satisfies never;
  }
}

const must = (packets: PacketSet): PacketMap<Bound> => packets.map<Bound>(() => 'must');
const may = (packets: PacketSet): PacketMap<Bound> => packets.map<Bound>(() => 'may');
const EVERYTHING = PacketMap.everywhere<Bound>('may');
