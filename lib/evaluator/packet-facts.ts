// Computes the values that a fact outside the header may have for a packet in its context: conntrack state and
// status, TCP flags, fragments and others.

import { SessionPhase } from '../reachability/session-phase';
import { Family } from '../net/address';
import { PACKET_SHAPES } from './packet-shapes';
import { PacketContext } from './packet-context';
import { PacketField } from './packet-fields';
import { listMarkValues } from './marks';
import { RulesetFacts } from './ruleset-model';

/** Bits of `ct state`. Source: linux/netfilter/nf_conntrack_common.h. */
export const CT_STATE = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 } as const;

const CT_STATE_BY_PHASE: Readonly<Record<SessionPhase, number>> = {
  first: CT_STATE.new,
  'going on': CT_STATE.established,
  answer: CT_STATE.established,
  related: CT_STATE.related,
  stray: CT_STATE.invalid,
};

/** Returns the values that `ct state` may have for a packet that connection tracking doesn't leave alone. */
export function listCtStates({ ct, phase }: PacketContext, { hasTemplates }: RulesetFacts): readonly number[] {
  const untracked = hasTemplates ? [CT_STATE.invalid, CT_STATE.new] : [CT_STATE.invalid];
  if (ct === 'none') return untracked;
  if (ct === 'leaving') return [...untracked, CT_STATE.untracked];
  if (ct === 'untracked') return [CT_STATE.untracked];
  return ct === 'tracked'
    ? [CT_STATE_BY_PHASE[phase]]
    : [CT_STATE.invalid, CT_STATE_BY_PHASE[phase], CT_STATE.untracked];
}

/** The reason for related packets that are no ICMP errors. */
export const HELPER_REASON = 'a helper says what it expects';

/** Bits of `ct status`. */
const CT_STATUS = {
  expected: 1,
  seenReply: 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  snatDone: 128,
  dnatDone: 256,
} as const;

/**
 * A session phase, or an expected packet. An expected packet starts a connection of its own; an ICMP error has the
 * session that it is about.
 */
export type PacketKind = SessionPhase | 'expected';

type FactField = Exclude<Extract<PacketField['looksAt'], { is: 'fact' }>, { fact: 'state' }>;

/** Returns the values that a fact may have for a packet; undefined: it may be anything. */
export function listFactValues(
  looksAt: FactField,
  kind: PacketKind,
  context: PacketContext,
  facts: RulesetFacts,
): readonly number[] | undefined {
  switch (looksAt.fact) {
    case 'status':
      if (kind === 'first') return listNewStatuses(context);
      return kind === 'expected'
        ? listNewStatuses(context).map((bits) => bits | CT_STATUS.expected)
        : listSessionStatuses(kind, context, facts);
    case 'direction':
      return kind === 'answer' ? [1] : kind === 'related' ? [0, 1] : [0];
    case 'mark':
    case 'ct mark':
      return listMarkValues(context.marks[looksAt.fact], looksAt.bits);
    case 'tcp flags':
      return kind === 'first' || kind === 'expected'
        ? listShapeValues('tcp flags', context)
        : kind === 'stray'
          ? ANY_FLAGS
          : SESSION_FLAGS;
    case 'packet type':
      return context.isLocal
        ? undefined
        : context.oif
          ? PACKET_SHAPES['packet type'].usualValues
          : listShapeValues('packet type', context);
    case 'part':
      return isReassembled('ip', context, facts) ? PACKET_SHAPES.part.usualValues : listShapeValues('part', context);
    case 'part of six':
      return isReassembled('ip6', context, facts)
        ? PACKET_SHAPES['part of six'].usualValues
        : listShapeValues('part of six', context);
    case 'room':
      return listShapeValues('room', context);
    case 'four':
      return [4];
    case 'six':
      return [6];
    case 'state':
      return undefined;
  }
}

/** Returns the values for a packet as hosts send it, or of any shape. */
const listShapeValues = (fact: keyof typeof PACKET_SHAPES, { anyShape }: PacketContext): readonly number[] =>
  anyShape ? [...PACKET_SHAPES[fact].usualValues, ...PACKET_SHAPES[fact].otherValues] : PACKET_SHAPES[fact].usualValues;

