// The phases in which a packet can be, seen from connection tracking: first packet, later packet, reply, related,
// stray. Reachability is evaluated for each of them.

/**
 * The phase of a packet in the sessions of a device. `first`: it starts a connection. `going on`: a later packet of the
 * side that started it. `answer`: a packet of the other side. `related`: it counts as part of a session without
 * belonging to it: an ICMP error about it, or what a helper expects. `stray`: it belongs to no connection and starts
 * none: unasked ICMP errors and replies, FIN, RST, SYN+FIN. netfilter calls it INVALID; to pf it is a packet without a
 * state that is no first one.
 */
export type SessionPhase = 'first' | LaterSessionPhase;

export type LaterSessionPhase = 'going on' | 'answer' | 'related' | 'stray';

export const LATER_PHASES: readonly LaterSessionPhase[] = ['going on', 'answer', 'related', 'stray'];
