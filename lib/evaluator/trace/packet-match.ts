// Returns whether one packet matches a condition or an element of a map: yes, no or maybe. The trace asks it for each
// rule.
import { getFamily } from '../../net/address';
import { Packet } from '../../net/packet';
import { contains, Range } from '../../net/range';
import { PacketContext, UNTRACKED_ICMPV6 } from '../packet-context';
import { EXTENSION_HEADERS, UNICAST_PROTOCOLS } from '../packet-shapes';
import { CT_STATE, canLackField, listCtStates, listFactValues } from '../packet-facts';
import { PacketField, isSourcePort, isAlwaysPresent } from '../packet-fields';
import { Condition, RulesetFacts, Tuple, FieldValue, matchesName } from '../ruleset-model';
import { RoutingTable } from '../routing-table';

export type MatchAnswer = 'yes' | 'no' | 'maybe';

/** One packet in one hook, as rules look at it. */
export interface HookPacket {
  readonly packet: Required<Packet>;
  readonly context: PacketContext;
  readonly routing: RoutingTable;
  readonly facts: RulesetFacts;
}

const and = (answers: readonly MatchAnswer[]): MatchAnswer =>
  answers.includes('no') ? 'no' : answers.includes('maybe') ? 'maybe' : 'yes';
const or = (answers: readonly MatchAnswer[]): MatchAnswer =>
  answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
const not = (answer: MatchAnswer): MatchAnswer => (answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'maybe');
const toAnswer = (holds: boolean): MatchAnswer => (holds ? 'yes' : 'no');

export const isNeverTracked = ({ protocol, port, destination }: Packet): boolean =>
  getFamily(destination) === 'ip6' && protocol === 58 && UNTRACKED_ICMPV6.includes(port);

/** Returns whether a condition holds for one packet, field by field and element by element. */
export function matchCondition(condition: Condition, hookPacket: HookPacket): MatchAnswer {
  switch (condition.is) {
    case 'packets':
      return condition.must.findValue(hookPacket.packet)
        ? 'yes'
        : condition.may.findValue(hookPacket.packet)
          ? 'maybe'
          : 'no';
    case 'doubt':
      return condition.fields.some((field) => matchPresence(field, hookPacket) === 'no') ? 'no' : 'maybe';
    case 'joined': {
      const strict = and(condition.asWritten.map((part) => matchCondition(part, hookPacket)));
      if (strict === 'yes') return 'yes';
      return matchCondition(condition.asCompiled, hookPacket) === 'no' ? 'no' : 'maybe';
    }
    case 'has':
      return and(
        condition.fields.map((field) =>
          isAlwaysPresent(field) ? matchPresence(field, hookPacket) : and([matchPresence(field, hookPacket), 'maybe']),
        ),
      );
    case 'fact':
      return and([
        matchPresence(condition.field, hookPacket),
        matchFact(condition.field, condition.matches, hookPacket),
      ]);
    case 'member': {
      const { fields, members, negated } = condition;
      const presence = and(fields.map((field) => matchPresence(field, hookPacket)));
      if (presence === 'no') return 'no';
      const listed = or(members.tuples.map((tuple) => matchValues(fields, tuple, hookPacket)));
      const member = members.dynamic && listed === 'no' ? 'maybe' : listed;
      return and([presence, negated ? not(member) : member]);
    }
  }
}

/** Returns whether the packet matches one element of a map. */
export function matchTuple(fields: readonly PacketField[], tuple: Tuple, hookPacket: HookPacket): MatchAnswer {
  return and([...fields.map((field) => matchPresence(field, hookPacket)), matchValues(fields, tuple, hookPacket)]);
}

function matchValues(fields: readonly PacketField[], tuple: Tuple, hookPacket: HookPacket): MatchAnswer {
  const answer = and(
    fields.map((field, i) =>
      field.mayMatchOthers && !field.protocols!.includes(hookPacket.packet.protocol)
        ? 'maybe'
        : matchValue(field, tuple.values[i]!, hookPacket),
    ),
  );
  return answer === 'yes' && tuple.expires ? 'maybe' : answer;
}

