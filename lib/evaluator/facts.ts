import { Phase } from '../reachability/phase';
import { Family } from '../net/address';
import { SHAPES } from './packet-shapes';
import { Context } from './context';
import { Field } from './fields';
import { valuesOf } from './marks';
import { TextFacts } from './model';

/** Bits of `ct state`. Source: linux/netfilter/nf_conntrack_common.h. */
export const STATE = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 } as const;

const STATE_OF: Readonly<Record<Phase, number>> = {
  first: STATE.new,
  'going on': STATE.established,
  answer: STATE.established,
  related: STATE.related,
  stray: STATE.invalid,
};

/** What `ct state` may be of a packet that connection tracking doesn't leave alone. */
export function statesOf({ ct, phase }: Context, { templates }: TextFacts): readonly number[] {
  const before = templates ? [STATE.invalid, STATE.new] : [STATE.invalid];
  if (ct === 'none') return before;
  if (ct === 'leaving') return [...before, STATE.untracked];
  if (ct === 'untracked') return [STATE.untracked];
  return ct === 'tracked' ? [STATE_OF[phase]] : [STATE.invalid, STATE_OF[phase], STATE.untracked];
}

/** What is related without being an ICMP error. */
export const EXPECTED = 'a helper says what it expects';

/** Bits of `ct status`. */
const STATUS = {
  expected: 1,
  seenReply: 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  snatDone: 128,
  dnatDone: 256,
} as const;

/** What is expected starts a connection of its own; an ICMP error has the session that it is about. */
export type Kind = Phase | 'expected';

type FactField = Exclude<Extract<Field['looksAt'], { is: 'fact' }>, { fact: 'state' }>;

/** The values that a fact may have for a packet; undefined where it may be anything. */
export function valuesOfFact(
  looksAt: FactField,
  kind: Kind,
  context: Context,
  facts: TextFacts,
): readonly number[] | undefined {
  switch (looksAt.fact) {
    case 'status':
      if (kind === 'first') return newStatus(context);
      return kind === 'expected'
        ? newStatus(context).map((bits) => bits | STATUS.expected)
        : sessionStatus(kind, context, facts);
    case 'direction':
      return kind === 'answer' ? [1] : kind === 'related' ? [0, 1] : [0];
    case 'mark':
    case 'ct mark':
      return valuesOf(context.marks[looksAt.fact], looksAt.bits);
    case 'tcp flags':
      return kind === 'first' || kind === 'expected'
        ? shaped('tcp flags', context)
        : kind === 'stray'
          ? ANY_FLAGS
          : SESSION_FLAGS;
    case 'packet type':
      return context.own ? undefined : context.oif ? SHAPES['packet type'].usual : shaped('packet type', context);
    case 'part':
      return isWhole('ip', context, facts) ? SHAPES.part.usual : shaped('part', context);
    case 'part of six':
      return isWhole('ip6', context, facts) ? SHAPES['part of six'].usual : shaped('part of six', context);
    case 'room':
      return shaped('room', context);
    case 'four':
      return [4];
    case 'six':
      return [6];
    case 'state':
      return undefined;
  }
}

/** As hosts send it, or in any shape. */
const shaped = (fact: keyof typeof SHAPES, { anyShape }: Context): readonly number[] =>
  anyShape ? [...SHAPES[fact].usual, ...SHAPES[fact].else] : SHAPES[fact].usual;

/**
 * Whether its parts were put together before: where connections are tracked, at -400 of the first hook; of IPv4 also before it goes to the box
 * itself. Of IPv6 one of two headers of parts is left, and the box forwards what it takes no more of itself: seen, 6.18. Source: nf_defrag_ipv4.c,
 * nf_defrag_ipv6_hooks.c, ip_local_deliver in ip_input.c; IP6SKB_FRAGMENTED in net/ipv6/reassembly.c.
 */
const isWhole = (family: Family, { hook, own, inParts }: Context, { tracks }: TextFacts): boolean =>
  own ||
  (!inParts && (family === 'ip' ? tracks.has(family) || hook === 'input' : tracks.has(family) && hook === 'input'));

/**
 * A first part of eight bytes has ports and no flags. Of IPv6 the box itself takes none that ends before its transport header does. Source:
 * ipv6frag_thdr_truncated in net/ipv6/reassembly.c.
 */
export const mayEndBefore = ({ looksAt }: Field, family: Family, context: Context, facts: TextFacts): boolean =>
  looksAt.is === 'fact' &&
  looksAt.fact === 'tcp flags' &&
  context.anyShape === true &&
  !isWhole(family, context, facts) &&
  context.hook !== 'input';

/** On the loopback interface it has left already. */
const isLooped = ({ own, iif }: Context): boolean => own && iif === 'lo';

function newStatus(context: Context): readonly number[] {
  const { dnat, snat } = context;
  // To leave confirms it.
  const looped = isLooped(context);
  const known = (dnat ? STATUS.dnat : 0) | (snat === true ? STATUS.snat : 0) | (looped ? STATUS.confirmed : 0);
  const optional = snat === 'unclear' ? [STATUS.snat] : [];
  return [0, STATUS.dnatDone, STATUS.snatDone | STATUS.dnatDone].flatMap((done) => withAnyOf(known | done, optional));
}

/** How a session was translated shows from the first hook on, before this packet is; which way, its direction tells. */
function sessionStatus(kind: Kind, { hook, dnat, snat }: Context, { helpers }: TextFacts): readonly number[] {
  const optional: number[] = [STATUS.assured, STATUS.snatDone, STATUS.dnatDone];
  let known: number = STATUS.confirmed;
  if (kind === 'answer') known |= STATUS.seenReply;
  else optional.push(STATUS.seenReply);
  if (helpers) optional.push(STATUS.expected);
  if (kind !== 'going on') optional.push(STATUS.snat, STATUS.dnat);
  else {
    if (dnat) known |= STATUS.dnat;
    else if (hook === 'prerouting' || hook === 'output') optional.push(STATUS.dnat);
    if (snat === true) known |= STATUS.snat;
    else optional.push(STATUS.snat);
  }
  return withAnyOf(known, optional);
}

const withAnyOf = (known: number, optional: readonly number[]): readonly number[] =>
  optional.reduce<readonly number[]>((all, bit) => [...all, ...all.map((bits) => (bits | bit) >>> 0)], [known]);

const ANY_FLAGS: readonly number[] = Array.from({ length: 256 }, (_, flags) => flags);
const [PSH, ACK] = [0x08, 0x10];
/**
 * The bits of congestion notification come with any. PSH and URG come with ACK, which all have but a SYN and some resets: connection tracking takes
 * them without it, too, and TCP doesn't. Source: tcp_valid_flags in nf_conntrack_proto_tcp.c; tcp_rcv_established in tcp_input.c.
 */
const SESSION_FLAGS = [0x02, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30].flatMap((flags) =>
  withAnyOf(flags, flags & ACK ? [PSH, 0x40, 0x80] : [0x40, 0x80]),
);
