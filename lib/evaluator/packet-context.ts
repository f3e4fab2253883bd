import { SessionPhase } from '../reachability/session-phase';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { TextInternTable } from '../net/intern-tables';
import { toSingleRange } from '../net/range';
import { Marks, UNMARKED, applyMarkChange, mergeMarks } from './marks';
import { BaseChain, LoweredChain, PacketChange } from './ruleset-model';

/** What is known of a packet in one hook besides its header. `undefined` interfaces are unclear, '' is none. */
export interface PacketContext {
  readonly hook: string;
  readonly iif: string | undefined;
  readonly oif: string | undefined;
  readonly phase: SessionPhase;
  /** Whether connection tracking has an entry for it: not yet or never, of its phase, or told not to. `leaving`: not yet, or told not to. */
  readonly ct: 'none' | 'leaving' | 'tracked' | 'untracked' | 'unclear';
  readonly dnat: boolean;
  readonly snat: boolean | 'unclear';
  /** The kernel has chosen its source port. */
  readonly portFree?: boolean;
  /** It was made on the device. */
  readonly own: boolean;
  /** In whatever shape, as who sends it likes, and where sets may be full: not only as hosts send packets. */
  readonly anyShape?: boolean;
  /** Before parts of packets are put together. */
  readonly inParts?: boolean;
  readonly marks: Marks;
}

/** What rules that a packet met may have changed of it besides its header. Interned. */
export type PacketState = Pick<PacketContext, 'ct' | 'marks'>;

const packetStates = new TextInternTable<Marks, PacketState>();
export const createPacketState = (ct: PacketContext['ct'], marks: Marks): PacketState =>
  packetStates.getOrCreate(marks, ct, () => ({ ct, marks }));

export const mergePacketStates = (a: PacketState, b: PacketState): PacketState =>
  createPacketState(mergeTracking(a.ct, b.ct), mergeMarks(a.marks, b.marks));

/** Told not to track it, or not. */
export const mergeTracking = (a: PacketContext['ct'], b: PacketContext['ct']): PacketContext['ct'] =>
  a === b ? a : 'leaving';

/** Where parts of packets are put together: at -400 of the first hook. Source: linux/netfilter_ipv4.h. */
const DEFRAG_PRIORITY = -400;

/** Whether a list is asked of parts, whatever is put together later. */
export const isBeforeReassembly = ({ hook, priority }: Pick<BaseChain, 'hook' | 'priority'>): boolean =>
  hook === 'ingress' || hook === 'egress' || (hook === 'prerouting' && priority <= DEFRAG_PRIORITY);

/** Where a chain sets something, all in it is asked of packets that have it. */
export const applyChainChanges = ({ sets: changes = [] }: LoweredChain, context: PacketContext): PacketContext =>
  changes.reduce(applyChange, context);

function applyChange(context: PacketContext, change: PacketChange): PacketContext {
  const { ct, marks } = context;
  if (typeof change === 'object') return { ...context, marks: applyMarkChange(marks, change, hasConnection(context)) };
  return ct === 'none' ? { ...context, ct: change === 'untracked' ? change : 'leaving' } : context;
}

const hasConnection = ({ ct }: PacketContext): 'yes' | 'no' | 'maybe' =>
  ct === 'tracked' ? 'yes' : ct === 'none' || ct === 'untracked' ? 'no' : 'maybe';

/**
 * Neighbour discovery and multicast listeners of IPv6: connection tracking leaves them alone, so they are neither new
 * nor translated, and each is like the first. Source: noct_valid_new in nf_conntrack_proto_icmpv6.c.
 */
export const UNTRACKED_ICMPV6 = [130, 131, 132, 133, 134, 135, 136, 143];

export const ICMP_PROTOCOLS = [PROTOCOL.icmp, PROTOCOL.icmpv6].map(toSingleRange);

export const UNTRACKED_PACKETS: PacketSet = PacketMap.createSet({
  family: 'ip6',
  protocol: [toSingleRange(PROTOCOL.icmpv6)],
  port: UNTRACKED_ICMPV6.map(toSingleRange),
});
export const TRACKED_PACKETS = PacketMap.ALL.subtract(UNTRACKED_PACKETS);

/** For rules that no context changes. */
export const CONTEXT_FREE: PacketContext = {
  hook: '',
  iif: undefined,
  oif: undefined,
  phase: 'first',
  ct: 'tracked',
  dnat: false,
  snat: false,
  own: false,
  marks: UNMARKED,
};
