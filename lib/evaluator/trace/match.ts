import { familyOf } from '../../net/address';
import { Packet } from '../../net/packet';
import { contains, Range } from '../../net/range';
import { Context, UNTRACKED_ICMPV6 } from '../context';
import { IN_FRONT, TO_ONE } from '../packet-shapes';
import { STATE, mayEndBefore, statesOf, valuesOfFact } from '../facts';
import { Field, isSourcePort, isSurelyThere } from '../fields';
import { Condition, TextFacts, Tuple, Value, fits } from '../model';
import { Surroundings } from '../surroundings';

export type Answer = 'yes' | 'no' | 'maybe';

/** One packet in one hook, as rules look at it. */
export interface Sight {
  readonly packet: Required<Packet>;
  readonly context: Context;
  readonly surroundings: Surroundings;
  readonly facts: TextFacts;
}

const and = (answers: readonly Answer[]): Answer =>
  answers.includes('no') ? 'no' : answers.includes('maybe') ? 'maybe' : 'yes';
const or = (answers: readonly Answer[]): Answer =>
  answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
const not = (answer: Answer): Answer => (answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'maybe');
const when = (holds: boolean): Answer => (holds ? 'yes' : 'no');

export const isLeftAlone = ({ protocol, port, destination }: Packet): boolean =>
  familyOf(destination) === 'ip6' && protocol === 58 && UNTRACKED_ICMPV6.includes(port);

/** Whether a condition holds for one packet: field by field and element by element. */
export function holds(condition: Condition, sight: Sight): Answer {
  switch (condition.is) {
    case 'packets':
      return condition.sure.at(sight.packet) ? 'yes' : condition.may.at(sight.packet) ? 'maybe' : 'no';
    case 'doubt':
      return condition.fields.some((field) => present(field, sight) === 'no') ? 'no' : 'maybe';
    case 'joined': {
      const strict = and(condition.both.map((one) => holds(one, sight)));
      if (strict === 'yes') return 'yes';
      return holds(condition.loose, sight) === 'no' ? 'no' : 'maybe';
    }
    case 'has':
      return and(
        condition.fields.map((field) =>
          isSurelyThere(field) ? present(field, sight) : and([present(field, sight), 'maybe']),
        ),
      );
    case 'fact':
      return and([present(condition.field, sight), factHolds(condition.field, condition.holds, sight)]);
    case 'member': {
      const { fields, members, negated } = condition;
      const there = and(fields.map((field) => present(field, sight)));
      if (there === 'no') return 'no';
      const listed = or(members.tuples.map((tuple) => tupleHolds(fields, tuple, sight)));
      const member = members.learned && listed === 'no' ? 'maybe' : listed;
      return and([there, negated ? not(member) : member]);
    }
  }
}

/** Whether one element of a map is the packet's. */
export function matches(fields: readonly Field[], tuple: Tuple, sight: Sight): Answer {
  return and([...fields.map((field) => present(field, sight)), tupleHolds(fields, tuple, sight)]);
}

function tupleHolds(fields: readonly Field[], tuple: Tuple, sight: Sight): Answer {
  const answer = and(
    fields.map((field, i) =>
      field.blind && !field.protocols!.includes(sight.packet.protocol)
        ? 'maybe'
        : valueHolds(field, tuple.values[i]!, sight),
    ),
  );
  return answer === 'yes' && tuple.fleeting ? 'maybe' : answer;
}

/** Whether the packet has the field. */
function present(field: Field, { packet, context, facts }: Sight): Answer {
  const { family, protocols, blind, tracked, link } = field;
  if (family && familyOf(packet.destination) !== family) return 'no';
  let answer: Answer = link ? overEthernet(context.iif) : 'yes';
  if (answer === 'no') return 'no';
  if (protocols && !protocols.includes(packet.protocol)) {
    if (!blind) return 'no';
    answer = 'maybe';
  }
  if (mayEndBefore(field, familyOf(packet.destination), context, facts)) answer = 'maybe';
  if (!tracked) return answer;
  if (context.ct === 'none' || context.ct === 'leaving') return facts.templates ? and([answer, 'maybe']) : 'no';
  if (context.ct === 'untracked') return 'no';
  if (context.ct === 'unclear') return context.phase === 'stray' ? 'no' : 'maybe';
  return isLeftAlone(packet) ? 'no' : answer;
}

