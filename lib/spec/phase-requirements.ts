// Derives, from the spec of first packets, what a policy requires and permits for packets that start no connection:
// later packets and replies of sessions, related ICMP errors, and stray packets.

import { LaterSessionPhase } from '../reachability/session-phase';
import { toNumberRanges } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { RequirementLevel, LocationSpec } from './reachability-spec';
import { createIcmpSet } from './icmp-packets';

/**
 * ICMP errors about a session. Without them its hosts never learn that a packet was too big or was not delivered.
 * Source: RFC 1812 section 4.3; RFC 4443 section 3; RFC 4890 section 4.3.1.
 */
export const ICMP_ERRORS = createIcmpSet(toNumberRanges(3, 11, 12), [{ first: 1, last: 4 }]);

/**
 * All ICMP messages that count as related to a session, including redirects. Source: linux nf_conntrack_proto_icmp.c
 * and icmpv6.c.
 */
export const RELATED_ICMP = createIcmpSet(
  [{ first: 3, last: 5 }, ...toNumberRanges(11, 12)],
  [{ first: 0, last: 127 }],
);

const ALL_ICMP = PacketMap.createSet({ protocol: toNumberRanges(PROTOCOL.icmp, PROTOCOL.icmpv6) });

/** Neighbour and listener discovery: connection tracking makes no session of it. Source: RFC 4861; RFC 3810. */
const SESSIONLESS_ICMP = createIcmpSet([], [{ first: 130, last: 137 }, ...toNumberRanges(143)]);

/** ICMP requests: they always start something new. Source: linux nf_conntrack_proto_icmp.c and icmpv6.c. */
const ICMP_REQUESTS = createIcmpSet(toNumberRanges(8, 13, 15, 17), toNumberRanges(128, 139));

/** The packets that can be in each phase. */
export const POSSIBLE_PACKETS: Readonly<Record<LaterSessionPhase, PacketSet>> = {
  'going on': PacketMap.ALL.subtract(SESSIONLESS_ICMP),
  answer: PacketMap.ALL.subtract(SESSIONLESS_ICMP),
  related: PacketMap.ALL.subtract(ALL_ICMP.subtract(RELATED_ICMP)),
  stray: PacketMap.ALL.subtract(SESSIONLESS_ICMP.unite(ICMP_REQUESTS)),
};

/**
 * Returns what a policy requires and permits for packets that start no connection, if they are possible. A packet that
 * may start a connection may also continue one; stray packets reach no more than that.
 */
export function getPhaseRequirements(
  phase: LaterSessionPhase,
  { bounds, sessions, establishedSessions, related, untranslated }: LocationSpec,
): PacketMap<RequirementLevel> {
  switch (phase) {
    case 'going on':
      return establishedSessions === 'terminate' ? bounds : markRequired(sessions).unite(ALL_PERMITTED);
    case 'answer':
      return markRequired(sessions).unite(ALL_PERMITTED);
    case 'related':
      return markRequired(sessions.intersect(ICMP_ERRORS)).unite(markPermitted(bounds.domain.unite(related)));
    case 'stray':
      return markPermitted(bounds.domain.unite(untranslated));
    default:
      return phase satisfies never;
  }
}

const markRequired = (packets: PacketSet): PacketMap<RequirementLevel> => packets.map<RequirementLevel>(() => 'must');
const markPermitted = (packets: PacketSet): PacketMap<RequirementLevel> => packets.map<RequirementLevel>(() => 'may');
const ALL_PERMITTED = PacketMap.createConstant<RequirementLevel>('may');
