import { familyOf } from '../../../net/address';
import { Packet } from '../../../net/packet';
import { contains } from '../../../net/range';
import { Context, UNTRACKED_ICMPV6 } from './context';
import { STATE, statesOf, valuesOfFact } from './facts';
import { Field, isSurelyThere } from './fields';
import { TextFacts } from './ruleset';
import { Surroundings } from './surroundings';
import { Condition, Tuple } from './understood';
import { Value } from './values';

export type Answer = 'yes' | 'no' | 'maybe';

/** One packet in one hook, as rules look at it. */
export interface Sight {
  readonly packet: Required<Packet>;
  readonly context: Context;
  readonly surroundings: Surroundings;
  readonly facts: TextFacts;
}

const and = (answers: readonly Answer[]): Answer => (answers.includes('no') ? 'no' : answers.includes('maybe') ? 'maybe' : 'yes');
const or = (answers: readonly Answer[]): Answer => (answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no');
const not = (answer: Answer): Answer => (answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'maybe');
const when = (holds: boolean): Answer => (holds ? 'yes' : 'no');

export const isLeftAlone = ({ protocol, port, destination }: Packet): boolean =>
  familyOf(destination) === 'ip6' && protocol === 58 && UNTRACKED_ICMPV6.includes(port);

/** Whether a condition holds for one packet: field by field and element by element. */
export function holds(condition: Condition, sight: Sight): Answer {
  switch (condition.is) {
    case 'doubt':
      return condition.fields.some((field) => present(field, sight) === 'no') ? 'no' : 'maybe';
    case 'joined': {
      const strict = and(condition.both.map((one) => holds(one, sight)));
      const loose = holds(condition.loose, sight);
      return strict === 'yes' || loose === 'no' ? loose : 'maybe';
    }
    case 'has':
      return and(condition.fields.map((field) => (isSurelyThere(field) ? present(field, sight) : and([present(field, sight), 'maybe']))));
    case 'fact':
      return and([present(condition.field, sight), factHolds(condition.field, condition.holds, sight)]);
    case 'member': {
      const { fields, members, negated } = condition;
      const there = and(fields.map((field) => present(field, sight)));
      if (there === 'no') return 'no';
      const blind = fields.some((field) => field.blind === true && !field.protocols!.includes(sight.packet.protocol));
      if (blind) return 'maybe';
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
      field.blind && !field.protocols!.includes(sight.packet.protocol) ? 'maybe' : valueHolds(field, tuple.values[i]!, sight),
    ),
  );
  return answer === 'yes' && tuple.fleeting ? 'maybe' : answer;
}

/** Whether the packet has the field. */
function present({ family, protocols, blind, tracked }: Field, { packet, context }: Sight): Answer {
  if (family && familyOf(packet.destination) !== family) return 'no';
  let answer: Answer = 'yes';
  if (protocols && !protocols.includes(packet.protocol)) {
    if (!blind) return 'no';
    answer = 'maybe';
  }
  if (!tracked) return answer;
  if (context.ct === 'none' || context.ct === 'leaving' || context.ct === 'untracked') return 'no';
  if (context.ct === 'unclear') return context.phase === 'stray' ? 'no' : 'maybe';
  return isLeftAlone(packet) ? 'no' : answer;
}

function valueHolds(field: Field, value: Value, sight: Sight): Answer {
  const { packet, context, surroundings } = sight;
  const { looksAt } = field;
  if (value.is === 'any') return 'yes';
  if (isOfAnother(field, sight)) return 'maybe';
  switch (looksAt.is) {
    case 'address':
      return when(value.is === 'addresses' && contains(value.range, packet[looksAt.axis]));
    case 'number':
      return when(value.is === 'numbers' && value.range.first <= packet[looksAt.axis] && packet[looksAt.axis] <= value.range.last);
    case 'family': {
      const number = familyOf(packet.destination) === 'ip' ? 2 : 10;
      return when(value.is === 'numbers' && value.range.first <= number && number <= value.range.last);
    }
    case 'interface': {
      const name = looksAt.side === 'in' ? context.iif : context.oif;
      if (name === undefined) return 'maybe';
      return when(value.is === 'name' && name !== '' && (value.wild ? name.startsWith(value.name) : name === value.name));
    }
    case 'fact': {
      if (value.is !== 'numbers') return 'no';
      const { first, last } = value.range;
      return factHolds(field, (number) => first <= number && number <= last, sight);
    }
    case 'routed':
      return when(
        value.is === 'name' && surroundings.typed(looksAt.axis, value.name).some((range) => contains(range, packet[looksAt.axis])),
      );
    case 'returns': {
      if (value.is !== 'name' || (value.name !== 'missing' && value.name !== 'exists') || !context.iif) return 'maybe';
      const back = context.iif === 'lo' ? (context.hook === 'prerouting' ? 'yes' : 'maybe') : comesBack(sight);
      return value.name === 'exists' ? back : not(back);
    }
    case 'unmodelled':
      return 'maybe';
  }
}

const isExpected = ({ packet: { protocol }, context }: Sight): boolean => context.phase === 'related' && protocol !== 1 && protocol !== 58;

/** A source port that was chosen nobody knows; the side that started a session knows what it was addressed to; the other one may have been translated. */
const isOfAnother = ({ name }: Field, sight: Sight): boolean =>
  (sight.context.portFree === true && / sport$/.test(name)) ||
  ((sight.context.phase === 'answer' || (sight.context.phase === 'related' && !isExpected(sight))) &&
    /^ct original .*(daddr|proto-dst)$/.test(name));

function comesBack({ packet: { source }, context: { iif }, surroundings }: Sight): Answer {
  if (familyOf(source) === 'ip6' && (source - (1n << 32n)) >> 118n === 0xfe80n >> 6n) return 'yes';
  if (surroundings.device.supposed) return when(surroundings.device.supposed.returns);
  const way = surroundings.towards(source);
  if (way !== undefined) return when(way === iif);
  if (!surroundings.defaults.some(({ name }) => name === iif)) return 'no';
  return surroundings.defaults.length === 1 ? 'yes' : 'maybe';
}

function factHolds(field: Field, test: (value: number) => boolean, sight: Sight): Answer {
  const { packet, context, facts } = sight;
  if (field.looksAt.is !== 'fact') return 'yes';
  const { fact } = field.looksAt;
  if (fact !== 'state') {
    const values = valuesOfFact(fact, isExpected(sight) ? 'expected' : context.phase, context, facts);
    return values === undefined ? 'maybe' : values.every(test) ? 'yes' : values.some(test) ? 'maybe' : 'no';
  }
  const states = context.ct === 'tracked' && isLeftAlone(packet) ? [STATE.untracked] : statesOf(context);
  return states.every(test) ? 'yes' : states.some(test) ? 'maybe' : 'no';
}
