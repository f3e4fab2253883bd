// The context of a packet in a hook besides its header: interfaces, session phase, connection state, marks. Models
// how chains change it.

import { SessionPhase } from '../reachability/session-phase';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { TextInternTable } from '../net/intern-tables';
import { toSingleRange } from '../net/range';
import { Marks, UNMARKED, applyMarkChange, mergeMarks } from './marks';
import { BaseChain, LoweredChain, PacketChange } from './ruleset-model';

/** The facts of a packet in one hook besides its header. An interface that is `undefined` is unclear; '' is none. */
export interface PacketContext {
  readonly hook: string;
  readonly iif: string | undefined;
  readonly oif: string | undefined;
  readonly phase: SessionPhase;
  /**
   * The packet's entry of connection tracking. `none`: not yet or never. `tracked`: one of its phase. `untracked`: told
   * to have none. `leaving`: not yet, or told to have none.
   */
  readonly ct: 'none' | 'leaving' | 'tracked' | 'untracked' | 'unclear';
  readonly dnat: boolean;
  readonly snat: boolean | 'unclear';
  /** The kernel has chosen the source port. */
  readonly hasFreeSourcePort?: boolean;
  /** The packet was made on the device. */
  readonly isLocal: boolean;
  /**
   * The packet may have any shape that its sender likes, and sets may be full. Otherwise the packet is as hosts send
   * packets.
   */
  readonly anyShape?: boolean;
  /** Fragments of packets are not put together yet. */
  readonly isFragmented?: boolean;
  readonly marks: Marks;
}

/** The parts of a packet, besides its header, that earlier rules may have changed. Interned. */
export type PacketState = Pick<PacketContext, 'ct' | 'marks'>;

const packetStates = new TextInternTable<Marks, PacketState>();
export const createPacketState = (ct: PacketContext['ct'], marks: Marks): PacketState =>
  packetStates.getOrCreate(marks, ct, () => ({ ct, marks }));

export const mergePacketStates = (a: PacketState, b: PacketState): PacketState =>
  createPacketState(mergeTracking(a.ct, b.ct), mergeMarks(a.marks, b.marks));

/** Returns one tracking for two that both may hold: if they differ, the packet may be told not to be tracked. */
export const mergeTracking = (a: PacketContext['ct'], b: PacketContext['ct']): PacketContext['ct'] =>
  a === b ? a : 'leaving';

/** Priority at which fragments are put together: -400 of the first hook. Source: linux/netfilter_ipv4.h. */
const DEFRAG_PRIORITY = -400;

/** Returns whether a chain sees fragments, whatever is put together later. */
export const isBeforeReassembly = ({ hook, priority }: Pick<BaseChain, 'hook' | 'priority'>): boolean =>
  hook === 'ingress' || hook === 'egress' || (hook === 'prerouting' && priority <= DEFRAG_PRIORITY);

/** Returns the context in a chain: every rule in it sees packets with the changes that entering it makes. */
export const applyChainChanges = (
  { packetChanges: changes = [] }: LoweredChain,
  context: PacketContext,
): PacketContext => changes.reduce(applyChange, context);

function applyChange(context: PacketContext, change: PacketChange): PacketContext {
  const { ct, marks } = context;
  if (typeof change === 'object') return { ...context, marks: applyMarkChange(marks, change, hasConnection(context)) };
  return ct === 'none' ? { ...context, ct: change === 'untracked' ? change : 'leaving' } : context;
}

const hasConnection = ({ ct }: PacketContext): 'yes' | 'no' | 'maybe' =>
  ct === 'tracked' ? 'yes' : ct === 'none' || ct === 'untracked' ? 'no' : 'maybe';

/**
 * Types of neighbour discovery and multicast listener messages of IPv6. Connection tracking leaves them alone, so they
 * are neither new nor translated, and each is like the first. Source: noct_valid_new in nf_conntrack_proto_icmpv6.c.
 */
export const UNTRACKED_ICMPV6 = [130, 131, 132, 133, 134, 135, 136, 143];

export const ICMP_PROTOCOLS = [PROTOCOL.icmp, PROTOCOL.icmpv6].map(toSingleRange);

export const UNTRACKED_PACKETS: PacketSet = PacketMap.createSet({
  family: 'ip6',
  protocol: [toSingleRange(PROTOCOL.icmpv6)],
  port: UNTRACKED_ICMPV6.map(toSingleRange),
});
export const TRACKED_PACKETS = PacketMap.ALL.subtract(UNTRACKED_PACKETS);

/** A context for rules that no context changes. */
export const CONTEXT_FREE: PacketContext = {
  hook: '',
  iif: undefined,
  oif: undefined,
  phase: 'first',
  ct: 'tracked',
  dnat: false,
  snat: false,
  isLocal: false,
  marks: UNMARKED,
};