/** Returns whether the packet has the field. */
function matchPresence(field: PacketField, { packet, context, facts }: HookPacket): MatchAnswer {
  const { family, protocols, mayMatchOthers, tracked, link } = field;
  if (family && getFamily(packet.destination) !== family) return 'no';
  let answer: MatchAnswer = link ? matchEthernet(context.iif) : 'yes';
  if (answer === 'no') return 'no';
  if (protocols && !protocols.includes(packet.protocol)) {
    if (!mayMatchOthers) return 'no';
    answer = 'maybe';
  }
  if (canLackField(field, getFamily(packet.destination), context, facts)) answer = 'maybe';
  if (!tracked) return answer;
  if (context.ct === 'none' || context.ct === 'leaving') return facts.hasTemplates ? and([answer, 'maybe']) : 'no';
  if (context.ct === 'untracked') return 'no';
  if (context.ct === 'unclear') return context.phase === 'stray' ? 'no' : 'maybe';
  return isNeverTracked(packet) ? 'no' : answer;
}

function matchValue(field: PacketField, value: FieldValue, hookPacket: HookPacket): MatchAnswer {
  const { packet, context, routing } = hookPacket;
  const { looksAt } = field;
  if (value.is === 'any') return 'yes';
  if (hookPacket.context.hasFreeSourcePort === true && isSourcePort(field)) return 'maybe';
  switch (looksAt.is) {
    case 'address': {
      const side = field.session ? findSessionAxis(field.session, looksAt.axis, hookPacket) : looksAt.axis;
      return side === undefined
        ? 'maybe'
        : toAnswer(value.is === 'addresses' && contains(value.range, BigInt(packet[side])));
    }
    case 'number': {
      const side = field.session ? findSessionAxis(field.session, looksAt.axis, hookPacket) : looksAt.axis;
      if (side === undefined) return 'maybe';
      const isIn = (number: number): boolean =>
        value.is === 'numbers' && value.range.first <= number && number <= value.range.last;
      const isDirect = isIn(Number(packet[side]));
      if (!field.first || !context.anyShape) return toAnswer(isDirect);
      return isDirect && EXTENSION_HEADERS.every(isIn)
        ? 'yes'
        : isDirect || EXTENSION_HEADERS.some(isIn)
          ? 'maybe'
          : 'no';
    }
    case 'family': {
      const isFour = getFamily(packet.destination) === 'ip';
      const number = looksAt.words === 'family' ? (isFour ? 2 : 10) : isFour ? 0x0800 : 0x86dd;
      return toAnswer(value.is === 'numbers' && value.range.first <= number && number <= value.range.last);
    }
    case 'interface': {
      const name = looksAt.side === 'in' ? context.iif : context.oif;
      if (name === undefined) return 'maybe';
      return toAnswer(value.is === 'name' && name !== '' && matchesName(value, name));
    }
    case 'fact': {
      if (value.is !== 'numbers') return 'no';
      const { first, last } = value.range;
      return matchFact(field, (number) => first <= number && number <= last, hookPacket);
    }
    case 'routed': {
      if (value.is !== 'name') return 'no';
      const isAmong = (ranges: readonly Range[]): boolean =>
        ranges.some((range) => contains(range, packet[looksAt.axis]));
      if (looksAt.isPerInterface && !context.iif) return 'maybe';
      const { axis, isPerInterface: perInterface } = looksAt;
      const { must, may } = perInterface
        ? routing.getInterfaceTypedRanges(axis, value.name, context.iif!)
        : routing.getTypedRanges(axis, value.name);
      return isAmong(must) ? 'yes' : isAmong(may) ? 'maybe' : 'no';
    }
    case 'returns': {
      if (value.is !== 'name' || !context.iif) return 'maybe';
      const back =
        context.iif === 'lo' ? (context.hook === 'prerouting' ? 'yes' : 'maybe') : matchReturnPath(hookPacket);
      if (value.name === 'missing') return not(back);
      return value.name === 'exists' || matchesName(value, context.iif) ? back : 'no';
    }
    case 'unmodelled':
      return 'maybe';
  }
}

