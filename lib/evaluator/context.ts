import { Phase } from '../reachability/phase';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Told } from '../net/interned';
import { point } from '../net/range';
import { Marks, UNMARKED, changed, eitherMarks } from './marks';
import { BaseChain, LoweredChain, Setting } from './model';

/** What is known of a packet in one hook besides its header. `undefined` interfaces are unclear, '' is none. */
export interface Context {
  readonly hook: string;
  readonly iif: string | undefined;
  readonly oif: string | undefined;
  readonly phase: Phase;
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
export type Seen = Pick<Context, 'ct' | 'marks'>;

const seen = new Told<Marks, Seen>();
export const seenWith = (ct: Context['ct'], marks: Marks): Seen => seen.of(marks, ct, () => ({ ct, marks }));

export const eitherSeen = (a: Seen, b: Seen): Seen =>
  seenWith(eitherTracking(a.ct, b.ct), eitherMarks(a.marks, b.marks));

/** Told not to track it, or not. */
export const eitherTracking = (a: Context['ct'], b: Context['ct']): Context['ct'] => (a === b ? a : 'leaving');

/** Where parts of packets are put together: at -400 of the first hook. Source: linux/netfilter_ipv4.h. */
const DEFRAG = -400;

/** Whether a list is asked of parts, whatever is put together later. */
export const isBeforeParts = ({ hook, priority }: Pick<BaseChain, 'hook' | 'priority'>): boolean =>
  hook === 'ingress' || hook === 'egress' || (hook === 'prerouting' && priority <= DEFRAG);

/** Where a chain sets something, all in it is asked of packets that have it. */
export const comingInto = ({ sets = [] }: LoweredChain, context: Context): Context => sets.reduce(withSet, context);

function withSet(context: Context, what: Setting): Context {
  const { ct, marks } = context;
  if (typeof what === 'object') return { ...context, marks: changed(marks, what, hasConnection(context)) };
  return ct === 'none' ? { ...context, ct: what === 'untracked' ? what : 'leaving' } : context;
}

const hasConnection = ({ ct }: Context): 'yes' | 'no' | 'maybe' =>
  ct === 'tracked' ? 'yes' : ct === 'none' || ct === 'untracked' ? 'no' : 'maybe';

/**
 * Neighbour discovery and multicast listeners of IPv6: connection tracking leaves them alone, so they are neither new
 * nor translated, and each is like the first. Source: noct_valid_new in nf_conntrack_proto_icmpv6.c.
 */
export const UNTRACKED_ICMPV6 = [130, 131, 132, 133, 134, 135, 136, 143];

export const ICMP_PROTOCOLS = [PROTOCOL.icmp, PROTOCOL.icmpv6].map(point);

export const LEFT_ALONE: PacketSet = PacketMap.set({
  family: 'ip6',
  protocol: [point(PROTOCOL.icmpv6)],
  port: UNTRACKED_ICMPV6.map(point),
});
export const TRACKED = PacketMap.ALL.apartFrom(LEFT_ALONE);

/** For rules that no context changes. */
export const ANYWHERE: Context = {
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