/**
 * Returns whether the packet's fragments were put together before. They are where connections are tracked, at -400 of
 * the first hook. IPv4 fragments also are before the packet goes to the device itself. For IPv6 one of two fragment
 * headers is left, and the device forwards a packet that it no longer takes itself: seen, 6.18. Source:
 * nf_defrag_ipv4.c, nf_defrag_ipv6_hooks.c, ip_local_deliver in ip_input.c; IP6SKB_FRAGMENTED in net/ipv6/reassembly.c.
 */
const isReassembled = (
  family: Family,
  { hook, isLocal, isFragmented }: PacketContext,
  { trackedFamilies }: RulesetFacts,
): boolean =>
  isLocal ||
  (!isFragmented &&
    (family === 'ip'
      ? trackedFamilies.has(family) || hook === 'input'
      : trackedFamilies.has(family) && hook === 'input'));

/**
 * Returns whether a packet may lack the field. A first fragment of eight bytes has ports and no flags. For IPv6 the
 * device itself takes no first fragment that ends before its transport header does. Source: ipv6frag_thdr_truncated in
 * net/ipv6/reassembly.c.
 */
export const canLackField = (
  { looksAt }: PacketField,
  family: Family,
  context: PacketContext,
  facts: RulesetFacts,
): boolean =>
  looksAt.is === 'fact' &&
  looksAt.fact === 'tcp flags' &&
  context.anyShape === true &&
  !isReassembled(family, context, facts) &&
  context.hook !== 'input';

/** Returns whether the packet came in by the loopback interface: it has left already. */
const isLooped = ({ isLocal, iif }: PacketContext): boolean => isLocal && iif === 'lo';

function listNewStatuses(context: PacketContext): readonly number[] {
  const { dnat, snat } = context;
  // Leaving confirms the connection.
  const isLoopedBack = isLooped(context);
  const certain =
    (dnat ? CT_STATUS.dnat : 0) | (snat === true ? CT_STATUS.snat : 0) | (isLoopedBack ? CT_STATUS.confirmed : 0);
  const optional = snat === 'unclear' ? [CT_STATUS.snat] : [];
  return [0, CT_STATUS.dnatDone, CT_STATUS.snatDone | CT_STATUS.dnatDone].flatMap((doneBits) =>
    expandBits(certain | doneBits, optional),
  );
}

/**
 * Returns the statuses of a later packet. The translation of its session shows from the first hook on, before this
 * packet is translated. The packet's direction tells which way.
 */
function listSessionStatuses(
  kind: PacketKind,
  { hook, dnat, snat }: PacketContext,
  { hasHelpers }: RulesetFacts,
): readonly number[] {
  const optional: number[] = [CT_STATUS.assured, CT_STATUS.snatDone, CT_STATUS.dnatDone];
  let certain: number = CT_STATUS.confirmed;
  if (kind === 'answer') certain |= CT_STATUS.seenReply;
  else optional.push(CT_STATUS.seenReply);
  if (hasHelpers) optional.push(CT_STATUS.expected);
  if (kind !== 'going on') optional.push(CT_STATUS.snat, CT_STATUS.dnat);
  else {
    if (dnat) certain |= CT_STATUS.dnat;
    else if (hook === 'prerouting' || hook === 'output') optional.push(CT_STATUS.dnat);
    if (snat === true) certain |= CT_STATUS.snat;
    else optional.push(CT_STATUS.snat);
  }
  return expandBits(certain, optional);
}

const expandBits = (certain: number, optional: readonly number[]): readonly number[] =>
  optional.reduce<readonly number[]>(
    (values, bit) => [...values, ...values.map((bits) => (bits | bit) >>> 0)],
    [certain],
  );

const ANY_FLAGS: readonly number[] = Array.from({ length: 256 }, (_, flags) => flags);
const [PSH, ACK] = [0x08, 0x10];
/**
 * TCP flags of later packets. The bits of congestion notification come with any. PSH and URG come with ACK, which all
 * segments have but a SYN and some resets. Connection tracking takes them without ACK, too; TCP doesn't. Source:
 * tcp_valid_flags in nf_conntrack_proto_tcp.c; tcp_rcv_established in tcp_input.c.
 */
const SESSION_FLAGS = [0x02, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30].flatMap((flags) =>
  expandBits(flags, flags & ACK ? [PSH, 0x40, 0x80] : [0x40, 0x80]),
);