const isExpected = ({ packet: { protocol }, context }: HookPacket): boolean =>
  context.phase === 'related' && protocol !== 1 && protocol !== 58;

const matchEthernet = (iif: string | undefined): MatchAnswer =>
  iif === '' || iif === 'lo' ? 'no' : iif !== undefined && /^(eth\d|en[bopsx]\w*\d)\w*$/.test(iif) ? 'yes' : 'maybe';

type PacketAxis =
  'source' | 'destination' | 'originalDestination' | 'protocol' | 'port' | 'sourcePort' | 'originalPort';

/**
 * Returns which part of the packet equals a part of its session; undefined if the packet doesn't tell. An ICMP error is
 * about another packet.
 */
function findSessionAxis(
  direction: NonNullable<PacketField['session']>,
  axis: PacketAxis,
  hookPacket: HookPacket,
): PacketAxis | undefined {
  const { phase, snat, hook } = hookPacket.context;
  if (phase === 'related' && !isExpected(hookPacket)) return undefined;
  if (direction === 'either') return 'protocol';
  const isPort = axis === 'port' || axis === 'sourcePort' || axis === 'originalPort';
  const [from, to] = isPort ? (['sourcePort', 'port'] as const) : (['source', 'destination'] as const);
  const isOriginal = direction === 'original';
  // The source of the other side is the destination of this one.
  const isSource = isOriginal ? axis === from : axis === to;
  if (phase === 'answer') return isOriginal ? undefined : asItCame(isSource);
  if (isOriginal) return asItCame(isSource);
  if (phase === 'first') return isSource ? to : from;
  if (phase === 'related') return undefined;
  if (isSource) return hook === 'prerouting' || hook === 'output' ? undefined : to;
  return snat === true ? from : undefined;

  function asItCame(source: boolean): PacketAxis | undefined {
    if (source) return from === 'source' && snat !== false ? undefined : from;
    return to === 'port' ? 'originalPort' : 'originalDestination';
  }
}

function matchReturnPath({ packet: { source }, context: { iif }, routing }: HookPacket): MatchAnswer {
  if (getFamily(source) === 'ip6' && (source - (1n << 32n)) >> 118n === 0xfe80n >> 6n) return 'yes';
  if (routing.device.assumption) return toAnswer(routing.device.assumption.hasReversePath);
  const interfaceName = routing.findInterface(source);
  if (interfaceName !== undefined) return toAnswer(interfaceName === iif);
  return routing.checkDefaultRoute(iif!, getFamily(source));
}

function matchFact(field: PacketField, test: (value: number) => boolean, hookPacket: HookPacket): MatchAnswer {
  const { packet, context, facts } = hookPacket;
  if (field.looksAt.is !== 'fact') return 'yes';
  const { looksAt } = field;
  if (looksAt.fact !== 'state') {
    const isToOne = looksAt.fact === 'packet type' && UNICAST_PROTOCOLS.includes(packet.protocol);
    const valueContext = isToOne ? { ...context, anyShape: false } : context;
    const values = listFactValues(looksAt, isExpected(hookPacket) ? 'expected' : context.phase, valueContext, facts);
    return values === undefined ? 'maybe' : values.every(test) ? 'yes' : values.some(test) ? 'maybe' : 'no';
  }
  const states =
    context.ct === 'tracked' && isNeverTracked(packet) ? [CT_STATE.untracked] : listCtStates(context, facts);
  return states.every(test) ? 'yes' : states.some(test) ? 'maybe' : 'no';
}
