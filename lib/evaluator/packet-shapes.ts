import { PROTOCOL } from '../net/packet';
import { PacketMap } from '../net/packet-map';
import { doesNothing } from './equivalence/naming';
import { Context } from './context';
import { End, endOf } from './ends';
import { Fact, Field } from './fields';
import { Condition, End as RuleEnd, everyChain, LoweredRuleset } from './model';
import { passesTagged } from './vlan-tags';

/*
 * What rules ask of a packet besides who speaks to whom is up to who sends it, or to what came before it. What a packet becomes as hosts send
 * packets is known; what comes in otherwise is asked once more, of packets of any shape.
 */

/** Headers of IPv6 that may stand in front of any other. A socket of Linux puts one there if it is asked to, and the session works: seen, 6.18. */
export const IN_FRONT: readonly number[] = [0, 43, 44, 60];

/**
 * Segments with which a connection begins: SYN, and with it what whoever sends it likes. Conntrack takes them for new, and a listening socket of Linux
 * answers: seen, 6.18. Source: tcp_valid_flags in nf_conntrack_proto_tcp.c; tcp_rcv_state_process in tcp_input.c.
 */
const FIRST_SEGMENTS = [0x08, 0x20, 0x40, 0x80].reduce<readonly number[]>(
  (all, bit) => [...all, ...all.map((one) => one | bit)],
  [0x02],
);

/** Of what is sent to all on a wire Linux takes none of these. Source: pkt_type in tcp_v4_rcv, dccp_v4_rcv and sctp_rcv; of TCP seen, 6.18. */
export const TO_ONE: readonly number[] = [PROTOCOL.tcp, PROTOCOL.dccp, PROTOCOL.sctp];

export const BY_FIRST_HEADER = '"ip6 nexthdr" is not asked of what has another header in front';
export const PARTS = 'a packet may come in parts';

interface Shape {
  /** As hosts send it, and otherwise. */
  readonly usual: readonly number[];
  readonly else: readonly number[];
  readonly because: string;
}

export const SHAPES = {
  part: { usual: [0, 0x4000], else: [0x2000, 0x6000], because: PARTS },
  'part of six': { usual: [0], else: [1], because: PARTS },
  // With or without the bits that offer congestion notification.
  'tcp flags': { usual: [0x02, 0xc2], else: FIRST_SEGMENTS, because: 'a first segment may have PSH or URG beside SYN' },
  'packet type': { usual: [0], else: [1, 2], because: 'a neighbour may send it to all on its wire' },
  room: { usual: [1], else: [0], because: 'a set that it adds to may be full' },
} satisfies Partial<Record<Fact, Shape>>;

const shapesOf: Partial<Readonly<Record<Fact, Shape>>> = SHAPES;

/** Why a fact may hold or not. */
export const whyEither = ({ name, looksAt }: Field, { anyShape, phase }: Pick<Context, 'anyShape' | 'phase'>): string =>
  (looksAt.is === 'fact' && anyShape && phase === 'first' ? shapesOf[looksAt.fact]?.because : undefined) ??
  `${name} may match or not`;

/** Whether some rule may find a packet another one for its shape. */
export function asksOfShape({ bases, facts }: Pick<LoweredRuleset, 'bases' | 'facts'>): boolean {
  const inParts = facts.tracks.size < 2 || bases.some(({ hook }) => hook !== 'input' && hook !== 'output');
  const tells = ({ first, looksAt }: Field, holds?: (value: number) => boolean): boolean => {
    if (first || looksAt.is !== 'fact') return first === true;
    const shape = shapesOf[looksAt.fact];
    if (!shape) return false;
    const isPart = shape.because === PARTS;
    if (!holds) return inParts || !isPart;
    // A part of a segment may end before its flags.
    if (looksAt.fact === 'tcp flags' && inParts) return [...shape.usual, ...shape.else].some(holds);
    return (inParts || !isPart) && shape.else.some((value) => holds(value) !== holds(shape.usual[0]!));
  };
  const asks = (one: Condition): boolean => {
    if (one.is === 'joined') return one.both.some(asks);
    return one.is === 'fact'
      ? tells(one.field, one.holds)
      : one.is === 'member' && one.fields.some((field) => tells(field));
  };
  const looksUp = (end: RuleEnd | undefined): boolean =>
    (end?.is === 'choose' || end?.is === 'look up') && end.fields.some((field) => tells(field));
  return (
    bases.some(passesTagged) ||
    [...everyChain(bases)].some(({ rules }) =>
      rules.some((rule) => !doesNothing(rule) && (rule.conditions.some(asks) || looksUp(rule.end))),
    )
  );
}

/** What surely comes in as hosts send it comes in; what else comes in of any shape may. Why something may that hosts send is what is said first. */
export const asSent = (usually: PacketMap<End>, anyShape: PacketMap<End>): PacketMap<End> =>
  anyShape.with(usually, (any, usual) => {
    if (any?.verdict.is !== 'unknown' || !usual) return any;
    const [a, b] = [any.translation, usual.translation];
    return a.destination === b.destination && a.port === b.port ? endOf(usual.verdict, a) : any;
  });
