// Facts of a packet that its sender chooses: TCP flags, extension headers, fragments. Says which values hosts usually send, and merges the
// outcomes of these with those of all other values.

import { PROTOCOL } from '../net/packet';
import { PacketMap } from '../net/packet-map';
import { doesNothing } from './equivalence/named-rules';
import { PacketContext } from './packet-context';
import { FinalOutcome, createFinalOutcome } from './final-outcomes';
import { PacketFact, PacketField } from './packet-fields';
import { Condition, RuleAction, listChains, LoweredRuleset } from './ruleset-model';
import { passesTagged } from './vlan-tags';

/*
 * Rules may ask more of a packet than its sender and receiver. The answer is up to the sender, or to earlier packets.
 * It is known for packets as hosts send them. Other incoming packets are evaluated once more, with any shape.
 */

/**
 * IPv6 headers that may stand in front of any other. A socket of Linux puts one there if it is asked to, and the
 * session works: seen, 6.18.
 */
export const EXTENSION_HEADERS: readonly number[] = [0, 43, 44, 60];

/**
 * Flags of segments with which a connection begins: SYN, and any of these that the sender adds. Conntrack takes them
 * for new, and a listening socket of Linux answers: seen, 6.18. Source: tcp_valid_flags in nf_conntrack_proto_tcp.c;
 * tcp_rcv_state_process in tcp_input.c.
 */
const FIRST_SEGMENT_FLAGS = [0x08, 0x20, 0x40, 0x80].reduce<readonly number[]>(
  (flagSets, bit) => [...flagSets, ...flagSets.map((flags) => flags | bit)],
  [0x02],
);

/**
 * Protocols of which Linux takes no packet that is sent to all on a wire. Source: pkt_type in tcp_v4_rcv, dccp_v4_rcv
 * and sctp_rcv; of TCP seen, 6.18.
 */
export const UNICAST_PROTOCOLS: readonly number[] = [PROTOCOL.tcp, PROTOCOL.dccp, PROTOCOL.sctp];

export const FIRST_HEADER_REASON = '"ip6 nexthdr" is not asked of what has another header in front';
export const FRAGMENT_REASON = 'a packet may come in parts';

interface PacketShape {
  /** `usualValues`: the values in packets as hosts send them. `otherValues`: the values in others. */
  readonly usualValues: readonly number[];
  readonly otherValues: readonly number[];
  readonly reason: string;
}

export const PACKET_SHAPES = {
  part: { usualValues: [0, 0x4000], otherValues: [0x2000, 0x6000], reason: FRAGMENT_REASON },
  'part of six': { usualValues: [0], otherValues: [1], reason: FRAGMENT_REASON },
  // `usualValues` are SYN with or without the bits that offer congestion notification.
  'tcp flags': {
    usualValues: [0x02, 0xc2],
    otherValues: FIRST_SEGMENT_FLAGS,
    reason: 'a first segment may have PSH or URG beside SYN',
  },
  'packet type': { usualValues: [0], otherValues: [1, 2], reason: 'a neighbour may send it to all on its wire' },
  room: { usualValues: [1], otherValues: [0], reason: 'a set that it adds to may be full' },
} satisfies Partial<Record<PacketFact, PacketShape>>;

const shapesByFact: Partial<Readonly<Record<PacketFact, PacketShape>>> = PACKET_SHAPES;

/** Returns why a fact may hold or not. */
export const explainFact = (
  { name, looksAt }: PacketField,
  { anyShape, phase }: Pick<PacketContext, 'anyShape' | 'phase'>,
): string =>
  (looksAt.is === 'fact' && anyShape && phase === 'first' ? shapesByFact[looksAt.fact]?.reason : undefined) ??
  `${name} may match or not`;

/** Returns whether some rule may take a packet for another one because of its shape. */
export function needsShape({ baseChains, facts }: Pick<LoweredRuleset, 'baseChains' | 'facts'>): boolean {
  const seesFragments =
    facts.trackedFamilies.size < 2 || baseChains.some(({ hook }) => hook !== 'input' && hook !== 'output');
  const readsFieldShape = ({ first, looksAt }: PacketField, holds?: (value: number) => boolean): boolean => {
    if (first || looksAt.is !== 'fact') return first === true;
    const shape = shapesByFact[looksAt.fact];
    if (!shape) return false;
    const isFragmentFact = shape.reason === FRAGMENT_REASON;
    if (!holds) return seesFragments || !isFragmentFact;
    // A part of a segment may end before its flags.
    if (looksAt.fact === 'tcp flags' && seesFragments) return [...shape.usualValues, ...shape.otherValues].some(holds);
    return (
      (seesFragments || !isFragmentFact) &&
      shape.otherValues.some((value) => holds(value) !== holds(shape.usualValues[0]!))
    );
  };
  const readsConditionShape = (condition: Condition): boolean => {
    if (condition.is === 'joined') return condition.asWritten.some(readsConditionShape);
    return condition.is === 'fact'
      ? readsFieldShape(condition.field, condition.matches)
      : condition.is === 'member' && condition.fields.some((field) => readsFieldShape(field));
  };
  const readsMapShape = (end: RuleAction | undefined): boolean =>
    (end?.is === 'choose' || end?.is === 'look up') && end.fields.some((field) => readsFieldShape(field));
  return (
    baseChains.some(passesTagged) ||
    [...listChains(baseChains)].some(({ rules }) =>
      rules.some(
        (rule) => !doesNothing(rule) && (rule.conditions.some(readsConditionShape) || readsMapShape(rule.action)),
      ),
    )
  );
}

/**
 * Merges the outcomes of packets as hosts send them and of packets of any shape. Packets that surely come in as hosts
 * send them come in. Other packets that come in with some shape may come in. The reasons for packets as hosts send them
 * go first.
 */
export const mergeShapes = (
  usualOutcomes: PacketMap<FinalOutcome>,
  anyShapeOutcomes: PacketMap<FinalOutcome>,
): PacketMap<FinalOutcome> =>
  anyShapeOutcomes.merge(usualOutcomes, (anyOutcome, usualOutcome) => {
    if (anyOutcome?.disposition.is !== 'unknown' || !usualOutcome) return anyOutcome;
    const [a, b] = [anyOutcome.translation, usualOutcome.translation];
    return a.destination === b.destination && a.port === b.port
      ? createFinalOutcome(usualOutcome.disposition, a)
      : anyOutcome;
  });