function valueHolds(field: Field, value: Value, sight: Sight): Answer {
  const { packet, context, surroundings } = sight;
  const { looksAt } = field;
  if (value.is === 'any') return 'yes';
  if (sight.context.portFree === true && isSourcePort(field)) return 'maybe';
  switch (looksAt.is) {
    case 'address': {
      const side = field.session ? ofSession(field.session, looksAt.axis, sight) : looksAt.axis;
      return side === undefined
        ? 'maybe'
        : when(value.is === 'addresses' && contains(value.range, BigInt(packet[side])));
    }
    case 'number': {
      const side = field.session ? ofSession(field.session, looksAt.axis, sight) : looksAt.axis;
      if (side === undefined) return 'maybe';
      const isIn = (number: number): boolean =>
        value.is === 'numbers' && value.range.first <= number && number <= value.range.last;
      const own = isIn(Number(packet[side]));
      if (!field.first || !context.anyShape) return when(own);
      return own && IN_FRONT.every(isIn) ? 'yes' : own || IN_FRONT.some(isIn) ? 'maybe' : 'no';
    }
    case 'family': {
      const isFour = familyOf(packet.destination) === 'ip';
      const number = looksAt.words === 'family' ? (isFour ? 2 : 10) : isFour ? 0x0800 : 0x86dd;
      return when(value.is === 'numbers' && value.range.first <= number && number <= value.range.last);
    }
    case 'interface': {
      const name = looksAt.side === 'in' ? context.iif : context.oif;
      if (name === undefined) return 'maybe';
      return when(value.is === 'name' && name !== '' && fits(value, name));
    }
    case 'fact': {
      if (value.is !== 'numbers') return 'no';
      const { first, last } = value.range;
      return factHolds(field, (number) => first <= number && number <= last, sight);
    }
    case 'routed': {
      if (value.is !== 'name') return 'no';
      const among = (ranges: readonly Range[]): boolean =>
        ranges.some((range) => contains(range, packet[looksAt.axis]));
      if (looksAt.here && !context.iif) return 'maybe';
      const { axis, here } = looksAt;
      const { surely, maybe } = here
        ? surroundings.typedHere(axis, value.name, context.iif!)
        : surroundings.typed(axis, value.name);
      return among(surely) ? 'yes' : among(maybe) ? 'maybe' : 'no';
    }
    case 'returns': {
      if (value.is !== 'name' || !context.iif) return 'maybe';
      const back = context.iif === 'lo' ? (context.hook === 'prerouting' ? 'yes' : 'maybe') : comesBack(sight);
      if (value.name === 'missing') return not(back);
      return value.name === 'exists' || fits(value, context.iif) ? back : 'no';
    }
    case 'unmodelled':
      return 'maybe';
  }
}

const isExpected = ({ packet: { protocol }, context }: Sight): boolean =>
  context.phase === 'related' && protocol !== 1 && protocol !== 58;

const overEthernet = (iif: string | undefined): Answer =>
  iif === '' || iif === 'lo' ? 'no' : iif !== undefined && /^(eth\d|en[bopsx]\w*\d)\w*$/.test(iif) ? 'yes' : 'maybe';

type Side = 'source' | 'destination' | 'originalDestination' | 'protocol' | 'port' | 'sourcePort' | 'originalPort';

/** Which part of the packet a part of its session is, as far as the packet tells. An ICMP error is about another packet. */
function ofSession(way: NonNullable<Field['session']>, axis: Side, sight: Sight): Side | undefined {
  const { phase, snat, hook } = sight.context;
  if (phase === 'related' && !isExpected(sight)) return undefined;
  if (way === 'either') return 'protocol';
  const isPort = axis === 'port' || axis === 'sourcePort' || axis === 'originalPort';
  const [from, to] = isPort ? (['sourcePort', 'port'] as const) : (['source', 'destination'] as const);
  const isOriginal = way === 'original';
  // What the other side is the source of, this one sends to.
  const isSource = isOriginal ? axis === from : axis === to;
  if (phase === 'answer') return isOriginal ? undefined : asItCame(isSource);
  if (isOriginal) return asItCame(isSource);
  if (phase === 'first') return isSource ? to : from;
  if (phase === 'related') return undefined;
  if (isSource) return hook === 'prerouting' || hook === 'output' ? undefined : to;
  return snat === true ? from : undefined;

  function asItCame(source: boolean): Side | undefined {
    if (source) return from === 'source' && snat !== false ? undefined : from;
    return to === 'port' ? 'originalPort' : 'originalDestination';
  }
}

function comesBack({ packet: { source }, context: { iif }, surroundings }: Sight): Answer {
  if (familyOf(source) === 'ip6' && (source - (1n << 32n)) >> 118n === 0xfe80n >> 6n) return 'yes';
  if (surroundings.device.supposed) return when(surroundings.device.supposed.returns);
  const way = surroundings.towards(source);
  if (way !== undefined) return when(way === iif);
  return surroundings.answersBy(iif!, familyOf(source));
}

function factHolds(field: Field, test: (value: number) => boolean, sight: Sight): Answer {
  const { packet, context, facts } = sight;
  if (field.looksAt.is !== 'fact') return 'yes';
  const { looksAt } = field;
  if (looksAt.fact !== 'state') {
    const isToOne = looksAt.fact === 'packet type' && TO_ONE.includes(packet.protocol);
    const at = isToOne ? { ...context, anyShape: false } : context;
    const values = valuesOfFact(looksAt, isExpected(sight) ? 'expected' : context.phase, at, facts);
    return values === undefined ? 'maybe' : values.every(test) ? 'yes' : values.some(test) ? 'maybe' : 'no';
  }
  const states = context.ct === 'tracked' && isLeftAlone(packet) ? [STATE.untracked] : statesOf(context, facts);
  return states.every(test) ? 'yes' : states.some(test) ? 'maybe' : 'no';
}
